# SPDX-License-Identifier: GPL-3.0-or-later
"""A slow subscriber harms nobody but itself; a late one soon knows all."""

import time

from harness import SLOW, SystemTest, again_if_busy, main


class Subscribers(SystemTest):
    @again_if_busy
    def test_a_slow_subscriber_harms_nobody(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1")
        daemon.wait_streaming()
        slow = daemon.subscribe("", high_water=10)  # never reads
        fast = daemon.subscribe("frame.", "gap.")
        fast.collect(1)
        with open(f"/proc/{daemon.process.pid}/statm") as statm:
            before = int(statm.read().split()[1])
        messages = fast.collect(8 * SLOW)
        numbers = [m["frame_seq"] for m in messages]
        self.assertEqual({m.kind for m in messages}, {"frame"})
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        if SLOW == 1:
            self.assertGreater(len(numbers), 8 * 195)
            own_ms = sorted((m["t_publish"] - m["t_arrival"]) * 1e3 for m in messages)
            self.assertLess(own_ms[len(own_ms) // 2], 5)
            with open(f"/proc/{daemon.process.pid}/statm") as statm:
                grown_mib = (int(statm.read().split()[1]) - before) * 4096 / 2**20
            self.assertLess(grown_mib, 40, "the queue of the slow one is bounded")
        # The slow one reads at last: it finds that it missed messages, from seq alone.
        seqs = {}
        missed = 0
        for message in slow.collect(1 * SLOW):
            if message.topic in seqs:
                missed += message["seq"] - seqs[message.topic] - 1
            seqs[message.topic] = message["seq"]
        self.assertGreater(len(seqs), 0)
        self.assertGreaterEqual(missed, 0)

    @again_if_busy
    def test_a_late_joiner_knows_the_state_within_a_second_or_two(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1").wait_streaming()
        time.sleep(2)
        late = daemon.subscribe()
        began = time.monotonic()
        late.until(lambda m: m.kind == "status" and m["state"] == "streaming")
        self.assertLess(time.monotonic() - began, 1.6 * SLOW)

    @again_if_busy
    def test_subscribers_come_and_go(self):
        daemon = self.daemon("pad=virtual:table32?script=demo&loop=1").wait_streaming()
        steady = daemon.subscribe("frame.")
        steady.collect(0.5)
        numbers = []
        for _ in range(20):
            passing = daemon.subscribe("")
            passing.next()
            passing.close()
            daemon.subscribers.remove(passing)
            numbers += [m["frame_seq"] for m in steady.collect(0.1)]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))


if __name__ == "__main__":
    main()
