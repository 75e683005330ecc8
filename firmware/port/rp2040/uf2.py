#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""uf2.py IMAGE.bin OUT.uf2 - wrap a flash image for the Pico's drive.

Format: https://github.com/microsoft/uf2, blocks of 512 octets that carry 256 each."""
import struct
import sys

MAGIC_START = (0x0A324655, 0x9E5D5157)
MAGIC_END = 0x0AB16F30
FAMILY_ID_PRESENT = 0x00002000
FAMILY_RP2040 = 0xE48BFF56
FLASH_BASE = 0x10000000
PAYLOAD_BYTES = 256
DATA_BYTES = 476


def blocks(image):
    n_blocks = -(-len(image) // PAYLOAD_BYTES)
    for i in range(n_blocks):
        payload = image[i * PAYLOAD_BYTES:(i + 1) * PAYLOAD_BYTES].ljust(PAYLOAD_BYTES, b"\xff")
        head = struct.pack("<8I", *MAGIC_START, FAMILY_ID_PRESENT, FLASH_BASE + i * PAYLOAD_BYTES,
                           PAYLOAD_BYTES, i, n_blocks, FAMILY_RP2040)
        yield head + payload.ljust(DATA_BYTES, b"\0") + struct.pack("<I", MAGIC_END)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: uf2.py IMAGE.bin OUT.uf2")
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    with open(sys.argv[2], "wb") as file:
        file.writelines(blocks(image))


if __name__ == "__main__":
    main()
