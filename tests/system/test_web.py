#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""thenar-web against the real daemon: what it serves, what it refuses, and whom it lets wait."""

import http.client
import json
import math
import re
import socket
import struct
import subprocess
import threading
import time
import unittest

from harness import SLOW, Daemon, again_if_busy, end_with_us, program, stopwatch
from websocket import BINARY, TEXT, Refused, WebSocket


class Web:
    def __init__(self, daemon):
        self.process = subprocess.Popen(
            [program("thenar-web"), "--port", "0", "--feed", daemon.feed, "--control",
             daemon.control], stdout=subprocess.PIPE, text=True, preexec_fn=end_with_us)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def get(self, path, host=None, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.port}")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply, body

    def open(self, show=None, **options):
        socket = WebSocket(self.port, **options)
        if show is not None:
            socket.send(json.dumps({"show": show}))
        return socket

    def memory_bytes(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096

    def close(self):
        self.process.terminate()
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


def texts_until(socket, wanted, limit_s=30):
    """Items of text messages until one is wanted; maps are passed over."""
    end = time.monotonic() + limit_s * SLOW
    while time.monotonic() < end:
        opcode, payload = socket.receive()
        for item in json.loads(payload) if opcode == TEXT else []:
            if wanted(item):
                return item
    raise AssertionError("it did not come")


def ask(socket, number, request):
    socket.send(json.dumps({"id": number, **request}))
    item = texts_until(socket, lambda i: i["topic"] == "reply" and i["data"]["id"] == number)
    return item["data"]["reply"]


def maps_of(payload):
    """By the table of map_code.h."""
    at = 0
    while at < len(payload):
        layout, flags, number, n_rows, n_cols, step, seq, _, _, t = struct.unpack_from(
            "<BBHHHfIffd", payload, at)
        assert layout == 1
        codes = struct.unpack_from(f"<{n_rows * n_cols}H", payload, at + 32)
        yield {"number": number, "flags": flags, "frame_seq": seq, "t_device": t, "step": step,
               "n_rows": n_rows, "n_cols": n_cols, "codes": codes}
        at += 32 + 2 * n_rows * n_cols


class WebTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon("virtual:table32?script=demo&loop=1").wait_ready().wait_streaming()
        cls.web = Web(cls.daemon)

    @classmethod
    def tearDownClass(cls):
        code = cls.web.close()
        cls.daemon.close()
        assert code == 0, f"thenar-web ended with {code}"

    def test_a_page_comes_with_its_safeguards(self):
        reply, body = self.web.get("/")
        self.assertEqual(reply.status, 200)
        self.assertEqual(body[:2], b"\x1f\x8b")
        policy = reply.headers["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(reply.headers["x-content-type-options"], "nosniff")
        again, body = self.web.get("/", If_None_Match=reply.headers["etag"])
        self.assertEqual((again.status, body), (304, b""))

    def test_what_is_not_here_is_refused_in_words(self):
        for path, method, host, status in (
                ("/nothing", "GET", None, 404), ("/../../etc/passwd", "GET", None, 404),
                ("/", "POST", None, 405), ("/", "GET", "evil.example", 403)):
            reply, body = self.web.get(path, host=host, method=method, Content_Length="0")
            self.assertEqual(reply.status, status, path)
            if reply.headers["content-type"].startswith("text/plain"):
                self.assertRegex(body.decode(), r"^[A-Z].*\.\n$")

    def test_no_page_asks_another_address(self):
        import gzip
        for path in ("/", "/student.js", "/student.css", "/style.css", "/live.js", "/favicon.ico"):
            text = gzip.decompress(self.web.get(path)[1]).decode()
            foreign = [url for url in re.findall(r"https?://[^\s\"'`)]+", text)
                       if "www.w3.org" not in url]
            self.assertEqual(foreign, [], path)

    def test_machines_can_ask_for_its_health(self):
        WebTest.settle(self)
        self.assertEqual(self.web.get("/healthz")[0].status, 200)
        page = self.web.get("/metrics")[1].decode()
        for line in page.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[^}]*\})? [-+.e0-9]+)$")
        self.assertRegex(page, r'thenar_device_frames_total\{station="s1",device="table32"\} \d+')

    def settle(self):
        socket = self.web.open({"state_hz": 10})
        texts_until(socket, lambda item: item["topic"].startswith("status."))
        socket.close()

    def test_metrics_are_the_feeds_own(self):
        witness = self.daemon.subscribe("metrics.")
        witness.next()
        socket = self.web.open({"state_hz": 50})
        seen = [texts_until(socket, lambda i: i["topic"] == "metrics.s1.table32")["data"]
                for _ in range(40)]
        said = {m["seq"]: m.payload for m in witness.collect(0.5)}
        both = [data for data in seen if data["seq"] in said]
        self.assertGreater(len(both), 10)
        for data in both:
            self.assertEqual(data, said[data["seq"]])
        socket.close()

    def test_maps_are_the_feeds_matrices(self):
        witness = self.daemon.subscribe("frame.")
        witness.next()
        socket = self.web.open({"maps_hz": 30})
        maps = []
        while len(maps) < 20:
            opcode, payload = socket.receive()
            if opcode == BINARY:
                maps += list(maps_of(payload))
        said = {m["frame_seq"]: m for m in witness.collect(0.5)}
        both = [m for m in maps if m["frame_seq"] in said]
        self.assertGreater(len(both), 5)
        for shown in both:
            message = said[shown["frame_seq"]]
            self.assertEqual((shown["n_rows"], shown["n_cols"]), (32, 32))
            for code, value in zip(shown["codes"], message.matrix()):
                if math.isnan(value):
                    self.assertEqual(code, 65535)
                else:
                    self.assertLessEqual(abs(code * shown["step"] - max(value, 0)),
                                         shown["step"] * 0.51)
        socket.close()

    def test_commands_go_to_the_daemon(self):
        socket = self.web.open({"state_hz": 10})
        texts_until(socket, lambda item: item["topic"] == "metrics.s1.table32")
        reply = ask(socket, 5, {"station": "s1", "control": {"command": "status"}})
        self.assertTrue(reply["ok"])
        self.assertEqual(reply["station"], "s1")
        reply = ask(socket, 6, {"station": "s9", "control": {"command": "status"}})
        self.assertIn("s9", reply["error"])
        reply = ask(socket, 7, {"station": "s1", "control": {"command": "shutdown"}})
        self.assertFalse(reply["ok"])
        self.assertTrue(self.daemon.ask("status")["ok"])
        socket.close()

    def test_nonsense_gets_a_sentence(self):
        socket = self.web.open({"state_hz": 1})
        for text, word in (("hello", "JSON"), ("{}", "show"), ('{"show":{"maps_hz":-1}}', "maps_hz")):
            socket.send(text)
            item = texts_until(socket, lambda i: i["topic"] == "reply")
            self.assertIn(word, item["data"]["reply"]["error"])
        socket.close()

    def test_hostile_clients_get_nothing_and_break_nothing(self):
        with self.assertRaises(Refused):
            self.web.open(origin="http://evil.example")
        with self.assertRaises(Refused):
            self.web.open(host="evil.example")
        socket = self.web.open(origin=f"http://127.0.0.1:{self.web.port}")  # our own page may
        socket.send("x" * 100000)
        with self.assertRaises((EOFError, ConnectionError)):
            for _ in range(1000):
                socket.receive()
        socket = self.web.open()
        socket.send(b"\x00" * 100, BINARY)
        with self.assertRaises((EOFError, ConnectionError)):
            for _ in range(1000):
                socket.receive()
        raw = self.web.open()
        raw.socket.sendall(b"\xff" * 5000)  # not even frames
        raw.close()
        self.assertEqual(self.web.get("/healthz")[0].status, 200)

    def pictures(self, socket, seconds):
        """How many maps a second come."""
        n, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            opcode, payload = socket.receive()
            n += sum(1 for _ in maps_of(payload)) if opcode == BINARY else 0
        return n / seconds

    @again_if_busy
    def test_a_flood_is_for_whoever_sends_it(self):
        quick, flood = self.web.open({"maps_hz": 30}), self.web.open()
        stop = threading.Event()

        def pour():
            try:
                while not stop.is_set():
                    flood.send(json.dumps({"show": {"maps_hz": 60, "state_hz": 60}}))
                    flood.send("nonsense")
            except OSError:
                pass  # cut off, or nobody reads any more: as it should be

        flood.socket.settimeout(0.5)
        before_hz = self.pictures(quick, 2)
        pouring = threading.Thread(target=pour)
        pouring.start()
        rate_hz = self.pictures(quick, 3)
        stop.set()
        flood.close()
        pouring.join()
        quick.close()
        self.assertGreater(rate_hz, 0.5 / SLOW * before_hz)

    @again_if_busy
    def test_requests_that_never_end_hold_nobody_up(self):
        quick, half = self.web.open({"maps_hz": 30}), []
        before_hz = self.pictures(quick, 2)
        for _ in range(300):
            lazy = socket.create_connection(("127.0.0.1", self.web.port), timeout=30)
            lazy.sendall(b"GET / HTTP/1.1\r\nHost: 127")
            half.append(lazy)
        with stopwatch() as took:
            self.assertEqual(self.web.get("/")[0].status, 200)
        self.assertLess(took[0], 2 * SLOW)
        self.assertGreater(self.pictures(quick, 2), 0.5 / SLOW * before_hz)
        for lazy in half:
            lazy.close()
        quick.close()

    def test_there_is_an_end_to_viewers_and_it_is_said(self):
        viewers, let_in = [self.web.open({"state_hz": 1}) for _ in range(260)], []
        for viewer in viewers:
            try:
                viewer.receive()
                let_in.append(viewer)
            except (EOFError, ConnectionError):
                self.assertEqual(viewer.close_code, 1013)  # RFC 6455's registry: try again later
        for viewer in viewers:
            viewer.close()
        self.assertTrue(240 <= len(let_in) <= 256, len(let_in))
        end = time.monotonic() + 30 * SLOW
        while time.monotonic() < end:
            again = self.web.open({"state_hz": 5})
            try:
                again.receive()
                return
            except (EOFError, ConnectionError):
                time.sleep(0.1)
            finally:
                again.close()
        self.fail("nobody is let in after they have gone")

    @again_if_busy
    def test_a_slow_phone_harms_nobody(self):
        slow = [self.web.open({"state_hz": 100, "maps_hz": 100, "events": True},
                              receive_bytes=4096) for _ in range(5)]
        quick = self.web.open({"maps_hz": 30})
        before = self.web.memory_bytes()
        seen, end = [], time.monotonic() + 5
        while time.monotonic() < end:
            opcode, payload = quick.receive()
            if opcode == BINARY:
                seen += [(time.time(), m["t_device"]) for m in maps_of(payload)]
        self.assertGreater(len(seen), 5 * 30 * 0.6 / SLOW)
        ages = sorted(now - t for now, t in seen)
        self.assertLess(ages[len(ages) // 2], 0.3 * SLOW)
        # Sanitizers keep what was freed for a while.
        self.assertLess(self.web.memory_bytes() - before, 4e6 if SLOW == 1 else 64e6)
        # The slow ones, when they read again, get now and not five seconds ago.
        newest = None
        slow[0].socket.settimeout(5)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            opcode, payload = slow[0].receive()
            if opcode == BINARY:
                newest = time.time() - list(maps_of(payload))[-1]["t_device"]
        self.assertLess(newest, 1.0 * SLOW)
        for socket in slow + [quick]:
            socket.close()

    def test_two_gateways_do_not_share_a_port(self):
        second = subprocess.run(
            [program("thenar-web"), "--port", str(self.web.port), "--feed", self.daemon.feed,
             "--control", self.daemon.control], capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertRegex(second.stderr, r"^thenar-web: cannot listen on 127.0.0.1 port \d+: .*in use")

    def test_an_open_address_is_refused(self):
        result = subprocess.run([program("thenar-web"), "--address", "0.0.0.0"],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("loopback", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
