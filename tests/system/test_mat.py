# SPDX-License-Identifier: GPL-3.0-or-later
"""A person on a mat: breath, hands and shifting told apart, and no word of pressure."""


from harness import SLOW, SystemTest, main

MAT = "mat=virtual:array?rows=24&cols=12&pitch_mm=70&rate=100&mount=mat&seed=4&loop=1"


class Mat(SystemTest):
    def start(self, script, seconds, loaded_tare=False):
        path = self.folder() / "hands.therapist"
        path.write_text(script)
        daemon = self.daemon(f"{MAT}&script={path}")
        daemon.wait_streaming()
        if loaded_tare:
            refused = daemon.ask("tare", device="mat")
            self.assertIs(refused["ok"], False)
            self.assertIn("loaded", refused["error"])
            self.assertIs(daemon.ask("tare", device="mat", loaded=True)["ok"], True)
        feed = daemon.subscribe("metrics.", "contact.", "stroke.", "episode.", "status.")
        messages = feed.collect(seconds)
        return daemon, messages, [m for m in messages if m.kind == "metrics"]

    def test_breath_is_seen_and_no_pressure_is_said(self):
        _, messages, metrics = self.start("rest 120\n", 26)
        self.assertEqual({m.kind for m in messages} - {"status"} & {"contact"}, set())
        for message in messages:
            for name in message.payload:
                self.assertNotRegex(name, r"_kpa$", message.topic)
            self.assertNotIn("force_n", message.payload)
        breaths = [m["breath_cpm"] for m in metrics[-250:] if "breath_cpm" in m.payload]
        self.assertGreater(len(breaths), 150)
        for breath in breaths:
            self.assertTrue(12 - 2 < breath < 18 + 2, breath)
        self.assertTrue(all("pace_cpm" not in m.payload for m in metrics[-250:]))
        changes = [m["load_change_n"] for m in metrics if "load_change_n" in m.payload]
        self.assertGreater(len(changes), 0.5 * len(metrics))
        self.assertLess(max(map(abs, changes[-250:])), 8)

    def test_hands_after_a_loaded_tare(self):
        script = "rest 3\npetrissage 40 pace_cpm=60 force_n=60 irregularity_pct=0\n"
        daemon, _, metrics = self.start(script, 14, loaded_tare=True)
        late = metrics[-200:]
        paces = [m["pace_cpm"] for m in late if "pace_cpm" in m.payload]
        self.assertGreater(len(paces), 0.8 * len(late))
        paces.sort()
        self.assertAlmostEqual(paces[len(paces) // 2], 60, delta=2)
        changes = [m["load_change_n"] for m in late]
        self.assertTrue(25 < max(changes) - min(changes) < 75, (min(changes), max(changes)))
        shown = self.run_program("thenar", "tail", "--count", "3", "--feed", daemon.feed,
                                 "metrics.")
        self.assertIn("load change", shown.stdout)
        self.assertNotRegex(shown.stdout, r"kPa|nan")


if __name__ == "__main__":
    main()
