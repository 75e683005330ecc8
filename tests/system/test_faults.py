# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of device and link: each is told, none is fatal, nothing goes silently."""

import os
import signal

from harness import SLOW, SystemTest, again_if_busy, main


class Faults(SystemTest):
    def faulty(self, fault, model="table32", more=""):
        daemon = self.daemon(f"pad=virtual:{model}?script=demo&loop=1&fault={fault}{more}")
        return daemon, daemon.subscribe("gap.", "frame.", "status.")

    def frames_and_gaps(self, messages):
        frames = [m["frame_seq"] for m in messages if m.kind == "frame"]
        gaps = [m for m in messages if m.kind == "gap"]
        return frames, gaps

    def assert_accounted(self, messages):
        """Every number missing between the first and last frame lies in a gap record."""
        frames, gaps = self.frames_and_gaps(messages)
        missing = set(range(frames[0], frames[-1] + 1)) - set(frames)
        told = set()
        for gap in gaps:
            told |= set(range(gap["from_frame_seq"] + 1, gap["to_frame_seq"]))
        self.assertEqual(missing - told, set(), "lost and not told")
        self.assertEqual(told & set(frames), set(), "told as lost, yet there")
        return missing, gaps

    @again_if_busy
    def test_bit_errors_cost_their_frame_and_are_told(self):
        daemon, feed = self.faulty("flip@1,3")
        messages = feed.until(lambda m: m.kind == "gap")
        messages += feed.collect(1 * SLOW)
        missing, gaps = self.assert_accounted(messages)
        self.assertGreaterEqual(len(missing), 1)
        self.assertLessEqual(len(missing), 3)
        self.assertEqual(gaps[0]["side"], "link")
        status = feed.until(lambda m: m.kind == "status" and m["bad_messages"] > 0)[-1]
        self.assertEqual(status["lost_link"], len(missing))

    @again_if_busy
    def test_frames_that_vanish_on_the_way_are_told(self):
        daemon, feed = self.faulty("drop@1,5")
        messages = feed.until(lambda m: m.kind == "gap")
        messages += feed.collect(1 * SLOW)
        missing, gaps = self.assert_accounted(messages)
        self.assertEqual(len(missing), 5)
        self.assertEqual(gaps[0]["side"], "link")
        self.assertEqual(gaps[0]["frames_lost"], 5)

    @again_if_busy
    def test_a_device_that_is_pulled_out_comes_back_by_itself(self):
        daemon, feed = self.faulty("unplug@1.5+1.5")
        absent = feed.until(lambda m: m.kind == "status" and m["state"] == "absent")[-1]
        self.assertGreater(len(absent["reason"]), 10)
        feed.until(lambda m: m.kind == "frame")
        messages = feed.until(lambda m: m.kind == "status" and m["state"] == "streaming")
        self.assertGreaterEqual(messages[-1]["reconnects"], 1)
        self.assertIsNone(daemon.process.poll())

    @again_if_busy
    def test_a_device_that_resets_goes_on(self):
        daemon, feed = self.faulty("reset@1.5")
        feed.until(lambda m: m.kind == "frame" and m["device_s"] > 1.2)
        feed.until(lambda m: m.kind == "frame" and m["device_s"] < 1.0)
        last = 0
        for message in feed.collect(1 * SLOW):
            if message.kind == "frame":
                self.assertGreater(message["t_device"], last)
                last = message["t_device"]

    def test_a_device_that_is_killed_is_started_again(self):
        daemon = self.daemon("pad=virtual:table32?script=demo").wait_streaming()
        feed = daemon.subscribe("frame.", "status.")
        feed.until(lambda m: m.kind == "frame")
        os.kill(daemon.device_process(), signal.SIGKILL)
        feed.until(lambda m: m.kind == "status" and m["state"] != "streaming")
        feed.until(lambda m: m.kind == "frame")

    def test_a_device_started_by_hand_is_killed_and_comes_back(self):
        path = self.folder() / "device"
        device = self.virtual(path, "table32", "--script", "demo")
        daemon = self.daemon(f"pad=virtual:{path}").wait_streaming()
        feed = daemon.subscribe("frame.", "status.")
        device.kill()
        device.wait()
        path.unlink(missing_ok=True)
        feed.until(lambda m: m.kind == "status" and m["state"] == "absent")
        self.virtual(path, "table32", "--script", "demo")
        feed.until(lambda m: m.kind == "frame")

    @again_if_busy
    def test_a_stalled_device_is_told(self):
        daemon, feed = self.faulty("stall@1.5+2")
        messages = feed.until(lambda m: m.kind == "gap")
        messages += feed.collect(2 * SLOW)
        missing, gaps = self.assert_accounted(messages)
        self.assertGreater(len(missing), 100)
        self.assertEqual(gaps[0]["side"], "device")  # its queue was full: it dropped the oldest

    @again_if_busy
    def test_a_drifting_clock_stays_bound_to_the_hosts(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&fault=drift@0,300")
        feed = daemon.subscribe("frame.")
        messages = feed.collect(10)
        late = [m["t_arrival"] - m["t_device"] for m in messages]
        early, last = min(late[800:1000]), min(late[-200:])  # the fit takes its first seconds
        self.assertLess(abs(last - early), 0.002 if SLOW == 1 else 0.05)

    def test_one_host_at_a_time(self):
        path = self.folder() / "device"
        self.virtual(path, "table32", "--script", "demo")
        self.daemon(f"pad=virtual:{path}").wait_streaming()
        second = self.daemon(f"pad=virtual:{path}")
        status = second.subscribe("status.")
        refused = status.until(lambda m: m["state"] not in ("connecting", "streaming"))[-1]
        self.assertRegex(refused["reason"], "(?i)busy|in use|another")


if __name__ == "__main__":
    main()
