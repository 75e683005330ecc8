#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules that a machine can check: sizes, unique names, licences, the way includes go,
functions that are not used here. Prints one line a fault and exits 1 if there is any."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

HARD_LINES = 800
MIT_ROOMS = ("protocol/", "firmware/", "clients/lib/", "docs/examples/")

# Which rooms a room may include from, by the prefix of the included header's path in the tree.
MAY_INCLUDE = {
    "protocol/link/": ("protocol/",),
    "protocol/feed/": ("protocol/",),
    "firmware/core/": ("firmware/core/", "firmware/board/", "firmware/port/port.h", "protocol/"),
    "firmware/board/": ("firmware/board/", "protocol/"),
    "firmware/port/": ("firmware/", "protocol/", "daemon/engine/session/"),
    "daemon/engine/": ("daemon/engine/", "protocol/status.h", "protocol/error.h"),
    "daemon/": ("daemon/", "protocol/"),
    "clients/lib/": ("clients/lib/", "protocol/feed/", "protocol/status.h", "protocol/error.h"),
    # `thenar calibrate` opens a device itself, as the daemon does, for its raw counts
    "clients/cli/calibrate/": ("clients/", "protocol/", "daemon/engine/", "daemon/source/",
                               "daemon/moment.h"),
    "clients/web/": ("clients/", "protocol/", "daemon/engine/"),
    "clients/cli/": ("clients/", "protocol/", "daemon/engine/", "training/"),
    "training/": ("training/", "daemon/engine/", "firmware/port/host/", "protocol/"),
}

BANNED = {
    "strcpy": "snprintf", "strcat": "snprintf", "sprintf": "snprintf", "vsprintf": "vsnprintf",
    "gets": "fgets", "strtok": "strsep or strchr", "atoi": "strtol", "atof": "strtod",
    "alloca": "the caller's storage", "rand": "a generator with a seed", "srand": "a seed",
}

faults = []


def fault(path, line, text):
    faults.append(f"{path}:{line}: {text}")


def tracked(*patterns):
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in names if name and (ROOT / name).exists()]


def room_of(path):
    return max((room for room in MAY_INCLUDE if path.startswith(room)), key=len, default=None)


def check_includes(path, lines, headers):
    room = room_of(path)
    if not room:
        return
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        found = [header for header in headers
                 if header == match[1] or header.endswith("/" + match[1])]
        if not found:
            continue
        if not any(header.startswith(MAY_INCLUDE[room]) for header in found):
            fault(path, number, f"{room} may not include {found[0]}: data flows one way")


def check_licence(path, lines):
    head = "\n".join(lines[:3])
    wanted = "MIT" if path.startswith(MIT_ROOMS) else "GPL-3.0-or-later"
    if f"SPDX-License-Identifier: {wanted}" not in head:
        fault(path, 1, f"needs the line SPDX-License-Identifier: {wanted}")


def check_source(path, lines):
    if len(lines) > HARD_LINES:
        fault(path, HARD_LINES, f"{len(lines)} lines; {HARD_LINES} is the limit: one idea a file")
    for number, line in enumerate(lines, 1):
        code = re.sub(r'"(\\.|[^"\\])*"|/\*.*?\*/|//.*', "", line)
        for match in re.finditer(r"\b([a-z]+)\s*\(", code):
            if match[1] in BANNED and not re.match(r"\s*(/?\*)", line):
                fault(path, number, f"{match[1]}() is not used here: take {BANNED[match[1]]}")
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            fault(path, number, "unfinished work is done, or told of in an issue; not left in code")
        if "\t" in line:
            fault(path, number, "tab")


def check_unique(paths):
    seen = {}
    for path in paths:
        name = path.rsplit("/", 1)[-1]
        if name in seen:
            fault(path, 1, f"file names are unique: there is {seen[name]} too")
        seen.setdefault(name, path)


def main():
    sources = tracked("*.c", "*.h")
    headers = [path for path in sources if path.endswith(".h")]
    check_unique(sources)
    for path in sources:
        lines = (ROOT / path).read_text().split("\n")
        check_licence(path, lines)
        check_source(path, lines)
        check_includes(path, lines, headers)
    for path in tracked("*CMakeLists.txt", "*.cmake", "*.py", "run", "check", "packaging/*.bash"):
        text = (ROOT / path).read_text()
        if "SPDX-License-Identifier" not in "\n".join(text.split("\n")[:3]):
            fault(path, 1, "needs an SPDX-License-Identifier line")
    if not sources:
        fault(".", 1, "no source found: is this a checkout?")
    print("\n".join(faults) if faults else f"{len(sources)} C files keep the rules")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
