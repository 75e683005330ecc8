# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions, read by a reader that is not ours (h5py): what the virtual device sent is what is there;
killed at random instants, with the disk full, with a subscriber that stalls; replay is the same.

THENAR_KILLS: how often the daemon is killed (tests/bench/session_stress.py --kills 50)."""

import json
import os
import pathlib
import random
import resource
import shutil
import signal
import time
import zlib

import h5py
import numpy

from harness import SLOW, SystemTest, again_if_busy, main, wait_until

KILLS = int(os.environ.get("THENAR_KILLS", "5"))
ROWS, COLS, RATE_HZ = 8, 8, 200
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "session-file.md"
PLANS = pathlib.Path(__file__).parents[2] / "packaging" / "plans"


def write_recording(path, n_frames):
    """Counts that are known: every frame differs from every other."""
    counts = numpy.random.default_rng(5).integers(0, 4096, (n_frames, ROWS * COLS))
    counts[0, 0] = 4095
    lines = [",".join(["t_s"] + [f"p{i}" for i in range(ROWS * COLS)])]
    lines += [f"{i / RATE_HZ:.6f}," + ",".join(map(str, row)) for i, row in enumerate(counts)]
    path.write_text("\n".join(lines) + "\n")
    return counts


def check_frames(test, path):
    """All checksums, by zlib; returns rows and counts [frame][taxel]."""
    with h5py.File(path, "r") as file:
        rows, cube = file["frames"][:], file["counts"][:]
    crc = 0
    n_taxels = cube.shape[0] * cube.shape[1]
    counts = numpy.ascontiguousarray(cube.transpose(2, 0, 1)).reshape(len(rows), n_taxels)
    for row, frame in zip(rows, counts):
        crc = zlib.crc32(frame.tobytes(), zlib.crc32(row.tobytes()[:-4], crc))
        test.assertEqual(crc, row["crc32"])
        crc = int(row["crc32"])
    return rows, counts


class Session(SystemTest):
    def station(self, *devices, **options):
        self.sessions = self.folder()
        daemon = self.daemon(*devices, options=("--sessions", str(self.sessions)), **options)
        return daemon

    def begin(self, daemon, **fields):
        reply = daemon.ask("session_start", **fields)
        end = time.monotonic() + 60 * SLOW
        while "the disk is slow; it goes on" in reply.get("error", "") and time.monotonic() < end:
            time.sleep(0.2)
            reply = daemon.ask("session")
            reply["ok"] = reply["files"] > 0
        self.assertTrue(reply["ok"], reply)
        return pathlib.Path(reply["folder"])

    def run_session(self, *arguments):
        return self.run_program("thenar", "session", *arguments, "--sessions", str(self.sessions),
                                "--control", "ipc:///nowhere/thenar")

    def wait_frames(self, daemon, n_frames, timeout_s=180):
        end = time.monotonic() + timeout_s * SLOW
        while (state := daemon.ask("session"))["frames"] < n_frames:
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.05)
        return state

    @again_if_busy
    def test_what_was_sent_is_what_is_there(self):
        recording = self.folder() / "known.csv"
        sent = write_recording(recording, 1600)
        daemon = self.station(
            f"pad=virtual:array?rows={ROWS}&cols={COLS}&recording={recording}&loop=1")
        stalled = daemon.subscribe("frame.", high_water=1)  # and never reads
        daemon.wait_streaming()
        folder = self.begin(daemon, participant="P007", operator="op-1", note="a \"note\"")
        self.assertTrue(daemon.ask("session_note", note="one two")["ok"])
        self.wait_frames(daemon, 700)
        # Read while it is written, by somebody else.
        wait_until(lambda: self.is_readable(folder / "pad.h5", 400))
        reply = daemon.ask("session_stop")
        self.assertEqual((reply["ok"], reply["state"], reply["lost"]), (True, "closed", 0), reply)
        self.assertIsNotNone(stalled)
        rows, counts = check_frames(self, folder / "pad.h5")
        self.assertEqual(len(rows), reply["frames"])
        self.assertTrue((numpy.diff(rows["sequence"].astype(int)) == 1).all())
        self.assertTrue((numpy.diff(rows["t_device"]) > 0).all())
        first = int(numpy.flatnonzero((sent == counts[0]).all(axis=1))[0])
        for i, frame in enumerate(counts[:1000]):
            numpy.testing.assert_array_equal(frame, sent[(first + i) % len(sent)])
        with h5py.File(folder / "pad.h5", "r") as file:
            self.assertEqual(file.attrs["participant"], b"P007")
            self.assertEqual([n.decode() for n in file["notes"]["text"]], ["one two"])
            self.assertEqual([c.decode() for c in file["commands"]["command"]],
                             ["session_start", "session_stop"])
            self.check_document(file)
            hello = b"".join(r["text"] for r in file["documents"] if r["kind"] == b"hello").decode()
            self.assertIn(f"n_rows {ROWS}\n", hello)
        self.assertEqual((folder / "pad.h5").stat().st_mode & 0o777, 0o600)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        done = self.run_session("verify", "last")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @staticmethod
    def is_readable(path, n_frames):
        with h5py.File(path, "r", libver="latest", swmr=True) as file:
            n_rows = file["frames"].shape[0]  # a table may grow while the other is looked at
            return n_rows >= n_frames and file["counts"].shape[2] == n_rows

    def check_document(self, file):
        """What docs/session-file.md says of every table is what the file says."""
        document = DOCUMENT.read_text()
        for name, table in file.items():
            if not table.dtype.names:
                continue
            columns = list(zip(*([t.decode() for t in table.attrs["column_" + what]]
                                 for what in ("names", "units", "descriptions"))))
            self.assertEqual([c[0] for c in columns], list(table.dtype.names), name)
            part = document.split(f"\n### {name}\n")[1].split("\n#")[0]
            rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| `")]
            self.assertEqual(len(rows), len(columns), name)
            for row, (column, unit, description) in zip(rows, columns):
                self.assertIn(f"`{column}`", row[0], name)
                self.assertIn(unit, row[2], name)
                self.assertEqual(row[3], description + " |", name)

    def test_the_plan_and_its_score_are_in_the_file(self):
        daemon = self.station("pad=virtual:table32?script=demo&loop=1",
                              env={"THENAR_PLANS": str(PLANS)})
        daemon.wait_streaming()
        feed = daemon.subscribe("plan.")
        reply = daemon.ask("session_start", plan="pre-evnt")
        self.assertIn("there is injury, maintenance", reply["error"])
        folder = self.begin(daemon, participant="P007", plan="maintenance")
        self.assertTrue(daemon.ask("plan", action="start", plan="pre-event")["ok"])
        feed.until(lambda m: m.get("practice_score", 0) > 0, timeout_s=60)
        self.assertTrue(daemon.ask("plan", action="pause")["ok"])  # from here it stands still
        last = feed.until(lambda m: m["state"] == "paused", timeout_s=60)[-1]
        daemon.ask("session_stop")
        with h5py.File(folder / "pad.h5", "r") as file:
            plans, scores = {}, file["scores"][:]
            for row in file["documents"]:
                if row["kind"] == b"plan":
                    plans.setdefault(row["name"].decode(), []).append(row["text"])
            score = float(file.attrs["practice_score"])
            self.assertEqual(file.attrs["score_plan"], b"pre-event")
            self.assertEqual(file.attrs["plan"], b"maintenance")
        for name in "maintenance", "pre-event":  # octet for octet
            self.assertEqual(b"".join(plans[name]), (PLANS / f"{name}.plan").read_bytes())
        self.assertEqual(scores["state"][-1], b"paused")
        self.assertAlmostEqual(score, float(scores["practice_score"][-1]))
        self.assertAlmostEqual(score, last["practice_score"], delta=0.05)
        manifest = json.loads((folder / "manifest.json").read_text())
        self.assertAlmostEqual(manifest["devices"][0]["practice_score"], score, places=4)
        report = self.run_session("report", "last", "-o", "-").stdout
        self.assertIn(f"Practice score {score:.0f} of 100", report)
        self.assertIn(f"score      {score:.0f} of 100", self.run_session("show", "last").stdout)
        for some, n in ("0..", 1), (f"{score + 1:.0f}..", 0), (f"..{score + 1:.0f}", 1):
            self.assertEqual(self.run_session("list", "--score", some).stdout.count("P007"), n)
        self.assertIn("no range", self.run_session("list", "--score", "7x").stderr)
        done = self.run_session("show", "last", "--document", "plan")
        self.assertEqual(done.stdout.encode(), (PLANS / "pre-event.plan").read_bytes())

    def test_on_contact_the_first_stroke_is_whole_and_without_one_nothing_is_kept(self):
        script = self.folder() / "late.therapist"
        script.write_text(f"rest {4 * SLOW}\neffleurage 8 pace_cpm=30\nrest 3000\n")
        daemon = self.station(f"pad=virtual:array?rows=16&cols=16&rate=100&script={script}",
                              "side=virtual:array?rows=4&cols=4&rate=50&script=" + str(script))
        feed = daemon.subscribe("session.")
        daemon.wait_streaming()
        self.assertIn("wait_s", daemon.ask("session_start", on_contact=True, wait_s=-1)["error"])
        self.assertIn("on_contact", daemon.ask("session_start", on_contact=1)["error"])
        reply = daemon.ask("session_start", timeout_s=10, on_contact=True, participant="P007")
        self.assertEqual((reply["ok"], reply["state"], reply["length_s"]), (True, "armed", 0), reply)
        folder = pathlib.Path(reply["folder"])
        self.assertIn("goes on", daemon.ask("session_start")["error"])
        heard = feed.until(lambda m: m["state"] == "recording", timeout_s=40)
        self.assertEqual({m["state"] for m in heard} - {"waiting"}, {"armed", "recording"})
        self.wait_frames(daemon, daemon.ask("session")["frames"] + 200)
        reply = daemon.ask("session_stop", timeout_s=10)
        self.assertEqual((reply["ok"], reply["state"]), (True, "closed"), reply)
        with h5py.File(folder / "pad.h5", "r") as file:
            touched = [e for e in file["events"] if e["event"] == b"touched"]
            self.assertEqual(len(touched), 1)
            metrics, frames = file["metrics"][:], file["frames"][:]
        # Where the filter begins a taxel's noise may stand for a contact.
        first = metrics[(metrics["n_contacts"] > 0) & (metrics["frame"] > 10)][0]
        self.assertGreater(first["frame"], 25, "the hand was there already")
        self.assertLess(abs(touched[0]["t"] - first["t_device"]), 2 * SLOW)
        since_s = frames[-1]["t_device"] - first["t_device"]
        self.assertLess(abs(reply["length_s"] - since_s), 2 * SLOW)
        self.assertEqual(self.run_session("verify", "last").returncode, 0)

        # Nobody touches: it goes by itself, or when it is stopped, and leaves nothing.
        feed.until(lambda m: m["state"] == "closed", timeout_s=20)
        live = daemon.subscribe("metrics.s1.pad")
        live.until(lambda m: m["technique"] == "rest", timeout_s=40)
        reply = daemon.ask("session_start", timeout_s=10, on_contact=True, wait_s=1)
        self.assertTrue(pathlib.Path(reply["folder"]).exists())
        feed.until(lambda m: m["state"] == "dropped", timeout_s=20)
        self.assertFalse(pathlib.Path(reply["folder"]).exists())
        begun = daemon.ask("session_start", timeout_s=10, on_contact=True)
        reply = daemon.ask("session_stop", timeout_s=10)
        self.assertEqual((reply["ok"], reply["state"], reply["session"]),
                         (True, "dropped", begun["session"]), reply)
        self.assertEqual([p.name for p in self.sessions.iterdir()], [folder.name])
        self.assertEqual(daemon.ask("session")["state"], "dropped")

    @again_if_busy
    def test_eight_devices_at_once(self):
        names = [f"d{i}" for i in range(8)]
        daemon = self.station(*(f"{name}=virtual:array?rows=16&cols=16&rate=100&seed={i + 1}"
                                f"&script=demo&loop=1" for i, name in enumerate(names)))
        for name in names:
            daemon.wait_streaming(name, timeout_s=60)
        folder = self.begin(daemon)
        self.wait_frames(daemon, 8 * 200)
        reply = daemon.ask("session_stop")
        self.assertEqual((reply["ok"], reply["files"], reply["lost_disk"]), (True, 8, 0), reply)
        for name in names:  # a busy machine may hold a virtual device up; recording loses nothing
            with h5py.File(folder / f"{name}.h5", "r") as file:
                rows, gaps = file["frames"][:], file["gaps"][:]
                self.assertEqual([file.attrs["lost_" + side] for side in ("host", "disk")], [0, 0])
            missing = int(rows["sequence"][-1]) - int(rows["sequence"][0]) + 1 - len(rows)
            if b"source" not in gaps["side"]:
                self.assertEqual(missing, int(gaps["n_frames"].sum()))
            self.assertGreater(len(rows), 50)
        checked = self.run_session("verify", "last")
        self.assertEqual(checked.stdout.count("checksums  all right"), 8)

    @again_if_busy
    def test_replay_is_the_same_and_names_are_refused(self):
        # The writer may be slower than 500 frames/s where a sanitizer watches: that is told as lost.
        rate = "&rate=200" if SLOW > 1 else ""
        daemon = self.station("pad=virtual:table32?script=demo&loop=1",
                              f"hand=virtual:glove16?script=demo&loop=1{rate}")
        daemon.wait_streaming("pad").wait_streaming("hand")
        for name in "Anna", "a.b@example.org", "Anna Meier":
            reply = daemon.ask("session_start", participant=name)
            self.assertIn("looks like", reply["error"])
        self.assertEqual(list(self.sessions.iterdir()), [])
        self.assertIn("no session", daemon.ask("session_stop")["error"])
        feed = daemon.subscribe("session.")
        folder = self.begin(daemon)
        self.assertIn("goes on", daemon.ask("session_start")["error"])
        time.sleep(1.5)
        self.assertTrue(daemon.ask("tare", loaded=True)["ok"])
        said = feed.until(lambda m: m["frames"] > 600)[-1]
        self.assertEqual((said["state"], said["session"]), ("recording", folder.name))
        self.wait_frames(daemon, 6000)
        daemon.ask("session_stop")
        feed.until(lambda m: m["state"] == "closed")
        done = self.run_session("replay", folder.name[:12])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.count("the same to the last bit"), 6)
        self.assertEqual(json.loads((folder / "manifest.json").read_text())["state"], "closed")
        # Played live, every frame comes again.
        player = self.daemon(f"pad=session:{folder / 'pad.h5'}?speed=max")
        ended = player.subscribe("status.").until(lambda m: m["state"] == "ended")[-1]
        rows, _counts = check_frames(self, folder / "pad.h5")
        self.assertEqual(ended["frames"], len(rows))

    @again_if_busy
    def test_offline_commands_take_sessions(self):
        daemon = self.station("pad=virtual:table32?script=demo&loop=1&speed=3")
        status = daemon.wait_streaming("pad").subscribe("status.").next()
        folder = self.begin(daemon)
        self.wait_frames(daemon, 3000)
        daemon.ask("session_stop")
        path = folder / "pad.h5"
        with h5py.File(path, "r") as file:
            strokes, episodes = file["strokes"][:], file["episodes"][:]
            first_s, n_frames = file["frames"][0]["device_s"], len(file["frames"])
            model = file.attrs["technique_model"].decode()
        self.assertNotIn("rules", model)
        self.assertEqual(model, status["technique_model"])
        where = ("--sessions", str(self.sessions), "--control", "ipc:///nowhere/thenar")

        def offline(*arguments):
            done = self.run_program("thenar", *arguments, *where, timeout_s=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        said = [json.loads(line) for line in offline("analyze", "last", "--json").splitlines()]
        self.assertEqual(said[-1]["frames"], n_frames)
        self.assertGreater(len(episodes), 0)
        for name in path, folder, folder.name, "last":
            table = offline("label", str(name), "--batch").splitlines()
            self.assertEqual(table[0], "start_s,end_s,technique")
            # What was going on when the file ended may be a row more.
            self.assertIn(len(table) - 1 - len(episodes), (0, 1))
        for line, row in zip(table[1:], episodes):
            start_s, end_s, technique = line.split(",")
            self.assertAlmostEqual(float(end_s), row["end_s"] - first_s, delta=0.02)
            if row["technique"] not in (b"hold", b"rhythm"):
                self.assertEqual(technique.encode(), row["technique"])
        self.assertGreater(len(strokes), 0)
        compared = offline("compare", "last", str(path))
        plan = offline("plan", "from", "last")
        self.assertIn("steps", plan)
        # What a person named wins.
        own = self.folder() / "own.csv"
        own.write_text("start_s,end_s,technique\n0,8,tapotement\n")
        self.assertIn("tapotement", offline("plan", "from", "last", "--episodes", str(own)))
        self.assertNotEqual(compared, offline("compare", "last", "last", "--episodes", str(own)))
        # What was labelled teaches: the file of a session beside the table of `label`.
        table = own.with_name("labels.csv")
        offline("label", str(path), "--batch", "--out", str(table))
        again = self.run_program("thenar", "label", str(path), "--out", str(table), *where)
        self.assertEqual(again.returncode, 2, again.stderr)
        self.assertIn("--episodes", again.stderr)  # no table is overwritten
        takes = own.with_name("list.csv")
        table.write_text("start_s,end_s,technique\n0,7,effleurage\n7,14,petrissage\n")
        takes.write_text(f"file,person,episodes\n{path},anna,labels.csv\n")
        taught = self.run_program("thenar", "train", "--from", str(takes), "--no-report",
                                  "--out", str(own.with_name("own.model")), timeout_s=120)
        self.assertEqual(taught.returncode, 0, taught.stderr)
        self.assertIn("written to", taught.stdout)
        renamed = offline("analyze", str(path), "--model", str(own.with_name("own.model")))
        self.assertIn("Named by own, recorded hands", renamed)
        done = self.run_program("thenar", "label", "nothing-such", *where)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("nothing-such", done.stderr)

    def test_parts_are_added_up_and_what_is_taken_away_is_told(self):
        daemon = self.station("pad=virtual:array?rows=4&cols=4&script=demo&loop=1")
        daemon.wait_streaming()
        folder = self.begin(daemon)
        first = self.wait_frames(daemon, 100)["frames"]
        self.assertTrue(daemon.ask("rate", device="pad", rate_hz=50)["ok"])  # another file
        self.wait_frames(daemon, first + 50)
        reply = daemon.ask("session_stop")
        stored = 0
        for name in "pad.h5", "pad-2.h5":
            with h5py.File(folder / name, "r") as file:
                stored += len(file["frames"])
        self.assertEqual((reply["files"], reply["frames"]), (2, stored))
        done = self.run_session("verify", "last")
        self.assertLess(done.stdout.index("/pad.h5"), done.stdout.index("/pad-2.h5"))
        folder = self.begin(daemon)
        self.assertLess(daemon.ask("session")["frames"], stored)  # it begins from nothing
        self.wait_frames(daemon, 25)
        shutil.rmtree(folder)
        end = time.monotonic() + 60 * SLOW
        while (state := daemon.ask("session"))["state"] != "failed":
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.05)
        self.assertIn("was removed", state["reason"])
        self.assertEqual(state["frames"], 0)
        self.assertGreater(state["lost_disk"], 25)
        self.assertIn("needs the file", daemon.ask("session_note", note="too late")["error"])
        done = self.run_program("thenar", "session", "stop", "--control", daemon.control)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("was removed", done.stdout)

    @again_if_busy
    def kill_once(self, device, sent, after_s):
        """Kill -9 in the middle of a recording; returns how many frames are there, and how many
        seconds of what was seen live are not."""
        daemon = self.station(device)
        daemon.wait_streaming()
        feed = daemon.subscribe("frame.")
        folder = self.begin(daemon)
        last = feed.until(lambda m: True)[-1]
        end = time.monotonic() + after_s
        while (left := end - time.monotonic()) > 0:
            last = feed.next(left) or last
        daemon.stop(signal.SIGKILL)
        path = folder / "pad.h5"
        done = self.run_session("verify", "last")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cut off", done.stdout)
        self.assertIn("its end is missing", done.stdout)
        # The next daemon repairs it.
        fresh = self.daemon("pad=virtual:table32", options=("--sessions", str(self.sessions)))
        fresh.wait_ready()
        fresh.stop()
        rows, counts = check_frames(self, path)
        missing_s = after_s
        if len(rows):
            self.assertTrue((numpy.diff(rows["sequence"].astype(int)) == 1).all())
            first = int(numpy.flatnonzero((sent == counts[0]).all(axis=1))[0])
            numpy.testing.assert_array_equal(
                counts, sent[(first + numpy.arange(len(counts))) % len(sent)])
            missing_s = (last["frame_seq"] - int(rows["sequence"][-1])) / RATE_HZ
        self.assertLess(missing_s, 1.0 * SLOW)
        done = self.run_session("verify", "last")
        self.assertIn("checksums  all right", done.stdout)
        self.assertIn("repaired", done.stdout)
        self.assertIn("at most 200 frames", done.stdout)
        self.assertNotIn("damaged", done.stdout)
        self.assertEqual(done.returncode, 1)
        return len(rows), missing_s

    def test_killed_at_any_instant(self):
        rng = random.Random(7)
        recording = self.folder() / "known.csv"
        sent = write_recording(recording, 1600)
        device = f"pad=virtual:array?rows={ROWS}&cols={COLS}&recording={recording}&loop=1"
        seen = [self.kill_once(device, sent, rng.uniform(0.2, 3)) for _ in range(KILLS)]
        print(f"killed {KILLS} times: {sum(n for n, _ in seen)} frames were there, all as sent; "
              f"at most {max(s for _, s in seen):.2f} s were missing")

    @again_if_busy
    def test_a_full_disk_stops_the_recording_and_nothing_else(self):
        daemon = self.station("pad=virtual:table32?script=demo&loop=1")
        daemon.wait_streaming()
        frames = daemon.subscribe("frame.", "gap.")
        folder = self.begin(daemon)
        self.wait_frames(daemon, 400)
        size = (folder / "pad.h5").stat().st_size
        limits = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size + 500_000, limits[1]))
        end = time.monotonic() + 60 * SLOW
        while (state := daemon.ask("session"))["lost_disk"] < 100:
            self.assertLess(time.monotonic(), end, state)
            time.sleep(0.1)
        self.assertEqual(state["state"], "full")
        self.assertIn("disk is full", state["reason"])
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, limits)
        while (state := daemon.ask("session"))["state"] != "recording":
            self.assertLess(time.monotonic(), end + 10, state)
            time.sleep(0.1)
        self.wait_frames(daemon, state["frames"] + 300)
        reply = daemon.ask("session_stop")
        self.assertTrue(reply["ok"], reply)
        rows, _counts = check_frames(self, folder / "pad.h5")
        with h5py.File(folder / "pad.h5", "r") as file:
            gaps = file["gaps"][:]
        self.assertEqual([g["side"] for g in gaps], [b"disk"])
        missing = int(rows["sequence"][-1]) - int(rows["sequence"][0]) + 1 - len(rows)
        self.assertEqual((int(gaps["n_frames"].sum()), reply["lost_disk"]), (missing, missing))
        done = self.run_session("verify", "last")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"disk {missing}", done.stdout)
        self.assertIn("checksums  all right", done.stdout)
        live = [m for m in frames.collect(0.5 * SLOW)]
        self.assertEqual({m.kind for m in live}, {"frame"})  # live lost nothing


if __name__ == "__main__":
    main()
