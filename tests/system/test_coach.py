# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual table under a plan: control starts it, the feed says what the coach says."""

import json
import os
import pathlib
import signal

from harness import ROOT, SystemTest, act_when_heard, main

PLANS = pathlib.Path(__file__).resolve().parent / "plans"
DEMO = ROOT / "firmware/port/host/therapist/scripts/demo.therapist"
WORDS = {"lighter", "deeper", "slower", "faster", "steadier", "hold", "move on", "good", "stop"}


class Coach(SystemTest):
    def test_a_whole_session(self):
        """The demo under tests/system/plans/demo.plan: each cue is one that its bands explain."""
        sessions = self.folder()
        daemon, feed = act_when_heard("virtual:table32?speed=max", "cue.", "plan.", "comfort.",
                                      "metrics.", script="rest 60\n" + DEMO.read_text(),
                                      options=("--sessions", str(sessions)))
        self.addCleanup(daemon.close)
        feed.until(lambda m: m.kind == "metrics")
        os.kill(daemon.device_process(), signal.SIGSTOP)  # it rests; its time stands still
        self.assertTrue(daemon.ask("session_start")["ok"])
        reply = daemon.ask("plan", plan=str(PLANS / "demo.plan"))
        self.assertTrue(reply["ok"], reply)
        self.assertEqual((reply["plan"], reply["step"], reply["n_steps"]), ("demo", 1, 5))
        os.kill(daemon.device_process(), signal.SIGCONT)
        messages = feed.until(lambda m: m.kind == "plan" and m["state"] == "finished", 200)
        plans = [m for m in messages if m.kind == "plan"]
        cues = [m for m in messages if m.kind == "cue"]
        steps = [m["step"] for m in plans if m.get("plan")]
        self.assertEqual(sorted(set(steps)), [1, 2, 3, 4, 5, 6])
        self.assertEqual(steps, sorted(steps))
        self.assertTrue(all(m["cue"] in WORDS and m["text"] for m in cues))
        by_step = {n: {m["cue"] for m in cues if m["step"] == n} for n in range(1, 7)}
        self.assertIn("Begin: effleurage, back, 18 s.", cues[0]["text"])
        # 13 kPa, 20 to 40 wanted; its pace is good
        self.assertLessEqual(by_step[1], {"move on", "deeper"})
        self.assertIn("slower", by_step[2])  # 35 a minute, 15 to 25 wanted
        self.assertLessEqual(by_step[2], {"slower", "move on", "good"})
        self.assertLessEqual(by_step[3], {"move on"})  # a convention gives no cue
        self.assertLessEqual(by_step[4], {"faster", "move on"})  # 61 a minute, 100 to 140
        self.assertIn("stop", by_step[5])  # 90 kPa, the ceiling is 80
        self.assertNotIn("deeper", by_step[5])
        ends = [m for m in cues if m["text"].startswith(("Move on", "That was the last"))]
        self.assertEqual(len(ends), 5)
        minutes = (cues[-1]["device_s"] - cues[0]["device_s"]) / 60
        rest = [m for m in cues if m["cue"] != "stop"]
        self.assertLessEqual(len(rest), 6 * minutes + 6)
        last = plans[-1]
        self.assertTrue(0 <= last["practice_score"] <= 100)
        self.assertEqual(last["cues_given"], len(cues))
        self.assertTrue(daemon.ask("session_stop")["ok"])
        self.again_from_the_session(next(sessions.glob("*/pad.h5")), cues, last)

    def again_from_the_session(self, path, cues, last):
        """The recorded counts and commands give the very same coach: words, times, score."""
        told = self.run_program("thenar", "analyze", str(path), "--json")
        self.assertEqual(told.returncode, 0, told.stderr)
        lines = [json.loads(line) for line in told.stdout.splitlines()]
        again = [line for line in lines if line["type"] == "cue"]
        self.assertEqual([(m["cue"], m["text"]) for m in cues],
                         [(m["cue"], m["text"]) for m in again])
        offsets = {round(m["device_s"] - n["time_s"], 2) for m, n in zip(cues, again)}
        self.assertLess(max(offsets) - min(offsets), 0.02)
        score = next(line for line in lines if line["type"] == "practice_score")
        for name in ("practice_score", "score_pressure_pct", "score_pace_pct", "score_time_pct"):
            self.assertAlmostEqual(score[name], last[name], delta=0.06, msg=name)

    def test_control(self):
        """Steps by command, what is declared, comfort; late joiners; each refusal says why."""
        daemon = self.daemon("table=virtual:table32?script=demo")
        daemon.wait_streaming()
        feed = daemon.subscribe("plan.", "comfort.", "status.")
        feed.until(lambda m: m.kind == "plan" and m["state"] == "none")
        for wrong, says in [({"command": "plan", "action": "next"}, "no plan is in force"),
                            ({"command": "plan", "plan": "nix"}, "there is injury"),
                            ({"command": "plan", "plan": "/nowhere/x.plan"}, "No such file"),
                            ({"command": "plan", "action": "dance"}, "there are start, stop"),
                            ({"command": "plan", "plan": "injury", "cues": "some"}, "trusted"),
                            ({"command": "declare", "technique": "tickling"}, "there are"),
                            ({"command": "declare", "technique": "friction",
                              "variant": "active"}, "soft_tissue_release only"),
                            ({"command": "comfort", "pain": 11}, "within 0"),
                            ({"command": "comfort", "device": "nix"}, "no device")]:
            reply = daemon.ask(**wrong)
            self.assertFalse(reply["ok"], wrong)
            self.assertIn(says, reply["error"])
        self.assertTrue(daemon.ask("plan", plan="injury")["ok"])
        self.assertEqual(daemon.ask("plan", action="next")["step"], 2)
        self.assertEqual(daemon.ask("plan", action="back")["step"], 1)
        self.assertEqual(daemon.ask("plan", action="pause")["plan_state"], "paused")
        self.assertTrue(daemon.ask("plan", action="resume")["ok"])
        self.assertTrue(daemon.ask("declare", technique="soft_tissue_release",
                                       variant="weight_bearing")["ok"])
        late = daemon.subscribe("plan.", "status.")  # soon knows all
        state = late.until(lambda m: m.kind == "plan" and m.get("declared"))[-1]
        self.assertEqual(state["plan"], "injury")
        self.assertEqual(state["declared"], "soft_tissue_release")
        self.assertEqual(state["variant"], "weight_bearing")
        status = late.until(lambda m: m.kind == "status" and m.get("plan"))[-1]
        self.assertEqual(status["plan"], "injury")
        self.assertTrue(daemon.ask("comfort", pain=7)["ok"])
        comfort = feed.until(lambda m: m.kind == "comfort")[-1]
        self.assertEqual((comfort["pain"], comfort["button"], comfort["plan"]),
                         (7, False, "injury"))
        self.assertTrue(daemon.ask("comfort")["ok"])
        self.assertTrue(feed.until(lambda m: m.kind == "comfort")[-1]["button"])
        feed.until(lambda m: m.kind == "plan" and m["pain"])
        for words, pain in (["3"], 3), (["pain"], None):  # the command line says the same
            told = self.run_program("thenar", "comfort", *words, "--control", daemon.control)
            self.assertEqual(told.returncode, 0, told.stderr)
            comfort = feed.until(lambda m: m.kind == "comfort")[-1]
            self.assertEqual((comfort.get("pain"), comfort["button"]), (pain, pain is None))
        self.assertTrue(daemon.ask("plan", action="stop")["ok"])
        feed.until(lambda m: m.kind == "plan" and m["state"] == "none")


if __name__ == "__main__":
    main()
