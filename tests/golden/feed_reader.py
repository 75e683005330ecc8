#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the vectors of the feed by the tables of FEED.md alone: it tests the document.

usage: feed_reader.py FEED.md GOOD BAD"""

import json
import pathlib
import re
import sys


class Refused(Exception):
    pass


def tables(text):
    """{heading: [[(field, type, there), ...], ...]}, as the page has them."""
    found, heading, rows = {}, None, None
    for line in text.split("\n"):
        if line.startswith("#"):
            heading, rows = line.strip("# "), None
        elif line.startswith("| field | type |"):
            rows = []
            found.setdefault(heading, []).append(rows)
        elif rows is not None and line.startswith("| `"):
            name, kind, _unit, there, *_meaning = [cell.strip() for cell in line[1:].split("|")]
            rows.append((name.strip("`"), kind, there))
        elif not line.startswith("|"):
            rows = None
    return found


def no_constant(name):
    raise Refused("SYNTAX")


def no_doubles(pairs):
    if len(dict(pairs)) != len(pairs):
        raise Refused("SYNTAX")
    return dict(pairs)


def load(text):
    try:
        value = json.loads(text, parse_constant=no_constant, object_pairs_hook=no_doubles)
    except json.JSONDecodeError as error:
        raise Refused("SYNTAX") from error
    if not isinstance(value, dict):
        raise Refused("SYNTAX")
    return value


def check_type(value, kind):
    if kind == "boolean" and not isinstance(value, bool):
        raise Refused("TYPE")
    if kind == "text" and not isinstance(value, str):
        raise Refused("TYPE")
    if kind in ("integer", "number") and isinstance(value, bool):
        raise Refused("TYPE")
    if kind == "integer" and not isinstance(value, int):
        raise Refused("TYPE")
    if kind == "integer" and value < 0:
        raise Refused("VALUE")
    if kind == "number" and not isinstance(value, (int, float)):
        raise Refused("TYPE")
    if kind == "number" and abs(value) >= 1e12:
        raise Refused("VALUE")


def check_object(fields, value):
    relative = value.get("uncalibrated") is True
    for name, kind, there in fields:
        wanted = {"always": True, "if calibrated": not relative, "if uncalibrated": relative}
        if there == "if calibrated, no mat":
            wanted[there] = not relative and name in value
        if name in value and wanted.get(there, True):
            check_type(value[name], kind)
        elif name in value or wanted.get(there, False):
            raise Refused("VALUE")


def check_message(page, vector):
    match = re.fullmatch(r"([a-z]+)\.([a-z0-9_-]{1,31})\.([a-z0-9_-]{1,31})", vector["topic"])
    if not match:
        raise Refused("SYNTAX")
    kind = match[1]
    if kind not in page:
        raise Refused("TYPE")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", vector["time"]):
        raise Refused("SYNTAX")
    common = page["Common fields"][kind in ("status", "gap", "plan", "comfort", "session")]
    fields = common + page[kind][0]
    value = load(vector["payload"])
    check_object(fields, value)
    time = value["t_publish" if kind in ("status", "gap", "plan", "comfort", "session") else "t_device"]
    assert abs(float(vector["time"]) - time) < 1e-6, "part 3 is not the message's time"
    order = [name for name, _kind, _there in fields if name in value]
    assert list(value) == order, "fields are not in the page's order"


def check_request(page, vector):
    value = load(vector["request"])
    head = page["Every request"][0]
    check_object(head, value)
    command = value["command"]
    if command not in ("status", "devices", "rate", "tare", "plan", "declare", "comfort",
                       "session", "session_start", "session_stop", "session_note", "shutdown"):
        raise Refused("VALUE")
    fields = head + page.get(command + " request", [[]])[0]
    if set(value) - {name for name, _kind, _there in fields}:
        raise Refused("VALUE")
    check_object(fields, value)
    rates = {"metrics_rate_hz", "frame_rate_hz", "rate_hz"} & set(value)
    if command == "rate" and (not rates or value.get("rate_hz", 1) <= 0):
        raise Refused("VALUE")
    if not 0 < value.get("span_s", 1) <= 60:
        raise Refused("VALUE")


def read_vector(path):
    vector, lines = {}, path.read_text().split("\n")
    for number, line in enumerate(lines):
        if line in ("payload:", "request:"):
            vector[line[:-1]] = lines[number + 1]
        elif match := re.match(r"(topic|time|error): ?(.*)", line):
            vector[match[1]] = match[2]
    return vector


def main():
    page = tables(pathlib.Path(sys.argv[1]).read_text())
    n_failed = n_run = 0
    for folder in sys.argv[2:]:
        for path in sorted(pathlib.Path(folder).iterdir()):
            vector = read_vector(path)
            try:
                (check_request if "request" in vector else check_message)(page, vector)
                found = ""
            except Refused as refusal:
                found = str(refusal)
            except AssertionError as fault:
                found = f"fault: {fault}"
            n_run += 1
            if found != vector.get("error", ""):
                print(f"{path}: '{vector.get('error', '')}' expected, '{found}' found")
                n_failed += 1
    print(f"{n_run} vectors, {n_failed} failed")
    return n_failed > 0 or n_run == 0


if __name__ == "__main__":
    sys.exit(main())
