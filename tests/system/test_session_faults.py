# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that takes its time: what is live goes on, and what the file lacks is told.

The wall clock set while a session is recorded: its times go on as they began.

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

from harness import SLOW, SystemTest, again_if_busy, main

SHIM = os.environ.get("THENAR_WRITE_LOG_SHIM", "")
CLOCK = os.environ.get("THENAR_STEP_CLOCK_SHIM", "")
SLOW_DISK = os.environ.get("THENAR_SLOW_DISK_SHIM", "")


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


class Recorded(SystemTest):
    def begin(self, daemon):
        """The folder of a session that begins."""
        reply = daemon.ask("session_start")
        self.assertTrue(reply["ok"], reply)  # a disk that others use may be slow
        return pathlib.Path(reply["folder"])


@unittest.skipUnless(os.path.exists(CLOCK), "THENAR_STEP_CLOCK_SHIM names no library")
class ClockSet(Recorded):
    @again_if_busy
    def test_times_go_on_as_they_began(self):
        sessions, step = self.folder(), self.folder() / "step"
        step.write_bytes(struct.pack("<q", 0))
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             options=("--sessions", str(sessions)),
                             env={"LD_PRELOAD": CLOCK, "THENAR_CLOCK_STEP": str(step)})
        daemon.wait_streaming()
        folder = self.begin(daemon)
        for n_frames, seconds in (300, 3600), (600, -7200), (900, 0):
            end = time.monotonic() + 60 * SLOW
            while daemon.ask("session")["frames"] < n_frames:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)
            with step.open("r+b") as file:
                file.write(struct.pack("<q", seconds))
        time.sleep(0.5)
        daemon.ask("session_stop")
        with h5py.File(folder / "pad.h5", "r") as file:
            rows = file["frames"][:]
        wall = numpy.diff(rows["arrival_unix_ns"] - rows["arrival_ns"]) / 1e9
        self.assertEqual([round(s) for s in wall[abs(wall) > 1]], [3600, -10800, 7200])
        steps = numpy.diff(rows["t_device"])
        self.assertLess(abs(steps - 1 / 200).max(), 0.1 / 200)
        for action in "verify", "replay":
            done = self.run_program("thenar", "session", action, str(folder / "pad.h5"))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


@unittest.skipUnless(os.path.exists(SLOW_DISK), "THENAR_SLOW_DISK_SHIM names no library")
class SlowDisk(Recorded):
    def set_delay(self, seconds):
        with self.delay.open("r+b") as file:
            file.write(struct.pack("<q", int(seconds * 1e6)))

    def wait(self, daemon, is_there):
        end = time.monotonic() + 40 * SLOW
        while not is_there(state := daemon.ask("session")):
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.05)
        return state

    @again_if_busy
    def test_live_goes_on(self):
        sessions, self.delay = self.folder(), self.folder() / "delay"
        self.delay.write_bytes(struct.pack("<q", 0))
        # 2048 frames wait for the disk: at 500 a second four seconds and a bit.
        daemon = self.daemon("pad=virtual:array?rows=4&cols=4&rate=500&script=demo&loop=1",
                             options=("--sessions", str(sessions)),
                             env={"LD_PRELOAD": SLOW_DISK, "THENAR_SLOW_DISK": str(self.delay)})
        daemon.wait_streaming()
        live = daemon.subscribe("frame.", "gap.")
        self.set_delay(1)  # beginning, too, holds nobody up
        folder = self.begin(daemon)
        self.set_delay(0)
        self.wait(daemon, lambda s: s["frames"] > 500)
        self.set_delay(60)
        began = time.monotonic()
        frames = 0
        while time.monotonic() - began < 5.5 * SLOW:  # more than the queue holds
            message = live.next(1.0 * SLOW)
            self.assertIsNotNone(message, "nothing came for a second")
            # A busy machine may hold the virtual device up; the daemon must lose nothing.
            self.assertEqual(message.payload.get("side", "device"), "device", message.payload)
            frames += message.kind == "frame"
        self.assertGreater(frames, 1500)
        self.set_delay(0)
        state = self.wait(daemon, lambda s: s["lost_disk"] > 0)
        said = daemon.subscribe("session.").until(lambda m: m.get("lost_disk", 0) > 0)[-1]
        self.assertGreater(said["lost_disk"], 0)
        done = self.run_program("thenar", "session", "status", "--control", daemon.control)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("at the disk", done.stdout)
        self.wait(daemon, lambda s: s["frames"] > state["frames"] + 500)
        reply = daemon.ask("session_stop")
        self.assertEqual((reply["ok"], reply["state"]), (True, "closed"), reply)
        with h5py.File(folder / "pad.h5", "r") as file:
            rows, gaps = file["frames"][:], file["gaps"][:]
        missing = int(rows["sequence"][-1]) - int(rows["sequence"][0]) + 1 - len(rows)
        self.assertEqual(int(gaps["n_frames"].sum()), missing)
        at_disk = int(gaps["n_frames"][gaps["side"] == b"disk"].sum())
        self.assertGreater(at_disk, 0)
        self.assertEqual(at_disk, reply["lost_disk"])
        self.assertLessEqual({g["side"] for g in gaps}, {b"disk", b"device"})
        self.assertTrue((numpy.diff(rows["t_device"]) > 0).all())
        done = self.run_program("thenar", "session", "verify", str(folder / "pad.h5"))
        self.assertIn("checksums  all right", done.stdout)
        self.assertIn("NOT GOOD: frames were lost; what is there is as it was written", done.stdout)


@unittest.skipUnless(os.path.exists(SHIM), "THENAR_WRITE_LOG_SHIM names no library")
class PowerCut(Recorded):
    @again_if_busy
    def test_what_was_brought_to_the_disk_is_there(self):
        sessions, scratch = self.folder(), self.folder()
        log = scratch / "log"
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             options=("--sessions", str(sessions)),
                             env={"LD_PRELOAD": SHIM, "THENAR_WRITE_LOG": str(log)})
        daemon.wait_streaming()
        folder = self.begin(daemon)
        end = time.monotonic() + 60 * SLOW
        while daemon.ask("session")["frames"] < 900:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        daemon.ask("session_stop")
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
