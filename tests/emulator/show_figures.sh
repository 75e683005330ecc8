#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# show_figures.sh FOLDER - what the tests of this run of ctest measured, once; nothing otherwise
shopt -s nullglob
files=("$1"/*)
[ ${#files[@]} -gt 0 ] || exit 0
printf '\nMeasured by the emulator tests:\n'
sed 's/^/  /' "${files[@]}"
rm -f "${files[@]}"
