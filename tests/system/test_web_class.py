#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A class in the gateway: it survives a kill, keeps what was before, and takes no nonsense."""

import csv
import glob
import http.client
import io
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import time
import unittest

from harness import SLOW, Daemon, end_with_us, program
from websocket import TEXT, WebSocket


class Web:
    def __init__(self, daemon, *options):
        self.process = subprocess.Popen(
            [program("thenar-web"), "--port", "0", *options, "--feed", daemon.feed, "--control",
             daemon.control], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=end_with_us)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])
        self.socket = WebSocket(self.port)
        self.socket.send('{"show":{"class":true}}')
        self.n_asked = 0
        self.seen = None  # the class as it was told last

    def items(self):
        opcode, payload = self.socket.receive()
        return json.loads(payload) if opcode == TEXT else []

    def ask(self, act, **fields):
        """The reply to one request; what is told of the class meanwhile is kept."""
        self.n_asked += 1
        self.socket.send(json.dumps({"id": self.n_asked, "class": {"act": act, **fields}}))
        while True:
            for item in self.items():
                if item["topic"] == "class":
                    self.seen = item["data"]
                elif item["topic"] == "reply" and item["data"]["id"] == self.n_asked:
                    return item["data"]["reply"]

    def until(self, wanted, limit_s=60):
        end = time.monotonic() + limit_s * SLOW
        while not (self.seen and wanted(self.seen)):
            assert time.monotonic() < end, self.seen
            for item in self.items():
                if item["topic"] == "class":
                    self.seen = item["data"]
        return self.seen

    def get(self, path, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply, text

    def end(self, kill=False):
        self.socket.close()
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(60)
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return said


def read_json(path):
    return json.loads(pathlib.Path(path).read_text())


def until(wanted, limit_s=60):
    end = time.monotonic() + limit_s * SLOW
    while not wanted():
        assert time.monotonic() < end, "it never holds"
        time.sleep(0.02)


class WebClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="thenar-class-")
        cls.daemon = Daemon("virtual:table32?script=demo&loop=1", station="s1",
                            options=["--sessions", f"{cls.folder}/sessions"]).wait_ready()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()
        shutil.rmtree(cls.folder)

    def web(self, name, *options):
        web = Web(self.daemon, "--class", f"{self.folder}/{name}", *options)
        self.addCleanup(lambda: web.process.poll() is None and web.end())
        web.until(lambda seen: seen["stations"])
        return web

    def test_a_class_survives_a_kill(self):
        path = f"{self.folder}/a/class.json"
        web = self.web("a/class.json")
        self.assertTrue(web.ask("codes", codes=["A1", "A2"])["ok"])
        self.assertTrue(web.ask("seat", station="s1", giver="A1", receiver="A2")["ok"])
        self.assertTrue(web.ask("start")["ok"])  # which begins a class, since none is on
        web.until(lambda seen: seen["on"] and seen["sessions"] == 1
                  and seen["stations"][0]["recording"])
        until(lambda: os.path.exists(path) and read_json(path)["sessions"])
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        web.end(kill=True)

        web = self.web("a/class.json")
        seen = web.until(lambda seen: seen["stations"][0]["recording"])
        self.assertEqual((seen["codes"], seen["on"], seen["sessions"]), (["A1", "A2"], True, 1))
        self.assertEqual(seen["stations"][0]["giver"], "A1")
        self.assertTrue(web.ask("swap", station="s1")["ok"])
        self.assertTrue(web.ask("stop")["ok"])
        web.until(lambda seen: not seen["stations"][0]["recording"]
                  and not seen["stations"][0]["busy"])
        until(lambda: json.loads(web.get("/api/class")[1])["sessions"][0]["closed"])
        # What was missed between the two is taken from the session's own files.
        until(lambda: json.loads(web.get("/api/class")[1])["sessions"][0]["read"])
        counted = json.loads(web.get("/api/class")[1])["sessions"][0]
        reply, text = web.get("/api/class/gradebook.csv")
        self.assertEqual(reply.headers["content-type"], "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([(row["giver"], row["receiver"]) for row in rows], [("A1", "A2")])
        manifest = read_json(f"{self.folder}/sessions/{rows[0]['session']}/manifest.json")
        self.assertEqual(counted["devices"][0]["frames"], manifest["devices"][0]["n_frames"])
        self.assertEqual(manifest["participant"], "A1")
        self.assertAlmostEqual(float(rows[0]["length_s"]),
                               manifest["end_unix_s"] - manifest["start_unix_s"], delta=2.5)

        # Another class: codes and tables stay, what was before is kept.
        self.assertTrue(web.ask("begin", title="Wednesday")["ok"])
        seen = web.until(lambda seen: seen["title"] == "Wednesday")
        self.assertEqual((seen["sessions"], seen["codes"]), (0, ["A1", "A2"]))
        kept = glob.glob(f"{self.folder}/a/class-*.json")
        self.assertEqual(len(kept), 1)
        self.assertEqual(stat.S_IMODE(os.stat(kept[0]).st_mode), 0o600)
        self.assertEqual(read_json(kept[0])["sessions"][0]["giver"], "A1")
        web.end()
        self.assertEqual(read_json(path)["title"], "Wednesday")  # written at the end too

    def test_a_broken_file_is_left_alone(self):
        path = f"{self.folder}/broken.json"
        for text, mode, says in (('{"codes":["Anna"]}', 0o600, "code 1"), ("{", 0o600, ":1"),
                                 ("{}", 0o644, "chmod 600")):
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, mode)
            result = subprocess.run([program("thenar-web"), "--port", "0", "--class", path],
                                    capture_output=True, text=True, timeout=60)
            self.assertEqual(result.returncode, 1)
            self.assertIn(path, result.stderr)
            self.assertIn(says, result.stderr)
            self.assertEqual(pathlib.Path(path).read_text(), text)

    def test_rubrics(self):
        shown = subprocess.run([program("thenar-web"), "rubric"], capture_output=True, text=True)
        path = f"{self.folder}/rubric.conf"
        with open(path, "w") as file:
            file.write(shown.stdout.replace("Massage practice", "My own"))
        web = self.web("rubric.json", "--rubric", path)
        self.assertEqual(json.loads(web.get("/api/class")[1])["rubric"]["title"], "My own")
        with open(path, "w") as file:
            file.write("title = 5;\n")
        result = subprocess.run([program("thenar-web"), "--port", "0", "--rubric", path],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("title must be", result.stderr)

    def test_nonsense_is_refused(self):
        web = self.web("nonsense.json")
        for request in ({}, {"act": 5}, {"act": "dance"}, {"act": "swap"}, {"act": "end", "x": 1},
                        {"act": "codes", "codes": ["A1", "Anna"]}, {"act": "swap", "station": "s9"},
                        {"act": "plan", "plan": "/etc/passwd"}, {"act": "join", "station": "s9"},
                        {"act": "judge", "session": "x"}, {"act": "note", "note": "a\nb"},
                        {"act": "judge", "session": "x", "criterion": "luck", "level": 1}):
            web.n_asked += 1
            web.socket.send(json.dumps({"id": web.n_asked, "class": request}))
            answer = None
            while answer is None:
                answer = next((item["data"] for item in web.items() if item["topic"] == "reply"),
                              None)
            self.assertFalse(answer["reply"]["ok"], request)
            self.assertTrue(answer["reply"]["error"], request)
        for body in ("", "{", "[]", '{"station":"S 1"}', '{"station":5,"token":"x"}'):
            self.assertEqual(web.get("/join", "POST", body)[0].status, 400)
        reply, text = web.get("/join", "POST", '{"station":"s1"}')  # this machine needs no code
        self.assertEqual((reply.status, json.loads(text)["station"]), (200, "s1"))
        self.assertFalse(os.path.exists(f"{self.folder}/nonsense.json"))  # nothing was worth a file

    def test_a_disk_that_refuses_is_told(self):
        web = self.web("there/class.json")
        with open(f"{self.folder}/there", "w"):  # where the folder would be made
            pass
        self.assertTrue(web.ask("begin", title="Thursday")["ok"])
        seen = web.until(lambda seen: "fault" in seen)
        self.assertIn("cannot be written", seen["fault"])
        self.assertIn("cannot be written", web.end())


if __name__ == "__main__":
    unittest.main(verbosity=2)
