#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions under stress, with the programs as they were built:

    tests/bench/session_stress.py --bin build/release/bin --kills 50
        thenard killed (-9) at that many random instants while it records; after repair by the next
        thenard every frame is compared with what the virtual device sent. Four minutes.
    tests/bench/session_stress.py --bin build/release/bin --devices 8 [--rate 200] [--seconds 30]
        so many virtual tables of 32x32 recorded at once: what was lost and where, and which share
        of a core each thread of thenard took.

A virtual device costs processor time of its own: on two cores eight at 200 frames/s may be more
than the machine carries, which says nothing of the recorder. What was lost is told by its side."""
import argparse
import json
import os
import pathlib
import sys
import time
import unittest

SYSTEM = pathlib.Path(__file__).resolve().parents[1] / "system"
CLOCK_HZ = os.sysconf("SC_CLK_TCK")


def thread_times(pid):
    """{name: seconds of processor} of the threads of a process; the same names are added up."""
    times = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        head, _, tail = (task / "stat").read_text().rpartition(")")
        fields = tail.split()
        name = head.split("(", 1)[1].split("-")[0]
        times[name] = times.get(name, 0) + (int(fields[11]) + int(fields[12])) / CLOCK_HZ
    return times


def devices(test, n, rate_hz, seconds):
    names = [f"d{i}" for i in range(n)]
    uris = [f"{name}=virtual:table32?script=demo&loop=1&seed={i + 1}&serial=SN{i}"
            for i, name in enumerate(names)]
    daemon = test.station(*uris)
    for name in names:
        daemon.wait_streaming(name, timeout_s=60)
    for name in names:
        reply = daemon.ask("rate", device=name, rate_hz=rate_hz)
        test.assertTrue(reply["ok"], reply)
    time.sleep(3)
    folder = test.begin(daemon)
    begin, wall = thread_times(daemon.process.pid), time.monotonic()
    time.sleep(seconds)
    end, wall = thread_times(daemon.process.pid), time.monotonic() - wall
    reply = daemon.ask("session_stop", timeout_s=30)
    manifest = json.loads((folder / "manifest.json").read_text())
    print(f"{n} devices of 32x32, {rate_hz} frames/s asked of each, {wall:.1f} s")
    for name in sorted(end, key=lambda name: begin.get(name, 0) - end[name]):
        share = 100 * (end[name] - begin.get(name, 0)) / wall
        if share >= 0.05:
            print(f"  thread {name:12} {share:6.2f} % of a core"
                  + (f", {share / n:.2f} % a device" if n > 1 else ""))
    print(f"  frames {reply['frames']}, {reply['frames'] / wall / n:.1f}/s a device; "
          + ", ".join(f"lost at {side} {sum(d['lost_' + side] for d in manifest['devices'])}"
                      for side in ("device", "link", "host", "disk")))
    print(f"  {reply['size_bytes'] * 3600 / wall / n / 1e9:.3f} GB an hour a device")
    done = test.run_session("verify", "last")
    print("  verify: " + ", ".join(sorted({line.strip() for line in done.stdout.splitlines()
                                           if "good" in line or "GOOD" in line})))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/release/bin", help="folder of the programs")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--devices", type=int, default=0)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    if not options.kills and not options.devices:
        parser.error("what? --kills N or --devices N")
    os.environ["THENAR_BIN"] = str(pathlib.Path(options.bin).resolve())
    os.environ["THENAR_KILLS"] = str(options.kills)
    sys.path.insert(0, str(SYSTEM))
    import test_session

    class Stress(test_session.Session):
        def runTest(self):
            if options.kills:
                self.test_killed_at_any_instant()
            if options.devices:
                devices(self, options.devices, options.rate, options.seconds)

    result = unittest.TextTestRunner(verbosity=0).run(unittest.TestSuite([Stress()]))
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
