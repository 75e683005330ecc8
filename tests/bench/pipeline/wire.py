#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""wire.py - the octets that both sides of the benchmark read

Writes FRAME messages of the device link (LINK.md) as they would come down the cable: hands kneading
and gliding on a pad, with noise, in 12-bit counts. The encoder is written from LINK.md and shares no
code with Thenar. The same arguments give the same octets.

The array's law, which both sides are told (counts to pressure through a voltage divider):
    c = C * G R / (1 + G R),   G = gain * G100 * (p / 100 kPa)^n
An idle taxel reads about 40 counts, as a board with leakage does. That is kind to the NumPy side:
true zeros would cut COBS into many more blocks, each of which costs Python a turn of a loop.
"""
import argparse
import dataclasses

import numpy as np

FULL_SCALE = 4095
REFERENCE_OHM = 10_000.0
CONDUCTANCE_100KPA_US = 60.0
EXPONENT = 0.9
PITCH_MM = 15.0
TICK_HZ = 1_000_000
IDLE_COUNTS = 40.0
NOISE_COUNTS = 2.0
GATE_KPA = 4.0

MESSAGE_FRAME = 3
HEAD = np.dtype([("sequence", "<u4"), ("ticks", "<u8"), ("scan_ticks", "<u4"),
                 ("n_dropped", "<u4"), ("n_late", "<u2"), ("flags", "u1"), ("encoding", "u1")])


@dataclasses.dataclass(frozen=True)
class Case:
    """One size of array at its usual rate."""
    side: int
    rate_hz: int
    n_frames: int


CASES = {16: Case(16, 500, 4000), 32: Case(32, 200, 2000), 64: Case(64, 200, 2000)}


def taxel_gain(side):
    """[side*side] spread between taxels, 5 % standard deviation, the same on both sides."""
    return (1.0 + 0.05 * np.random.default_rng(7).standard_normal(side * side)).astype(np.float32)


def grid_mm(side):
    """x and y of every taxel, [side*side] each, from the array's centre."""
    place = (np.arange(side) - (side - 1) / 2) * PITCH_MM
    return np.tile(place, side), np.repeat(place, side)


def pressure_kpa(case, times_s):
    """[n_frames, n_taxels] two kneading hands and a gliding one; periodic over the recording."""
    x, y = grid_mm(case.side)
    span_s = case.n_frames / case.rate_hz
    reach = case.side * PITCH_MM / 2
    phase = 2 * np.pi * times_s[:, None]
    knead = round(1.5 * span_s) / span_s
    glide = max(1, round(0.25 * span_s)) / span_s
    pressure = np.zeros((len(times_s), x.size), np.float32)
    hands = (  # centre x, y as parts of the reach; sway; size in mm; kPa
        (-0.45 + 0.04 * np.sin(phase * knead), -0.4, 26.0, 45 + 30 * np.sin(phase * knead)),
        (0.45, -0.4 + 0.04 * np.sin(phase * knead), 26.0,
         45 + 30 * np.sin(phase * knead - 0.6)),
        (0.6 * np.sin(phase * glide), 0.5, 34.0, 30 + 5 * np.sin(phase * 3 * glide)),
    )
    for across, along, size_mm, peak in hands:
        away = (x - across * reach) ** 2 + (y - along * reach) ** 2
        pressure += (peak * np.exp(-away / (2 * size_mm**2))).astype(np.float32)
    return pressure


def counts_of(case, first, n_frames, rng):
    """[n_frames, n_taxels] uint16 counts of the frames from `first` on."""
    times_s = (first + np.arange(n_frames)) / case.rate_hz
    relative = pressure_kpa(case, times_s) / 100.0
    load = taxel_gain(case.side) * CONDUCTANCE_100KPA_US * 1e-6 * REFERENCE_OHM * relative**EXPONENT
    counts = FULL_SCALE * load / (1 + load) + IDLE_COUNTS
    counts += NOISE_COUNTS * rng.standard_normal(counts.shape, np.float32)
    return np.clip(np.rint(counts), 0, FULL_SCALE).astype(np.uint16)


def pack12(counts):
    """[n_frames, n_taxels] counts, an even number of taxels, to [n_frames, n_taxels * 3 / 2]."""
    even, odd = counts[:, 0::2], counts[:, 1::2]
    packed = np.empty((counts.shape[0], counts.shape[1] // 2, 3), np.uint8)
    packed[:, :, 0] = even & 0xFF
    packed[:, :, 1] = (even >> 8) | ((odd & 0x0F) << 4)
    packed[:, :, 2] = odd >> 4
    return packed.reshape(counts.shape[0], -1)


def crc32c_table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0x82F63B78), table >> 1)
    return table


def crc32c(rows):
    """CRC-32C of every row of [n_rows, n_bytes], all rows a step at a time."""
    table = crc32c_table()
    crc = np.full(rows.shape[0], 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crc = table[(crc ^ column) & 0xFF] ^ (crc >> 8)
    return crc ^ np.uint32(0xFFFFFFFF)


def cobs(data):
    """Consistent overhead byte stuffing of one message."""
    out = bytearray()
    pieces = data.split(b"\0")
    for piece in pieces:
        while len(piece) >= 254:
            out.append(255)
            out += piece[:254]
            piece = piece[254:]
        out.append(len(piece) + 1)
        out += piece
    return bytes(out)


def wire_octets(case):
    """All FRAME messages of a case, each between delimiters."""
    rng = np.random.default_rng(case.side)
    octets = []
    for first in range(0, case.n_frames, 250):
        n_frames = min(250, case.n_frames - first)
        packed = pack12(counts_of(case, first, n_frames, rng))
        head = np.zeros(n_frames, HEAD)
        head["sequence"] = first + np.arange(n_frames)
        head["ticks"] = (first + np.arange(n_frames)) * TICK_HZ // case.rate_hz
        head["scan_ticks"] = TICK_HZ // case.rate_hz // 2
        kind = np.full((n_frames, 1), MESSAGE_FRAME, np.uint8)
        rows = np.hstack([kind, head.view(np.uint8).reshape(n_frames, -1), packed])
        check = crc32c(rows).astype("<u4").view(np.uint8).reshape(n_frames, 4)
        octets += [b"\0" + cobs(row.tobytes()) + b"\0" for row in np.hstack([rows, check])]
    return b"".join(octets)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("side", type=int, choices=sorted(CASES), help="rows and columns")
    parser.add_argument("path", help="file to write")
    parser.add_argument("--frames", type=int, help="fewer frames than the usual number")
    options = parser.parse_args()
    case = CASES[options.side]
    if options.frames:
        case = dataclasses.replace(case, n_frames=options.frames)
    with open(options.path, "wb") as file:
        file.write(wire_octets(case))


if __name__ == "__main__":
    main()
