#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""thenar-web for other machines: an authority and a certificate by one command, accounts, roles."""

import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import stat
import subprocess
import tempfile
import time
import unittest

from harness import SLOW, Daemon, end_with_us, program


class WebLogin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="thenar-login-")
        cls.accounts = f"{cls.folder}/accounts.json"
        cls.run_web("certificate", "--out", cls.folder, "localhost", "127.0.0.1")
        for name, *options in (("ann", "--station", "s1"), ("bob", "--station", "s2"),
                               ("teacher", "--role", "instructor"), ("lab", "--role", "researcher")):
            cls.run_web("user", "add", name, *options, "--accounts", cls.accounts,
                        password=f"password of {name}")
        cls.daemon = Daemon("virtual:table32?script=demo&loop=1").wait_ready()
        cls.web = subprocess.Popen(
            [program("thenar-web"), "--port", "0", "--accounts", cls.accounts, "--certificate",
             f"{cls.folder}/gateway.crt", "--key", f"{cls.folder}/gateway.key",
             f"{cls.daemon.feed},{cls.daemon.control}"], stdout=subprocess.PIPE, text=True,
            preexec_fn=end_with_us)
        line = cls.web.stdout.readline()
        cls.port = int(re.search(r"https://\S+:(\d+)/", line)[1])
        cls.trust = ssl.create_default_context(cafile=f"{cls.folder}/authority.crt")

    @classmethod
    def tearDownClass(cls):
        cls.web.terminate()
        code = cls.web.wait(30)
        cls.web.stdout.close()
        cls.daemon.close()
        shutil.rmtree(cls.folder)
        assert code == 0

    @classmethod
    def run_web(cls, *arguments, password=None):
        result = subprocess.run([program("thenar-web"), *arguments], text=True,
                                input=f"{password}\n" if password else "", capture_output=True)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def ask(self, method, path, body=None, cookie=None):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust,
                                                 timeout=60)
        headers = {"Cookie": cookie} if cookie else {}
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        return reply, text

    def log_in(self, name, password=None):
        form = json.dumps({"name": name, "password": password or f"password of {name}"})
        reply, text = self.ask("POST", "/login", form)
        cookie = (reply.headers["set-cookie"] or "").split(";")[0]
        return reply, json.loads(text), cookie

    def test_nothing_is_shown_before_the_login(self):
        for path in ("/", "/class", "/student.js", "/who", "/live"):
            reply, _ = self.ask("GET", path)
            self.assertEqual((reply.status, reply.headers["location"]), (303, "/login"), path)
        self.assertEqual(self.ask("GET", "/login")[0].status, 200)

    def test_each_role_gets_its_own(self):
        reply, answer, ann = self.log_in("ann")
        self.assertEqual((reply.status, answer["role"], answer["station"]), (200, "student", "s1"))
        for word in ("HttpOnly", "SameSite=Strict", "Secure"):
            self.assertIn(word, reply.headers["set-cookie"])
        self.assertEqual(self.ask("GET", "/", cookie=ann)[0].status, 200)
        self.assertEqual(self.ask("GET", "/class", cookie=ann)[0].headers["location"], "/")
        self.assertEqual(self.ask("GET", "/sessions", cookie=ann)[0].headers["location"], "/")
        _, _, teacher = self.log_in("teacher")
        self.assertEqual(self.ask("GET", "/class", cookie=teacher)[0].status, 200)
        who = json.loads(self.ask("GET", "/who", cookie=teacher)[1])
        self.assertEqual(who, {"name": "teacher", "role": "instructor", "station": ""})

    def test_the_class_is_the_instructors(self):
        for name, status in (("teacher", 200), ("ann", 403), ("lab", 403)):
            _, _, cookie = self.log_in(name)
            for path in ("/api/class", "/api/class/gradebook.csv"):
                self.assertEqual(self.ask("GET", path, cookie=cookie)[0].status, status, name)
            expected = 200 if name == "teacher" else 303
            self.assertEqual(self.ask("GET", "/grades", cookie=cookie)[0].status, expected, name)
        self.assertEqual(self.ask("GET", "/api/class")[0].status, 303)

    def test_nobody_joins_without_a_code(self):
        self.assertEqual(self.ask("GET", "/join?station=s1")[0].status, 200)
        for token in ("", "00", "0" * 64, "g" * 64, "f" * 64):
            reply, text = self.ask("POST", "/join", json.dumps({"station": "s1", "token": token}))
            self.assertEqual(reply.status, 401, token)
            self.assertIn("ask the instructor", json.loads(text)["error"])
            self.assertIsNone(reply.headers["set-cookie"])

    def test_a_logout_ends_it(self):
        _, _, cookie = self.log_in("lab")
        self.assertEqual(self.ask("GET", "/who", cookie=cookie)[0].status, 200)
        self.assertEqual(self.ask("POST", "/logout", "", cookie=cookie)[0].status, 200)
        self.assertEqual(self.ask("GET", "/who", cookie=cookie)[0].status, 303)

    def test_wrong_passwords_are_slowed_and_told_alike(self):
        for name in ("bob", "nobody"):
            said = []
            # A slow machine may take longer for a guess than the first pause lasts.
            while len(said) < 9 and (not said or said[-1][0] == 401):
                reply, answer, _ = self.log_in(name, "a wrong password")
                said.append((reply.status, answer["error"]))
            self.assertEqual(said[:5], [(401, "name or password is wrong")] * 5)
            self.assertEqual(said[-1][0], 403)
            self.assertRegex(said[-1][1], r"try again in \d+ seconds")
            reply, answer, _ = self.log_in(name)  # the right one waits as well
            self.assertEqual(reply.status, 403)
        self.assertEqual(self.log_in("ann")[0].status, 200)  # the others of the class are free
        end = time.monotonic() + 60
        while self.log_in("bob")[0].status != 200:
            self.assertLess(time.monotonic(), end, "bob is locked out for good")

    def test_nonsense_is_refused(self):
        for body in ("", "x", "{}", '{"name":"ann"}', '{"name":"ann","password":5}',
                     '{"name":"../ann","password":"x"}', json.dumps({"name": "ann", "password": "x" * 300})):
            reply, text = self.ask("POST", "/login", body)
            self.assertEqual(reply.status, 400, body)
            self.assertIn("password", json.loads(text)["error"])
        for cookie in ("thenar_login=", "thenar_login=00", f"thenar_login={'0' * 64}",
                       f"thenar_login={'g' * 64}", f"thenar_login={'0' * 4000}"):
            self.assertEqual(self.ask("GET", "/who", cookie=cookie)[0].status, 303)

    def test_lines_that_are_not_encrypted_get_nothing(self):
        lines = [socket.create_connection(("127.0.0.1", self.port), timeout=60) for _ in range(30)]
        for i, line in enumerate(lines):
            # A plain request, noise, half a hello of TLS, and silence.
            line.sendall((b"GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\xff" * 3000,
                          bytes.fromhex("16030100c8010000c40303"), b"")[i % 4])
        self.assertEqual(self.log_in("teacher")[0].status, 200)  # nobody is held up
        for i, line in enumerate(lines):
            if i % 4 < 2:
                try:
                    self.assertNotIn(b"role", line.recv(4096))
                except ConnectionError:
                    pass
            line.close()
        self.assertEqual(self.log_in("teacher")[0].status, 200)

    def test_new_accounts_count_without_a_restart(self):
        self.assertEqual(self.log_in("late", "password of late")[0].status, 401)
        self.run_web("user", "add", "late", "--role", "instructor", "--accounts", self.accounts,
                     password="password of late")
        self.assertEqual(self.log_in("late")[0].status, 200)

    def test_keys_are_kept_from_others(self):
        for name in ("authority.key", "gateway.key", "accounts.json"):
            self.assertEqual(stat.S_IMODE(os.stat(f"{self.folder}/{name}").st_mode), 0o600, name)

    def test_a_second_certificate_has_the_same_authority(self):
        before = pathlib.Path(self.folder, "authority.crt").read_text()
        other = tempfile.mkdtemp(dir=self.folder)
        for name in ("authority.crt", "authority.key"):
            shutil.copy(f"{self.folder}/{name}", other)
        self.run_web("certificate", "--out", other, "thenar.local", "192.0.2.7")
        self.assertEqual(pathlib.Path(other, "authority.crt").read_text(), before)
        verified = subprocess.run(["openssl", "verify", "-CAfile", f"{other}/authority.crt",
                                   f"{other}/gateway.crt"], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        bad = subprocess.run([program("thenar-web"), "certificate", "--out", other, "a,DNS:b"],
                             capture_output=True, text=True)
        self.assertEqual(bad.returncode, 2)

    def test_the_network_needs_both(self):
        for options in ([], ["--accounts", self.accounts],
                        ["--certificate", "x", "--key", "y"]):
            result = subprocess.run([program("thenar-web"), "--address", "0.0.0.0", *options],
                                    capture_output=True, text=True, timeout=60)
            self.assertEqual(result.returncode, 2)
            self.assertIn("--accounts", result.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
