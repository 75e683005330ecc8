# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `thenar` as its user meets it, on a live daemon and on files."""

import gzip
import json
import math
import os
import re
import signal
import subprocess
import zlib

from harness import (ROOT, SLOW, WAIT_S, SystemTest, act_when_heard, main, program,
                     wait_until)

DEMO = "virtual:table32?script=demo&loop=1"
MEASURED = r"kPa|N\b"


def kneading(path, seconds=20, rate_hz=50, pace_cpm=60):
    """A recording of 8x8 taxels: two lobes swell and ebb `pace_cpm` times a minute."""
    with gzip.open(path, "wt") as out:
        out.write("t_s," + ",".join(f"p{i}" for i in range(64)) + "\n")
        for k in range(int(seconds * rate_hz)):
            t = k / rate_hz
            swell = 0.5 - 0.5 * math.cos(2 * math.pi * t * pace_cpm / 60)
            near = 2.4 - 0.9 * swell
            row = []
            for i in range(64):
                y, x = divmod(i, 8)
                p = sum(math.exp(-((x - 3.5 - s * near / 2) ** 2 + (y - 3.5) ** 2) / 0.9)
                        for s in (-1, 1))
                row.append(f"{(8 + 35 * swell) * p:.3f}")
            out.write(f"{t:.3f}," + ",".join(row) + "\n")


class OnALiveDaemon(SystemTest):
    def setUp(self):
        self.live = self.daemon(f"pad={DEMO}").wait_streaming()

    def thenar(self, *arguments, **options):
        return self.run_program("thenar", *arguments, env=self.environment(), **options)

    def environment(self):
        return {**os.environ, "THENAR_FEED": self.live.feed, "THENAR_CONTROL": self.live.control}

    def test_list_and_status(self):
        listed = self.thenar("list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertRegex(listed.stdout, r"pad\s.*table32")
        whole = json.loads(self.thenar("list", "--json").stdout)
        self.assertEqual([device["device"] for device in whole["devices"]], ["pad"])
        self.assertIsInstance(whole["found"], list)
        status = self.thenar("status")
        self.assertEqual(status.returncode, 0, status.stderr)
        for text in "pad", "streaming", "200", "lost", "ms late":
            self.assertIn(text, status.stdout)
        parsed = json.loads(self.thenar("status", "--json").stdout)
        self.assertTrue(parsed)

    def test_device_blinks_tests_itself_and_leaves(self):
        blinks = self.thenar("device", "identify", "--seconds", "2", "pad")
        self.assertEqual((blinks.returncode, blinks.stdout), (0, "pad blinks for 2 s\n"))
        tested = json.loads(self.thenar("device", "selftest", "pad", "--json").stdout)
        self.assertTrue(tested["ok"])
        self.assertEqual(tested["device"], "pad")
        self.assertGreaterEqual(tested["findings"], 0)
        wrong = self.thenar("device", "reboot", "pad")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("--bootloader", wrong.stderr)
        nobody = self.thenar("device", "identify", "pda")
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("pad", nobody.stderr)
        self.live.wait_streaming()
        leaves = self.thenar("device", "reboot", "--bootloader", "pad")
        self.assertEqual(leaves.returncode, 0, leaves.stderr)
        self.assertIn(".uf2", leaves.stdout)

    def test_tare_spares_a_held_pressure(self):
        done = self.thenar("tare", "pad", "--loaded", "--span", "0.5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "pad: what is felt over the next 0.5 s becomes zero; it stays "
                         "so until the next plain tare\n")
        feed = self.live.subscribe("metrics.")
        for _ in range(20):  # the hand may lift while the command is on its way
            feed.until(lambda m: m["contact_cm2"] > 5, 30)
            refused = self.thenar("tare")
            if refused.returncode:
                break
        self.assertEqual(refused.returncode, 1)
        self.assertIn("touches the array", refused.stderr)
        wrong = self.thenar("tare", "pad", "glove")
        self.assertEqual(wrong.returncode, 2)

    def test_tail(self):
        lines = self.thenar("tail", "--json", "--count", "20", "metrics.s1.").stdout.splitlines()
        self.assertEqual(len(lines), 20)
        for line in lines:
            message = json.loads(line)
            self.assertEqual(message["topic"], "metrics.s1.pad")
            self.assertIn("technique", json.dumps(message))
        plain = self.thenar("tail", "--count", "3", "status.")
        self.assertEqual(len(plain.stdout.splitlines()), 3)
        self.assertIn("streaming", plain.stdout)

    def test_tail_ends_quietly_when_nobody_reads_it(self):
        tail = subprocess.Popen([program("thenar"), "tail", "--feed", self.live.feed],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        tail.stdout.readline()
        tail.stdout.close()
        self.assertEqual(tail.wait(WAIT_S * SLOW) in (0, -signal.SIGPIPE), True)
        self.assertEqual(tail.stderr.read(), b"")
        tail.stderr.close()

    def screen(self, width, height, wanted, keys=(), env=""):
        """What `thenar watch` shows in a terminal of that size, once `wanted` is there."""
        socket = str(self.folder() / "tmux")
        tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
        command = (f"{env} {program('thenar')} watch --feed {self.live.feed} "
                   f"--control {self.live.control}; echo ended with $?; sleep 60")
        subprocess.run([*tmux, "new-session", "-d", "-x", str(width), "-y", str(height),
                        f"TERM=xterm-256color sh -c '{command}'"], check=True)
        self.addCleanup(subprocess.run, [*tmux, "kill-server"], capture_output=True)

        def shows(pattern):
            shown = subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True,
                                   check=True).stdout
            return re.search(pattern, shown) and shown

        if keys:
            wait_until(lambda: shows(MEASURED), sentence="nothing is shown")
        for key in keys:
            subprocess.run([*tmux, "send-keys", key], check=True)
        return wait_until(lambda: shows(wanted), sentence=f"{wanted} is never shown")

    def test_watch_shows_the_stroke_at_every_size(self):
        named = r"effleurage|rest|unknown|petrissage|rhythm|hold"
        for width, height in (80, 24), (160, 50), (40, 12):
            screen = self.screen(width, height, f"(?s)(?=.*(?i:{named}))(?=.*({MEASURED}))")
            for line in screen.split("\n"):
                self.assertLessEqual(len(line), width)

    def test_watch_quits_cleanly(self):
        self.screen(80, 24, "ended with 0", keys=("q",))

    def test_watch_says_when_the_data_stop(self):
        self.live.ask("shutdown")
        self.screen(80, 24, r"(?i)no data|waiting|absent")

    def test_watch_without_colour(self):
        self.screen(80, 24, MEASURED, env="NO_COLOR=1")


class Offline(SystemTest):
    def analyze(self, path, *more):
        result = self.run_program("thenar", "analyze", str(path), "--rows", "8", "--cols", "8",
                                  "--pitch-mm", "20", "--unit", "kpa", *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_analyze_finds_technique_and_pace(self):
        path = self.folder() / "knead.csv.gz"
        kneading(path)
        objects = [json.loads(line) for line in self.analyze(path, "--json").splitlines()]
        self.assertEqual(objects[-1]["type"], "summary")
        self.assertEqual({o["type"] for o in objects}, {"stroke", "episode", "summary"})
        episodes = [o for o in objects if o["type"] == "episode"]
        longest = max(episodes, key=lambda e: e["end_s"] - e["start_s"])
        self.assertEqual(longest["technique"], "petrissage")
        self.assertGreater(longest["end_s"] - longest["start_s"], 14)
        self.assertAlmostEqual(longest["pace_cpm"], 60, delta=1)
        self.assertTrue(0 < longest["confidence"] <= 1)
        strokes = [o for o in objects if o["type"] == "stroke"]
        self.assertAlmostEqual(len(strokes), 20, delta=3)
        text = self.analyze(path)
        self.assertIn("petrissage", text)

    def test_a_model_of_ones_own_is_told_of(self):
        """thenard --model and thenar analyze --model say whose hands named the strokes."""
        folder = self.folder()
        text = (ROOT / "daemon/engine/technique/shipped.model").read_bytes()
        text = re.sub(rb"\nname [^\n]*\n", b"\nname our class\n", text[:text.rindex(b"crc32")])
        text = text.replace(b"\nhands simulated\n", b"\nhands recorded\n")
        model = folder / "ours.model"
        model.write_bytes(text + b"crc32 %08x\n" % zlib.crc32(text))
        path = folder / "knead.csv.gz"
        kneading(path)
        summary = json.loads(self.analyze(path, "--json", "--model", str(model)).splitlines()[-1])
        self.assertEqual(summary["technique_model"], "our class, recorded hands")
        self.assertIn("thenar train", summary["technique_recipe"])
        self.assertIn("Named by our class, recorded hands (thenar train",
                      self.analyze(path, "--model", str(model)))
        daemon = self.daemon("pad=virtual:glove16", options=("--model", str(model)))
        daemon.wait_streaming()
        reply = daemon.ask("status")
        self.assertEqual(reply["devices"][0]["technique_model"], "our class, recorded hands")
        model.write_bytes(text + b"crc32 00000000\n")
        result = self.run_program("thenard", "--model", str(model), "--device", "virtual:glove16")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("--model: model: ", result.stderr)

    def test_analyze_and_the_daemon_agree(self):
        """The same recording offline, and live through the device link."""
        folder = self.folder()
        path = folder / "knead.csv.gz"
        kneading(path)
        offline = [json.loads(line) for line in self.run_program(
            "thenar", "analyze", str(path), "--rows", "8", "--cols", "8", "--pitch-mm", "20",
            "--unit", "counts", "--full-scale", "100", "--json").stdout.splitlines()]
        daemon, feed = act_when_heard(
            f"virtual:array?rows=8&cols=8&pitch_mm=20&recording={path}&full_scale=100&until_end=1"
            "&speed=max", "stroke.", "episode.")
        self.addCleanup(daemon.close)
        messages = feed.until(lambda m: m.kind == "status" and m["state"] == "ended", 60)
        for kind in "stroke", "episode":
            a = [o for o in offline if o["type"] == kind]
            b = [m.payload for m in messages if m.kind == kind]
            self.assertGreaterEqual(len(a), 1)
            self.assertEqual([o["technique"] for o in a], [o["technique"] for o in b], kind)
            for one, other in zip(a, b):
                length_s = one["end_s"] - one["start_s"]
                self.assertAlmostEqual(length_s, other["duration_s"], delta=0.2)
                self.assertAlmostEqual(one["peak_rel"], other["peak_rel"], delta=0.01)


if __name__ == "__main__":
    main()
