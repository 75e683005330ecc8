# SPDX-License-Identifier: GPL-3.0-or-later
"""A device's thread, from bytes to the ring, allocates nothing and locks nothing: counted."""

import os
import pathlib
import subprocess
import sys
import time
import unittest

from harness import SystemTest, again_if_busy, main

COUNTER = os.environ.get("THENAR_COUNT_CALLS", "")
NAMES = ("malloc", "calloc", "realloc", "free", "aligned", "mutex", "rwlock")
AFTER_S, SPAN_S = 3.0, 5.0
DEVICE_THREAD = "dev-"  # thenard names its threads; one for each device

# A thread that bears a device's name and allocates: the count must show it.
LIAR = """
import ctypes, threading, time
def work():
    ctypes.CDLL(None).prctl(15, b"dev-liar", 0, 0, 0)
    for _ in range(100):
        bytearray(100000)
        time.sleep(0.01)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def environment(folder, after_s, span_s):
    return {"LD_PRELOAD": COUNTER, "THENAR_COUNT_REPORT": f"{folder}/calls",
            "THENAR_COUNT_AFTER_S": str(after_s), "THENAR_COUNT_SPAN_S": str(span_s)}


def read_report(folder, process_id, timeout_s):
    """{thread: {call: count}}; threads of one name are added up."""
    path = pathlib.Path(folder) / f"calls.{process_id}"
    end = time.monotonic() + timeout_s
    while not path.exists():
        if time.monotonic() > end:
            raise AssertionError(f"the counter wrote no report {path}")
        time.sleep(0.05)
    threads = {}
    for line in path.read_text().splitlines():
        name, *counts = line.split()
        counts = dict(zip(NAMES, map(int, counts)))
        old = threads.get(name, dict.fromkeys(NAMES, 0))
        threads[name] = {call: old[call] + counts[call] for call in NAMES}
    return threads


def device_calls(threads):
    """{thread: {call: count}} of what the threads of devices called, where it is not 0."""
    return {name: {call: n for call, n in calls.items() if n}
            for name, calls in threads.items() if name.startswith(DEVICE_THREAD)}


@unittest.skipUnless(os.path.exists(COUNTER), "THENAR_COUNT_CALLS names no library")
class NoAllocations(SystemTest):
    def test_the_counter_sees_a_thread_that_allocates(self):
        folder = self.folder()
        process = subprocess.Popen([sys.executable, "-c", LIAR],
                                   env={**os.environ, **environment(folder, 0.2, 0.5)})
        self.addCleanup(process.wait)
        calls = device_calls(read_report(folder, process.pid, 30))["dev-liar"]
        self.assertGreaterEqual(calls["malloc"], 20)
        self.assertGreaterEqual(calls["free"], 20)

    @again_if_busy
    def test_device_threads_call_neither_allocator_nor_lock(self):
        folder = self.folder()
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             "hand=virtual:glove16?script=demo&loop=1",
                             env=environment(folder, AFTER_S, SPAN_S))
        frames = daemon.subscribe("frame.")
        received = frames.collect(AFTER_S + SPAN_S)
        threads = read_report(folder, daemon.process.pid, 30)
        numbers = {device: sum(m.device == device for m in received) for device in ("pad", "hand")}
        self.assertGreater(numbers["pad"], 600, numbers)
        self.assertGreater(numbers["hand"], 1500, numbers)

        for name, calls in sorted(threads.items()):
            print(f"{name:16}", " ".join(f"{call} {n}" for call, n in calls.items() if n) or "none")
        devices = device_calls(threads)
        self.assertEqual(len(devices), 2, f"threads of devices among {sorted(threads)}")
        self.assertEqual(devices, dict.fromkeys(devices, {}), "a device's thread called these")
        others = sum(sum(calls.values()) for name, calls in threads.items()
                     if not name.startswith(DEVICE_THREAD))
        self.assertGreater(others, 0, "the publisher allocates (libzmq does): nothing was counted")


if __name__ == "__main__":
    main()
