# SPDX-License-Identifier: GPL-3.0-or-later
"""A glove's motion sensor and the trigger input, from the device to the feed."""

import math
import re

from harness import ROOT, SystemTest, act_when_heard, again_if_busy, main

G = 9.80665


class Motion(SystemTest):
    @again_if_busy  # held up, a virtual device drops samples
    def test_a_glove_tells_its_motion(self):
        daemon = self.daemon("g=virtual:glove16?script=demo")
        feed = daemon.subscribe("motion.", "metrics.")
        messages = feed.until(lambda m: m.kind == "motion" and m["seq"] >= 600)
        motion = [m for m in messages if m.kind == "motion"]
        first = motion[0]["seq"]  # those before we listened are not ours
        self.assertEqual([m["seq"] for m in motion], list(range(first, first + len(motion))))
        step = (motion[-1]["device_s"] - motion[0]["device_s"]) / (len(motion) - 1)
        self.assertAlmostEqual(step * 208, 1, delta=0.01)
        for m in motion:
            self.assertLessEqual(m["t_device"], m["t_arrival"] + 2e-6)  # as they are rounded
            for axis in "xyz":
                self.assertLess(abs(m[f"acceleration_{axis}_m_s2"]), 16 * G)
                self.assertLess(abs(m[f"angular_rate_{axis}_rad_s"]), 2000 * math.pi / 180)
        up = sum(m["acceleration_z_m_s2"] for m in motion) / len(motion)
        self.assertAlmostEqual(up, G, delta=0.5)
        metrics = [m for m in messages if m.kind == "metrics"]
        moved = [m["motion_rms_m_s2"] for m in metrics if "motion_rms_m_s2" in m.payload]
        self.assertGreater(len(moved), 0.9 * len(metrics))
        self.assertGreater(max(moved), 0.05)

    def test_a_table_has_none(self):
        daemon = self.daemon("virtual:table32?script=demo")
        feed = daemon.subscribe("motion.", "metrics.")
        messages = feed.until(lambda m: m.kind == "metrics" and m["seq"] >= 50)
        self.assertEqual({m.kind for m in messages}, {"metrics"})
        self.assertTrue(all("motion_rms_m_s2" not in m.payload for m in messages))

    def test_the_trigger_input_reaches_the_feed(self):
        daemon, feed = act_when_heard(
            "virtual:glove16?script=demo&speed=max&fault=trigger@1.5%2B0.4", "frame.", "metrics.")
        self.addCleanup(daemon.close)
        messages = feed.until(lambda m: m.get("device_s", 0) > 2.5)
        # A virtual device's input changes with its plan, its scan may run a few frames behind that.
        for kind, period in ("frame", 5 / 500), ("metrics", 1 / 50):
            seen = [(m["device_s"], m["trigger"]) for m in messages if m.kind == kind]
            high = [at for at, level in seen if level]
            self.assertAlmostEqual(high[0], 1.5, delta=1.5 * period)
            self.assertAlmostEqual(high[-1], 1.9, delta=1.5 * period)
            self.assertEqual(len(high), sum(high[0] <= at <= high[-1] for at, _ in seen))

    def test_the_link_and_the_feed_speak_of_the_same_axes(self):
        link = (ROOT / "protocol/LINK.md").read_text()
        feed = (ROOT / "protocol/FEED.md").read_text()
        self.assertIn("at rest 9.81 upwards", link)
        self.assertTrue(re.search(r"acceleration_x_m_s2.*at rest 9.81 upwards", feed))


if __name__ == "__main__":
    main()
