# SPDX-License-Identifier: GPL-3.0-or-later
"""peer_technique.py - pace and a name for the stroke, the NumPy way

The same amount of work as Thenar's technique stage, vectorised: eleven signals averaged to about 60
a second; ten times a second of frame time, spectra of force and place over windows of 1.5, 4, 12
and 36 s (the long ones take turns) give the normalised square difference (McLeod and Wyvill, ICMC
2005), whose first good maximum is the cycle; moments, ranges and slopes over 1.5, 6 and 24 s; and
rules. The two signals of a window share each call; a sort of four rows gives all percentiles.
"""
import math

import numpy as np
from scipy import fft

STEP_S = 0.1
HISTORY_S = 40.0
HISTORY_HZ = 60.0
N_SIGNALS = 11
FORCE, X, Y, AREA, MAJOR, MINOR, MEAN, PEAK, LOBES, DISTANCE, TOUCHED = range(N_SIGNALS)
N_FFT = 512
LOOKS = ((1.5, 2.0, 12.6, 1), (4.0, 0.75, 12.6, 1), (12.0, 0.25, 3.2, 3), (36.0, 0.08, 1.1, 9))
SPANS = ((1.5, 1), (6.0, 2), (24.0, 5))
KEY = 0.88
LEAST_STRENGTH = 0.62


class Look:
    """One window of the search for a cycle, with all that can be computed before."""

    def __init__(self, seconds, least_hz, most_hz, every, history_hz):
        self.every = every
        self.stride = math.ceil(seconds * history_hz / 256)
        self.rate_hz = history_hz / self.stride
        self.n = n = int(seconds * self.rate_hz)
        self.first = max(2, int(self.rate_hz / most_hz))
        self.last = int(min(self.rate_hz / least_hz, n / 2.85))
        self.line = np.arange(n, dtype=np.float32) - np.float32((n - 1) / 2)
        self.line_unit = self.line / np.float32((self.line**2).sum())
        lags = np.arange(self.first - 1, self.last + 2)
        self.tails, self.heads = n - 1 - lags, lags - 1
        self.lags = slice(self.first - 1, self.last + 2)

    def find(self, signals):
        """[2, n] values, changed; cycles a second (0: none) and strength of each row."""
        signals -= signals.mean(axis=1, keepdims=True)
        signals -= (signals @ self.line_unit)[:, None] * self.line
        spectrum = fft.rfft(signals, N_FFT)
        power = spectrum.real**2 + spectrum.imag**2
        alike = fft.irfft(power)[:, self.lags]
        energy = np.cumsum(signals * signals, axis=1)
        both = energy[:, self.tails] + energy[:, -1:] - energy[:, self.heads]
        score = 2 * alike / (both + 1e-12)
        inner = score[:, 1:-1]
        peak = (inner > score[:, :-2]) & (inner >= score[:, 2:])
        height = np.where(peak, inner, 0.0)
        best = height.max(axis=1, keepdims=True)
        first = (height >= KEY * best).argmax(axis=1)
        found = []
        for row, at in enumerate(first.tolist()):
            left, middle, right = score[row, at:at + 3].tolist()
            if not peak[row, at] or middle < LEAST_STRENGTH:
                found.append((0.0, 0.0))
                continue
            bend = left - 2 * middle + right
            lag = self.first + at + (0.5 * (left - right) / bend if bend < 0 else 0.0)
            found.append((self.rate_hz / lag, middle))
        return found


class TechniquePeer:
    def __init__(self, rate_hz, gate_kpa):
        self.gate_kpa = gate_kpa
        self.group = max(1, int(rate_hz / HISTORY_HZ))
        self.history_hz = rate_hz / self.group
        self.n = n = int(HISTORY_S * self.history_hz)
        self.twice = np.zeros((N_SIGNALS, 2 * n), np.float32)
        self.at = self.n_seen = self.step = 0
        self.waiting = []
        self.next_s = 0.0
        self.looks = [Look(*look, self.history_hz) for look in LOOKS]
        self.found = [[(0.0, 0.0), (0.0, 0.0)] for _ in self.looks]
        self.spans = [{} for _ in SPANS]
        self.was_up, self.cycle_start_s, self.intervals = False, math.nan, []
        self.force_mean, self.share = 0.0, 1.0 / rate_hz
        self.state = ("unknown", 0.0, None, None, None, None)

    def execute(self, device_s, hands):
        """hands: the eleven signals of this frame."""
        self.waiting.append(hands)
        if len(self.waiting) == self.group:
            values = np.array(self.waiting, np.float32).mean(axis=0)
            self.waiting.clear()
            self.twice[:, self.at] = values
            self.twice[:, self.at + self.n] = values
            self.at = self.at + 1 if self.at + 1 < self.n else 0
            self.n_seen = min(self.n_seen + 1, self.n)
        self.segment(device_s, hands[FORCE])
        if device_s >= self.next_s:
            self.next_s = device_s + STEP_S - 1e-9
            self.evaluate()
        return self.state

    def segment(self, device_s, force_n):
        """A cycle is from one rise of the force through its mean to the next."""
        self.force_mean += (force_n - self.force_mean) * self.share
        up = force_n > self.force_mean
        if up and not self.was_up:
            if not math.isnan(self.cycle_start_s):
                self.intervals.append(device_s - self.cycle_start_s)
                del self.intervals[:-8]
            self.cycle_start_s = device_s
        self.was_up = up

    def newest(self, first_signal, last_signal, n, stride):
        """[signals, n] newest values, averaged in groups of `stride`."""
        end = self.at + self.n
        block = self.twice[first_signal:last_signal, end - n * stride:end]
        if stride == 1:
            return block.copy()
        return block.reshape(last_signal - first_signal, n, stride).mean(axis=2)

    def evaluate(self):
        for i, look in enumerate(self.looks):
            if (self.step + i) % look.every == 0 and self.n_seen >= look.n * look.stride:
                signals = self.newest(FORCE, Y + 1, look.n, look.stride)
                signals[1] = along(signals[1], signals[2])[0]
                self.found[i] = look.find(signals[:2])
        for i, (seconds, every) in enumerate(SPANS):
            n_all = int(seconds * self.history_hz)
            if (self.step + i) % every == 0 and self.n_seen >= n_all:
                stride = math.ceil(n_all / 160)
                self.spans[i] = self.describe(n_all // stride, stride)
        self.step += 1
        if self.spans[0] and self.spans[1]:
            self.state = self.decide()

    def describe(self, n, stride):
        """What a window looks like."""
        rate_hz = self.history_hz / stride
        window = self.newest(0, N_SIGNALS, n, stride)
        mean = window.mean(axis=1)
        away = window - mean[:, None]
        deviation = np.sqrt(np.einsum("ij,ij->i", away, away) / n)
        line = np.arange(n, dtype=np.float32) - np.float32((n - 1) / 2)
        slope = away @ (line / np.float32((line**2).sum() / rate_hz))
        main, across = along(window[X], window[Y])
        ordered = np.sort(np.stack((window[FORCE], window[MAJOR], main, across)), axis=1)
        low, high = ordered[:, int(0.05 * n)], ordered[:, int(0.95 * n)]
        ripple = away[FORCE] - slope[FORCE] / rate_hz * line
        step = max(1, round(0.1 * rate_hz))
        leaps = np.diff(window[X:Y + 1, ::step], axis=1)
        path_mm = float(np.sqrt(np.einsum("ij,ij->j", leaps, leaps)).sum())
        return dict(mean=mean.tolist(), deviation=deviation.tolist(), slope=slope.tolist(),
                    low=low.tolist(), high=high.tolist(), ripple=float(ripple.std()),
                    speed=path_mm * rate_hz / n, touched=float(mean[TOUCHED]))

    def decide(self):
        fast, middle = self.spans[0], self.spans[1]
        rhythms = [pair[0] for pair in self.found[1:]], [pair[1] for pair in self.found[1:]]
        choices = []
        for rows in rhythms:
            strongest = max(row[1] for row in rows)
            choices.append(next((row for row in rows if row[1] >= 0.9 * strongest), (0.0, 0.0)))
        hz, strength = max(choices, key=lambda choice: choice[1])
        force = middle["mean"][FORCE] + 1e-9
        swell = middle["deviation"][FORCE] / force
        reach_mm = middle["high"][2] - middle["low"][2]
        area = middle["mean"][AREA]
        regularity = 0.0
        if len(self.intervals) > 2:
            mean_s = sum(self.intervals) / len(self.intervals)
            spread = sum((one - mean_s) ** 2 for one in self.intervals) / len(self.intervals)
            regularity = 100 * math.sqrt(spread) / mean_s
        rhythmic = strength > 0
        pace = (60 * hz, strength, regularity) if rhythmic else (None, None, None)
        lifted = middle["low"][0] < 0.1 * middle["high"][0]
        if fast["touched"] < 0.05:
            name = "rest"
        elif lifted and rhythmic and hz > 2:
            name = "tapotement"
        elif rhythmic and hz > 8 and fast["ripple"] > 0.01 * force:
            name = "vibration"
        elif rhythmic and hz > 4:
            name = "shaking"
        elif rhythmic and hz > 1.7 and area < 40 and reach_mm < 25:
            name = "friction"
        elif rhythmic and reach_mm > 60 and swell < 0.3:
            name = "rolling"
        elif rhythmic and swell > 0.05:
            name = "petrissage"
        elif reach_mm > 60 and middle["speed"] > 20:
            name = "effleurage"
        elif self.spans[2] and abs(self.spans[2]["slope"][FORCE]) < 0.01 * force:
            name = "hold"
        else:
            name = "unknown"
        return (name, strength, *pace, fast["speed"])


def along(x, y):
    """A path along its main axis, and across."""
    x, y = x - x.mean(), y - y.mean()
    angle = 0.5 * math.atan2(2 * float(x @ y), float(x @ x) - float(y @ y))
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return cosine * x + sine * y, cosine * y - sine * x
