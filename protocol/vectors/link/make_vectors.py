#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Write the test vectors of the device link, from LINK.md alone. See README.md."""
import random
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TYPES = {"HELLO": 1, "TAXELS": 2, "FRAME": 3, "STATUS": 4, "FAULT": 5, "REPLY": 6, "AUX": 7,
         "COMMAND": 16}


# ---- framing

def crc32c(octets):
    crc = 0xFFFFFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def cobs(octets, drop_last_code=False):
    encoded, piece = b"", b""
    for octet in octets:
        if octet:
            piece += bytes([octet])
        if not octet or len(piece) == 254:
            encoded += bytes([len(piece) + 1]) + piece
            piece = b""
    if drop_last_code:
        assert not piece and encoded
        return encoded
    return encoded + bytes([len(piece) + 1]) + piece


def message(name, body):
    octets = bytes([TYPES.get(name, name)]) + body
    return octets + struct.pack("<I", crc32c(octets))


def wire(name, body):
    return b"\0" + cobs(message(name, body)) + b"\0"


# ---- bodies: each takes its fields by name and gives (body, lines of text)

def lines_of(fields, names):
    return [f"{name} = {fields[name]}" for name in names]


HELLO = dict(
    version_major=1, version_minor=0, mount=0, adc_bits=12, n_rows=32, n_cols=32,
    tick_hz=1000000, rate_mhz=200000, rate_min_mhz=1000, rate_max_mhz=400000,
    pitch_x_um=15000, pitch_y_um=15000, sensing_um2=100000000, front_end=0,
    zero_potential=1, has_taxel_pages=0, reference_ohm=10000, settle_ns=2000, gate_counts=0,
    calibration=1, conductance_100kpa_ns=60000, exponent_e4=9000, uncertainty_e4=800,
    calibration_days=20000, calibration_reference="load cell LC-7, J. Doe",
    model="table32", serial="TH-000123", firmware="thenar-table 0.1.0")
BARE = dict(HELLO, n_rows=1, n_cols=1, adc_bits=1, rate_mhz=1, rate_min_mhz=1, rate_max_mhz=1,
            tick_hz=1, pitch_x_um=1, pitch_y_um=1, sensing_um2=1, zero_potential=0,
            reference_ohm=0, settle_ns=0, calibration=0, conductance_100kpa_ns=0, exponent_e4=0,
            uncertainty_e4=0, calibration_days=0, calibration_reference="", model="", serial="1",
            firmware="")
TEXTS = ["calibration_reference", "model", "serial", "firmware"]


def text(value):
    octets = value if isinstance(value, bytes) else value.encode()
    return bytes([len(octets)]) + octets


def hello(fields, aux=(), exists=None, more_flags=0, appended=b"", n_aux=None):
    f = fields
    n = f["n_rows"] * f["n_cols"]
    if exists is None:
        exists = [True] * n
    bits = bytearray((n + 7) // 8)
    for i, there in enumerate(exists):
        bits[i // 8] |= there << i % 8
    flags = f["zero_potential"] | f["has_taxel_pages"] << 1 | more_flags
    body = struct.pack("<4B2H7I2B2IHBI3H", *[f[k] for k in list(f)[:14]], flags, f["reference_ohm"],
                       f["settle_ns"], f["gate_counts"], f["calibration"],
                       f["conductance_100kpa_ns"], f["exponent_e4"], f["uncertainty_e4"],
                       f["calibration_days"])
    assert len(body) == 59
    body += b"".join(text(f[k]) for k in TEXTS)
    body += bytes([len(aux) if n_aux is None else n_aux])
    body += b"".join(struct.pack("<3B2I", *channel) for channel in aux) + bytes(bits) + appended
    if n % 8:
        bits[-1] &= (1 << n % 8) - 1
    lines = ["HELLO"] + lines_of(f, [k for k in f if k not in TEXTS])
    lines += [f'{k} = "{f[k]}"' for k in TEXTS] + [f"n_aux = {len(aux)}"]
    lines += ["aux = " + " ".join(map(str, channel)) for channel in aux]
    return body, lines + ["exists = " + " ".join(f"{octet:02x}" for octet in bits)]


def taxels(first, table, n=None, appended=b""):
    body = struct.pack("<2H", first, len(table) if n is None else n)
    body += b"".join(struct.pack("<2iIH", *taxel) for taxel in table) + appended
    lines = ["TAXELS", f"first = {first}", f"n_taxels = {len(table)}"]
    return body, lines + ["taxel = " + " ".join(map(str, taxel)) for taxel in table]


def packed12(samples):
    octets = bytearray()
    for a, b in zip(samples[::2], samples[1::2]):
        octets += bytes([a & 0xFF, a >> 8 | (b & 0x0F) << 4, b >> 4])
    if len(samples) % 2:
        octets += bytes([samples[-1] & 0xFF, samples[-1] >> 8])
    return bytes(octets)


def frame(rows, gate=0, sequence=0, ticks=0, scan_ticks=0, n_dropped=0, n_late=0, trigger=0,
          more_flags=0, encoding=None):
    samples = [sample for row in rows for sample in row]
    if encoding is None:
        encoding = int(gate > 0)
    body = struct.pack("<IQIIHBB", sequence, ticks, scan_ticks, n_dropped, n_late,
                       trigger | more_flags, encoding)
    if gate:
        bits = bytearray((len(samples) + 7) // 8)
        for i, sample in enumerate(samples):
            bits[i // 8] |= (sample > gate) << i % 8
        body += bytes(bits) + packed12([sample for sample in samples if sample > gate])
    else:
        body += packed12(samples)
    lines = ["FRAME", f"sequence = {sequence}", f"ticks = {ticks}", f"scan_ticks = {scan_ticks}",
             f"n_dropped = {n_dropped}", f"n_late = {n_late}", f"trigger = {trigger}",
             f"sparse = {int(gate > 0)}"]
    for row in rows:
        lines.append("row = " + " ".join(str(c if not gate or c > gate else 0) for c in row))
    return body, lines


STATUS = dict(ticks=123456789012, uptime_s=123456, streaming=1, rate_mhz=200000, gate_counts=0,
              temperature_centi_c=3125, supply_mv=5012, n_frames=24691200, n_dropped=17,
              n_overruns=3, n_link_stalls=2, n_watchdog_resets=1, n_bad_commands=4, last_fault=2)


def status(fields, appended=b""):
    body = struct.pack("<QIBIHhH6IH", *fields.values())
    assert len(body) == 49
    return body + appended, ["STATUS"] + lines_of(fields, fields)


def fault(ticks, code, detail):
    return (struct.pack("<QHI", ticks, code, detail),
            ["FAULT", f"ticks = {ticks}", f"code = {code}", f"detail = {detail}"])


def reply(request, code, result, value, findings=(), n=None, appended=b""):
    body = struct.pack("<HBBIB", request, code, result, value, len(findings) if n is None else n)
    body += b"".join(struct.pack("<BHH", *finding) for finding in findings) + appended
    lines = ["REPLY", f"request = {request}", f"code = {code}", f"result = {result}",
             f"value = {value}", f"n_findings = {len(findings)}"]
    return body, lines + ["finding = " + " ".join(map(str, finding)) for finding in findings]


def aux(ticks, channel, values):
    body = struct.pack(f"<QBB{len(values)}i", ticks, channel, len(values), *values)
    return body, ["AUX", f"ticks = {ticks}", f"id = {channel}", f"n_values = {len(values)}",
                  "values = " + " ".join(map(str, values))]


def command(request, code, argument=None):
    body = struct.pack("<HB", request, code)
    if argument is not None:
        body += struct.pack("<I", argument)
    return body, ["COMMAND", f"request = {request}", f"code = {code}",
                  f"argument = {argument or 0}"]


# ---- files

FILES = {}


def hexadecimal(octets):
    """Sixteen octets a line; long runs of one octet as xx*n."""
    words, i = [], 0
    while i < len(octets):
        n = 1
        while i + n < len(octets) and octets[i + n] == octets[i]:
            n += 1
        words += [f"{octets[i]:02x}*{n}"] if n > 16 else [f"{octets[i]:02x}"] * n
        i += n
    return [" ".join(words[k:k + 16]) for k in range(0, len(words), 16)]


def case(folder, name, comment, octets, outcome, array=None):
    head = [f"# {comment}"] + ([f"array: {array[0]} x {array[1]}"] if array else [])
    lines = head + ["wire:"] + hexadecimal(octets) + outcome
    FILES[f"{folder}/{name}.txt"] = "\n".join(lines) + "\n"


def good(name, comment, kind, body_and_lines, array=None):
    body, lines = body_and_lines
    case("good", name, comment, wire(kind, body), lines, array)


def bad(name, comment, kind, body, reason, array=None):
    case("bad", name, comment, wire(kind, body), [f"error: {reason}"], array)


GLOVE_AUX = [(1, 1, 3, 200000, 598205), (2, 2, 3, 200000, 1064225), (9, 3, 1, 1000, 10000000),
             (10, 77, 9, 5, 1)]
EXAMPLE = [[0, 18, 1234], [4095, 7, 0]]
PAGE = [(-7500, -7500, 64000000, 16384), (7500, -7500, 64000000, 15900), (0, 0, 0, 0),
        (2147483647, -2147483648, 4294967295, 65535)]
THREE_BY_FIVE = [[0, 21, 20, 19, 4095], [0, 0, 0, 0, 0], [22, 0, 300, 0, 1000]]


def good_messages():
    glove = dict(HELLO, mount=3, n_rows=16, n_cols=16, rate_mhz=500000, rate_max_mhz=1000000,
                 front_end=1, has_taxel_pages=1, model="glove16", serial="TH-G-7",
                 pitch_x_um=6000, pitch_y_um=12000, sensing_um2=16000000, gate_counts=12)
    hand = [not (row < 4 and col % 4 == 3) for row in range(16) for col in range(16)]
    good("hello_pad", "a calibrated 32 x 32 pad", "HELLO", hello(HELLO))
    good("hello_bare", "the least that a device can say: one taxel, no calibration, no texts",
         "HELLO", hello(BARE))
    good("hello_glove", "a glove: some taxels absent, TAXELS to follow, auxiliary channels, one of "
         "them of a kind that no one knows", "HELLO", hello(glove, GLOVE_AUX, hand))
    good("hello_minor_7", "a later minor version: fields appended, undefined flags set; both "
         "ignored", "HELLO", hello(dict(BARE, version_minor=7), more_flags=0xFC,
                                   appended=b"\x01\x02\x03\0\0"))
    good("hello_left_over_bits", "3 x 5: the sixteenth bit of exists is set, and taken as zero",
         "HELLO", hello(dict(BARE, n_rows=3, n_cols=5), exists=[i != 7 for i in range(16)]))
    good("hello_texts", "texts of 31 octets, and beyond ASCII", "HELLO",
         hello(dict(HELLO, model="m" * 31, calibration_reference="Kraftmessdose, Jürgen Müller",
                    firmware="手 0.1 \U0001f590")))
    good("hello_largest_array", "the most taxels and the most columns: 16 x 256", "HELLO",
         hello(dict(HELLO, n_rows=16, n_cols=256)))
    good("hello_eight_aux", "the most auxiliary channels", "HELLO",
         hello(BARE, [(i, 4, 1, 1000 * i, 1) for i in range(8)]))
    good("taxels", "a page, with an absent taxel and extreme values", "TAXELS", taxels(252, PAGE))
    good("taxels_full_page", "64 taxels, up to the last that there can be", "TAXELS",
         taxels(4032, [(i * 1000, -i, 1 + i, 16384 + i) for i in range(64)]))
    good("taxels_appended", "octets after the last taxel are ignored", "TAXELS",
         taxels(0, PAGE[:1], appended=b"later"))
    good("status", "a streaming device", "STATUS", status(STATUS))
    good("status_unmeasured", "no temperature sensor, no supply measured; octets appended",
         "STATUS", status(dict(STATUS, temperature_centi_c=-32768, supply_mv=0, streaming=0),
                          appended=b"\xff"))
    good("status_freezing", "a temperature below zero", "STATUS",
         status(dict(STATUS, temperature_centi_c=-1250)))
    good("fault", "scan stalled", "FAULT", fault(5000000000, 2, 0xDEADBEEF))
    good("fault_unknown", "a code that no one knows is kept", "FAULT", fault(0, 4660, 0))
    good("reply", "RATE: the rate in force", "REPLY", reply(7, 4, 0, 199960))
    good("reply_range", "GATE of 5000 counts: 4095 is the nearest", "REPLY", reply(8, 5, 3, 4095))
    good("reply_self_test", "three findings", "REPLY",
         reply(65535, 7, 0, 3, [(1, 31, 0), (3, 1023, 4095), (4, 0, 37)]))
    good("reply_32_findings", "of 40, the first 32", "REPLY",
         reply(9, 7, 0, 40, [(3, 100 + i, 4095 - i) for i in range(32)]))
    good("reply_unreadable", "to something that was no command", "REPLY", reply(0, 0, 1, 0))
    good("aux", "one sample of acceleration", "AUX", aux(77777777, 1, [-5, 16393, 0]))
    good("aux_nine", "nine values, with the extremes", "AUX",
         aux(2**64 - 1, 255, [2**31 - 1, -2**31, 0, 1, -1, 256, -256, 65536, -65536]))
    for code, name in [(1, "describe"), (2, "start"), (3, "stop"), (7, "self_test"),
                       (8, "settings_load"), (9, "settings_store"), (10, "bootloader")]:
        good(f"command_{name}", f"{name.upper()} takes no argument", "COMMAND", command(code, code))
    for code, name, argument in [(4, "rate", 200000), (5, "gate", 12), (6, "identify", 60000)]:
        good(f"command_{name}", f"{name.upper()} takes an argument", "COMMAND",
             command(0x1234, code, argument))


def good_frames():
    good("frame_example", "the example of LINK.md, section 8", "FRAME",
         frame(EXAMPLE, sequence=258, ticks=5000000, scan_ticks=3900, trigger=1), (2, 3))
    good("frame_odd", "nine samples: the last takes two octets", "FRAME",
         frame([[1, 2, 3], [256, 512, 1024], [4094, 2048, 4095]], sequence=1), (3, 3))
    good("frame_one", "one taxel, and counters at their ends", "FRAME",
         frame([[4095]], sequence=2**32 - 1, ticks=2**64 - 1, scan_ticks=2**32 - 1,
               n_dropped=2**32 - 1, n_late=65535, trigger=1), (1, 1))
    good("frame_flags", "undefined flags are ignored", "FRAME",
         frame(EXAMPLE, more_flags=0xFE), (2, 3))
    good("frame_sparse", "gate 20: a sample of 20 is not sent, one of 21 is; an odd number",
         "FRAME", frame(THREE_BY_FIVE, gate=20, sequence=5, ticks=25000), (3, 5))
    good("frame_sparse_empty", "sparse, and nothing above the gate", "FRAME",
         frame([[0] * 5] * 3, gate=20), (3, 5))
    good("frame_sparse_full", "sparse, and everything above the gate", "FRAME",
         frame([[21, 22, 23, 24], [25, 26, 27, 28]], gate=20), (2, 4))
    random.seed(2)
    idle = [[random.choice([0, 0, 0, 1, 2]) for _ in range(32)] for _ in range(32)]
    hand = [[max(0, int(2500 * (1 - ((row - 15) ** 2 + (col - 12) ** 2) / 60)) +
                 random.randrange(3)) for col in range(32)] for row in range(32)]
    dense = [[random.randrange(256, 4096) for _ in range(32)] for _ in range(32)]
    good("frame_32_zero", "32 x 32, nothing at all", "FRAME", frame([[0] * 32] * 32), (32, 32))
    good("frame_32_idle", "32 x 32, noise near zero: many short COBS pieces", "FRAME",
         frame(idle, sequence=1, ticks=5000, scan_ticks=3900), (32, 32))
    good("frame_32_hand", "32 x 32, one contact, gate 5", "FRAME",
         frame(hand, gate=5, sequence=2, ticks=10000, scan_ticks=3900), (32, 32))
    good("frame_32_dense", "32 x 32, pressed everywhere: long COBS pieces", "FRAME",
         frame(dense, sequence=3, ticks=15000, scan_ticks=3900), (32, 32))
    good("frame_64_full_sparse", "64 x 64, all above the gate: the longest message of all",
         "FRAME", frame([[4095] * 64] * 64, gate=1, sequence=4), (64, 64))


def good_streams():
    start, stop = command(1, 2), command(2, 3)
    joined = wire("COMMAND", start[0])[1:] + wire("COMMAND", stop[0])[1:]
    case("good", "stream_joined", "two messages with one delimiter each", joined,
         start[1] + stop[1])
    spaced = b"\0\0\0" + wire("COMMAND", start[0]) + b"\0\0" + wire("COMMAND", stop[0]) + b"\0"
    case("good", "stream_delimiters", "empty encodings between messages are ignored", spaced,
         start[1] + stop[1])
    for request in range(257, 60000):
        full = reply(request, 1, 1, 0x01010101, [(1, 257, 257)], appended=b"\xaa" * 235)
        octets = message("REPLY", full[0])
        if 0 not in octets:
            break
    assert len(octets) == 254
    case("good", "cobs_254", "254 octets without a zero, then a last code 1",
         b"\0" + cobs(octets) + b"\0", full[1])
    case("good", "cobs_254_short", "the same without the last code 1",
         b"\0" + cobs(octets, drop_last_code=True) + b"\0", full[1])


def bad_streams():
    start, stop = command(1, 2), command(2, 3)
    octets = message("COMMAND", start[0])
    flipped = bytes([octets[0], octets[1] ^ 0x10]) + octets[2:]
    case("bad", "crc", "one bit flipped", b"\0" + cobs(flipped) + b"\0", ["error: CRC"])
    case("bad", "crc_order", "checksum with its octets in the other order",
         b"\0" + cobs(octets[:-4] + octets[:-5:-1]) + b"\0", ["error: CRC"])
    case("bad", "cobs_past_end", "the last code reaches past the end",
         b"\0" + cobs(octets)[:-1] + b"\0", ["error: COBS"])
    case("bad", "cobs_code_255_past_end", "a full piece that is not there", b"\0\xff\x11\0",
         ["error: COBS"])
    case("bad", "short", "four octets: no room for type and checksum",
         b"\0" + cobs(b"\x10\x01\x02\x03") + b"\0", ["error: LENGTH"])
    case("bad", "short_empty", "an encoding of nothing", b"\0\x01\0", ["error: LENGTH"])
    case("bad", "long_encoding", "6716 octets without a delimiter, then a good message",
         b"\0" + b"\x11" * 6716 + wire("COMMAND", stop[0]), ["error: LENGTH"] + stop[1])
    case("bad", "long_message", "6715 octets that decode to 6714",
         b"\0" + b"\x01" * 6715 + b"\0", ["error: LENGTH"])
    case("bad", "resync_after_crc", "a damaged message, then a good one",
         b"\0" + cobs(flipped) + wire("COMMAND", stop[0]), ["error: CRC"] + stop[1])
    lost = wire("COMMAND", start[0])[:-1] + b"\x05" + wire("COMMAND", stop[0])[1:]
    case("bad", "resync_after_lost_delimiter", "the delimiter between two messages became 05: both "
         "are lost, the third is not", lost + wire("COMMAND", start[0])[1:],
         ["error: COBS"] + start[1])
    case("bad", "joined_in_the_middle", "a receiver that hears only the end of the first message",
         wire("COMMAND", start[0])[4:] + wire("COMMAND", stop[0]), ["error: CRC"] + stop[1])
    bad("type", "a type of message that no one knows", 99, b"hello", "TYPE")
    bad("type_zero", "type 0", 0, b"", "TYPE")


def bad_hellos():
    def refuse(name, comment, reason, fields=None, **others):
        bad(f"hello_{name}", comment, "HELLO", hello(dict(HELLO, **(fields or {})), **others)[0],
            reason)

    refuse("major_2", "another major version", "VERSION", dict(version_major=2))
    refuse("major_0", "another major version", "VERSION", dict(version_major=0))
    bad("hello_empty", "no body", "HELLO", b"", "LENGTH")
    bad("hello_cut", "the last octet of exists is missing", "HELLO", hello(HELLO)[0][:-1], "LENGTH")
    bad("hello_cut_fields", "cut in the fixed fields", "HELLO", hello(HELLO)[0][:58], "LENGTH")
    bad("hello_cut_text", "cut in a text", "HELLO", hello(HELLO)[0][:65], "LENGTH")
    bad("hello_cut_aux", "cut in an auxiliary channel", "HELLO",
        hello(BARE, [(1, 1, 3, 1, 1)])[0][:-5], "LENGTH")
    refuse("no_rows", "n_rows 0", "VALUE", dict(n_rows=0))
    refuse("no_columns", "n_cols 0", "VALUE", dict(n_cols=0))
    refuse("too_many_columns", "257 columns", "VALUE", dict(n_rows=1, n_cols=257))
    refuse("too_many_taxels", "65 x 64 taxels", "VALUE", dict(n_rows=65, n_cols=64))
    refuse("mount", "mount 4", "VALUE", dict(mount=4))
    refuse("adc_0", "no bits", "VALUE", dict(adc_bits=0))
    refuse("adc_13", "13 bits", "VALUE", dict(adc_bits=13))
    refuse("tick", "tick_hz 0", "VALUE", dict(tick_hz=0))
    refuse("rate_zero", "a lowest rate of 0", "VALUE", dict(rate_min_mhz=0))
    refuse("rate_low", "the rate in force is below the lowest", "VALUE", dict(rate_mhz=999))
    refuse("rate_high", "the rate in force is above the highest", "VALUE", dict(rate_mhz=400001))
    refuse("pitch_x", "pitch_x_um 0", "VALUE", dict(pitch_x_um=0))
    refuse("pitch_y", "pitch_y_um 0", "VALUE", dict(pitch_y_um=0))
    refuse("area", "sensing_um2 0", "VALUE", dict(sensing_um2=0))
    refuse("front_end", "front end 2", "VALUE", dict(front_end=2))
    refuse("calibration", "calibration 2", "VALUE", dict(calibration=2))
    refuse("calibration_reference_ohm", "calibrated, and R 0", "VALUE", dict(reference_ohm=0))
    refuse("calibration_conductance", "calibrated, and G100 0", "VALUE",
           dict(conductance_100kpa_ns=0))
    refuse("calibration_exponent", "calibrated, and n 0", "VALUE", dict(exponent_e4=0))
    refuse("serial", "no serial", "VALUE", dict(serial=""))
    refuse("text_long", "a text of 32 octets", "VALUE", dict(model="m" * 32))
    for name, comment, octets in [
            ("control", "a control character", b"a\x1b[2J"), ("nul", "a NUL", b"a\0b"),
            ("delete", "U+007F", b"\x7f"), ("c1", "U+009B", b"\xc2\x9b"),
            ("overlong", "/ in two octets", b"\xc0\xaf"),
            ("overlong_3", "/ in three octets", b"\xe0\x80\xaf"),
            ("surrogate", "U+D800", b"\xed\xa0\x80"),
            ("beyond", "U+110000", b"\xf4\x90\x80\x80"),
            ("cut_point", "a code point cut short", b"\xe6\x89"),
            ("latin1", "Latin-1", b"M\xfcller")]:
        refuse(f"text_{name}", f"a text with {comment}", "VALUE", dict(firmware=octets))
    refuse("aux_nine", "nine auxiliary channels", "VALUE",
           aux=[(i, 4, 1, 1, 1) for i in range(9)])
    refuse("aux_no_values", "a channel without values", "VALUE", aux=[(1, 1, 0, 1, 1)])
    refuse("aux_ten_values", "a channel of ten values", "VALUE", aux=[(1, 1, 10, 1, 1)])
    refuse("aux_alike", "two channels of one id", "VALUE", aux=[(1, 1, 3, 1, 1), (1, 2, 3, 1, 1)])


def bad_others():
    bad("taxels_beyond", "up to taxel 4096, which there cannot be", "TAXELS",
        taxels(4093, PAGE)[0], "VALUE")
    bad("taxels_none", "an empty page", "TAXELS", taxels(0, [])[0], "VALUE")
    bad("taxels_65", "65 in a page", "TAXELS", taxels(0, PAGE[:1] * 65)[0], "VALUE")
    bad("taxels_cut", "the last octet is missing", "TAXELS", taxels(0, PAGE)[0][:-1], "LENGTH")
    packed, sparse = frame(EXAMPLE)[0], frame(THREE_BY_FIVE, gate=20)[0]
    odd = frame([[1, 2, 3]] * 3)[0]
    bad("frame_short", "one octet too few", "FRAME", packed[:-1], "LENGTH", (2, 3))
    bad("frame_long", "one octet too many", "FRAME", packed + b"\0", "LENGTH", (2, 3))
    bad("frame_other_array", "samples of a 2 x 3 array, when 3 x 3 is in force", "FRAME", packed,
        "LENGTH", (3, 3))
    bad("frame_head", "the head alone", "FRAME", packed[:24], "LENGTH", (2, 3))
    bad("frame_head_cut", "not even the head", "FRAME", packed[:23], "LENGTH", (2, 3))
    bad("frame_encoding", "encoding 2", "FRAME", frame(EXAMPLE, encoding=2)[0], "VALUE", (2, 3))
    bad("frame_tail", "the four bits left over are not zero", "FRAME",
        odd[:-1] + bytes([odd[-1] | 0x10]), "VALUE", (3, 3))
    bad("frame_sparse_short", "one octet too few", "FRAME", sparse[:-1], "LENGTH", (3, 5))
    bad("frame_sparse_long", "one octet too many", "FRAME", sparse + b"\0", "LENGTH", (3, 5))
    bad("frame_sparse_bitmap_cut", "not even the bitmap", "FRAME", sparse[:25], "LENGTH", (3, 5))
    bad("frame_sparse_left_over", "the bit left over of the bitmap is set", "FRAME",
        sparse[:25] + bytes([sparse[25] | 0x80]) + sparse[26:], "VALUE", (3, 5))
    bad("frame_sparse_tail", "the four bits left over are not zero", "FRAME",
        sparse[:-1] + bytes([sparse[-1] | 0x80]), "VALUE", (3, 5))
    bad("status_cut", "the last octet is missing", "STATUS", status(STATUS)[0][:-1], "LENGTH")
    bad("status_bool", "streaming is 2", "STATUS", status(dict(STATUS, streaming=2))[0], "VALUE")
    bad("fault_cut", "the last octet is missing", "FAULT", fault(1, 2, 3)[0][:-1], "LENGTH")
    bad("reply_cut", "a finding is missing", "REPLY", reply(1, 7, 0, 2, [(1, 2, 3)], n=2)[0],
        "LENGTH")
    bad("reply_cut_head", "cut before the number of findings", "REPLY", reply(1, 2, 0, 0)[0][:-1],
        "LENGTH")
    bad("reply_33_findings", "33 findings", "REPLY", reply(1, 7, 0, 33, [(1, 2, 3)] * 33)[0],
        "VALUE")
    bad("aux_cut", "the last octet is missing", "AUX", aux(1, 2, [3])[0][:-1], "LENGTH")
    bad("aux_none", "no values", "AUX", aux(1, 2, [])[0], "VALUE")
    bad("aux_ten", "ten values", "AUX", aux(1, 2, list(range(10)))[0], "VALUE")
    bad("command_cut", "no code", "COMMAND", command(513, 2)[0][:-1], "LENGTH")
    bad("command_code", "a command that no one knows", "COMMAND", command(1, 11)[0], "TYPE")
    bad("command_code_zero", "code 0, with an argument", "COMMAND", command(1, 0, 5)[0], "TYPE")
    bad("command_start_long", "START with an argument", "COMMAND", command(1, 2, 5)[0], "LENGTH")
    bad("command_rate_short", "RATE without its argument", "COMMAND", command(1, 4)[0], "LENGTH")
    bad("command_rate_long", "RATE with an octet too many", "COMMAND",
        command(1, 4, 200000)[0] + b"\0", "LENGTH")


def main():
    for write in (good_messages, good_frames, good_streams, bad_streams, bad_hellos, bad_others):
        write()
    if sys.argv[1:] == ["--check"]:
        there = {f"{path.parent.name}/{path.name}" for path in HERE.glob("*/*.txt")}
        stale = sorted(there ^ set(FILES)) + sorted(
            name for name in there & set(FILES) if (HERE / name).read_text() != FILES[name])
        for name in stale:
            print(f"{name}: differs from what make_vectors.py writes", file=sys.stderr)
        return 1 if stale else 0
    for name, content in FILES.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(content)
    print(f"{len(FILES)} vectors written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
