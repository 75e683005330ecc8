# SPDX-License-Identifier: GPL-3.0-or-later
"""A table and a glove for a minute: every frame arrives, in order, once."""

import os
import time

from harness import SLOW, SystemTest, again_if_busy, main

SECONDS = float(os.environ.get("THENAR_NO_LOSS_S", "60"))


class NoLoss(SystemTest):
    @again_if_busy
    def test_a_minute_of_table_and_glove(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1",
                             "hand=virtual:glove16?script=demo&loop=1")
        frames = daemon.subscribe("frame.", "gap.")
        status = daemon.subscribe("status.")
        daemon.wait_streaming("pad").wait_streaming("hand")
        seen, end = {}, time.monotonic() + SECONDS
        while time.monotonic() < end:
            message = frames.next()
            self.assertIsNotNone(message, "frames stop")
            self.assertEqual(message.kind, "frame", message.payload)
            seen.setdefault(message.device, []).append(
                (message["frame_seq"], message["seq"], message["device_s"]))
        for device, rate_hz in ("pad", 200), ("hand", 500):
            numbers = seen[device]
            first_frame, first_seq, first_s = numbers[0]
            n = len(numbers)
            self.assertEqual([f for f, _, _ in numbers], list(range(first_frame, first_frame + n)))
            self.assertEqual([s for _, s, _ in numbers], list(range(first_seq, first_seq + n)))
            self.assertAlmostEqual((n - 1) / (numbers[-1][2] - first_s), rate_hz,
                                   delta=0.001 * rate_hz)
            if SLOW == 1:
                self.assertGreater(n, 0.99 * rate_hz * SECONDS)
            last = [m for m in status.collect(1.5) if m.device == device][-1]
            self.assertEqual((last["lost_device"], last["lost_link"], last["lost_host"],
                              last["gaps"], last["bad_messages"]), (0, 0, 0, 0, 0))
            print(f"{device}: {n} frames, none lost")


if __name__ == "__main__":
    main()
