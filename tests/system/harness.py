# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the real programs and listens to them with a client that is not ours (pyzmq).

What is asserted about the feed comes from protocol/FEED.md, read as text: see feed_tables().
Nothing here knows the C code."""

import contextlib
import ctypes
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("THENAR_BIN", ROOT / "build/release/bin"))
SLOW = float(os.environ.get("THENAR_TEST_PATIENCE", "1"))  # sanitizers stretch the waits, not the facts
WAIT_S = 30.0  # for what comes within a second, unless others use the machine as well
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def end_with_us():
    """For a child, before its program begins: it does not outlive a test that is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def program(name):
    path = BIN / name
    if not path.exists():
        raise AssertionError(f"{path} is not built; THENAR_BIN names the folder of the programs")
    return str(path)


class Message:
    """One message of the feed: topic, payload, time, matrix."""

    def __init__(self, parts):
        self.parts = parts
        self.received = time.time()
        self.topic = parts[0].decode()
        self.kind, self.station, self.device = self.topic.split(".")
        self.payload = json.loads(parts[1], parse_constant=lambda text: _refuse(text))
        self.time = parts[2].decode() if len(parts) > 2 else None

    def __getitem__(self, name):
        return self.payload[name]

    def get(self, name, default=None):
        return self.payload.get(name, default)

    def matrix(self):
        n = self["n_rows"] * self["n_cols"]
        return struct.unpack(f"<{n}f", self.parts[3])


def _refuse(text):
    raise ValueError(f"{text} is not JSON")


class Subscriber:
    def __init__(self, address, *topics, high_water=0):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVHWM, high_water)
        for topic in topics or ("",):
            self.socket.subscribe(topic)
        self.socket.connect(address)

    def next(self, timeout_s=WAIT_S):
        """The next message, or None when none came in time."""
        if not self.socket.poll(int(timeout_s * 1000)):
            return None
        return Message(self.socket.recv_multipart())

    def collect(self, seconds):
        """All messages of that time."""
        messages, end = [], time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            message = self.next(left)
            if message:
                messages.append(message)
        return messages

    def until(self, wanted, timeout_s=WAIT_S):
        """Messages up to and with the first that `wanted` accepts; raises when it does not come."""
        messages, end = [], time.monotonic() + timeout_s * SLOW
        while (left := end - time.monotonic()) > 0:
            message = self.next(left)
            if message:
                messages.append(message)
                if wanted(message):
                    return messages
        kinds = sorted({m.topic for m in messages})
        raise AssertionError(f"no such message within {timeout_s} s; got {len(messages)}: {kinds}")

    def close(self):
        self.socket.close(0)
        self.context.term()


class Daemon:
    """thenard with its sockets in a private folder."""

    def __init__(self, *devices, options=(), env=None, station=None, folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="thenar-test-")
        self.feed = f"ipc://{self.folder}/feed"
        self.control = f"ipc://{self.folder}/control"
        self.log_path = f"{self.folder}/log"
        command = [program("thenard"), "--feed", self.feed, "--control", self.control]
        for device in devices:
            command += ["--device", device]
        if station:
            command += ["--station", station]
        command += list(options)
        self.subscribers = []
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, preexec_fn=end_with_us,
                                            env={**os.environ, **(env or {})})
        self.context = zmq.Context()

    def subscribe(self, *topics, **options):
        subscriber = Subscriber(self.feed, *topics, **options)
        self.subscribers.append(subscriber)
        return subscriber

    def ask(self, command, timeout_s=WAIT_S, **fields):
        return self.ask_raw(json.dumps({"id": 7, "command": command, **fields}), timeout_s)

    def ask_raw(self, text, timeout_s=WAIT_S):
        socket = self.context.socket(zmq.REQ)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect(self.control)
        try:
            socket.send(text if isinstance(text, bytes) else text.encode())
            if not socket.poll(int(timeout_s * 1000 * SLOW)):
                raise AssertionError(f"no reply to {text!r}; log: {self.log()}")
            return json.loads(socket.recv())
        finally:
            socket.close()

    def wait_ready(self):
        """Until the control socket answers."""
        self.ask("status")
        return self

    def wait_streaming(self, device=None, timeout_s=WAIT_S):
        subscriber = self.subscribe("status.")
        subscriber.until(lambda m: m["state"] == "streaming" and device in (None, m.device),
                         timeout_s)
        return self

    def device_process(self):
        """The process of its only virtual device."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True,
                                  text=True, check=True).stdout.split()
        assert len(children) == 1, children
        return int(children[0])

    def log(self):
        return pathlib.Path(self.log_path).read_text()

    def stop(self, sig=signal.SIGTERM, timeout_s=WAIT_S):
        """Ends the daemon; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        try:
            return self.process.wait(timeout_s * SLOW)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"thenard did not stop; log: {self.log()}") from None

    def close(self):
        for subscriber in self.subscribers:
            subscriber.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.context.term()
        shutil.rmtree(self.folder, ignore_errors=True)


class SystemTest(unittest.TestCase):
    """A test that may start daemons and programs; all of them end with it."""

    maxDiff = None

    def daemon(self, *devices, **options):
        daemon = Daemon(*devices, **options)
        self.addCleanup(daemon.close)
        return daemon

    def folder(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="thenar-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def virtual(self, path, model, *options):
        """A virtual device of its own, listening at `path` until the test ends."""
        process = subprocess.Popen(
            [program("thenar-virtual"), model, "--listen", str(path), *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=end_with_us)
        self.addCleanup(self._end, process)
        end = time.monotonic() + WAIT_S * SLOW
        while not pathlib.Path(path).exists():
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"thenar-virtual did not start: {process.stderr.read()}")
            time.sleep(0.01)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()

    def run_program(self, name, *arguments, timeout_s=60, **options):
        return subprocess.run([program(name), *arguments], capture_output=True, text=True,
                              timeout=timeout_s * SLOW, **options)


def wait_until(holds, timeout_s=WAIT_S, sentence="it never holds"):
    """What `holds` returns, once that is true."""
    end = time.monotonic() + timeout_s * SLOW
    while not (last := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"{sentence}, within {timeout_s} s")
        time.sleep(0.02)
    return last


def act_when_heard(device, *topics, script=None, options=()):
    """A daemon on the virtual `device`, and a feed of it from the first message on, however fast the
    device is: it begins when the feed is heard."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="thenar-test-"))
    waits = folder / "waits"
    waits.write_text(f'#!/bin/sh\nfor i in $(seq 600); do\n  [ -e "{folder}/heard" ] && '
                     f'exec "{program("thenar-virtual")}" "$@"\n  sleep 0.1\ndone\n')
    waits.chmod(0o700)
    if script is not None:
        (folder / "script").write_text(script)
        device += f"&script={folder}/script"
    daemon = Daemon(f"pad={device}&exec={waits}", options=options, folder=folder)
    feed = daemon.subscribe("status.", *topics)
    feed.until(lambda m: m.kind == "status")
    (folder / "heard").touch()
    return daemon, feed


def processor_time():
    """Since the machine began: what its processors did nothing, and all there was."""
    with open("/proc/stat") as stat:
        spans = [int(span) for span in stat.readline().split()[1:9]]
    return spans[3] + spans[4], sum(spans)


def again_if_busy(attempt, n_tries=5, rest_s=5):
    """For what only a machine with time to spare can show: losses, delays, rates. An attempt that
    fails counts when the machine was idle for half of it; else there is another, a little later."""

    @functools.wraps(attempt)
    def attempts(test, *arguments):
        n_cleanups = len(test._cleanups)
        for n_left in reversed(range(n_tries)):
            idle, whole = processor_time()
            try:
                return attempt(test, *arguments)
            except AssertionError as error:
                if "Sanitizer" in str(error):
                    raise  # no load excuses it
                idle, whole = (now - then for now, then in zip(processor_time(), (idle, whole)))
                if n_left == 0 or idle > 0.5 * whole:
                    raise
                print(f"again, the machine being busy ({100 * idle // max(whole, 1)} % idle): {error}")
            while len(test._cleanups) > n_cleanups:  # what this attempt started
                end, positional, named = test._cleanups.pop()
                end(*positional, **named)
            time.sleep(rest_s)
        return None

    return attempts


def feed_tables():
    """FEED.md as {heading: {field: row}}; a row maps the table's own column names to cells. The
    heading is its first word; a second table of fields under it has " 2" behind."""
    tables, heading, table, columns = {}, None, None, None
    for line in (ROOT / "protocol/FEED.md").read_text().split("\n"):
        title = re.match(r"#+\s+`?(\w+)`?", line)
        if title:
            heading = title[1]
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = [cell.lower() for cell in cells]
            if columns[0] == "field":
                table = tables.setdefault(f"{heading} 2" if heading in tables else heading, {})
        elif columns[0] == "field" and not set(cells[0]) <= set("-: "):
            row = dict(zip(columns, cells))
            table[row["field"].strip("`")] = row
    return tables


@contextlib.contextmanager
def stopwatch():
    took = [time.monotonic()]
    yield took
    took[0] = time.monotonic() - took[0]


def main():
    unittest.main(verbosity=2)
