#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gen_rom.py GCC OUT.bin - build the stub boot ROM and append its tables of 16-bit pointers."""
import pathlib
import struct
import subprocess
import sys

CODES = ["MS", "S4", "MC", "C4", "IF", "EX", "RE", "RP", "FC", "CX", "UB"]
HEAD_TABLES_AT = 0x14


def main():
    gcc, out = sys.argv[1], pathlib.Path(sys.argv[2])
    here = pathlib.Path(__file__).parent
    out.parent.mkdir(parents=True, exist_ok=True)
    elf = out.with_suffix(".elf")
    subprocess.run([gcc, "-mcpu=cortex-m0plus", "-mthumb", "-Os", "-std=c11", "-ffreestanding",
                    "-fno-tree-loop-distribute-patterns", "-nostdlib", "-Wall", "-Wextra",
                    "-Wl,--no-warn-rwx-segments,-e,0", "-T", here / "rom.ld", here / "rom.c",
                    "-o", elf], check=True)
    tool = gcc[:-len("gcc")]
    subprocess.run([tool + "objcopy", "-O", "binary", elf, out], check=True)
    symbols = {}
    for line in subprocess.run([tool + "nm", elf], check=True, capture_output=True,
                               text=True).stdout.splitlines():
        address, _, name = line.split()
        symbols[name] = int(address, 16)
    image = bytearray(out.read_bytes())
    image += bytes(-len(image) % 4)
    pointers = struct.unpack_from(f"<{len(CODES) + 1}I", image, symbols["implementations"])
    function_table = len(image)
    for code, pointer in zip(CODES, pointers):
        image += struct.pack("<2sH", code.encode(), pointer & 0xFFFF)
    image += bytes(4)
    data_table = len(image)
    image += bytes(4)
    struct.pack_into("<3H", image, HEAD_TABLES_AT, function_table, data_table, pointers[-1])
    out.write_bytes(image)


if __name__ == "__main__":
    main()
