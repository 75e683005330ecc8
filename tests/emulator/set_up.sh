#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# set_up.sh SOURCE_FOLDER OUT_FOLDER - all that the emulator tests need: rp2040js from npm, the stub
# boot ROM, the firmware of both boards, and variants whose settle time is zero.
set -euo pipefail
source=$1 out=$2
mkdir -p "$out"

log=$out/set_up.log
exec 3>&1 >"$log" 2>&1
trap '[ $? -eq 0 ] || cat "$log" >&3' EXIT

here=$source/tests/emulator
if ! cmp -s "$here/package-lock.json" "$out/package-lock.json" || [ ! -d "$out/node_modules" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$out/"
    (cd "$out" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
fi
python3 "$here/stub_rom/gen_rom.py" arm-none-eabi-gcc "$out/rom.bin"

# firmware NAME PRESET [cmake options]
firmware() {
    local name=$1 preset=$2
    shift 2
    (cd "$source" && cmake --preset "$preset" -B "$out/firmware/$name" -DTHENAR_WERROR=ON "$@")
    cmake --build "$out/firmware/$name"
    arm-none-eabi-nm "$out/firmware/$name/thenar-$preset.elf" >"$out/firmware/$name/symbols"
}

for board in glove16 table32; do
    firmware "$board" "$board"
    sed 's/\.settle_ns = [0-9]*,/.settle_ns = 0,/' "$source/firmware/board/$board.c" \
        >"$out/$board-hasty.c"
    firmware "$board-hasty" "$board" "-DTHENAR_BOARD_FILE=$out/$board-hasty.c"
done
tail -n 16 "$out"/firmware/{glove16,table32}/*.sizes.txt >&3
