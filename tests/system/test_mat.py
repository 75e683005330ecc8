# SPDX-License-Identifier: GPL-3.0-or-later
"""A person on a mat: breath, hands and shifting told apart, and no word of pressure."""

import h5py
import numpy

from harness import SystemTest, act_when_heard, main

MAT = "virtual:array?rows=24&cols=12&pitch_mm=70&rate=100&mount=mat&seed=4&loop=1"
KINDS = "metrics.", "contact.", "stroke.", "episode.", "status."
STEADY = 100  # metrics in a row: two seconds


class Mat(SystemTest):
    def start(self, script):
        path = self.folder() / "hands.therapist"
        path.write_text(script)
        self.sessions = self.folder()
        daemon = self.daemon(f"mat={MAT}&script={path}",
                             options=("--sessions", str(self.sessions)))
        daemon.wait_streaming()
        return daemon

    def steady(self, feed, field):
        """All messages until `field` was in nearly all metrics for two seconds, and those metrics.
        A gap of a busy machine begins rhythms anew; hence the long patience."""
        there = []

        def is_steady(message):
            if message.kind == "metrics":
                there.append(field in message.payload)
            return len(there) >= STEADY and sum(there[-STEADY:]) > 0.95 * STEADY

        messages = feed.until(is_steady, 80)
        return messages, [m for m in messages if m.kind == "metrics"][-STEADY:]

    def check_no_pressure(self, messages):
        for message in messages:
            self.assertNotEqual(message.kind, "contact")
            self.assertNotIn("force_n", message.payload)
            for name in message.payload:
                self.assertNotRegex(name, r"_kpa$", message.topic)

    def check_recorded(self, daemon):
        """What is said live is in the file too, and comes out again."""
        self.assertTrue(daemon.ask("session_start", timeout_s=20)["ok"])
        feed = daemon.subscribe("metrics.")
        for _ in range(STEADY):
            feed.until(lambda m: "load_change_n" in m.payload, 80)
        self.assertTrue(daemon.ask("session_stop", timeout_s=20)["ok"])
        with h5py.File(next(self.sessions.glob("*/mat.h5")), "r") as file:
            changes = file["metrics"]["load_change_n"]
        self.assertGreater(numpy.count_nonzero(~numpy.isnan(changes)), STEADY // 2)
        where = ("last", "--sessions", str(self.sessions), "--control", "ipc:///nowhere/thenar")
        done = self.run_program("thenar", "session", "replay", *where)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = self.run_program("thenar", "session", "export", *where, "--format", "edf", "--to",
                                str(self.sessions / "out"))
        self.assertIn("6 signals", done.stdout, done.stderr)

    def test_breath_is_seen_and_no_pressure_is_said(self):
        daemon, feed = act_when_heard(f"{MAT}&speed=max", *KINDS, script="rest 120\n")
        self.addCleanup(daemon.close)
        messages, metrics = self.steady(feed, "breath_cpm")
        self.check_no_pressure(messages)
        for message in metrics:
            self.assertNotIn("pace_cpm", message.payload)
            if "breath_cpm" in message.payload:
                self.assertTrue(12 - 2 < message["breath_cpm"] < 18 + 2, message["breath_cpm"])
        changes = [abs(m["load_change_n"]) for m in metrics if "load_change_n" in m.payload]
        self.assertGreater(len(changes), 0.9 * STEADY)
        self.assertLess(max(changes), 10)

    def test_hands_after_a_loaded_tare(self):
        daemon = self.start("rest 3\npetrissage 60 pace_cpm=60 force_n=60 irregularity_pct=0\n")
        feed = daemon.subscribe("metrics.")
        feed.next()  # someone lies there: a plain tare is refused
        refused = daemon.ask("tare", device="mat")
        self.assertIs(refused["ok"], False)
        self.assertIn("loaded", refused["error"])
        self.assertIs(daemon.ask("tare", device="mat", loaded=True)["ok"], True)
        messages, metrics = self.steady(daemon.subscribe(*KINDS), "pace_cpm")
        self.check_no_pressure(messages)
        paces = sorted(m["pace_cpm"] for m in metrics if "pace_cpm" in m.payload)
        self.assertAlmostEqual(paces[len(paces) // 2], 60, delta=3)
        changes = [m["load_change_n"] for m in metrics]
        self.assertTrue(25 < max(changes) - min(changes) < 75, (min(changes), max(changes)))
        shown = self.run_program("thenar", "tail", "--count", "3", "--feed", daemon.feed,
                                 "metrics.")
        self.assertIn("load change", shown.stdout)
        self.assertNotRegex(shown.stdout, r"kPa|nan")
        self.check_recorded(daemon)


if __name__ == "__main__":
    main()
