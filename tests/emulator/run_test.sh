#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run_test.sh NODE TEST BOARD - one test, whose figures are also kept for show_figures.sh
set -uo pipefail
figures=$THENAR_EMULATOR/figures
mkdir -p "$figures"
"$1" "$2" "$3" 2>&1 | tee "$figures/$(basename "$2" .mjs).$3"
