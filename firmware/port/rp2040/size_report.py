#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""size_report.py - what the firmware takes of flash, RAM and stack, and that it has no heap.

Stack: the deepest way through the compiler's call graph (-fcallgraph-info) from main() and from
each interrupt. Interrupts of different urgency can be on top of one another, so theirs are added.
Calls through pointers are listed by hand below; assembler and the boot ROM are given an allowance."""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

HEAP = {"malloc", "calloc", "realloc", "free", "_sbrk", "_malloc_r", "pvPortMalloc"}
EXCEPTION_BYTES = 32 + 4    # registers that the core pushes, and alignment
UNKNOWN_BYTES = 64          # a function that the compiler did not see: assembler, boot ROM
# Contexts that can stand on one another, least urgent first. Each is the deepest of its functions.
CONTEXTS = {
    "main": ["main"],
    "last words": ["on_silence"],
    "USB, naps": ["dcd_rp2040_irq", "on_nap_over"],
    "scan": ["on_converted", "on_due"],
}
# Who may be called through the pointers of whom.
INDIRECT = {
    "tud_task_ext": ["cdcd_xfer_cb", "cdcd_control_xfer_cb", "vendord_xfer_cb", "cdcd_reset",
                     "vendord_reset", "cdcd_open", "vendord_open", "usbd_control_xfer_cb",
                     "process_control_request"],
    "usbd_control_xfer_cb": ["cdcd_control_xfer_cb", "tud_vendor_control_xfer_cb"],
}


def read_graph(folder):
    """From all .ci files: octets a function, and whom it calls."""
    frames, calls = {}, collections.defaultdict(set)
    for path in sorted(pathlib.Path(folder).rglob("*.ci")):
        for line in path.read_text(errors="replace").splitlines():
            node = re.match(r'node: \{ title: "([^"]+)" label: "([^"]*)"', line)
            if node:
                size = re.search(r"(\d+) bytes \((\w+)", node.group(2))
                if size:
                    name = plain(node.group(1))
                    frames[name] = max(frames.get(name, 0), int(size.group(1)))
                    if size.group(2) == "dynamic" and "bounded" not in node.group(2):
                        sys.exit(f"size_report: the stack of {name} has no bound")
            edge = re.match(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', line)
            if edge:
                calls[plain(edge.group(1))].add(plain(edge.group(2)))
    return frames, calls


def plain(title):
    """The function's name: titles of static ones carry their file, copies a number."""
    return re.sub(r"\.(constprop|isra|part|cold)(\.\d+)?", "", title.split(":")[-1])


def deepest(name, frames, calls, seen=()):
    """(octets, path) of the deepest way down from here."""
    if name in seen:
        return 0, [name + " (again)"]
    below = [deepest(callee, frames, calls, seen + (name,))
             for callee in sorted(calls[name] | set(INDIRECT.get(name, ())))
             if callee != "__indirect_call"]
    size, path = max(below, default=(0, []), key=lambda item: item[0])
    own = frames.get(name, UNKNOWN_BYTES)
    return own + size, [f"{name} {own}"] + path


def sections(elf, size_tool):
    text = subprocess.run([size_tool, "-A", elf], check=True, capture_output=True, text=True).stdout
    return {line.split()[0]: (int(line.split()[1]), int(line.split()[2]))
            for line in text.splitlines() if re.match(r"\.\w+\S*\s+\d+\s+\d+", line)}


def main():
    parser = argparse.ArgumentParser()
    for name in ("nm", "elf", "objects", "report"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--stack-bytes", type=int, required=True)
    args = parser.parse_args()

    symbols = subprocess.run([args.nm, args.elf], check=True, capture_output=True, text=True).stdout
    heap = sorted(HEAP & {line.split()[-1] for line in symbols.splitlines()})

    frames, calls = read_graph(args.objects)
    lines, total = ["stack, octets:"], 0
    for context, roots in CONTEXTS.items():
        size, path = max((deepest(root, frames, calls) for root in roots), key=lambda d: d[0])
        size += EXCEPTION_BYTES if context != "main" else 0
        total += size
        lines.append(f"  {context:<12}{size:6}   " + " > ".join(path))
    lines.append(f"  {'all at once':<12}{total:6}   of {args.stack_bytes}")

    lines.append("memory, octets:")
    flash = ram = 0
    for name, (size, address) in sections(args.elf, args.nm.replace("nm", "size")).items():
        if size and address >= 0x10000000 and address < 0x30000000:
            lines.append(f"  {name:<20}{size:8}   at {address:#x}")
            ram += size if address >= 0x20000000 and "stack" not in name else 0
            flash += size if address < 0x20000000 else 0
    lines.append(f"  RAM in all, without stacks: {ram} of 262144")
    lines.append("heap: " + (", ".join(heap) if heap else "none"))
    report = "\n".join(lines) + "\n"
    pathlib.Path(args.report).write_text(report)
    print(report, end="")
    if heap:
        sys.exit("size_report: something allocates")
    if total > args.stack_bytes:
        sys.exit("size_report: the stack may be too small")


if __name__ == "__main__":
    main()
