#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peer.py - the NumPy side of the benchmark as a process that tests/bench/run drives

It reads commands, one a line, and answers each with one line of JSON:
    run SECONDS      whole passes over the recording until SECONDS have passed
    stages SECONDS   the same with a clock between the stages: nanoseconds a frame of each
    dump PATH N      a fresh pipeline over the first N frames (a multiple of 32), its values written
"""
import argparse
import itertools
import json
import sys
import time

import numpy as np
import scipy
import zmq

import dump
import wire
from peer_block import BlockPeer, N_BLOCK
from peer_live import LivePeer


def blas_name():
    """The library that np.dot ends in, as the dynamic loader sees it."""
    names = set()
    with open("/proc/self/maps", encoding="ascii") as maps:
        for line in maps:
            name = line.rsplit("/", 1)[-1].strip()
            if "blas" in name:
                names.add(name)
    openblas = [name for name in names if "openblas" in name]
    return "OpenBLAS" if openblas else "reference BLAS" if names else "none"


class Bench:
    def __init__(self, options):
        self.options = options
        with open(options.params, encoding="utf-8") as file:
            self.params = json.load(file)
        with open(options.wire, "rb") as file:
            self.octets = file.read()
        messages = [piece for piece in self.octets.split(b"\0") if piece]
        self.n_frames = len(messages)
        self.span_s = self.n_frames / options.rate
        self.n_passes = 0
        context = zmq.Context()
        self.socket = context.socket(zmq.PUB)
        self.socket.linger = 0
        self.socket.bind(options.publish)
        self.peer = self.make(self.socket.send_multipart)

    def make(self, send):
        kind = BlockPeer if self.options.mode == "block" else LivePeer
        return kind(self.options.side, self.options.rate, self.params["taps"],
                    self.options.gate, send)

    def inputs(self, octets):
        """Whole encodings as they come out of the octets: one, or a block of them, at a time."""
        pieces = self.encodings(octets)
        if self.options.mode == "live":
            return pieces
        return iter(lambda: list(itertools.islice(pieces, N_BLOCK)), [])

    @staticmethod
    def encodings(octets):
        position = 0
        while True:
            end = octets.find(b"\0", position)
            if end < 0:
                return
            if end > position:
                yield octets[position:end]
            position = end + 1

    def one_pass(self):
        peer, execute = self.peer, self.peer.execute
        peer.offset_s = self.n_passes * self.span_s
        whole = N_BLOCK if self.options.mode == "block" else 1
        for encoded in self.inputs(self.octets):
            if whole == 1 or len(encoded) == whole:
                execute(encoded)
        self.n_passes += 1
        return self.n_frames - self.n_frames % whole

    def run(self, seconds):
        start, cpu = time.perf_counter(), time.process_time()
        n_frames = 0
        while time.perf_counter() - start < seconds:
            n_frames += self.one_pass()
        return {"frames": n_frames, "wall_s": time.perf_counter() - start,
                "cpu_s": time.process_time() - cpu}

    def stages(self, seconds):
        clock = time.perf_counter_ns
        peer, block = self.peer, self.options.mode == "block"
        named = peer.stages()
        spent = dict.fromkeys(["decode"] + [name for name, _ in named], 0)
        empty = min(clock() - clock() for _ in range(1000))
        n_frames, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            peer.offset_s = self.n_passes * self.span_s
            inputs = self.inputs(self.octets)
            while True:
                begin = clock()
                encoded = next(inputs, None)
                if encoded is None or (block and len(encoded) < N_BLOCK):
                    break
                peer.decode(encoded)
                spent["decode"] += clock() - begin + empty
                for name, stage in named:
                    begin = clock()
                    stage()
                    spent[name] += clock() - begin + empty
                n_frames += N_BLOCK if block else 1
            self.n_passes += 1
        return {name: total / n_frames for name, total in spent.items()}

    def dump(self, path, n_frames):
        n_inputs = n_frames // N_BLOCK if self.options.mode == "block" else n_frames
        with open(path, "wb") as file:
            peer = self.make(lambda parts: len(parts) == 4 and dump.write(file, peer))
            for encoded in itertools.islice(self.inputs(self.octets), n_inputs):
                peer.execute(encoded)
        return {"frames": n_frames}

    def describe(self):
        n_taps = len(self.params["taps"])
        return {"ready": True, "blas": blas_name(), "numpy": np.__version__,
                "scipy": scipy.__version__, "pyzmq": zmq.__version__, "n_taps": n_taps,
                "filter": self.peer.apply.__name__, "frames": self.n_frames}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mode", choices=("live", "block"), default="live")
    parser.add_argument("--wire", required=True)
    parser.add_argument("--params", required=True)
    parser.add_argument("--side", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--gate", type=float, default=wire.GATE_KPA)
    parser.add_argument("--publish", default="ipc://@thenar-bench-peer")
    bench = Bench(parser.parse_args())
    print(json.dumps(bench.describe()), flush=True)
    commands = {"run": lambda seconds: bench.run(float(seconds)),
                "stages": lambda seconds: bench.stages(float(seconds)),
                "dump": lambda path, n_frames: bench.dump(path, int(n_frames))}
    for line in sys.stdin:
        name, *arguments = line.split()
        print(json.dumps(commands[name](*arguments)), flush=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
