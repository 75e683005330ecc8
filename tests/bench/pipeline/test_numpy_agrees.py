# SPDX-License-Identifier: GPL-3.0-or-later
"""Thenar's pipeline and the NumPy one give the same values for the same octets (dump.py says within
what); test_numpy_agrees.py PROGRAM."""
import sys
import tempfile

import replay_bench

SIDES = {16: 320, 32: 160}  # frames, in whole blocks of 32


def main():
    good = True
    with tempfile.TemporaryDirectory(prefix="thenar-agree-") as folder:
        for side, n_frames in SIDES.items():
            base = replay_bench.make_recording(side, folder, n_frames)
            ours = replay_bench.Worker(replay_bench.our_command(sys.argv[1], side, base))
            ours.ask("params", base + ".json")
            peers = {mode: replay_bench.Worker(replay_bench.peer_command(mode, side, base))
                     for mode in ("live", "block")}
            good = replay_bench.agree(ours, peers, side, base, n_frames) and good
            for worker in (ours, *peers.values()):
                worker.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
