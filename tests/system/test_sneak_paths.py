# SPDX-License-Identifier: GPL-3.0-or-later
"""The same hands on two virtual tables, one of them with a front end whose unread lines float: the
feed says the same of both."""

from harness import SystemTest, act_when_heard, main

SCRIPT = """\
rest        2
compression 6  force_n=60
rest        1
petrissage  8  force_n=60 hand=both
rest        2
"""
END_S = 18


class SneakPaths(SystemTest):
    def hear(self, more):
        daemon, feed = act_when_heard(f"virtual:table32?seed=5&speed=max{more}", "metrics.",
                                      script=SCRIPT)
        self.addCleanup(daemon.close)
        messages = feed.until(lambda m: m.kind == "metrics" and m["device_s"] > END_S, 90)
        return [m for m in messages if m.kind == "metrics" and 3 < m["device_s"] < END_S]

    @staticmethod
    def at(messages, when_s):
        return min(messages, key=lambda m: abs(m["device_s"] - when_s))

    def test_ghosts_and_stray_currents_are_taken_out(self):
        plain, floating = self.hear(""), self.hear("&sneak_paths")
        self.assertGreater(len(floating), 300)
        compared = 0
        for step in range(3 * 20, END_S * 20):
            a, b = self.at(plain, step / 20), self.at(floating, step / 20)
            # Other frames are published of the two: only where the hands are steady.
            before, after = self.at(plain, step / 20 - 0.05), self.at(plain, step / 20 + 0.05)
            if a["force_n"] < 10 or abs(after["force_n"] - before["force_n"]) > 0.02 * a["force_n"]:
                continue
            compared += 1
            self.assertAlmostEqual(b["force_n"], a["force_n"], delta=0.05 * a["force_n"] + 0.5)
            self.assertAlmostEqual(b["peak_kpa"], a["peak_kpa"], delta=0.05 * a["peak_kpa"] + 0.5)
        self.assertGreater(compared, 60)
        flagged = sum(m["ghost_taxels"] > 0 for m in floating)
        self.assertLess(flagged, 0.02 * len(floating))


if __name__ == "__main__":
    main()
