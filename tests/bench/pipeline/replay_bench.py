# SPDX-License-Identifier: GPL-3.0-or-later
"""replay_bench.py - Thenar and the NumPy peer over the same octets from memory, taking turns

Frames a second are those of processor time (of all threads of the process): alone on the machine
that is the same as by the wall, and what else runs there disturbs it less. Stages are timed by the
wall, medians over the turns: the clock of a virtual machine can step.
"""
import json
import os
import statistics
import subprocess
import sys

import dump
import wire

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Worker:
    """A process that takes commands and answers in JSON; it sleeps while the other one runs."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env={**os.environ, **ONE_THREAD})
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} stopped: exit code {self.process.wait()}")
        return json.loads(line)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


def make_recording(side, folder, n_frames=None):
    """Write the octets and the taxels' gains; the path without its ending."""
    base = os.path.join(folder, f"pad{side}")
    case = wire.CASES[side] if n_frames is None else wire.Case(
        side, wire.CASES[side].rate_hz, n_frames)
    with open(base + ".wire", "wb") as file:
        file.write(wire.wire_octets(case))
    wire.taxel_gain(side).astype("<f4").tofile(base + ".gain")
    return base


def our_command(program, side, base):
    return [program, "--wire", base + ".wire", "--gain", base + ".gain", "--side", str(side),
            "--rate", str(wire.CASES[side].rate_hz), "--pitch", str(wire.PITCH_MM),
            "--reference", str(wire.REFERENCE_OHM), "--conductance",
            str(wire.CONDUCTANCE_100KPA_US), "--exponent", str(wire.EXPONENT),
            "--gate", str(wire.GATE_KPA)]


def peer_command(mode, side, base):
    return [PYTHON, os.path.join(HERE, "peer.py"), "--mode", mode, "--wire", base + ".wire",
            "--params", base + ".json", "--side", str(side),
            "--rate", str(wire.CASES[side].rate_hz), "--publish", f"ipc://@thenar-bench-{mode}"]


def agree(ours, peers, side, base, n_frames):
    """Compare values; prints the worst differences, and says whether all are within tolerance."""
    ours.ask("dump", base + ".ours", n_frames)
    good = True
    for name, peer in peers.items():
        peer.ask("dump", base + "." + name, n_frames)
        worst, problems = dump.compare(base + ".ours", base + "." + name, side * side,
                                       wire.GATE_KPA)
        shown = ", ".join(f"{key} {value:.2g}" for key, value in worst.items() if value)
        print(f"{side}x{side} values, Thenar against NumPy {name}: "
              f"{'agree' if not problems else 'DIFFER'}; worst: {shown}")
        for problem in problems:
            print(f"  {problem}")
        good = good and not problems
    return good


def middle(values):
    return statistics.median(values)


def spread(values, form="{:,.0f}"):
    return f"{form.format(min(values))}-{form.format(max(values))}"


def one_size(program, side, folder, rounds, seconds):
    """All figures of one size of array; None when the values differ."""
    base = make_recording(side, folder)
    ours = Worker(our_command(program, side, base))
    ours.ask("params", base + ".json")
    peers = {mode: Worker(peer_command(mode, side, base)) for mode in ("live", "block")}
    try:
        if not agree(ours, peers, side, base, 416):
            return None
        workers = {"thenar": ours, **peers}
        for worker in workers.values():
            worker.ask("run", seconds / 4)  # caches, clocks, allocators
        rates = {name: [] for name in workers}
        stages = {name: [] for name in workers}
        for _ in range(rounds):
            for name, worker in workers.items():
                ran = worker.ask("run", seconds)
                rates[name].append(ran["frames"] / ran["cpu_s"])
        for _ in range(max(3, rounds)):
            for name, worker in workers.items():
                stages[name].append(worker.ask("stages", seconds / 2))
        return {"side": side, "rates": rates, "about": peers["live"].about,
                "about_block": peers["block"].about, "ours": ours.about,
                "stages": {name: {stage: middle(one[stage] for one in many) for stage in many[0]}
                           for name, many in stages.items()}}
    finally:
        ours.close()
        for peer in peers.values():
            peer.close()


def print_rates(results):
    print("\n| frames/s of processor time, median (range) | " + " | ".join(
        f"{r['side']}x{r['side']} @ {wire.CASES[r['side']].rate_hz} Hz, {r['about']['n_taps']} taps"
        for r in results) + " |")
    print("|---|" + "---|" * len(results))
    for name, title in (("thenar", "**Thenar**, whole pipeline"), ("live", "NumPy live"),
                        ("block", "NumPy, blocks of 32")):
        print(f"| {title} | " + " | ".join(
            f"{middle(r['rates'][name]):,.0f} ({spread(r['rates'][name])})" for r in results) + " |")
    for peer, title in (("live", "**Thenar / NumPy live**"), ("block", "Thenar / NumPy block")):
        cells = []
        for r in results:
            ratios = [a / b for a, b in zip(r["rates"]["thenar"], r["rates"][peer])]
            cells.append(f"**{middle(ratios):.1f}x** ({spread(ratios, '{:.1f}')})")
        print(f"| {title} | " + " | ".join(cells) + " |")


def print_stages(results):
    for r in results:
        ours, live, block = (r["stages"][name] for name in ("thenar", "live", "block"))
        n_taxels = r["side"] ** 2
        print(f"\n| {r['side']}x{r['side']}: ns a frame | Thenar | ns a taxel | NumPy live | ratio "
              "| NumPy block | ratio |\n|---|---|---|---|---|---|---|")
        for stage, spent in ours.items():
            print(stage_row(stage, spent, n_taxels, live.get(stage), block.get(stage)))
        for title, left_out in (("all but technique", ("technique",)), ("all", ())):
            totals = [sum(spent for stage, spent in side.items() if stage not in left_out)
                      for side in (ours, live, block)]
            print(stage_row(f"**{title}**", totals[0], n_taxels, *totals[1:]))


def stage_row(title, spent, n_taxels, live, block):
    cells = [title, f"{spent:,.0f}", f"{spent / n_taxels:.2f}"]
    for theirs in (live, block):
        cells += ["", ""] if theirs is None else [f"{theirs:,.0f}", f"{theirs / spent:.0f}x"]
    return "| " + " | ".join(cells) + " |"


def run(program, sides, folder, rounds, seconds):
    """Print both tables; False when the values of the two sides differ."""
    results = []
    for side in sides:
        result = one_size(program, side, folder, rounds, seconds)
        if result is None:
            return False
        results.append(result)
        sys.stdout.flush()
    about = results[0]["about"]
    print(f"\nPeer: NumPy {about['numpy']}, SciPy {about['scipy']}, pyzmq {about['pyzmq']}, "
          f"{about['blas']} on 1 thread; filter {results[0]['about']['filter']} live, "
          f"{results[0]['about_block']['filter']} in blocks. "
          f"Thenar: filter {results[0]['ours']['filter']}.")
    print_rates(results)
    print_stages(results)
    return True
