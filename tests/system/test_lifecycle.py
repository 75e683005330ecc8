# SPDX-License-Identifier: GPL-3.0-or-later
"""thenard starts, says so, serves, and ends cleanly."""

import signal
import socket
import subprocess
import time

from harness import SLOW, WAIT_S, SystemTest, again_if_busy, main, program, wait_until

TABLE = "virtual:table32?script=demo"


class Lifecycle(SystemTest):
    @again_if_busy
    def test_stops_cleanly_on_sigterm_and_sigint(self):
        for sig in signal.SIGTERM, signal.SIGINT:
            daemon = self.daemon(TABLE).wait_streaming()
            began = time.monotonic()
            self.assertEqual(daemon.stop(sig), 0, daemon.log())
            self.assertLess(time.monotonic() - began, 1.5 * SLOW)

    def test_leaves_no_virtual_device_behind(self):
        daemon = self.daemon(TABLE).wait_streaming()
        children = subprocess.run(["pgrep", "-P", str(daemon.process.pid)], capture_output=True,
                                  text=True).stdout.split()
        self.assertEqual(len(children), 1)
        daemon.process.kill()  # not even when it is killed
        daemon.process.wait()

        def has_ended():
            state = subprocess.run(["ps", "-o", "stat=", "-p", children[0]], capture_output=True,
                                   text=True).stdout.strip()
            return not state or state.startswith("Z")

        wait_until(has_ended, sentence="the virtual device outlives its daemon")

    def test_tells_systemd_when_it_is_ready(self):
        path = self.folder() / "notify"
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(str(path))
        notify.settimeout(WAIT_S * SLOW)
        daemon = self.daemon(TABLE, env={"NOTIFY_SOCKET": str(path), "INVOCATION_ID": "test"})
        said = notify.recv(4096).decode()
        while "READY=1" not in said:
            said += notify.recv(4096).decode()
        self.assertTrue(daemon.ask("status")["ok"])
        self.assertEqual(daemon.stop(), 0)
        said = notify.recv(4096).decode()
        while "STOPPING=1" not in said:
            said += notify.recv(4096).decode()
        for line in daemon.log().split("\n"):
            if line:
                self.assertRegex(line, r"^<[3-7]>", "a line for the journal has its priority")

    def test_shutdown_over_control(self):
        daemon = self.daemon(TABLE).wait_streaming()
        self.assertTrue(daemon.ask("shutdown")["ok"])
        self.assertEqual(daemon.process.wait(WAIT_S * SLOW), 0)

    def test_a_device_that_is_not_there_is_waited_for(self):
        path = self.folder() / "device"
        daemon = self.daemon(f"pad=virtual:{path}")
        status = daemon.subscribe("status.")
        absent = status.until(lambda m: m["state"] != "connecting")[-1]
        self.assertEqual(absent["state"], "absent")
        self.assertIn(str(path), absent["reason"])
        self.virtual(path, "table32", "--script", "demo")
        status.until(lambda m: m["state"] == "streaming")

    def test_auto_waits_beside_other_devices(self):
        """Nothing of ours is plugged in where tests run; what it does then is tests/umockdev's."""
        daemon = self.daemon("auto").wait_ready()
        self.assertEqual(daemon.ask("devices")["devices"], [])
        refused = daemon.ask("tare")
        self.assertFalse(refused["ok"])
        self.assertEqual(daemon.stop(), 0, daemon.log())
        daemon = self.daemon("auto", f"pad={TABLE}").wait_streaming("pad")
        self.assertEqual([each["device"] for each in daemon.ask("devices")["devices"]], ["pad"])
        self.assertEqual(daemon.stop(), 0, daemon.log())

    def test_one_device_takes_less_than_64_mib(self):
        daemon = self.daemon(TABLE).wait_streaming()
        time.sleep(3)
        with open(f"/proc/{daemon.process.pid}/status") as status:
            peak = next(line for line in status if line.startswith("VmHWM"))
        print(peak.strip())
        if SLOW == 1:  # sanitizers have memory of their own
            self.assertLess(int(peak.split()[1]), 64 * 1024)

    def test_version_and_help(self):
        for name in "thenard", "thenar", "thenar-virtual":
            version = self.run_program(name, "--version")
            self.assertEqual(version.returncode, 0)
            self.assertRegex(version.stdout, rf"^{name} \d+\.\d+\.\d+")
            usage = self.run_program(name, "--help")
            self.assertEqual(usage.returncode, 0)
            self.assertIn("usage:", usage.stdout.lower())


if __name__ == "__main__":
    program("thenard")
    main()
