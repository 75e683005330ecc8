# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall clock set while a session is recorded: its times go on as they began.

A power cut: what the daemon wrote is logged, and played again up to each moment at which it was
brought to the disk. Every such file opens after repair, and holds all but the last second."""

import os
import pathlib
import struct
import time
import unittest
import zlib

import h5py
import numpy

from harness import SLOW, SystemTest, main

SHIM = os.environ.get("THENAR_WRITE_LOG_SHIM", "")
CLOCK = os.environ.get("THENAR_STEP_CLOCK_SHIM", "")


def entries(log):
    """(kind, path, offset, octets or length) of each call."""
    data, at = log.read_bytes(), 0
    while at < len(data):
        kind, n_path = chr(data[at]), struct.unpack_from("<I", data, at + 1)[0]
        at += 5
        path = data[at:at + n_path].decode()
        offset, n = struct.unpack_from("<QQ", data, at + n_path)
        at += n_path + 16
        octets = data[at:at + n] if kind == "w" else b""
        at += len(octets)
        yield kind, path, offset, octets


@unittest.skipUnless(os.path.exists(CLOCK), "THENAR_STEP_CLOCK_SHIM names no library")
class ClockSet(SystemTest):
    def test_times_go_on_as_they_began(self):
        sessions, step = self.folder(), self.folder() / "step"
        step.write_bytes(struct.pack("<q", 0))
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             options=("--sessions", str(sessions)),
                             env={"LD_PRELOAD": CLOCK, "THENAR_CLOCK_STEP": str(step)})
        daemon.wait_streaming()
        folder = pathlib.Path(daemon.ask("session_start", timeout_s=10)["folder"])
        for n_frames, seconds in (300, 3600), (600, -7200), (900, 0):
            end = time.monotonic() + 30 * SLOW
            while daemon.ask("session")["frames"] < n_frames:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)
            with step.open("r+b") as file:
                file.write(struct.pack("<q", seconds))
        time.sleep(0.5)
        daemon.ask("session_stop", timeout_s=10)
        with h5py.File(folder / "pad.h5", "r") as file:
            rows = file["frames"][:]
        wall = numpy.diff(rows["arrival_unix_ns"] - rows["arrival_ns"]) / 1e9
        self.assertEqual([round(s) for s in wall[abs(wall) > 1]], [3600, -10800, 7200])
        steps = numpy.diff(rows["t_device"])
        self.assertLess(abs(steps - 1 / 200).max(), 0.1 / 200)
        for action in "verify", "replay":
            done = self.run_program("thenar", "session", action, str(folder / "pad.h5"))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


@unittest.skipUnless(os.path.exists(SHIM), "THENAR_WRITE_LOG_SHIM names no library")
class PowerCut(SystemTest):
    def test_what_was_brought_to_the_disk_is_there(self):
        sessions, scratch = self.folder(), self.folder()
        log = scratch / "log"
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             options=("--sessions", str(sessions)),
                             env={"LD_PRELOAD": SHIM, "THENAR_WRITE_LOG": str(log)})
        daemon.wait_streaming()
        folder = pathlib.Path(daemon.ask("session_start", timeout_s=10)["folder"])
        end = time.monotonic() + 30 * SLOW
        while daemon.ask("session")["frames"] < 900:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        daemon.ask("session_stop", timeout_s=10)
        daemon.stop()
        with h5py.File(folder / "pad.h5", "r") as file:
            whole = file["frames"][:]
        disk = bytearray()
        n_cuts, n_before, longest = 0, 0, 0
        for kind, path, offset, octets in entries(log):
            if not path.endswith("pad.h5"):
                continue
            if kind == "w":
                disk.extend(bytes(max(0, offset + len(octets) - len(disk))))
                disk[offset:offset + len(octets)] = octets
            elif kind == "t":
                del disk[offset:]
                disk.extend(bytes(offset - len(disk)))
            else:
                n_cuts += 1
                n_frames = self.cut(scratch / f"{n_cuts}.h5", disk, whole)
                longest = max(longest, n_frames - n_before)
                n_before = n_frames
        self.assertGreater(n_cuts, 4)
        self.assertEqual(n_before, len(whole))
        if SLOW == 1:
            self.assertLess(longest / 200, 1.5)  # s between two moments; the machine may be busy
        print(f"{n_cuts} cuts; at most {longest / 200:.2f} s between them")

    def cut(self, path, disk, whole):
        """The file as the disk has it, repaired; returns how many frames are in it."""
        path.write_bytes(disk)
        done = self.run_program("thenar", "session", "repair", str(path))
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_program("thenar", "session", "verify", str(path))
        self.assertIn("checksums  all right", done.stdout)
        with h5py.File(path, "r") as file:
            rows, cube = file["frames"][:], file["counts"][:]
        self.assertEqual(cube.shape[2], len(rows))
        numpy.testing.assert_array_equal(rows["sequence"], whole["sequence"][:len(rows)])
        crc = 0
        for row, frame in zip(rows, cube.transpose(2, 0, 1)):
            octets = numpy.ascontiguousarray(frame).tobytes()
            crc = zlib.crc32(octets, zlib.crc32(row.tobytes()[:-4], crc))
            self.assertEqual(crc, row["crc32"])
        return len(rows)


if __name__ == "__main__":
    main()
