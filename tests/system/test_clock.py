# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the times true? A virtual device whose clock drifts sends over a bus that is busy for up to
30 ms at a time. In the end the bus is free, and the arrivals then, with the drift that was asked
for, tell when the frames before were really scanned."""

import numpy as np

from harness import SLOW, SystemTest, again_if_busy, main

BUSY_S, FREE_S, SETTLE_S = 30, 6, 10


class Clock(SystemTest):
    def collect(self, models):
        devices = [f"{name}=virtual:{model}?script=demo&loop=1&fault=drift@0,{ppm}"
                   f"&fault=delay@0+{BUSY_S},30" for name, model, ppm in models]
        daemon = self.daemon(*devices, options=("--metrics-rate-hz", "0"))
        feed = daemon.subscribe("frame.", "status.")
        messages = feed.collect((BUSY_S + FREE_S + 1) * max(1, SLOW / 2))
        return daemon, messages

    def check(self, frames, statuses, ppm):
        t_device = np.array([m["t_device"] for m in frames])
        t_arrival = np.array([m["t_arrival"] for m in frames])
        device_s = np.array([m["device_s"] for m in frames])
        since_s = device_s - device_s[0]
        # Frames that waited together for the reader's begin are nanoseconds apart.
        self.assertTrue((np.diff(t_device) >= 0).all())
        self.assertTrue((np.diff(t_device)[since_s[1:] > SETTLE_S] > 0).all())
        self.assertLessEqual((t_device - t_arrival).max(), 2e-6)
        line = device_s / (1 + ppm * 1e-6)
        free = device_s > BUSY_S + 1
        self.assertGreater(free.sum(), 200)
        busy = device_s < BUSY_S
        self.assertGreater(np.percentile((t_arrival - line)[busy], 90) -
                           np.percentile((t_arrival - line)[free], 10), 0.01, "no delay injected")
        # What the scan itself takes is known to the daemon from each frame: a constant here.
        scan_s = np.percentile((t_arrival - t_device)[free], 1)
        truth = line + np.percentile((t_arrival - line)[free], 1) - scan_s
        error_ms = 1e3 * np.abs(t_device - truth)[since_s > SETTLE_S]
        p99_ms = np.percentile(error_ms, 99)
        print(f"{frames[0].device}: {len(frames)} frames, error p50 {np.median(error_ms):.3f} ms, "
              f"p99 {p99_ms:.3f} ms; arrivals spread {1e3 * np.ptp((t_arrival - line)[busy]):.1f} "
              f"ms; drift {statuses[-1]['clock_drift_ppm']} ppm, "
              f"uncertainty {statuses[-1]['clock_uncertainty_ms']} ms")
        self.assertLess(p99_ms, 0.5)
        steps = np.diff(t_device)[since_s[1:] > SETTLE_S]
        own = np.diff(line)[since_s[1:] > SETTLE_S]
        self.assertLess(np.percentile(np.abs(steps - own), 99), 1e-4)
        last = statuses[-1]
        self.assertAlmostEqual(last["clock_drift_ppm"], ppm, delta=10)
        self.assertLess(last["clock_uncertainty_ms"], 1)
        self.assertAlmostEqual(last["clock_offset_s"], (truth - device_s)[-1], delta=2e-3)
        self.assertEqual(last["clock_restarts"], 0)

    @again_if_busy
    def test_times_are_true_over_a_busy_bus(self):
        models = [("pad", "table32", 100), ("hand", "glove16", -100)]
        daemon, messages = self.collect(models)
        for name, _, ppm in models:
            frames = [m for m in messages if m.kind == "frame" and m.device == name]
            statuses = [m for m in messages if m.kind == "status" and m.device == name and
                        "clock_drift_ppm" in m.payload]
            self.assertGreater(len(statuses), 20)
            self.check(frames, statuses, ppm)

    @again_if_busy
    def test_a_reset_begins_anew_and_keeps_the_drift(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1&fault=drift@0,80"
                             "&fault=reset@12")
        feed = daemon.subscribe("status.", "frame.")
        messages = feed.until(lambda m: m.kind == "status" and m.get("clock_restarts", 0) == 1 and
                              "clock_drift_ppm" in m.payload, 30)
        frames = [m for m in messages if m.kind == "frame"]
        t_device = [m["t_device"] for m in frames]
        self.assertTrue(all(a <= b for a, b in zip(t_device, t_device[1:])))
        self.assertLessEqual(max(m["t_device"] - m["t_arrival"] for m in frames), 2e-6)
        self.assertAlmostEqual(messages[-1]["clock_drift_ppm"], 80, delta=30)


if __name__ == "__main__":
    main()
