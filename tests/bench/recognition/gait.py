# SPDX-License-Identifier: GPL-3.0-or-later
"""Pace of real walkers, from windows of one sensor, against strides that were measured.

The recordings are PhysioNet's "gaitndd" (Hausdorff et al. 2000; Goldberger et al. 2000), read here
from their files: a force-sensing resistor under each foot, 300 samples a second in WDFB format 212
(two 12-bit samples in 3 bytes), and a table of strides.
"""
import subprocess

import numpy as np

RATE_HZ = 300
INVALID = -2048
SKIPPED_S = 20        # the table leaves out how they set off


def read_212(path):
    """Samples of one channel, as counts."""
    octets = np.fromfile(path, np.uint8)
    octets = octets[:len(octets) // 3 * 3].astype(np.int32).reshape(-1, 3)
    pairs = np.stack([octets[:, 0] | (octets[:, 1] & 0x0F) << 8,
                      octets[:, 2] | (octets[:, 1] & 0xF0) << 4], 1)
    samples = pairs.ravel()
    return np.where(samples > 2047, samples - 4096, samples)


def strides(path, column):
    """Begin and length of each stride in seconds. The table's first column is when the left foot's
    stride ended; the right foot's strikes are half a stride away, which is not told exactly."""
    table = np.loadtxt(path, ndmin=2)
    end, length = table[:, 0], table[:, column]
    if column == 2:
        end = end - table[:, 1] / 2
    return end - length, length


def truth_within(begin, length, from_s, to_s):
    """(strides a minute, steady?) of a window: how many strides passed, parts of one included, over
    the time they took. None where the table does not know at least 90 % of the window, or holds an
    impossible stride (0.4 s at least, 3 s at most), as where somebody stood still. Steady: no
    stride of it is 30 % off the walker's median, as when they turn round or stumble."""
    inside = np.clip(np.minimum(begin + length, to_s) - np.maximum(begin, from_s), 0, None)
    those = length[inside > 0]
    if inside.sum() < 0.9 * (to_s - from_s) or those.min() < 0.4 or those.max() > 3:
        return None
    steady = np.abs(those / np.median(length) - 1).max() < 0.3
    return 60 * (inside / length).sum() / inside.sum(), steady


def windows_of(folder, name, window_s):
    """[(strides a minute, steady?, force)] of both feet."""
    found = []
    for foot, column in (("let", 1), ("rit", 2)):
        counts = read_212(folder / f"{name}.{foot}")
        begin, length = strides(folder / f"{name}.ts", column)
        n = int(window_s * RATE_HZ)
        for from_s in np.arange(SKIPPED_S, len(counts) / RATE_HZ - window_s + 1e-9, window_s):
            part = counts[int(from_s * RATE_HZ):][:n]
            truth = truth_within(begin, length, from_s, from_s + window_s)
            if truth and not (part == INVALID).any():
                found.append((*truth, (part - part.min()).astype(np.float32)))
    return found


def read_paces(program, forces, window_s):
    lines = subprocess.run([program, str(RATE_HZ), str(int(window_s * RATE_HZ))],
                           input=np.concatenate(forces).tobytes(), capture_output=True,
                           check=True).stdout.decode().split("\n")
    return np.array([float(line.split()[0]) for line in lines if line])


def plain_autocorrelation(force):
    """What anyone would try first: the highest peak between 0.5 and 2.5 s."""
    x = force[::3] - force.mean()
    r = np.correlate(x, x, "full")[len(x) - 1:]
    rate_hz = RATE_HZ / 3
    first, last = int(0.5 * rate_hz), min(int(2.5 * rate_hz), len(x) - 2)
    lag = first + np.argmax(r[first:last])
    return 60 * rate_hz / lag


def print_row(what, pace, truth):
    given = ~np.isnan(pace)
    error = 100 * np.abs(pace[given] / truth[given] - 1)
    print(f"{what:44} {len(truth):6} {100 * given.mean():7.1f}% {np.median(error):7.2f}% "
          f"{np.percentile(error, 95):7.2f}% {100 * (error <= 5).mean():10.1f}% "
          f"{100 * (error <= 5).sum() / len(truth):7.1f}%")


def report(program, folder, window_s):
    """Print how far the pace is from the strides."""
    names = [path.stem for path in sorted(folder.glob("*.ts"))]
    windows = [window for name in names for window in windows_of(folder, name, window_s)]
    truth = np.array([cpm for cpm, _, _ in windows])
    steady = np.array([is_steady for _, is_steady, _ in windows])
    forces = [force for _, _, force in windows]
    pace = read_paces(program, forces, window_s)
    plain = np.array([plain_autocorrelation(force) for force in forces])
    enough = truth * window_s / 60 >= 3
    print(f"{len(names)} walkers, windows of {window_s:g} s, each foot by itself")
    print(f"{'':44} {'n':>6} {'given':>8} {'median':>8} {'p95':>8} {'within 5 %':>11} {'of all':>8}")
    print_row("steady", pace[steady], truth[steady])
    print_row("steady, three strides and more", pace[steady & enough], truth[steady & enough])
    print_row("all, turns and stumbles too", pace, truth)
    print_row("steady, plain autocorrelation", plain[steady], truth[steady])
    print_row("all, plain autocorrelation", plain, truth)
