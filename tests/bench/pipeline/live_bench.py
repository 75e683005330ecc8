# SPDX-License-Identifier: GPL-3.0-or-later
"""live_bench.py - thenard and the NumPy pipeline on live devices: latency, processor time, memory

Both read the same octets from the same sender (bench_devices) over the same kind of socket, both
publish on ipc, and the same subscriber (latency.py) listens. They take turns.
"""
import contextlib
import json
import os
import signal
import subprocess
import time

import wire
from replay_bench import HERE, ONE_THREAD, PYTHON, Worker, make_recording, middle, our_command

CASES = ((32, 200), (16, 500), (64, 200))
SETTLE_S = 2.0
STATIONS = 64
STATION_SIDE, STATION_HZ = 32, 100


@contextlib.contextmanager
def running(command, quiet=False):
    """A process that ends with the block. What it prints is in process.told."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL if quiet else None, text=True,
                               env={**os.environ, **ONE_THREAD})
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.told, _ = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.told, _ = process.communicate()
            print(f"{command[0]} did not stop on SIGTERM and was killed")


def cpu_s(process_id):
    """Processor time of all threads so far, in seconds; threads that ended are left out."""
    total = 0
    for task in os.listdir(f"/proc/{process_id}/task"):
        with open(f"/proc/{process_id}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total * 1e-9


def resident_mib(process_id):
    with open(f"/proc/{process_id}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return float("nan")


def listen(process, address, seconds):
    """What the subscriber saw in that time, with the publisher's CPU a frame and memory."""
    subscriber = subprocess.Popen([PYTHON, os.path.join(HERE, "latency.py"), address,
                                   "--after", str(SETTLE_S), "--span", str(seconds)],
                                  stdout=subprocess.PIPE, text=True)
    time.sleep(SETTLE_S)
    before_s = cpu_s(process.pid)
    time.sleep(seconds)
    after_s = cpu_s(process.pid)
    memory_mib = resident_mib(process.pid)
    seen = json.loads(subscriber.communicate(timeout=60)[0])
    seen["cpu_us"] = 1e6 * (after_s - before_s) / max(seen["frames"], 1)
    seen["memory_mib"] = memory_mib
    return seen


def thenard_command(programs, folder, devices):
    command = [programs["thenard"], "--feed", f"ipc://{folder}/feed",
               "--control", f"ipc://{folder}/control"]
    for name, address in devices.items():
        command += ["--device", f"{name}=virtual:@{address}"]
    return command


def one_turn(programs, name, side, rate_hz, base, folder, seconds):
    """One of the two on one live device."""
    address = f"thenar-bench-{os.getpid()}"
    sender = [programs["bench_devices"], address, "1", base + ".wire", str(side), str(rate_hz)]
    if name == "thenar":
        receiver = thenard_command(programs, folder, {"pad": address + "-0"})
    else:
        receiver = [PYTHON, os.path.join(HERE, "peer_link.py"), "--side", str(side), "--rate",
                    str(rate_hz), "--params", base + ".json", "--feed", f"ipc://{folder}/feed",
                    address + "-0"]
    with running(sender):
        time.sleep(0.2)
        with running(receiver, quiet=True) as process:
            time.sleep(1.0)
            return listen(process, f"ipc://{folder}/feed", seconds)


def live(programs, folder, rounds, seconds):
    """Print the table of live figures."""
    print(f"\nLive, {rounds} turns of {seconds:g} s each; medians over the turns.\n")
    print("| | p50, us | p99, us | own p50, us | own p99, us | CPU a frame, us | memory, MiB | "
          "frames | missed |\n|---|---|---|---|---|---|---|---|---|")
    for side, rate_hz in CASES:
        n_frames = int(rate_hz * (seconds + SETTLE_S + 3))
        base = make_recording(side, folder, n_frames)
        designer = Worker(our_command(programs["bench_pipeline"], side, base))
        designer.ask("params", base + ".json")
        designer.close()
        turns = {"thenar": [], "numpy": []}
        for _ in range(rounds):
            for name, list_of in turns.items():
                list_of.append(one_turn(programs, name, side, rate_hz, base, folder, seconds))
        rows = {name: live_row(list_of) for name, list_of in turns.items()}
        for name, title in (("thenar", "Thenar"), ("numpy", "NumPy")):
            row = rows[name]
            print(f"| {side}x{side} @ {rate_hz} Hz, {title} | " + " | ".join(
                f"{value:,.0f}" for value in row) + " |")
        print("| Thenar / NumPy | " + " | ".join(
            f"**{ours / theirs:.2f}**" for ours, theirs in
            zip(rows["thenar"][:6], rows["numpy"][:6])) + " | | |", flush=True)


def live_row(turns):
    """Medians over the turns, in the order of the table; frames and missed are sums."""
    return [middle([turn["total_us"]["p50"] for turn in turns]),
            middle([turn["total_us"]["p99"] for turn in turns]),
            middle([turn["own_us"]["p50"] for turn in turns]),
            middle([turn["own_us"]["p99"] for turn in turns]),
            middle([turn["cpu_us"] for turn in turns]),
            middle([turn["memory_mib"] for turn in turns]),
            sum(turn["frames"] for turn in turns), sum(turn["missed"] for turn in turns)]


def stations(programs, folder, seconds):
    """Print what became of many devices on one thenard."""
    n_frames = int(STATION_HZ * (seconds + SETTLE_S + 6))
    base = make_recording(STATION_SIDE, folder, n_frames)
    address = f"thenar-bench-{os.getpid()}"
    devices = {f"pad{i}": f"{address}-{i}" for i in range(STATIONS)}
    sender = [programs["bench_devices"], address, str(STATIONS), base + ".wire",
              str(STATION_SIDE), str(STATION_HZ)]
    with running(sender) as source:
        time.sleep(0.2)
        with running(thenard_command(programs, folder, devices), quiet=True) as process:
            time.sleep(2.0)
            seen = listen(process, f"ipc://{folder}/feed", seconds)
    told = json.loads(source.told)
    wanted = STATIONS * STATION_HZ * seconds
    print(f"\n{STATIONS} devices of {STATION_SIDE}x{STATION_SIDE} at {STATION_HZ} Hz on one thenard "
          f"for {seconds:g} s: {seen['topics']} devices seen, {seen['frames']:,} frames received "
          f"({100 * seen['frames'] / wanted:.2f} % of {wanted:,.0f}), {seen['missed']} missed by "
          f"sequence; {told['dropped']} dropped by the senders because thenard did not read; "
          f"{seen['cpu_us']:.0f} us of processor time a frame "
          f"({seen['cpu_us'] * seen['frames'] / seconds / 1e4:.0f} % of one core), "
          f"{seen['memory_mib']:.0f} MiB; latency p50 {seen['total_us']['p50']:,.0f} us, "
          f"p99 {seen['total_us']['p99']:,.0f} us.")
