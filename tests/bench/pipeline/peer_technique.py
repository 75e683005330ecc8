# SPDX-License-Identifier: GPL-3.0-or-later
"""peer_technique.py - pace and a name for the stroke, the NumPy way

Each frame adds six numbers to a history that always lies in one piece (each value is written twice).
Ten times a second of frame time: one real FFT of the windowed force for pace, moments and path
lengths of the window, and rules of the same kind as Thenar's.
"""
import math

import numpy as np
from scipy import fft

WINDOW_S = 4.0
STEP_S = 0.1
PAD = 2  # the spectrum is evaluated at twice as many points
BAND_HZ = (0.1, 12.0)
N_SIGNALS = 6
FORCE, X, Y, PEAK, AREA, N_CONTACTS = range(N_SIGNALS)


class TechniquePeer:
    def __init__(self, rate_hz, gate_kpa):
        self.rate_hz, self.gate_kpa = rate_hz, gate_kpa
        self.n = n = int(WINDOW_S * rate_hz)
        self.twice = np.zeros((N_SIGNALS, 2 * n))
        self.columns = list(self.twice.T)
        self.at = 0
        self.n_seen = 0
        self.next_s = 0.0
        self.window = np.hanning(n).astype(np.float32)
        self.n_fft = fft.next_fast_len(PAD * n, real=True)
        self.step_hz = rate_hz / self.n_fft
        self.first = max(1, int(math.ceil(BAND_HZ[0] / self.step_hz)))
        self.last = int(BAND_HZ[1] / self.step_hz)
        self.was_up, self.stroke_start_s, self.intervals = False, math.nan, []
        self.force_mean = 0.0
        self.state = ("rest", 0.0, None, None, None, None)

    def execute(self, device_s, force_n, x_mm, y_mm, peak_kpa, area_cm2, n_contacts):
        values = (force_n, x_mm, y_mm, peak_kpa, area_cm2, n_contacts)
        self.columns[self.at][:] = values
        self.columns[self.at + self.n][:] = values
        self.at = self.at + 1 if self.at + 1 < self.n else 0
        self.n_seen += 1
        self.segment(device_s, force_n)
        if device_s >= self.next_s:
            self.next_s = device_s + STEP_S - 1e-9
            if self.n_seen >= self.n // 2:
                self.evaluate()
        return self.state

    def segment(self, device_s, force_n):
        """A cycle is from one rise of the force through its mean to the next."""
        self.force_mean += (force_n - self.force_mean) / self.rate_hz
        up = force_n > self.force_mean
        if up and not self.was_up:
            if not math.isnan(self.stroke_start_s):
                self.intervals.append(device_s - self.stroke_start_s)
                del self.intervals[:-8]
            self.stroke_start_s = device_s
        self.was_up = up

    def evaluate(self):
        span = self.twice[:, self.at:self.at + self.n]
        force = span[FORCE]
        mean = float(force.mean())
        centred = (force - mean).astype(np.float32)
        power = np.abs(fft.rfft(centred * self.window, self.n_fft)[self.first - 1:self.last + 2])
        np.multiply(power, power, out=power)
        best = int(power[1:-1].argmax()) + 1
        around = power[best - 1:best + 2].astype(float)
        share = float(around.sum()) / (float(power.sum()) + 1e-12)
        left, middle, right = np.log(around + 1e-12).tolist()
        bend = left - 2 * middle + right
        offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
        hz = (self.first - 1 + best + offset) * self.step_hz

        deviation = float(centred.std())
        path_x, path_y = np.abs(np.diff(span[X:Y + 1], axis=1)).sum(axis=1).tolist()
        low_x, low_y = span[X:Y + 1].min(axis=1).tolist()
        high_x, high_y = span[X:Y + 1].max(axis=1).tolist()
        peak, area = span[PEAK].max(), span[AREA].mean()
        idle = np.count_nonzero(force == 0) / self.n
        speed = (path_x + path_y) * self.rate_hz / self.n
        self.state = self.decide(mean, deviation, share, hz, math.hypot(high_x - low_x, high_y - low_y),
                                 speed, float(peak), float(area), idle)

    def decide(self, mean, deviation, share, hz, reach_mm, speed, peak, area, idle):
        rhythmic = share > 0.3 and deviation > 0.05 * mean
        regularity = None
        if len(self.intervals) > 2:
            regularity = 100 * float(np.std(self.intervals)) / (float(np.mean(self.intervals)) + 1e-9)
        pace = (60 * hz, share, regularity or 0.0) if rhythmic else (None, None, None)
        if peak < self.gate_kpa or mean <= 0:
            name = "rest"
        elif idle > 0.2 and rhythmic:
            name = "tapotement"
        elif rhythmic and hz > 8:
            name = "vibration"
        elif rhythmic and hz > 4:
            name = "shaking"
        elif rhythmic and hz > 1.7 and area < 40:
            name = "friction"
        elif rhythmic and reach_mm > 60:
            name = "rolling"
        elif rhythmic:
            name = "petrissage"
        elif reach_mm > 60:
            name = "effleurage"
        else:
            name = "hold"
        return (name, share, *pace, speed)
