# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole chain: emulated chip -> USB/IP -> Debian's kernel in QEMU -> cdc_acm and libusb ->
thenard -> what thenar says.

Ends with 77 and a sentence, "skipped" to ctest, where QEMU, node or the kernel package is not to be
had: it was then not run, and nothing was shown."""

import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import guest_image

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
LIMIT_S = 540
N_TRIES = 2
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
N_FRAMES = int(os.environ.get("THENAR_CHAIN_FRAMES", "10000"))
WITH_AUTO = os.environ.get("THENAR_CHAIN_AUTO") == "1"


def end_with_us():
    """For a child, before its program begins: it does not outlive a test that is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start_device(board, last):
    """The process, and the port where it listens."""
    server = subprocess.Popen(["node", HERE / "usbip_server.mjs", board, str(last)],
                              stdout=subprocess.PIPE, text=True, preexec_fn=end_with_us)
    said = server.stdout.readline()
    if not said.startswith("listening at "):
        raise AssertionError("the emulated device did not start")
    return server, int(said.split()[-1])


def run_guest(kernel, image, port, second_port):
    """What the guest said: name -> text."""
    said, log = {}, []
    qemu = subprocess.Popen(
        ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "768", "-smp", "1",
         "-nographic", "-no-reboot", "-nic", "user,model=virtio-net-pci", "-kernel", str(kernel),
         "-initrd", str(image), "-append",
         f"console=ttyS0 quiet panic=-1 chain.port={port} chain.second={second_port} "
         f"chain.frames={N_FRAMES} chain.auto={int(WITH_AUTO)}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", preexec_fn=end_with_us)
    limit = threading.Timer(LIMIT_S, qemu.kill)
    limit.start()
    for line in qemu.stdout:
        log.append(line)
        if line.startswith("CHAIN "):
            _, name, text = (line.rstrip("\r\n") + " ").split(" ", 2)
            if name == "failed":
                said.setdefault("failed", []).append(text)
            else:
                said[name] = text.strip()
    limit.cancel()
    qemu.wait()
    if "end" not in said or "failed" in said:
        print("".join(log[-120:]))
        raise AssertionError(f"the guest did not come through: {said.get('failed', 'no end')}")
    return said


def device(text):
    return json.loads(text)["devices"][0]


def check_auto(said):
    """Two devices by `auto`, the second plugged in later; then both by their serial ports."""
    both = json.loads(said["both"])["devices"]
    assert [each["model"] for each in both] == ["glove16", "table32"], both
    for each in both:
        assert each["device"] == f"{each['model']}-{each['serial'][-4:].lower()}", each
        assert each["frames"] > 100 and each["bad_messages"] == 0 and each["gaps"] == 0, each
    found = json.loads(said["found"])
    assert {each["device"] for each in found["found"]} == {each["device"] for each in both}, found
    assert len(found["devices"]) == 2, found
    fallback = json.loads(said["fallback"])["devices"]
    assert {each["device"] for each in fallback} == {each["device"] for each in both}, fallback
    assert said["ttys"].split() == ["ttyACM0", "ttyACM1"], said["ttys"]


def check(said):
    usb = device(said["usb"])
    assert usb["frames"] >= N_FRAMES, usb
    for lost in "lost_device", "lost_link", "lost_host", "gaps", "bad_messages":
        assert usb[lost] == 0, (lost, usb)
    assert usb["state"] == "streaming" and usb["model"] == "glove16", usb
    assert usb["serial"] in said["list"] and "/dev/ttyACM0" in said["list"], said["list"]
    assert usb["firmware"] in said["list"], said["list"]

    away = device(said["absent"])
    assert away["state"] == "absent" and away["reason"], away
    back = device(said["returned"])
    assert back["state"] == "streaming" and back["reconnects"] == 1, back
    assert back["gaps"] == 1 and back["lost_host"] == 0 and back["bad_messages"] <= 1, back
    gaps = [json.loads(line) for line in said["gap"].splitlines()]
    assert len(gaps) == 1 and gaps[0]["side"] == "source", gaps

    serial = device(said["serial"])
    assert serial["frames"] >= 500 and serial["serial"] == usb["serial"], serial
    assert serial["gaps"] == 0 and serial["bad_messages"] == 0, serial
    busy = device(said["busy"])
    assert busy["state"] == "absent" and "thenard" in busy["reason"], busy
    rival = device(said["rival"])
    assert rival["state"] == "absent" and "busy" in rival["reason"], rival
    still = device(said["still"])
    assert still["state"] == "streaming" and still["frames"] > serial["frames"], still
    if WITH_AUTO:
        check_auto(said)
    print(f"{usb['frames']} frames by libusb, none lost; away for {gaps[0]['lost_s']} s, one gap; "
          f"{serial['frames']} frames by cdc_acm, none lost; the second "
          f"host: {busy['reason']}; "
          f"guest time {said['end']} s")


def main():
    out, programs = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    attach = pathlib.Path(sys.argv[3])
    for program in "qemu-system-x86_64", "node", "apt-get", "dpkg-deb":
        if not shutil.which(program):
            raise guest_image.Missing(program)
    root = guest_image.fetch(out / "debian")
    image = out / "guest.gz"
    guest_image.build(root, [programs / "thenard", programs / "thenar", attach],
                      HERE / "guest_init.sh", HERE.parents[1] / "packaging/udev/60-thenar.rules",
                      image)
    for n_left in reversed(range(N_TRIES)):
        try:
            return run(root, image)
        except AssertionError as error:
            load = os.getloadavg()[0]  # this test alone is a load of two
            if n_left == 0 or load < 2 * os.cpu_count():
                raise
            print(f"again, the machine being busy (load {load:.1f}): {error}")


def run(root, image):
    """One run of the whole chain."""
    began = time.monotonic()
    boards = [("glove16", 0x31), ("table32", 0x32)][:1 + WITH_AUTO]
    servers, ports = zip(*(start_device(*board) for board in boards))
    try:
        said = run_guest(next((root / "boot").glob("vmlinuz-*")), image, ports[0], ports[-1])
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
        endings = [server.communicate(timeout=60)[0] for server in servers]
    check(said)
    for server, ending in zip(servers, endings):
        assert server.returncode == 0, f"the strict USB host complains: {ending}"
    print(f"took {time.monotonic() - began:.0f} s")


try:
    main()
except guest_image.Missing as missing:
    print(f"The chain was NOT run: {missing}")
    sys.exit(SKIPPED)
