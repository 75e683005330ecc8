#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# set_up.sh OUT_FOLDER - what the tests of the pages need from npm.
set -euo pipefail
out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"
if ! cmp -s "$here/package-lock.json" "$out/package-lock.json" || [ ! -d "$out/node_modules" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$out/"
    (cd "$out" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
fi
