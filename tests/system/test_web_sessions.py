#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What thenar-web tells of recorded sessions, against the files as h5py reads them and against the
command line; who may see what; what leads nowhere."""

import concurrent.futures
import gzip
import http.client
import io
import json
import os
import pathlib
import re
import shutil
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
import zipfile

import h5py
import numpy

from harness import SLOW, Daemon, end_with_us, program

PLANS = pathlib.Path(__file__).parents[2] / "packaging" / "plans"
SCRIPT = "petrissage 8\nrest 1.5\n"


def columns(answer):
    return {c["name"]: numpy.array([numpy.nan if v is None else v for v in c["values"]])
            if c["name"] != "technique" else c["values"] for c in answer["columns"]}


def kpa_of(file, counts, taxel):
    """LINK.md 5, a transimpedance stage with a power law: written down anew."""
    a = file.attrs
    conductance_us = counts / a["sensor_full_scale_counts"] / a["sensor_reference_ohm"] * 1e6
    ratio = conductance_us / (taxel["gain"] * a["sensor_conductance_100kpa_us"])
    return 100 * ratio ** (1 / a["sensor_exponent"]) - taxel["zero_kpa"]


class WebSessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="thenar-web-sessions-"))
        cls.sessions = cls.folder / "sessions"
        (cls.folder / "short.therapist").write_text(SCRIPT)
        cls.daemon = Daemon(f"pad=virtual:table32?script={cls.folder}/short.therapist&loop=1",
                            env={"THENAR_SESSIONS": str(cls.sessions)}).wait_streaming()
        cls.metrics = cls.daemon.subscribe("metrics.")
        cls.ids = [cls.record("P007", 9, "half way", "maintenance"), cls.record("P007", 8.5), cls.record("P008", 1)]
        # No --sessions: it asks the daemon for its folder, as `thenar session list` does.
        cls.web, cls.port = cls.start_web([f"{cls.daemon.feed},{cls.daemon.control}"])

    @classmethod
    def tearDownClass(cls):
        for web in (cls.web,):
            web.terminate()
            assert web.wait(30) == 0
            web.stdout.close()
        cls.daemon.close()
        shutil.rmtree(cls.folder)

    @classmethod
    def record(cls, participant, seconds, note=None, plan=None):
        # From a rest on, so that each holds the same: hands that lie on are taken for the zero by
        # whoever sees the recording alone.
        if seconds > 2:
            cls.metrics.until(lambda m: m["contacts"] == 0 and m.received - m["t_publish"] < 0.5, 90)
        reply = cls.daemon.ask("session_start", participant=participant, operator="op-1")
        assert reply["ok"], reply
        if plan:
            reply = cls.daemon.ask("plan", plan=str(PLANS / f"{plan}.plan"))
            assert reply["ok"], reply
        time.sleep(seconds)  # what is recorded lasts as long
        if note:
            assert cls.daemon.ask("session_note", note=note)["ok"]
        assert cls.daemon.ask("session_stop")["ok"]
        if plan:
            assert cls.daemon.ask("plan", action="stop")["ok"]
        return max(path.name for path in cls.sessions.iterdir())

    @classmethod
    def start_web(cls, arguments):
        web = subprocess.Popen([program("thenar-web"), "--port", "0", *arguments],
                               stdout=subprocess.PIPE, text=True, preexec_fn=end_with_us)
        return web, int(re.search(r":(\d+)/", web.stdout.readline())[1])

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30 * SLOW)
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply, body

    def ask(self, path):
        reply, body = self.get(path)
        self.assertEqual(reply.status, 200, f"{path}: {body[:300]}")
        return json.loads(body)

    def file(self, i):
        return h5py.File(self.sessions / self.ids[i] / "pad.h5")

    def test_the_list_and_its_filters(self):
        listed = self.ask("/api/sessions")["sessions"]
        self.assertEqual([s["id"] for s in listed], self.ids[::-1], "newest first")
        for s, i in zip(listed, (2, 1, 0)):
            with self.file(i) as file:
                self.assertEqual(s["n_frames"], len(file["frames"]))
                n_lost = sum(int(file.attrs[f"lost_{side}"]) for side in ("device", "link", "host", "disk"))
                self.assertEqual((s["devices"], s["state"], s["n_lost"]), (["pad"], "closed", n_lost))
                self.assertEqual(s["size_bytes"], os.path.getsize(file.filename))
        with self.file(0) as file:
            score = float(file["scores"][-1]["practice_score"])
        self.assertAlmostEqual(listed[2]["score"], score, places=3)
        self.assertEqual([s["score"] for s in listed[:2]], [None, None])
        for query, n in (("score_min=0", 1), (f"score_min={score + 1}", 0), (f"score_max={score + 1}", 1),
                         (f"score_min={score - 1}&score_max={score + 1}", 1), ("plan=maintenance", 1)):
            self.assertEqual(len(self.ask(f"/api/sessions?{query}")["sessions"]), n, query)
        today = time.strftime("%Y-%m-%d", time.localtime(listed[0]["began_unix_s"]))
        for query, n in (("participant=P007", 2), ("participant=P008&operator=op-1", 1),
                         ("operator=op-2", 0), ("station=s1", 3), ("station=s2", 0), ("plan=x", 0),
                         (f"since={today}", 3), ("until=2020-01-01", 0),
                         ("participant=&plan=", 3)):
            self.assertEqual(len(self.ask(f"/api/sessions?{query}")["sessions"]), n, query)
        out = subprocess.run([program("thenar"), "session", "list", "--control", self.daemon.control],
                             capture_output=True, text=True, check=True).stdout
        self.assertEqual([line.split()[0] for line in out.splitlines()[1:]], self.ids)

    def test_one_session_is_as_in_its_file(self):
        answer = self.ask(f"/api/sessions/{self.ids[0]}")
        device, = answer["devices"]
        with self.file(0) as file:
            first = file["frames"]["t_device"][0]
            self.assertEqual(device["ledger"]["n_frames"], len(file["frames"]))
            self.assertEqual((device["n_rows"], device["n_cols"], device["unit"]), (32, 32, "kpa"))
            self.assertAlmostEqual(device["first_unix_s"], first, places=3)
            self.assertEqual([e["technique"].encode() for e in device["episodes"]],
                             list(file["episodes"]["technique"]))
            numpy.testing.assert_allclose([e["start_s"] for e in device["episodes"]],
                                          file["episodes"]["t_start"] - first, atol=1e-4)
            numpy.testing.assert_allclose([e["peak"] for e in device["episodes"]],
                                          file["episodes"]["peak_kpa"], rtol=1e-5)
            self.assertEqual(device["digest"]["n_strokes"], len(file["strokes"]))
            self.assertEqual([n["text"].encode() for n in device["notes"]], list(file["notes"]["text"]))
            self.assertEqual([c["command"].encode() for c in device["commands"]],
                             list(file["commands"]["command"]))
        self.assertIn("petrissage", [t["technique"] for t in device["digest"]["techniques"]])
        self.assertTrue(device["advice"])
        with self.file(0) as file:
            last = file["scores"][-1]
        self.assertTrue(device["score"]["is_live"])
        self.assertAlmostEqual(device["score"]["practice_score"], last["practice_score"], places=3)
        self.assertEqual(device["plan"]["name"], "maintenance")
        other, = self.ask(f"/api/sessions/{self.ids[1]}")["devices"]
        self.assertIsNone(other["score"], "there was no plan")

    def test_strokes_and_metrics(self):
        base = f"/api/sessions/{self.ids[0]}/pad"
        strokes = columns(self.ask(f"{base}/strokes"))
        with self.file(0) as file:
            first = file["frames"]["t_device"][0]
            table = file["strokes"][:]
            self.assertGreaterEqual(len(table), 1)
            self.assertEqual([t.encode() for t in strokes["technique"]], list(table["technique"]))
            for name in ("peak_kpa", "mean_force_n", "interval_s", "evenness_pct"):
                numpy.testing.assert_allclose(strokes[name], table[name], rtol=1e-5)
            numpy.testing.assert_allclose(strokes["start_s"], table["t_start"] - first, atol=1e-4)
            n = 40
            metrics = columns(self.ask(f"{base}/metrics?n={n}"))
            rows = file["metrics"][:]
            length = file["frames"]["t_device"][-1] - first
            place = numpy.minimum(((rows["t_device"] - first) / length * n).astype(int), n - 1)
            for k in range(n):
                inside = rows["peak_kpa"][place == k].astype(float)
                self.assertAlmostEqual(metrics["at_s"][k], (k + 0.5) / n * length, places=3)
                for ending, value in (("min", inside.min()), ("mean", inside.mean()),
                                      ("max", inside.max())):
                    self.assertAlmostEqual(metrics[f"peak_kpa_{ending}"][k], value,
                                           delta=1e-4 * max(1, value))

    def test_taxels_and_maps_are_the_counts_by_the_law(self):
        base = f"/api/sessions/{self.ids[0]}/pad"
        with self.file(0) as file:
            counts, taxels = file["counts"][:], file["taxels"][:]
            t = file["frames"]["t_device"][:]
        with self.file(0) as file:
            busiest = int(counts.reshape(1024, -1).mean(axis=1).argmax())
            row, col = divmod(busiest, 32)
            want = kpa_of(file, counts[row, col].astype(float), taxels[busiest])
            answer = self.ask(f"{base}/taxel?row={row}&col={col}&from_s=1&to_s=3&n=20")
            got = columns(answer)
            self.assertEqual(answer["n_frames_read"], answer["n_frames"])
            at = t - t[0]
            place = ((at - 1) / 2 * 20).astype(int)
            for k in range(1, 19):
                inside = want[(at >= 1) & (place == k)]
                self.assertAlmostEqual(got["pressure_kpa_mean"][k], inside.mean(), delta=0.05)
                self.assertAlmostEqual(got["pressure_kpa_max"][k], inside.max(), delta=0.05)
            deepest = int(counts[:, :, 100:-100].sum(axis=(0, 1)).argmax()) + 100
            middle = at[deepest] + 0.001  # within the frame's own interval of 5 ms
            span = numpy.nonzero((at >= middle - 0.201) & (at <= middle + 0.2))[0]
            for query, frames in ((f"at_s={middle}", [deepest]),
                                  (f"from_s={middle - 0.2}&to_s={middle + 0.2}", list(span)),
                                  ("from_s=2&to_s=4&n=4", None)):
                reply, body = self.get(f"{base}/map?{query}")
                self.assertEqual(reply.status, 200, body)
                self.assertEqual(len(body), (4 if "n=4" in query else 1) * (32 + 2 * 1024))
                head = struct.unpack_from("<BBHHHfIffd", body)
                self.assertEqual(head[:5], (1, 0, 0, 32, 32))
                codes = numpy.frombuffer(body[32:32 + 2048], "<u2") * head[5]
                if frames is None:
                    times = [struct.unpack_from("<d", body, 24 + k * 2080)[0] for k in range(4)]
                    numpy.testing.assert_allclose(numpy.diff(times), 0.5, atol=0.006)
                    continue
                # Each frame is told to a hundredth of its interval, a mean to the width of its ends.
                values = [kpa_of(file, counts.reshape(1024, -1)[k, frames].astype(float), taxels[k]).mean()
                          for k in range(1024)]
                numpy.testing.assert_allclose(codes, numpy.maximum(values, 0), atol=0.2)
                self.assertGreater(max(values), 5)

    def test_files_reports_and_paragraphs(self):
        base = f"/api/sessions/{self.ids[0]}"
        reply, body = self.get(f"{base}/pad.h5")
        self.assertEqual(body, (self.sessions / self.ids[0] / "pad.h5").read_bytes())
        self.assertIn(f'filename="{self.ids[0]}-pad.h5"', reply.headers["content-disposition"])
        reply, body = self.get(f"{base}/pad.csv.zip")
        archive = zipfile.ZipFile(io.BytesIO(body))
        self.assertIsNone(archive.testzip())
        with self.file(0) as file:
            lines = archive.read("pad-strokes.csv").decode().splitlines()
            self.assertEqual(len(lines) - 1, len(file["strokes"]))
        reply, body = self.get(f"{base}/report.html")
        self.assertIn("style-src 'unsafe-inline'", reply.headers["content-security-policy"])
        self.assertNotIn("script-src", reply.headers["content-security-policy"])
        self.assertEqual(len(reply.headers.get_all("content-security-policy")), 1)
        page = self.folder / "report.html"
        subprocess.run([program("thenar"), "session", "report", self.ids[0], "-o", str(page),
                        "--sessions", str(self.sessions)], check=True, capture_output=True)
        self.assertEqual(body.decode(), page.read_text())
        _, body = self.get(f"{base}/methods.txt")
        out = subprocess.run([program("thenar"), "session", "methods", self.ids[0], "--sessions",
                              str(self.sessions)], check=True, capture_output=True).stdout
        self.assertEqual(body, out)

    def test_two_beside_each_other_as_the_command_line_says(self):
        answer = self.ask(f"/api/compare?reference={self.ids[0]}&session={self.ids[1]}")
        out = subprocess.run([program("thenar"), "compare", self.ids[0], self.ids[1], "--sessions",
                              str(self.sessions)], check=True, capture_output=True, text=True).stdout
        techniques = {t["technique"]: t for t in answer["techniques"]}
        # The command line looks for the zero itself: a hundredth, not a rounding.
        found = 0
        for part in out.split("\n\n"):
            name = part.strip().split(":")[0]
            match = re.search(r"pressure +(\S+) \(\S+ to \S+\) beside (\S+) \(", part)
            if match and name in techniques:
                pressure = techniques[name]["pressure"]
                self.assertAlmostEqual(float(match[1]) / pressure["session"]["median"], 1, delta=0.01)
                self.assertAlmostEqual(float(match[2]) / pressure["reference"]["median"], 1, delta=0.01)
                found += 1
        self.assertGreater(found, 0, out)
        n_missing = sum(run["session"] is None for run in answer["runs"])
        n_added = sum(run["reference"] is None for run in answer["runs"])
        self.assertEqual((out.count("missing\n"), out.count("added\n")), (n_missing, n_added),
                         f"{out}\n{answer['runs']}")

    def test_progress(self):
        answer = self.ask("/api/progress?participant=P007")
        self.assertEqual([s["id"] for s in answer["sessions"]], self.ids[:2])
        for i, line in enumerate(answer["sessions"]):
            with self.file(i) as file:
                self.assertEqual(line["n_strokes"], len(file["strokes"]))

    def test_what_leads_nowhere_is_told(self):
        one = f"/api/sessions/{self.ids[0]}"
        (self.folder / "outside.h5").write_bytes(b"outside of it")
        for path, status in ((f"{one}/nope/strokes", 404), ("/api/sessions/20200101T000000Z-s1", 404),
                             (f"{one}/pad/taxel?row=99&col=0", 400), (f"{one}/pad/what", 404),
                             (f"{one}/pad/metrics?n=99999", 400), ("/api/sessions?wrong=1", 400),
                             ("/api/compare?reference=a", 400), ("/api/progress?participant=P999", 404),
                             ("/api/sessions/..", 404), ("/api/sessions/%2e%2e/outside.h5", 404),
                             ("/api/sessions/..%2foutside.h5", 404), ("/api/sessions/x/../../outside.h5", 404),
                             (f"{one}/..%2f..%2f..%2foutside.h5", 404), (f"/api/sessions/{'a' * 300}", 400),
                             (f"/api/sessions?participant={'a' * 2000}", 400)):
            reply, body = self.get(path)
            self.assertEqual(reply.status, status, f"{path}: {body}")
            self.assertNotIn(b"outside of it", body)
            if reply.headers["content-type"] == "application/json":
                self.assertGreater(len(json.loads(body)["error"]), 10, path)

    def test_a_browser_that_has_it_gets_it_not_again(self):
        path = f"/api/sessions/{self.ids[0]}/pad/metrics"
        reply, packed = self.get(path, Accept_Encoding="gzip")
        self.assertEqual(reply.headers["content-encoding"], "gzip")
        plain, body = self.get(path)
        self.assertEqual(gzip.decompress(packed), body)
        self.assertNotEqual(plain.headers["etag"], reply.headers["etag"])
        again, nothing = self.get(path, Accept_Encoding="gzip", If_None_Match=reply.headers["etag"])
        self.assertEqual((again.status, nothing), (304, b""))

    def test_a_crowd_is_answered_or_told_to_wait(self):
        path = f"/api/sessions/{self.ids[0]}/pad/map?from_s=0&to_s=8&n=200"
        with concurrent.futures.ThreadPoolExecutor(60) as pool:
            replies = list(pool.map(lambda _: self.get(path), range(60)))
        self.assertLessEqual({reply.status for reply, _ in replies}, {200, 503})
        self.assertGreater(sum(reply.status == 200 for reply, _ in replies), 20)
        for reply, body in replies:
            if reply.status == 503:
                self.assertIn("moment", json.loads(body)["error"])
        for _ in range(30):  # who leaves before the answer takes nothing along
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", path)
            connection.close()
        end = time.monotonic() + 60 * SLOW
        while self.get("/api/sessions")[0].status != 200:
            self.assertLess(time.monotonic(), end, "it reads for those who left")

    def test_what_goes_on_can_be_looked_at(self):
        self.assertTrue(self.daemon.ask("session_start", participant="P009")["ok"])
        try:
            end = time.monotonic() + 60 * SLOW
            while True:
                listed = self.ask("/api/sessions?participant=P009")["sessions"]
                if listed and self.get(f"/api/sessions/{listed[0]['id']}/pad/map?at_s=0")[0].status == 200:
                    break
                self.assertLess(time.monotonic(), end, "it never has a frame")
                time.sleep(0.1)
            self.assertEqual(listed[0]["state"], "recording")
            reply, body = self.get(f"/api/sessions/{listed[0]['id']}/pad.h5")
            self.assertEqual(reply.status, 409)
            self.assertIn("being recorded", json.loads(body)["error"])
        finally:
            self.assertTrue(self.daemon.ask("session_stop")["ok"])
            shutil.rmtree(self.sessions / listed[0]["id"])

    def test_a_daemon_that_is_gone_leaves_its_sessions_to_be_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "sessions"
            daemon = Daemon("pad=virtual:table32", env={"THENAR_SESSIONS": str(path)}).wait_streaming()
            try:
                self.assertTrue(daemon.ask("session_start", participant="P001")["ok"])
                self.assertTrue(daemon.ask("session_stop")["ok"])
                web, self.port = self.start_web([f"{daemon.feed},{daemon.control}"])
                self.addCleanup(web.stdout.close)
                self.addCleanup(web.wait, 30)
                self.addCleanup(web.terminate)
                self.assertEqual(len(self.ask("/api/sessions")["sessions"]), 1)
            finally:
                daemon.close()
            time.sleep(11)  # a folder that is known is asked for anew after ten seconds
            self.assertEqual(len(self.ask("/api/sessions")["sessions"]), 1)

    def test_each_role_gets_its_own(self):
        keys, accounts = self.folder / "keys", self.folder / "keys/accounts.json"
        subprocess.run([program("thenar-web"), "certificate", "--out", str(keys), "localhost"],
                       check=True, capture_output=True)
        for name, *options in (("ann", "--station", "s1"), ("bob", "--station", "s2"),
                               ("lab", "--role", "researcher")):
            subprocess.run([program("thenar-web"), "user", "add", name, *options, "--accounts",
                            str(accounts)], check=True, input=f"password of {name}\n", text=True,
                           capture_output=True)
        old = self.sessions / "20260101T000000Z-s1"
        shutil.copytree(self.sessions / self.ids[0], old)
        manifest = json.loads((old / "manifest.json").read_text())
        text = json.dumps(manifest).replace(self.ids[0], old.name)
        manifest = json.loads(text)
        for name in ("start_unix_s", "end_unix_s"):
            manifest[name] = 1767225600.0
        (old / "manifest.json").write_text(json.dumps(manifest))
        web, port = self.start_web(["--accounts", str(accounts), "--certificate",
                                    f"{keys}/gateway.crt", "--key", f"{keys}/gateway.key",
                                    "--sessions", str(self.sessions),
                                    f"{self.daemon.feed},{self.daemon.control}"])
        trust = ssl.create_default_context(cafile=f"{keys}/authority.crt")

        def ask(method, path, body=None, cookie=None):
            connection = http.client.HTTPSConnection("localhost", port, context=trust, timeout=60)
            connection.request(method, path, body, {"Cookie": cookie} if cookie else {})
            reply = connection.getresponse()
            text = reply.read()
            connection.close()
            return reply, text

        def log_in(name):
            form = json.dumps({"name": name, "password": f"password of {name}"})
            return ask("POST", "/login", form)[0].headers["set-cookie"].split(";")[0]

        def ids(cookie):
            return [s["id"] for s in json.loads(ask("GET", "/api/sessions", cookie=cookie)[1])["sessions"]]

        try:
            reply, body = ask("GET", "/api/sessions")
            self.assertEqual((reply.status, json.loads(body)["error"]), (401, "log in first: /login"))
            ann, bob, lab = log_in("ann"), log_in("bob"), log_in("lab")
            self.assertEqual(ids(lab), [*self.ids[::-1], old.name])
            self.assertEqual(ids(ann), self.ids[::-1], "the own station, of today")
            self.assertEqual(ids(bob), [])
            for path in (f"/api/sessions/{self.ids[0]}", f"/api/sessions/{self.ids[0]}/pad.h5",
                         f"/api/compare?reference={self.ids[0]}&session={self.ids[0]}",
                         "/api/progress?participant=P007"):
                self.assertEqual(ask("GET", path, cookie=bob)[0].status, 404, path)
                self.assertEqual(ask("GET", path, cookie=ann)[0].status, 200, path)
            self.assertEqual(ask("GET", f"/api/sessions/{old.name}", cookie=ann)[0].status, 404)
            self.assertEqual(ask("GET", f"/api/sessions/{old.name}", cookie=lab)[0].status, 200)
            lines = json.loads(ask("GET", "/api/progress?participant=P007", cookie=ann)[1])["sessions"]
            self.assertEqual(len(lines), 3, "earlier sessions count in progress")
            self.assertEqual({tuple(sorted(line)) for line in lines}, {("began_unix_s", "score")})
        finally:
            web.terminate()
            self.assertEqual(web.wait(30), 0)
            web.stdout.close()
            shutil.rmtree(old)


if __name__ == "__main__":
    unittest.main(verbosity=2)
