# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong is told in one sentence: what, where, what to do. Nothing of it is fatal later."""

import zmq

from harness import SystemTest, main


class BadOptions(SystemTest):
    def refuse(self, name, arguments, *says, code=2):
        result = self.run_program(name, *arguments, timeout_s=30)
        self.assertEqual(result.returncode, code, result.stderr)
        for text in says:
            self.assertIn(text, result.stderr)
        self.assertLessEqual(len(result.stderr.strip().split("\n")), 3, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_thenard_options(self):
        self.refuse("thenard", ["--devise", "x"], "--devise", "--device")
        self.refuse("thenard", ["--device"], "--device")
        self.refuse("thenard", ["--device", "virtuel:table32"], "virtuel", "virtual")
        self.refuse("thenard", ["--device", "virtual:table32?scirpt=demo"], "scirpt", "script")
        self.refuse("thenard", ["--device", "virtual:tabel32"], "tabel32", "table32")
        self.refuse("thenard", ["--device", "csv:/nowhere.csv?cols=6&rate=44"], "rows")
        self.refuse("thenard", ["--device", "virtual:table32", "--station", "s 1"], "s 1")
        self.refuse("thenard", ["--device", "virtual:table32", "--metrics-rate-hz", "fast"], "fast")
        self.refuse("thenard", ["--device", "virtual:table32", "--feed", "tcp://0.0.0.0:9872"],
                    "0.0.0.0", "needs keys")
        self.refuse("thenard", ["--device", "virtual:table32", "--feed", "carrier-pigeon"],
                    "carrier-pigeon")

    def test_thenard_sessions_folder_must_be_writable(self):
        self.refuse("thenard", ["--device", "virtual:table32", "--sessions", "/proc/nowhere"],
                    "/proc/nowhere", code=1)

    def test_thenar_options(self):
        self.refuse("thenar", ["wach"], "wach", "watch")
        self.refuse("thenar", ["tail", "--jason"], "--jason", "--json")
        self.refuse("thenar", ["analyze"], "FILE")
        self.refuse("thenar", ["analyze", "/nowhere.csv", "--rows", "6", "--cols", "6",
                               "--pitch-mm", "20", "--rate", "44", "--unit", "counts"],
                    "/nowhere.csv", code=1)
        self.refuse("thenar", ["analyze", "/nowhere.csv", "--rows", "six"], "six", "--rows")

    def test_thenar_without_a_daemon_says_how_to_start_one(self):
        result = self.run_program("thenar", "list", "--control", "ipc:///nowhere/control")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("ipc:///nowhere/control", result.stderr)
        self.assertIn("thenard", result.stderr)

    def test_thenar_virtual_options(self):
        self.refuse("thenar-virtual", ["tabel32"], "tabel32", "table32")
        self.refuse("thenar-virtual", ["table32", "--scirpt", "demo"], "--scirpt")
        self.refuse("thenar-virtual", ["table32", "--script", "/nowhere.script"],
                    "/nowhere.script", code=1)


class BadFiles(SystemTest):
    def refuse_config(self, text, *says):
        path = self.folder() / "thenard.conf"
        path.write_text(text)
        result = self.run_program("thenard", "--config", str(path), timeout_s=30)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(path), result.stderr)
        for part in says:
            self.assertIn(part, result.stderr)

    def test_configuration(self):
        self.refuse_config('station = "s1"\nstatoin = "s2";\n', ":2:", "statoin", "station")
        self.refuse_config('station = "s1"\nfeed = ;\n', ":2:")
        self.refuse_config('metrics_rate_hz = "fifty";\n', ":1:", "metrics_rate_hz")
        self.refuse_config('devices = ( { name = "a b"; uri = "virtual:table32"; } );\n', "a b")
        self.refuse_config('devices = ( "virtual:table32?sript=demo" );\n', "sript", "script")
        result = self.run_program("thenard", "--config", "/nowhere.conf", timeout_s=30)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("/nowhere.conf", result.stderr)

    def test_recordings(self):
        folder = self.folder()
        for text, says in (("", "empty"), ("p0,p1\n1,2\n", "p0"), ("hello\n", "taxel columns")):
            path = folder / "bad.csv"
            path.write_text(text)
            result = self.run_program("thenar", "analyze", str(path), "--rows", "2", "--cols", "2",
                                      "--pitch-mm", "10", "--rate", "50", "--unit", "kpa")
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn(str(path), result.stderr)
            self.assertIn(says, result.stderr)

    def test_script(self):
        path = self.folder() / "bad.script"
        path.write_text("rest 2\neffleurage 5 pace=12\n")
        result = self.run_program("thenar-virtual", "table32", "--script", str(path))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(f"{path}:2", result.stderr)
        self.assertIn("pace_cpm", result.stderr)


class BadRequests(SystemTest):
    def test_control_answers_whatever_it_is_sent(self):
        daemon = self.daemon("virtual:table32?script=demo").wait_ready()
        for text, says in ((b"", ""), (b"{", ""), (b"[]", ""), (b'{"id":1}', "command"),
                           (b'{"id":1,"command":"dance"}', "dance"), (b"\xff\xfe", ""),
                           (b'{"id":1,"command":"rate","device":"table32","metrics_rate_hz":-1}', "metrics_rate_hz"),
                           (b'{"id":1,"command":"tare","device":"none"}', "none"),
                           (b'{"id":1,"command":"status","colour":"red"}', "colour"),
                           (b"[" * 100000, "")):
            reply = daemon.ask_raw(text)
            self.assertIs(reply["ok"], False)
            self.assertIn(says, reply["error"])
            self.assertGreater(len(reply["error"]), 5)
        self.assertTrue(daemon.ask("status")["ok"])

    def test_dealers_are_answered_and_ids_come_back(self):
        daemon = self.daemon("virtual:table32?script=demo").wait_ready()
        dealer = daemon.context.socket(zmq.DEALER)
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.connect(daemon.control)
        for i in range(5):
            dealer.send(b'{"id":%d,"command":"status"}' % i)
        replies = []
        for _ in range(5):
            self.assertTrue(dealer.poll(30000))
            replies.append(dealer.recv_multipart()[-1])
        dealer.close()
        self.assertEqual([b'"id":%d' % i in r.replace(b" ", b"") for i, r in enumerate(replies)],
                         [True] * 5)


if __name__ == "__main__":
    main()
