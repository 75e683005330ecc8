#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds firmware/core and firmware/board for an RP2040's core, once for each board, and looks at
# what they need from outside and how much RAM they take.
# Usage: firmware_freestanding.sh ARM_GCC ARM_NM ARM_SIZE SOURCE_FOLDER BUILD_FOLDER
set -eu
gcc=$1 nm=$2 size=$3 source=$4 build=$5
ram_most=100000 # octets: an RP2040 has 264 kB, and TinyUSB and the stacks want theirs

rm -rf "$build"
for board in table32:1024 glove16:256; do
    name=${board%:*} taxels=${board#*:} folder=$build/${board%:*}
    mkdir -p "$folder"
    cat > "$folder/device_memory.c" <<END
#include "core/device.h"
struct device device_memory;
END
    for file in "$source"/firmware/core/*.c "$source"/firmware/board/*.c "$source"/firmware/sensor/*.c \
        "$source"/protocol/link/*.c "$folder/device_memory.c"; do
        case $file in *_x86.c) continue ;; esac
        "$gcc" -mcpu=cortex-m0plus -mthumb -ffreestanding -std=c11 -Os -Wall -Wextra -Wpedantic \
            -Wconversion -Wshadow -Werror -DBOARD_MAX_TAXELS="$taxels" \
            -I"$source/protocol" -I"$source/firmware" \
            -c "$file" -o "$folder/$(basename "$file" .c).o"
    done

    # Undefined symbols that none of these objects defines: the port's, and the compiler's.
    "$nm" -g "$folder"/*.o | awk '
        NF == 2 && $1 == "U" { needed[$2] = 1 }
        NF == 3 { defined[$3] = 1 }
        END { for (symbol in needed) if (!(symbol in defined)) print symbol }' |
        sort > "$folder/needed"
    if grep -vxE 'port_[a-z_]+|mem(cpy|move|set|chr|cmp)|__aeabi_[a-z0-9]+|__gnu_thumb1_case_[a-z]+|__popcount[sd]i2' \
        "$folder/needed"; then
        echo "the firmware needs the symbols above, which a microcontroller does not have" >&2
        exit 1
    fi

    "$size" "$folder"/*.o | awk -v name="$name" -v most="$ram_most" '
        NR > 1 { code += $1; ram += $2 + $3 }
        END {
            printf "%s: %d octets of RAM, %d of code\n", name, ram, code
            if (ram > most) { print "more than " most " octets of RAM"; exit 1 }
        }'
done
