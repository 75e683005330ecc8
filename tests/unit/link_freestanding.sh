#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds protocol/link for a microcontroller and looks at what it needs from outside.
# Usage: link_freestanding.sh ARM_GCC ARM_NM PROTOCOL_FOLDER BUILD_FOLDER
set -eu
gcc=$1 nm=$2 protocol=$3 build=$4

rm -rf "$build"
mkdir -p "$build"
for source in "$protocol"/link/*.c; do
    case $source in *_x86.c) continue ;; esac
    "$gcc" -mcpu=cortex-m0plus -mthumb -ffreestanding -std=c11 -Os -Wall -Wextra -Wpedantic \
        -Wconversion -Wshadow -Werror -I"$protocol" \
        -c "$source" -o "$build/$(basename "$source" .c).o"
done

# Undefined symbols that no other object of the link defines.
"$nm" -g "$build"/*.o | awk '
    NF == 2 && $1 == "U" { needed[$2] = 1 }
    NF == 3 { defined[$3] = 1 }
    END { for (name in needed) if (!(name in defined)) print name }' | sort > "$build/needed"

# Memory copies, and the compiler's own arithmetic helpers; nothing else.
if grep -vxE 'mem(cpy|move|set|chr)|__aeabi_[a-z0-9]+|__gnu_thumb1_case_[a-z]+|__popcount[sd]i2' \
    "$build/needed"; then
    echo "protocol/link needs the symbols above, which a microcontroller does not have" >&2
    exit 1
fi
echo "needed from outside: $(tr '\n' ' ' < "$build/needed")"
