#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sensor against a load cell: law and creep are fitted on some trials, and read on the others.

    load_cell.py --filter build/release/tests/sensor_filter DIRECTORY
    load_cell.py --filter ... --self-test      made-up trials, with known truth

A trial is two files, plain or gzipped, NAME_velostat.txt ("resistance time") and NAME_force.txt
("force time [mark]"), times in Unix seconds; force has an offset at rest. Each trial is read with
what all other trials of the directory gave, never with itself. Values go through Thenar's own
pipeline (sensor_filter), creep taken back and not.

Printed for each trial: how many readings have a load beside them (a load cell's sample within
20 ms), the residual, the hysteresis, and how far each hold wanders. Where the others do not support
a law, it says so and gives no newtons.
"""
import argparse
import glob
import gzip
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy.signal import medfilt

BESIDE_S = 0.02        # a load counts for a reading when sampled this near
LIGHT_N = 0.3          # lighter is no load
EXPLAINED_LEAST = 0.5  # part of the loads' variance that a law must explain
HOLD_LEAST_S = 5.0
HOLD_BAND = 1.6        # times its median, or a part of it: how far a hold may wander
HOLD_LOAD = 0.5        # of it: what its load may wander, where it is known
SMOOTH_S = 0.5         # of the median that holds are looked for in
SETTLE_S = 1.0         # a hold is judged from then on
REFERENCE_S, ONSET_S = 3.0, 0.5


class Trial:
    def __init__(self, name, sensor, force):
        self.name = name
        self.t, index = np.unique(sensor[:, 1], return_index=True)
        start = self.t[0]
        self.t = self.t - start
        self.g = 1e6 / np.maximum(sensor[index, 0], 1e-3)
        t, index = np.unique(force[:, 1] - start, return_index=True)
        newtons = force[index, 0]
        newtons = newtons - np.median(newtons[:20])  # it begins at rest
        self.load = np.interp(self.t, t, newtons)
        after = np.clip(np.searchsorted(t, self.t), 1, len(t) - 1)
        near = np.minimum(np.abs(t[after] - self.t), np.abs(self.t - t[after - 1]))
        self.has_load = near < BESIDE_S
        self.rate_hz = 1 / np.median(np.diff(self.t))
        free = self.has_load & (self.load < LIGHT_N)
        self.rest_g = np.median(self.g[free]) if free.any() else self.g.min()
        self.g = np.maximum(self.g - self.rest_g, 1e-3)  # the zero
        self.holds = self.find_holds()

    def for_law(self):
        """Readings with a load beside them; of a hold, those until the law's reference time."""
        use = self.has_load & (self.load > LIGHT_N)
        for first, end, _ in self.holds:
            use[first:end] &= self.t[first:end] - self.t[first] < REFERENCE_S
        return use

    def find_holds(self):
        """Stretches in which the sensor is pressed and stays within a band, and the load, too."""
        smooth = medfilt(self.g, 2 * int(0.5 * SMOOTH_S * self.rate_hz) + 1)
        pressed = smooth > 2 * self.rest_g
        edges = np.flatnonzero(np.diff(np.r_[0, pressed, 0]))
        holds = []
        for first, end in zip(edges[::2], edges[1::2]):
            middle = np.median(smooth[first:end])
            steady = np.abs(np.log(smooth[first:end] / middle)) < np.log(HOLD_BAND)
            inside = np.flatnonzero(steady)
            if not len(inside):
                continue
            first, end = first + inside[0], first + inside[-1] + 1
            if self.t[end - 1] - self.t[first] < HOLD_LEAST_S or not steady.mean() > 0.9:
                continue
            seen = np.flatnonzero(self.has_load[first:end]) + first
            seen = seen[self.t[seen] > self.t[first] + SETTLE_S]
            loads = self.load[seen]
            wanders = np.nan
            if len(loads) > 10 and np.median(loads) > LIGHT_N:
                low, high = np.percentile(loads, [5, 95])
                wanders = (high - low) / np.median(loads)
            if not wanders > HOLD_LOAD:
                holds.append((first, end, wanders))
        return holds


def read_columns(path):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    rows = []
    with opened as lines:
        for line in lines:
            words = line.split()
            try:
                rows.append((float(words[0]), float(words[1])))
            except (IndexError, ValueError):
                continue
    if len(rows) < 20:
        raise ValueError(f"{path}: fewer than 20 lines of two numbers")
    return np.array(rows)


def read_trials(directory):
    trials = []
    for path in sorted(glob.glob(os.path.join(directory, "*_velostat.txt*"))):
        partner = path.replace("_velostat.txt", "_force.txt")
        if not os.path.exists(partner):
            print(f"{path}: there is no {os.path.basename(partner)} beside it; left out")
            continue
        name = os.path.basename(path).split("_velostat")[0]
        trials.append(Trial(name, read_columns(path), read_columns(partner)))
    return trials


def fit_creep(trials):
    """Percent a decade, from the holds; None where there is none."""
    slopes = []
    for trial in trials:
        for first, end, wanders in trial.holds:
            held = trial.t[first:end] - trial.t[first]
            use = held >= ONSET_S
            log_g = np.log(trial.g[first:end][use])
            if np.isfinite(wanders):  # the load's own change is not creep
                load = np.maximum(trial.load[first:end][use], LIGHT_N)
                log_g = log_g - np.log(load / np.median(load))
            slopes.append(np.polyfit(np.log10(held[use]), log_g, 1)[0])
    return 100 * float(np.median(slopes)) if slopes else None


def fit_law(trials):
    """G100, exponent and the part of the loads' variance explained: G = G100 (F / 100 N)^n."""
    g = np.concatenate([t.g[t.for_law()] for t in trials])
    load = np.concatenate([t.load[t.for_law()] for t in trials])
    if len(g) < 50:
        return None, None, 0.0
    keep = np.ones(len(g), bool)
    for _ in range(3):
        slope, at = np.polyfit(np.log(load[keep]), np.log(g[keep]), 1)
        off = np.log(g) - at - slope * np.log(load)
        keep = np.abs(off) < 3 * np.std(off[keep])
    if slope <= 0.05:
        return None, slope, 0.0
    read = np.exp((np.log(g) - at) / slope)
    explained = 1 - np.mean((read - load) ** 2) / np.var(load)
    return float(np.exp(at + slope * np.log(100))), float(slope), float(max(explained, 0.0))


def run(program, trial, full_us, g100, exponent, creep_pct, limit_s):
    numbers = [trial.rate_hz, full_us, g100, exponent, creep_pct or 0, REFERENCE_S, ONSET_S, limit_s]
    lines = "".join(f"{t:.6f} {g:.6g}\n" for t, g in zip(trial.t, trial.g))
    done = subprocess.run([program] + [f"{x:.9g}" for x in numbers], input=lines, text=True,
                          capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    out = np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])
    return out[:, 0], out[:, 1]


def wander_pct(trial, values, first, end, has_law):
    """From a second after the hold's begin: change from the first tenth to the last, in percent.
    Where there is a law, and loads beside both, the load's own change is taken out."""
    use = np.flatnonzero(trial.t[first:end] - trial.t[first] >= SETTLE_S) + first
    tenth = max(len(use) // 10, 1)
    begin, last = use[:tenth], use[-tenth:]
    ratio = np.median(values[last]) / np.median(values[begin])
    if has_law and trial.has_load[begin].sum() > 2 and trial.has_load[last].sum() > 2:
        ratio /= (np.median(trial.load[last[trial.has_load[last]]]) /
                  np.median(trial.load[begin[trial.has_load[begin]]]))
    return 100 * (ratio - 1)


def hysteresis_pct(trial, values):
    """Falling less rising at half load, of the load there; None without both branches."""
    use = np.flatnonzero(trial.has_load & (trial.load > LIGHT_N))
    if len(use) < 20:
        return None
    half = 0.5 * np.percentile(trial.load[use], 95)
    band = use[np.abs(trial.load[use] / half - 1) < 0.3]
    slope = np.gradient(trial.load, trial.t)[band]
    fast = np.abs(slope) > 0.05 * half
    up, down = band[fast & (slope > 0)], band[fast & (slope < 0)]
    if len(up) < 10 or len(down) < 10:
        return None
    ratio = values / np.maximum(trial.load, LIGHT_N)
    return 100 * (np.median(ratio[down]) - np.median(ratio[up]))


def judge(program, trials):
    """One row a trial; returns the numbers of those that could be read."""
    full_us = 1.05 * max(t.g.max() for t in trials)
    rows = []
    print("trial                 pairs  law n  expl.  residual N (of range)  hysteresis  "
          "hold s  wanders: plain  corrected  load")
    for trial in trials:
        others = [t for t in trials if t is not trial]
        g100, exponent, explained = fit_law(others)
        creep = fit_creep(others)
        limit_s = max([t.t[e - 1] - t.t[f] for t in others for f, e, _ in t.holds], default=60.0)
        n_pairs = int((trial.has_load & (trial.load > LIGHT_N)).sum())
        text = f"{trial.name:20} {n_pairs:6}"
        if explained < EXPLAINED_LEAST:
            shape = "" if exponent is None else f" (n = {exponent:.2f})"
            print(f"{text}  no law: readings explain {100 * explained:.0f} % of the other trials' "
                  f"loads{shape}; {len(trial.holds)} holds of {HOLD_LEAST_S:g} s or more")
            exponent = g100 = None
        if g100 is None and not (trial.holds and creep is not None):
            continue
        corrected, plain = run(program, trial, full_us, g100 or full_us, exponent or 1.0, creep,
                               limit_s)
        if creep is None:
            plain = corrected
        row = {"name": trial.name, "holds": []}
        if g100 is not None:
            use = np.flatnonzero(trial.has_load & (trial.load > LIGHT_N))
            off = corrected[use] - trial.load[use]
            row["rms"] = float(np.sqrt(np.mean(off ** 2)))
            row["of_range"] = 100 * row["rms"] / float(trial.load[use].max())
            loop = hysteresis_pct(trial, corrected)
            print(f"{text}  {exponent:5.2f}  {100 * explained:3.0f} %  {row['rms']:8.2f} "
                  f"({row['of_range']:5.1f} %)      {'-' if loop is None else f'{loop:6.1f} %'}")
        for first, end, wanders in trial.holds:
            held = trial.t[end - 1] - trial.t[first]
            pair = tuple(wander_pct(trial, values, first, end, g100 is not None)
                         for values in (plain, corrected))
            load = "not measured" if np.isnan(wanders) else f"{100 * wanders:.1f} %"
            note = "" if creep is not None else "  (no other trial has a hold: not corrected)"
            print(f"{trial.name:20} {'':58} {held:6.1f} {pair[0]:10.1f} % {pair[1]:8.1f} %  "
                  f"{load}{note}")
            row["holds"].append(pair)
        rows.append(row)
    return rows


def made_up(directory):
    """Trials of a sensor that follows a law, creeps and has a loop, in the format of the files."""
    rng = np.random.default_rng(7)
    for number, hold_s in enumerate([0, 0, 20, 60]):
        rate, t = 140.0, []
        load = [np.zeros(200)]
        if hold_s:
            load += [np.linspace(0, 12, 70), np.full(int(hold_s * rate), 12.0), np.linspace(12, 0, 70)]
        else:
            for _ in range(10):
                load += [np.linspace(0, 25, 250), np.linspace(25, 0, 250), np.zeros(100)]
        load = np.concatenate(load + [np.zeros(200)])
        t = np.arange(len(load)) / rate
        lags = np.array([0.1, 0.3, 1, 3, 10, 30, 100, 300.0])
        state, crept = np.zeros(len(lags)), []
        for value in load:
            state += (1 - np.exp(-1 / rate / lags)) * ((value > 0.2) - state)
            crept.append(0.5 * state.sum())
        rising = np.gradient(load) >= 0
        g = 4000 * (load / 100) ** 0.8 * np.where(rising, 0.97, 1.03) * (1 + 0.06 * np.array(crept))
        g = 3.0 + g * np.exp(0.005 * rng.standard_normal(len(g)))
        stamp = 1.6e9 + 1000 * number
        np.savetxt(f"{directory}/made_attempt{number}_velostat.txt", np.c_[1e6 / g, stamp + t],
                   fmt="%.6f")
        np.savetxt(f"{directory}/made_attempt{number}_force.txt",
                   np.c_[load - 0.36 + 0.02 * rng.standard_normal(len(load)), stamp + t], fmt="%.6f")


def self_test(program):
    with tempfile.TemporaryDirectory() as directory:
        made_up(directory)
        rows = judge(program, read_trials(directory))
    assert len(rows) == 4, rows
    for row in rows:
        assert row["of_range"] < 10, row
        for plain, corrected in row["holds"]:
            assert abs(corrected) < 3 and abs(corrected) < 0.6 * abs(plain), row
    assert sum(len(row["holds"]) for row in rows) == 2, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--filter", required=True, help="path of sensor_filter")
    parser.add_argument("--self-test", action="store_true", help="made-up trials, known truth")
    parser.add_argument("directory", nargs="?", help="where the trials are")
    options = parser.parse_args()
    if options.self_test:
        self_test(options.filter)
        return
    if not options.directory or not os.path.isdir(options.directory):
        sys.exit("load_cell.py: name the directory of the recordings; none is part of Thenar")
    trials = read_trials(options.directory)
    if len(trials) < 2:
        sys.exit(f"load_cell.py: {options.directory} has {len(trials)} trials; two are needed, "
                 "since none is read with its own fit")
    judge(options.filter, trials)


if __name__ == "__main__":
    main()
