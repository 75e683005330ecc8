#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second reader of the device link, written from protocol/LINK.md alone: it tests the document.

    link_decoder.py FOLDER...    read every vector in the folders, say what differs

It shares nothing with the C library. If the two disagree, LINK.md decides; if LINK.md cannot,
LINK.md has to be mended.
"""
import sys
from pathlib import Path

LONGEST_MESSAGE, LONGEST_ENCODING, SHORTEST_MESSAGE = 6688, 6715, 5


class Refused(Exception):
    """Carries the reason: COBS, CRC, LENGTH, VALUE, TYPE or VERSION."""


# ---- section 2: framing

def unstuff(encoding):
    message = bytearray()
    at = 0
    while at < len(encoding):
        code = encoding[at]
        piece = encoding[at + 1:at + code]
        if len(piece) != code - 1:
            raise Refused("COBS")
        message += piece
        at += code
        if code < 255 and at < len(encoding):
            message.append(0)
    return bytes(message)


def checksum(octets):
    remainder = 0xFFFFFFFF
    for octet in octets:
        for bit in range(8):
            odd = (remainder ^ octet >> bit) & 1
            remainder >>= 1
            if odd:
                remainder ^= 0x82F63B78
    return remainder ^ 0xFFFFFFFF


def open_message(encoding):
    if len(encoding) > LONGEST_ENCODING:
        raise Refused("LENGTH")
    message = unstuff(encoding)
    if not SHORTEST_MESSAGE <= len(message) <= LONGEST_MESSAGE:
        raise Refused("LENGTH")
    if checksum(message[:-4]) != int.from_bytes(message[-4:], "little"):
        raise Refused("CRC")
    return message[0], message[1:-4]


# ---- section 3: bodies

class Body:
    """Reads fields in order, and keeps a line for each that is named."""

    def __init__(self, octets):
        self.octets, self.at, self.lines = octets, 0, []

    def take(self, n):
        if self.at + n > len(self.octets):
            raise Refused("LENGTH")
        self.at += n
        return self.octets[self.at - n:self.at]

    def number(self, kind):
        return int.from_bytes(self.take(int(kind[1:]) // 8), "little", signed=kind[0] == "i")

    def fields(self, *fields):
        """Each field as "u32 name"."""
        values = {}
        for kind, name in (field.split() for field in fields):
            values[name] = self.number(kind)
            self.say(name, values[name])
        return values

    def say(self, name, *values):
        self.lines.append(f"{name} = " + " ".join(str(int(value)) for value in values))

    def rest(self):
        return self.octets[self.at:]

    def end(self):
        if self.rest():
            raise Refused("LENGTH")


def need(condition):
    if not condition:
        raise Refused("VALUE")


def read_text(body):
    length = body.number("u8")
    need(length <= 31)
    try:
        value = body.take(length).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("VALUE") from None
    need(not any(ord(c) <= 0x1F or 0x7F <= ord(c) <= 0x9F for c in value))
    return value


def read_aux_channels(body):
    n_aux = body.number("u8")
    need(n_aux <= 8)
    body.say("n_aux", n_aux)
    ids = set()
    for _ in range(n_aux):
        channel = [body.number(kind) for kind in ("u8", "u8", "u8", "u32", "u32")]
        need(1 <= channel[2] <= 9 and channel[0] not in ids)
        ids.add(channel[0])
        body.say("aux", *channel)


def read_hello(body, _):
    if body.octets and body.octets[0] != 1:
        raise Refused("VERSION")
    v = body.fields("u8 version_major", "u8 version_minor", "u8 mount", "u8 adc_bits", "u16 n_rows",
                    "u16 n_cols", "u32 tick_hz", "u32 rate_mhz", "u32 rate_min_mhz",
                    "u32 rate_max_mhz", "u32 pitch_x_um", "u32 pitch_y_um", "u32 sensing_um2",
                    "u8 front_end")
    flags = body.number("u8")
    body.say("zero_potential", flags >> 0 & 1)
    body.say("has_taxel_pages", flags >> 1 & 1)
    v |= body.fields("u32 reference_ohm", "u32 settle_ns", "u16 gate_counts", "u8 calibration",
                     "u32 conductance_100kpa_ns", "u16 exponent_e4", "u16 uncertainty_e4",
                     "u16 calibration_days")
    n = v["n_rows"] * v["n_cols"]
    need(v["mount"] <= 3 and 1 <= v["adc_bits"] <= 12)
    need(1 <= v["n_rows"] <= 256 and 1 <= v["n_cols"] <= 256 and n <= 4096)
    need(v["tick_hz"] >= 1 and v["rate_min_mhz"] >= 1)
    need(v["rate_min_mhz"] <= v["rate_mhz"] <= v["rate_max_mhz"])
    need(v["pitch_x_um"] >= 1 and v["pitch_y_um"] >= 1 and v["sensing_um2"] >= 1)
    need(v["front_end"] <= 1 and v["calibration"] <= 1)
    if v["calibration"]:
        need(v["reference_ohm"] and v["conductance_100kpa_ns"] and v["exponent_e4"])
    for name in ("calibration_reference", "model", "serial", "firmware"):
        value = read_text(body)
        need(value or name != "serial")
        body.lines.append(f'{name} = "{value}"')
    read_aux_channels(body)
    exists = bytearray(body.take((n + 7) // 8))
    if n % 8:
        exists[-1] &= 2 ** (n % 8) - 1
    body.lines.append("exists = " + exists.hex(" "))


def read_taxels(body, _):
    v = body.fields("u16 first", "u16 n_taxels")
    need(1 <= v["n_taxels"] <= 64 and v["first"] + v["n_taxels"] <= 4096)
    for _ in range(v["n_taxels"]):
        body.say("taxel", *[body.number(kind) for kind in ("i32", "i32", "u32", "u16")])


def unpack12(octets, n):
    """The n samples of a packed12 block, which must be all that there is."""
    if len(octets) != (3 * n + 1) // 2:
        raise Refused("LENGTH")
    samples = []
    for at in range(0, len(octets), 3):
        low, middle = octets[at], octets[at + 1]
        samples.append(low | (middle & 0x0F) << 8)
        if at + 2 < len(octets):
            samples.append(middle >> 4 | octets[at + 2] << 4)
        else:
            need(middle <= 0x0F)
    return samples


def read_frame(body, array):
    rows, cols = array
    n = rows * cols
    body.fields("u32 sequence", "u64 ticks", "u32 scan_ticks", "u32 n_dropped", "u16 n_late")
    body.say("trigger", body.number("u8") & 1)
    encoding = body.number("u8")
    need(encoding <= 1)
    body.say("sparse", encoding)
    if encoding == 0:
        samples = unpack12(body.rest(), n)
    else:
        bitmap = int.from_bytes(body.take((n + 7) // 8), "little")
        need(bitmap < 2 ** n)
        there = [bitmap >> i & 1 for i in range(n)]
        sent = iter(unpack12(body.rest(), sum(there)))
        samples = [next(sent) if bit else 0 for bit in there]
    for row in range(rows):
        body.say("row", *samples[row * cols:(row + 1) * cols])


def read_status(body, _):
    v = body.fields("u64 ticks", "u32 uptime_s", "u8 streaming", "u32 rate_mhz", "u16 gate_counts",
                    "i16 temperature_centi_c", "u16 supply_mv", "u32 n_frames", "u32 n_dropped",
                    "u32 n_overruns", "u32 n_link_stalls", "u32 n_watchdog_resets",
                    "u32 n_bad_commands", "u16 last_fault")
    need(v["streaming"] <= 1)


def read_fault(body, _):
    body.fields("u64 ticks", "u16 code", "u32 detail")


def read_reply(body, _):
    v = body.fields("u16 request", "u8 code", "u8 result", "u32 value", "u8 n_findings")
    need(v["n_findings"] <= 32)
    for _ in range(v["n_findings"]):
        body.say("finding", *[body.number(kind) for kind in ("u8", "u16", "u16")])


def read_aux(body, _):
    v = body.fields("u64 ticks", "u8 id", "u8 n_values")
    need(1 <= v["n_values"] <= 9)
    body.say("values", *[body.number("i32") for _ in range(v["n_values"])])


def read_command(body, _):
    v = body.fields("u16 request", "u8 code")
    if not 1 <= v["code"] <= 10:
        raise Refused("TYPE")
    if v["code"] in (4, 5, 6):
        body.fields("u32 argument")
    else:
        body.say("argument", 0)
    body.end()


READERS = {1: ("HELLO", read_hello), 2: ("TAXELS", read_taxels), 3: ("FRAME", read_frame),
           4: ("STATUS", read_status), 5: ("FAULT", read_fault), 6: ("REPLY", read_reply),
           7: ("AUX", read_aux), 16: ("COMMAND", read_command)}


def read_stream(octets, array):
    """What a receiver makes of the octets: lines of text."""
    lines = []
    for encoding in octets.split(b"\0")[:-1]:
        if not encoding:
            continue
        try:
            kind, octets_of_body = open_message(encoding)
            if kind not in READERS:
                raise Refused("TYPE")
            name, reader = READERS[kind]
            body = Body(octets_of_body)
            reader(body, array)
            lines += [name] + body.lines
        except Refused as refused:
            lines.append(f"error: {refused}")
    return lines


# ---- vectors (protocol/vectors/link/README.md)

def read_vector(path):
    array, octets, expected = None, b"", None
    for line in path.read_text(encoding="utf-8").splitlines():
        if expected is not None:
            expected.append(line)
        elif line.startswith("array:"):
            array = [int(word) for word in line[6:].split("x")]
        elif line[:1].isupper() or line.startswith("error:"):
            expected = [line]
        elif not line.startswith("#") and line != "wire:":
            for word in line.split():
                octet, _, n = word.partition("*")
                octets += bytes.fromhex(octet) * int(n or 1)
    return array, octets, expected


def main():
    n_read = n_wrong = 0
    for path in sorted(path for folder in sys.argv[1:] for path in Path(folder).glob("*.txt")):
        array, octets, expected = read_vector(path)
        got = read_stream(octets, array)
        n_read += 1
        if got != expected:
            n_wrong += 1
            print(f"{path}: expected {expected}, read {got}", file=sys.stderr)
    print(f"{n_read} vectors read, {n_wrong} differ")
    return 1 if n_wrong or not n_read else 0


if __name__ == "__main__":
    sys.exit(main())
