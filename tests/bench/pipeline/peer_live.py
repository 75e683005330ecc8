# SPDX-License-Identifier: GPL-3.0-or-later
"""peer_live.py - the pipeline as a careful NumPy programmer would write it, one frame at a time

Same named stages as Thenar: decode, calibrate, filter, features, contacts, technique, publish.
Everything is allocated at start, every ufunc writes into `out=`, history is a ring whose rows are
weighted by a rotated copy of the taps (one BLAS product a frame, nothing is moved).

One thing is easier than in Thenar: stock Python has no fast CRC-32C, so zlib's CRC-32 runs over the
same octets instead; its result is compared and counted like a real check, and then let pass.
"""
import math
import struct
import time
import zlib

import numpy as np
from scipy import ndimage

import wire
from peer_technique import TechniquePeer

HEAD = struct.Struct("<BIQIIHBB")
CHECK = struct.Struct("<I")
EIGHT_NEIGHBOURS = np.ones((3, 3), int)
CONTACTS_MAX = 16
SATURATED_COUNTS = wire.FULL_SCALE
CONTACT_RELEASE = 0.4  # of the gate: how far a region reaches
SPECK = 1.5  # of the gate: what a single taxel needs
GLOW, FADE_S = np.float32(0.12), np.float32(8.0)  # what stays in a taxel after a hand has left
METRICS_HZ = 50


def law_table():
    """[4096] kPa of a taxel of gain 1, by the law that wire.py states."""
    counts = np.minimum(np.arange(wire.FULL_SCALE + 1, dtype=np.float64), wire.FULL_SCALE - 1)
    conductance_us = 1e6 * counts / ((wire.FULL_SCALE - counts) * wire.REFERENCE_OHM)
    relative = conductance_us / wire.CONDUCTANCE_100KPA_US
    return (100.0 * relative ** (1.0 / wire.EXPONENT)).astype(np.float32)


def fastest(candidates, *arguments):
    """The quickest of several functions that do the same, tried on the real arrays."""
    def duration(function):
        best = math.inf
        for _ in range(20):
            start = time.perf_counter()
            function(*arguments)
            best = min(best, time.perf_counter() - start)
        return best
    return min(candidates, key=duration)


def by_blas(weights, history, out):
    np.dot(weights, history, out=out)


def by_einsum(weights, history, out):
    np.einsum("t,tn->n", weights, history, out=out)


class LivePeer:
    """A pipeline for one device. `send` takes the parts of a message, or is None."""

    def __init__(self, side, rate_hz, taps, gate_kpa, send):
        self.side, self.rate_hz, self.gate_kpa, self.send = side, rate_hz, np.float32(gate_kpa), send
        self.n_taxels = n_taxels = side * side
        self.cell_mm2 = wire.PITCH_MM**2
        x_mm, y_mm = (place.astype(np.float32) for place in wire.grid_mm(side))

        n_packed = n_taxels * 3 // 2
        self.packed = memoryview(bytearray(n_packed))
        self.low = np.ndarray(n_taxels // 2, "<u2", self.packed, 0, (3,))
        self.high = np.ndarray(n_taxels // 2, "<u2", self.packed, 1, (3,))
        self.counts = np.zeros(n_taxels, np.intp)
        self.even, self.odd = self.counts[0::2], self.counts[1::2]
        self.mask, self.shift = np.uint16(0x0FFF), np.uint16(4)

        self.table = law_table()
        self.scale = wire.taxel_gain(side) ** np.float32(-1.0 / wire.EXPONENT)
        self.zero = np.zeros(n_taxels, np.float32)

        n_taps = len(taps)
        self.filter_delay_ms = float(np.dot(np.arange(n_taps), taps) / np.sum(taps) / rate_hz * 1e3)
        self.history = np.zeros((n_taps, n_taxels), np.float32)
        self.rows = list(self.history)
        ring = np.asarray(taps, np.float32)[-np.arange(n_taps) % n_taps]
        self.weights = [np.roll(ring, row) for row in range(n_taps)]
        self.newest = -1
        self.primed = False
        self.filtered = np.zeros(n_taxels, np.float32)
        self.matrix = memoryview(self.filtered)
        self.apply = fastest((by_blas, by_einsum), self.weights[0], self.history, self.filtered)

        self.touched = np.zeros(n_taxels, bool)
        self.region = np.zeros(n_taxels, bool)
        self.region_grid = self.region.reshape(side, side)
        self.was_contact = np.zeros(n_taxels, bool)
        self.glow = np.zeros(n_taxels, np.float32)
        self.seen = np.zeros(n_taxels, np.float32)  # filtered, without what only stayed behind
        self.glow_s = 0.0
        self.release_kpa = np.float32(gate_kpa * CONTACT_RELEASE)
        self.speck_kpa = SPECK * gate_kpa
        self.weight = np.zeros(n_taxels, np.float32)
        self.sums = np.stack([np.ones(n_taxels), x_mm, y_mm]).astype(np.float32)
        self.moments = np.stack([np.ones(n_taxels), x_mm, y_mm, x_mm * x_mm, y_mm * y_mm,
                                 x_mm * y_mm], axis=1).astype(np.float32)
        self.labels = np.zeros((side, side), np.int32)
        self.labels_flat = self.labels.reshape(-1)
        self.numbers = np.arange(1, n_taxels + 1, dtype=np.int32)[:, None]

        self.contacts, self.next_id = [], 1
        self.technique_state = None
        self.last_place = 0.0, 0.0
        self.technique_on = TechniquePeer(rate_hz, gate_kpa)
        self.n_crc_differs = self.n_frames_sent = self.n_metrics_sent = 0
        self.next_metrics_s = 0.0
        self.device_s = 0.0
        self.sequence = 0
        self.offset_s = 0.0

    # ------------------------------------------------------------------ the stages

    def decode(self, encoded):
        """One COBS encoding, without delimiters, to counts."""
        message = bytearray(encoded)
        size = len(message)
        code = position = message[0]
        while position < size:
            following = message[position]
            if code == 255:  # a full block: its successor's code is no zero, it goes
                del message[position]
                size -= 1
                position += following - 1
            else:
                message[position] = 0
                position += following
            code = following
        if position != size:
            raise ValueError("not a COBS encoding")
        view = memoryview(message)
        if zlib.crc32(view[1:-4]) != CHECK.unpack_from(message, size - 4)[0]:
            self.n_crc_differs += 1
        _, self.sequence, ticks, _, _, _, _, _ = HEAD.unpack_from(message, 1)
        self.device_s = ticks / wire.TICK_HZ + self.offset_s
        self.packed[:] = view[1 + HEAD.size:-4]
        np.bitwise_and(self.low, self.mask, out=self.even)
        np.right_shift(self.high, self.shift, out=self.odd)

    def calibrate(self):
        """Counts to pressure, straight into the newest row of the filter's history."""
        self.newest = self.newest + 1 if self.newest + 1 < len(self.rows) else 0
        self.raw = raw = self.rows[self.newest]
        self.table.take(self.counts, None, raw, "clip")
        np.multiply(raw, self.scale, out=raw)
        np.subtract(raw, self.zero, out=raw)

    def filter(self):
        if not self.primed:  # history begins as if the first frame had always stood
            self.history[:] = self.raw
            self.primed = True
        self.apply(self.weights[self.newest], self.history, self.filtered)

    def features(self):
        np.greater(self.filtered, self.gate_kpa, out=self.touched)
        self.n_touched = n_touched = int(np.count_nonzero(self.touched))
        self.peak_raw_kpa = float(self.raw.max())
        if n_touched:
            np.multiply(self.filtered, self.touched, out=self.weight)
            total, total_x, total_y = np.dot(self.sums, self.weight).tolist()
            self.peak_kpa = float(self.weight.max())
            self.force_n = total * self.cell_mm2 * 1e-3
            self.mean_kpa = total / n_touched
            self.cop_x_mm, self.cop_y_mm = total_x / total, total_y / total
        else:
            self.peak_kpa = self.force_n = self.mean_kpa = 0.0
            self.cop_x_mm = self.cop_y_mm = math.nan
        self.contact_cm2 = n_touched * self.cell_mm2 * 1e-2
        self.n_saturated = 0
        if self.peak_raw_kpa > 500.0:
            self.n_saturated = int(np.count_nonzero(self.counts >= SATURATED_COUNTS))

    def leave_glow_out(self):
        """Each taxel's share of the most that it read, fading: what does not pass it is no touch."""
        step_s = np.float32(max(self.device_s - self.glow_s, 0.0))
        self.glow_s = self.device_s
        np.multiply(self.glow, FADE_S / (FADE_S + step_s), out=self.glow)
        np.greater(self.filtered, self.glow, out=self.region)
        np.multiply(self.filtered, self.region, out=self.seen)
        np.multiply(self.filtered, GLOW, out=self.weight)
        np.maximum(self.glow, self.weight, out=self.glow)

    def find_contacts(self):
        """Connected regions, strongest first, each with its sums; then followed in time.

        A region is what stands above the release level; it is a contact when its peak passes the
        gate (a single taxel: the speck level), or when it was one in the frame before."""
        self.leave_glow_out()
        np.greater(self.seen, self.release_kpa, out=self.region)
        n_labels = ndimage.label(self.region_grid, EIGHT_NEIGHBOURS, self.labels)
        found = []
        where = None
        if n_labels:
            where = self.region.nonzero()[0]
            member = self.labels_flat.take(where) == self.numbers[:n_labels]
            weight = member * self.seen.take(where)
            sums = np.dot(weight, self.moments.take(where, 0)).tolist()
            peaks = weight.max(axis=1).tolist()
            areas = member.sum(axis=1).tolist()
            found = [one for one in zip(sums, peaks, areas)
                     if one[1] > (self.gate_kpa if one[2] > 1 else self.speck_kpa)]
            if len(found) < n_labels:
                found, where = self.keep_alive(zip(sums, peaks, areas, member), where)
            found.sort(reverse=True)
            del found[CONTACTS_MAX:]
        self.was_contact.fill(False)
        if where is not None:
            self.was_contact[where] = True
        self.contacts = self.follow([self.describe(*one) for one in found])

    def keep_alive(self, regions, where):
        """The regions that are contacts, when not all are; and their taxels."""
        before = self.was_contact.take(where)
        found, kept = [], np.zeros(len(where), bool)
        for sums, peak_kpa, n_taxels, member in regions:
            needed_kpa = self.gate_kpa if n_taxels > 1 else self.speck_kpa
            if peak_kpa > needed_kpa or (member & before).any():
                found.append((sums, peak_kpa, n_taxels))
                kept |= member
        return found, where[kept]

    def describe(self, sums, peak_kpa, n_taxels):
        total, sum_x, sum_y, sum_xx, sum_yy, sum_xy = sums
        x, y = sum_x / total, sum_y / total
        own_mm2 = self.cell_mm2 / 12  # a taxel has an extent of its own
        var_x = max(sum_xx / total - x * x, 0.0) + own_mm2
        var_y = max(sum_yy / total - y * y, 0.0) + own_mm2
        cov = sum_xy / total - x * y
        middle = (var_x + var_y) / 2
        spread = math.hypot((var_x - var_y) / 2, cov)
        return {"sums": sums, "force_n": total * self.cell_mm2 * 1e-3, "peak_kpa": peak_kpa,
                "area_cm2": n_taxels * self.cell_mm2 * 1e-2, "x": x, "y": y, "vx": 0.0, "vy": 0.0,
                "major_mm": 4 * math.sqrt(middle + spread),
                "minor_mm": 4 * math.sqrt(max(middle - spread, 0.0)),
                "angle_deg": math.degrees(math.atan2(2 * cov, var_x - var_y) / 2)}

    def follow(self, found):
        """Give each contact the id of the nearest one of the frame before, within 60 mm."""
        free = list(self.contacts)
        share = min(1.0, 1 / (0.05 * self.rate_hz))
        for contact in found:
            nearest, best = None, 60.0**2
            for old in free:
                away = (old["x"] - contact["x"]) ** 2 + (old["y"] - contact["y"]) ** 2
                if away < best:
                    nearest, best = old, away
            if nearest is None:
                contact["id"], contact["born_s"] = self.next_id, self.device_s
                self.next_id += 1
                continue
            free.remove(nearest)
            contact["id"], contact["born_s"] = nearest["id"], nearest["born_s"]
            for axis, speed in (("x", "vx"), ("y", "vy")):
                now = (contact[axis] - nearest[axis]) * self.rate_hz
                contact[speed] = nearest[speed] + share * (now - nearest[speed])
        return found

    def sum_up(self):
        """What the hands do as a whole: the eleven signals of peer_technique.py."""
        contacts = self.contacts
        if not contacts:
            return (0.0, *self.last_place, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        total, sum_x, sum_y, sum_xx, sum_yy, sum_xy = map(
            sum, zip(*[contact["sums"] for contact in contacts]))
        whole = self.describe((total, sum_x, sum_y, sum_xx, sum_yy, sum_xy), 0.0, 0)
        area_cm2 = sum([contact["area_cm2"] for contact in contacts])
        force_n = whole["force_n"]
        lobes = sum([contact["force_n"] >= 0.1 * force_n for contact in contacts])
        distance_mm = 0.0
        if len(contacts) > 1:
            distance_mm = math.hypot(contacts[0]["x"] - contacts[1]["x"],
                                     contacts[0]["y"] - contacts[1]["y"])
        self.last_place = whole["x"], whole["y"]
        return (force_n, *self.last_place, area_cm2, whole["major_mm"], whole["minor_mm"],
                10 * force_n / area_cm2, max([contact["peak_kpa"] for contact in contacts]),
                lobes, distance_mm, 1.0)

    def technique(self):
        self.technique_state = self.technique_on.execute(self.device_s, self.sum_up())

    def publish(self):
        if self.send is None:
            return
        now_s = time.time()
        arrival_s = getattr(self, "arrival_s", now_s)
        text_s = b"%.6f" % now_s
        if self.device_s >= self.next_metrics_s:
            self.next_metrics_s = max(self.next_metrics_s + 1 / METRICS_HZ, self.device_s)
            self.send((b"metrics.s1.table", self.metrics_json(arrival_s, now_s), text_s))
            self.n_metrics_sent += 1
        head = (f'{{"seq":{self.n_frames_sent},{self.stamp(arrival_s, now_s)},'
                f'"n_rows":{self.side},"n_cols":{self.side},"unit":"kpa",'
                f'"pitch_x_mm":{wire.PITCH_MM:.3f},"pitch_y_mm":{wire.PITCH_MM:.3f},'
                f'"uncalibrated":false}}')
        self.send((b"frame.s1.table", head.encode(), text_s, self.matrix))
        self.n_frames_sent += 1

    def stamp(self, arrival_s, now_s):
        return (f'"t_device":{arrival_s:.6f},"t_arrival":{arrival_s:.6f},"t_publish":{now_s:.6f},'
                f'"device_s":{self.device_s:.6f},"frame_seq":{self.sequence}')

    def metrics_json(self, arrival_s, now_s):
        name, confidence, pace_cpm, pace_confidence, regularity_pct, speed = self.technique_state
        text = (f'{{"seq":{self.n_metrics_sent},{self.stamp(arrival_s, now_s)},'
                f'"technique":"{name}","technique_confidence":{confidence:.3f},'
                f'"force_n":{self.force_n:.3f},"peak_kpa":{self.peak_kpa:.3f},'
                f'"peak_raw_kpa":{self.peak_raw_kpa:.3f},"mean_kpa":{self.mean_kpa:.3f},'
                f'"contact_cm2":{self.contact_cm2:.2f},"contacts":{len(self.contacts)},'
                f'"saturated_taxels":{self.n_saturated},"dead_taxels":0,'
                f'"filter_delay_ms":{self.filter_delay_ms:.3f},"uncalibrated":false')
        if self.n_touched:
            text += f',"cop_x_mm":{self.cop_x_mm:.2f},"cop_y_mm":{self.cop_y_mm:.2f}'
        if pace_cpm is not None:
            text += (f',"pace_cpm":{pace_cpm:.2f},"pace_confidence":{pace_confidence:.3f},'
                     f'"regularity_pct":{regularity_pct:.2f}')
        if speed is not None:
            text += f',"speed_mm_s":{speed:.2f}'
        return (text + "}").encode()

    # ------------------------------------------------------------------ one frame

    def execute(self, encoded):
        self.decode(encoded)
        self.calibrate()
        self.filter()
        self.features()
        self.find_contacts()
        self.technique()
        self.publish()

    def stages(self):
        """The names that the table uses, and the functions behind them."""
        return (("calibrate", self.calibrate), ("filter", self.filter),
                ("features", self.features), ("contacts", self.find_contacts),
                ("technique", self.technique), ("publish", self.publish))
