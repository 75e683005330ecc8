# SPDX-License-Identifier: GPL-3.0-or-later
"""What the virtual therapist really did, against what the feed says of it."""

import csv
import pathlib
import statistics
import tempfile

from harness import SystemTest, act_when_heard, main

SCRIPT = """\
effleurage  30  pace_cpm=20 irregularity_pct=2
rest         3
petrissage  14  pace_cpm=36 irregularity_pct=2
rest         3
tapotement  10  pace_cpm=300 irregularity_pct=2
rest         3
friction    12  pace_cpm=140 irregularity_pct=2
rest         3
compression 12
rest         3
"""
NAMED_S = 3.0  # a change of hands is named within this

# Pace is due after three cycles, or 3 s.
def paced_s(pace_cpm):
    return max(3.0, 3 * 60 / pace_cpm) + 0.5


class Truth(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="thenar-test-")
        cls.addClassCleanup(folder.cleanup)
        truth = pathlib.Path(folder.name) / "truth.csv"
        daemon, feed = act_when_heard(f"virtual:table32?seed=5&speed=max&truth={truth}",
                                      "metrics.", "stroke.", "episode.", script=SCRIPT)
        cls.addClassCleanup(daemon.close)
        cls.messages = feed.until(lambda m: m.kind == "metrics" and m["device_s"] > 92, 150)
        daemon.stop()  # the truth is whole on the disk
        with open(truth) as lines:
            cls.rows = [{k: v if k in ("kind", "technique", "style", "hand") else
                         float(v) if v else None for k, v in row.items()}
                        for row in csv.DictReader(lines)]

    def test_names_pace_and_forces_agree_with_the_truth(self):
        metrics = [m for m in self.messages if m.kind == "metrics"]
        steps = [r for r in self.rows if r["kind"] == "step" and r["end_s"] < 92]
        self.assertGreaterEqual(len(steps), 9)
        right = total = 0
        for step in steps:
            inside = [m for m in metrics
                      if step["start_s"] + NAMED_S < m["device_s"] < step["end_s"] - 0.2]
            if step["technique"] == "rest":
                continue
            self.assertGreater(len(inside), 50, step)
            parents = {"compression": ("compression", "hold")}
            named = parents.get(step["technique"], (step["technique"],))
            n_right = sum(m["technique"] in named for m in inside)
            right += n_right
            total += len(inside)
            late = [m for m in inside if step["pace_cpm"] and
                    m["device_s"] > step["start_s"] + paced_s(step["pace_cpm"])]
            paces = [m["pace_cpm"] for m in late if "pace_cpm" in m.payload]
            print(f"{step['technique']:12} named right {100 * n_right / len(inside):5.1f} %  "
                  f"pace {statistics.median(paces) if paces else float('nan'):6.1f} "
                  f"truth {step['pace_cpm'] or float('nan'):6.1f}")
            if step["pace_cpm"] and step["technique"] != "compression":
                self.assertGreater(len(paces), 0.8 * len(late), step)
                self.assertAlmostEqual(statistics.median(paces), step["pace_cpm"],
                                       delta=max(1, 0.02 * step["pace_cpm"]))
            force = statistics.mean(m["force_n"] for m in inside if m["force_n"] > 1)
            if step["mean_force_n"]:
                self.assertAlmostEqual(force, step["mean_force_n"],
                                       delta=0.25 * step["mean_force_n"] + 1)
        self.assertGreater(right / total, 0.85)

    def test_strokes_are_the_cycles_that_were_made(self):
        strokes = [m for m in self.messages if m.kind == "stroke"]
        for technique, tolerance in ("effleurage", 0.25), ("tapotement", 0.15):
            made = [r for r in self.rows if r["kind"] == "cycle" and r["technique"] == technique]
            seen = [m for m in strokes if m["technique"] == technique]
            print(f"{technique}: {len(made)} cycles made, {len(seen)} strokes seen")
            self.assertAlmostEqual(len(seen), len(made), delta=tolerance * len(made) + 1)
        for stroke in strokes:
            self.assertGreater(stroke["end_device_s"], stroke["start_device_s"])


if __name__ == "__main__":
    main()
