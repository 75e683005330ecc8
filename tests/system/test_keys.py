# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted feed and control, asked by a client that is not ours: pyzmq with keys of its own."""

import http.client
import json
import os
import re
import subprocess
import time

import zmq
import zmq.auth

from harness import ROOT, SLOW, WAIT_S, SystemTest, end_with_us, main, program, wait_until


class Keys(SystemTest):
    def setUp(self):
        self.root = self.folder()
        self.table, self.viewer = self.root / "table", self.root / "viewer"
        for folder in (self.table, self.viewer):
            self.keys(folder, "make")
        self.table_key, _ = zmq.auth.load_certificate(self.table / "own.key")
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, 0)

    def keys(self, folder, *arguments, code=0):
        result = self.run_program("thenar", "keys", *arguments, "--keys", str(folder))
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def start(self, *options):
        """thenard on any free ports of this machine, with keys; returns feed and control."""
        log = open(self.root / "log", "w")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(
            [program("thenard"), "--device", "virtual:glove16?script=demo&loop=1", "--keys",
             str(self.table), "--feed", "tcp://127.0.0.1:*", "--control", "tcp://127.0.0.1:*",
             *options], stderr=log, preexec_fn=end_with_us)
        self.addCleanup(self._end, self.process)
        end = time.monotonic() + WAIT_S * SLOW
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(r"feed at (\S+), control at (\S+)", self.log())
            if found:
                return found[1], found[2]
            time.sleep(0.02)
        raise AssertionError(f"thenard did not start: {self.log()}")

    def log(self):
        return (self.root / "log").read_text()

    def socket(self, kind, address, pair=None, server=None):
        socket = self.context.socket(kind)
        socket.linger = 0
        if pair:
            socket.curve_publickey, socket.curve_secretkey = pair
            socket.curve_serverkey = server or self.table_key
        if kind == zmq.SUB:
            socket.subscribe("")
        socket.connect(address)
        self.addCleanup(socket.close)
        return socket

    def ask(self, address, timeout_s, **how):
        socket = self.socket(zmq.REQ, address, **how)
        socket.send(json.dumps({"id": 1, "command": "status"}).encode())
        return json.loads(socket.recv()) if socket.poll(int(timeout_s * 1000 * SLOW)) else None

    def test_those_on_the_list_and_nobody_else(self):
        pair = zmq.curve_keypair()
        zmq.auth.create_certificates(self.root, "theirs")  # as pyzmq writes them
        theirs = zmq.auth.load_certificate(self.root / "theirs.key_secret")
        feed, control = self.start()
        self.assertIn("encrypted, for the keys in", self.log())

        stranger = self.socket(zmq.SUB, feed, pair=pair)
        plain = self.socket(zmq.SUB, feed)
        misled = self.socket(zmq.SUB, feed, pair=theirs, server=pair[0])
        self.assertIsNone(self.ask(control, 1, pair=pair))
        self.assertIsNone(self.ask(control, 1))

        self.keys(self.table, "allow", str(self.root / "theirs.key"), "--name", "laptop")
        friend = self.socket(zmq.SUB, feed, pair=theirs)
        self.assertTrue(friend.poll(int(1000 * WAIT_S * SLOW)), "a friend's feed stays silent")
        reply = self.ask(control, WAIT_S, pair=theirs)
        self.assertTrue(reply["ok"])
        self.assertGreaterEqual(reply["refused"], 2)  # the stranger at the feed and at control
        for socket in (stranger, plain, misled):
            self.assertFalse(socket.poll(0))
        self.assertIn("was refused: its key", self.log())
        self.assertNotIn(theirs[1].decode(), self.log())

        # What is taken away is gone for the next connection; who is connected stays.
        (self.table / "allowed/laptop.key").unlink()
        self.assertIsNone(self.ask(control, 1, pair=theirs))
        friend.recv_multipart()
        self.assertTrue(friend.poll(int(1000 * WAIT_S * SLOW)))

    def test_our_own_programs_find_the_key_by_the_host(self):
        feed, control = self.start()
        env = {**os.environ, "THENAR_KEYS": str(self.viewer)}
        status = ("status", "--control", control)
        result = self.run_program("thenar", *status, env=env)
        self.assertEqual(result.returncode, 3, result.stdout)  # not encrypted: nobody answers
        self.keys(self.viewer, "trust", "127.0.0.1", str(self.table / "own.key"))
        result = self.run_program("thenar", *status, env=env)
        self.assertEqual(result.returncode, 3, result.stdout)  # not on the list
        self.keys(self.table, "allow", str(self.viewer / "own.key"), "--name", "viewer")
        result = self.answer(*status, env=env)
        self.assertIn("connections refused: their keys are not allowed", result.stdout)
        tail = self.answer("tail", "--feed", feed, "--count", "3", env=env)
        self.assertEqual(len(tail.stdout.splitlines()), 3)
        example = subprocess.Popen(
            ["/usr/bin/python3", str(ROOT / "docs/examples/feed_encrypted.py"), feed,
             str(self.table / "own.key"), str(self.viewer / "own.key_secret")],
            stdout=subprocess.PIPE, text=True, preexec_fn=end_with_us,
            env={**os.environ, "PYTHONUNBUFFERED": "1"})
        self.addCleanup(example.stdout.close)
        self.addCleanup(self._end, example)
        self.assertTrue(example.stdout.readline().startswith("metrics.s1.glove16 "))
        self.gateway_hears(f"{feed},{control}", env)
        listing = self.keys(self.table, "list").stdout
        self.assertRegex(listing, r"(?s)this machine\n  own .*allowed\)\n  viewer +\S{40}\n")

    def answer(self, *arguments, env):
        """What `thenar` says, once it has an answer: it waits for two or three seconds only."""

        def ask():
            result = self.run_program("thenar", *arguments, env=env)
            return result.returncode == 0 and result

        return wait_until(ask, sentence=f"thenar {arguments[0]} has no answer")

    def gateway_hears(self, daemon, env):
        web = subprocess.Popen([program("thenar-web"), "--port", "0", daemon],
                               stdout=subprocess.PIPE, text=True, env=env, preexec_fn=end_with_us)
        self.addCleanup(web.stdout.close)
        self.addCleanup(self._end, web)
        port = int(re.search(r":(\d+)/", web.stdout.readline())[1])
        end = time.monotonic() + WAIT_S * SLOW
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/healthz")
            code = connection.getresponse().status
            connection.close()
            if code == 200:
                return
            time.sleep(0.05)
        raise AssertionError("the gateway hears nothing")

    def test_another_machine_without_a_key_is_refused_at_once(self):
        result = self.run_program("thenar", "status", "--control", "tcp://192.0.2.7:9873",
                                  env={**os.environ, "THENAR_KEYS": str(self.viewer)})
        self.assertEqual(result.returncode, 2)
        self.assertIn("192.0.2.7 is another machine, and its key is not known", result.stderr)

    def test_what_is_wrong_with_keys_is_said(self):
        secret = self.table / "own.key_secret"
        self.assertEqual(secret.stat().st_mode & 0o777, 0o600)
        self.assertIn("has a key already", self.keys(self.table, "make", code=1).stderr)
        self.assertIn("cannot be a name",
                      self.keys(self.table, "trust", "../x", str(self.viewer / "own.key"),
                                code=2).stderr)
        self.assertIn("No such file", self.keys(self.table, "allow", "nothing.key", code=1).stderr)
        given = self.keys(self.table, "allow", str(self.viewer / "own.key_secret"))
        self.assertIn("should not leave its machine", given.stderr)
        self.assertNotIn("secret-key", (self.table / "allowed/own.key").read_text())

        def refused(*options):
            result = self.run_program("thenard", "--device", "virtual:glove16", *options)
            self.assertNotEqual(result.returncode, 0)
            return result.stderr

        self.assertIn("run 'thenar keys make'", refused("--feed", "tcp://*:0"))
        self.assertIn("this machine has no key yet", refused("--keys", str(self.root / "none")))
        secret.chmod(0o644)
        self.assertIn("others may read this secret key", refused("--keys", str(self.table)))


if __name__ == "__main__":
    main()
