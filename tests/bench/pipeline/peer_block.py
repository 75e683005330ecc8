# SPDX-License-Identifier: GPL-3.0-or-later
"""peer_block.py - the same pipeline in blocks of 32 frames: what NumPy can do when latency is free

Framing, ids of contacts and messages remain one at a time, since every frame is published; all
arithmetic runs over the whole block. The filter is one matrix product with a banded matrix of taps,
or a loop over the taps where the BLAS at hand is slower than that (the reference BLAS is).
"""
import zlib

import numpy as np
from scipy import ndimage

import wire
from peer_live import (CHECK, CONTACTS_MAX, FADE_S, GLOW, HEAD, LivePeer, SATURATED_COUNTS,
                       fastest)

N_BLOCK = 32
WITHIN_FRAMES = np.stack([np.zeros((3, 3), int), np.ones((3, 3), int), np.zeros((3, 3), int)])


class BlockPeer(LivePeer):
    def __init__(self, side, rate_hz, taps, gate_kpa, send):
        super().__init__(side, rate_hz, taps, gate_kpa, send)
        n_taxels, n_taps = self.n_taxels, len(taps)
        n_packed = n_taxels * 3 // 2
        octets = bytearray(N_BLOCK * n_packed)
        self.packed_rows = [memoryview(octets)[i * n_packed:(i + 1) * n_packed]
                            for i in range(N_BLOCK)]
        shape, strides = (N_BLOCK, n_taxels // 2), (n_packed, 3)
        self.low = np.ndarray(shape, "<u2", octets, 0, strides)
        self.high = np.ndarray(shape, "<u2", octets, 1, strides)
        self.counts = np.zeros((N_BLOCK, n_taxels), np.intp)
        self.even, self.odd = self.counts[:, 0::2], self.counts[:, 1::2]
        self.sequences, self.times_s = [0] * N_BLOCK, [0.0] * N_BLOCK

        self.n_before = n_taps - 1
        self.span = np.zeros((self.n_before + N_BLOCK, n_taxels), np.float32)
        self.raw = self.span[self.n_before:]
        self.taps = [np.float32(tap) for tap in taps]
        self.band = np.zeros((N_BLOCK, self.n_before + N_BLOCK), np.float32)
        for row in range(N_BLOCK):
            self.band[row, row:row + n_taps] = taps[::-1]
        self.filtered = np.zeros((N_BLOCK, n_taxels), np.float32)
        self.scratch = np.zeros_like(self.filtered)
        self.matrices = [memoryview(row) for row in self.filtered]
        self.apply = fastest((self.by_product, self.by_taps))

        self.touched = np.zeros((N_BLOCK, n_taxels), bool)
        self.region = np.zeros((N_BLOCK, n_taxels), bool)
        self.region_grid = self.region.reshape(N_BLOCK, side, side)
        self.weight = np.zeros((N_BLOCK, n_taxels), np.float32)
        self.seen = np.zeros((N_BLOCK, n_taxels), np.float32)
        self.most = np.zeros((N_BLOCK + 1, n_taxels), np.float32)
        self.labels = np.zeros((N_BLOCK, side, side), np.int32)
        self.labels_flat = self.labels.reshape(-1)
        self.records = []

    def by_product(self):
        np.dot(self.band, self.span, out=self.filtered)

    def by_taps(self):
        first = self.n_before
        np.multiply(self.span[first:], self.taps[0], out=self.filtered)
        for k, tap in enumerate(self.taps[1:], 1):
            np.multiply(self.span[first - k:first - k + N_BLOCK], tap, out=self.scratch)
            np.add(self.filtered, self.scratch, out=self.filtered)

    def decode(self, block):
        for i, encoded in enumerate(block):
            message = bytearray(encoded)
            size = len(message)
            code = position = message[0]
            while position < size:
                following = message[position]
                if code == 255:
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
            _, self.sequences[i], ticks, _, _, _, _, _ = HEAD.unpack_from(message, 1)
            self.times_s[i] = ticks / wire.TICK_HZ + self.offset_s
            self.packed_rows[i][:] = view[1 + HEAD.size:-4]
        np.bitwise_and(self.low, self.mask, out=self.even)
        np.right_shift(self.high, self.shift, out=self.odd)

    def calibrate(self):
        if self.primed:
            self.span[:self.n_before] = self.span[N_BLOCK:]
        self.table.take(self.counts, None, self.raw, "clip")
        np.multiply(self.raw, self.scale, out=self.raw)
        np.subtract(self.raw, self.zero, out=self.raw)

    def filter(self):
        if not self.primed:
            self.span[:self.n_before] = self.raw[0]
            self.primed = True
        self.apply()

    def features(self):
        np.greater(self.filtered, self.gate_kpa, out=self.touched)
        n_touched = np.count_nonzero(self.touched, axis=1)
        np.multiply(self.filtered, self.touched, out=self.weight)
        total, total_x, total_y = np.dot(self.sums, self.weight.T)
        some = total != 0
        divisor = np.where(some, total, np.nan)
        peak_raw = self.raw.max(axis=1)
        saturated = [0] * N_BLOCK
        if peak_raw.max() > 500.0:
            saturated = np.count_nonzero(self.counts >= SATURATED_COUNTS, axis=1).tolist()
        self.records = list(zip(
            n_touched.tolist(), peak_raw.tolist(), self.weight.max(axis=1).tolist(),
            (total * self.cell_mm2 * 1e-3).tolist(), (total / np.maximum(n_touched, 1)).tolist(),
            (total_x / divisor).tolist(), (total_y / divisor).tolist(),
            (n_touched * self.cell_mm2 * 1e-2).tolist(), saturated))

    def leave_glow_out(self):
        """As one frame at a time does: what faded by then is divided out, and the most is kept."""
        times_s = np.array(self.times_s)
        steps_s = np.maximum(np.diff(times_s, prepend=self.glow_s), 0).astype(np.float32)
        faded = np.cumprod(FADE_S / (FADE_S + steps_s))[:, None]
        self.glow_s = self.times_s[-1]
        self.most[0] = self.glow
        np.multiply(self.filtered, GLOW / faded, out=self.most[1:])
        np.maximum.accumulate(self.most, axis=0, out=self.most)
        np.multiply(self.most[:-1], faded, out=self.weight)
        np.greater(self.filtered, self.weight, out=self.region)
        np.multiply(self.filtered, self.region, out=self.seen)
        np.multiply(self.most[-1], faded[-1], out=self.glow)

    def find_contacts(self):
        self.leave_glow_out()
        np.greater(self.seen, self.release_kpa, out=self.region)
        n_labels = ndimage.label(self.region_grid, WITHIN_FRAMES, self.labels)
        self.found = [[] for _ in range(N_BLOCK)]
        if not n_labels:
            self.was_contact.fill(False)
            return
        where = self.region.reshape(-1).nonzero()[0]
        label = self.labels_flat.take(where).astype(np.int16)
        order = label.argsort(kind="stable")
        starts = np.searchsorted(label.take(order), np.arange(1, n_labels + 1, dtype=np.int16))
        where = where.take(order)
        weight = self.seen.reshape(-1).take(where)
        values = self.moments.take(where % self.n_taxels, 0) * weight[:, None]
        sums = np.add.reduceat(values, starts, axis=0)
        total, sum_x, sum_y, sum_xx, sum_yy, sum_xy = sums.T
        x, y = sum_x / total, sum_y / total
        own_mm2 = self.cell_mm2 / 12
        var_x = np.maximum(sum_xx / total - x * x, 0) + own_mm2
        var_y = np.maximum(sum_yy / total - y * y, 0) + own_mm2
        cov = sum_xy / total - x * y
        middle, spread = (var_x + var_y) / 2, np.hypot((var_x - var_y) / 2, cov)
        n_taxels = np.diff(starts, append=len(where))
        peaks = np.maximum.reduceat(weight, starts)
        kept = self.which_are_contacts(starts, n_taxels, peaks, where)
        columns = (kept, sums, total * (self.cell_mm2 * 1e-3), peaks, n_taxels * (self.cell_mm2 * 1e-2),
                   x, y, 4 * np.sqrt(middle + spread),
                   4 * np.sqrt(np.maximum(middle - spread, 0)),
                   np.degrees(np.arctan2(2 * cov, var_x - var_y) / 2))
        names = ("sums", "force_n", "peak_kpa", "area_cm2", "x", "y", "major_mm", "minor_mm", "angle_deg")
        frames = (where.take(starts) // self.n_taxels).tolist()
        for frame, is_contact, *values in zip(frames, *(column.tolist() for column in columns)):
            if not is_contact:
                continue
            contact = dict(zip(names, values))
            contact["vx"] = contact["vy"] = 0.0
            self.found[frame].append(contact)
        for found in self.found:
            found.sort(key=lambda contact: -contact["force_n"])
            del found[CONTACTS_MAX:]

    def which_are_contacts(self, starts, n_taxels, peaks, where):
        """By the peak, or, where that is not enough, by having been one in the frame before."""
        kept = peaks > np.where(n_taxels > 1, self.gate_kpa, self.speck_kpa)
        for label in np.flatnonzero(~kept):  # few; in order of frames
            at = where[starts[label]:starts[label] + n_taxels[label]]
            if at[0] < self.n_taxels:
                kept[label] = self.was_contact[at].any()
            else:
                before = self.labels_flat[at - self.n_taxels]
                kept[label] = kept[before[before > 0] - 1].any()
        last = self.labels_flat[-self.n_taxels:]
        np.greater(last, 0, out=self.was_contact)
        if not kept.all():
            self.was_contact &= np.concatenate(([False], kept))[last]
        return kept

    def adopt(self, i):
        """Make frame `i` of the block the one that technique and publish see."""
        (self.n_touched, self.peak_raw_kpa, self.peak_kpa, self.force_n, self.mean_kpa,
         self.cop_x_mm, self.cop_y_mm, self.contact_cm2, self.n_saturated) = self.records[i]
        self.device_s, self.sequence, self.matrix = (self.times_s[i], self.sequences[i],
                                                     self.matrices[i])

    def execute(self, block):
        self.decode(block)
        self.calibrate()
        self.filter()
        self.features()
        self.find_contacts()
        for i in range(N_BLOCK):
            self.adopt(i)
            self.contacts = self.follow(self.found[i])
            self.technique()
            self.publish()

    def technique_and_publish_stages(self):
        """Only for timing by stage: the loop of execute, cut in three."""
        kept = []

        def contacts():
            self.find_contacts()
            for i in range(N_BLOCK):
                self.adopt(i)
                self.contacts = self.follow(self.found[i])
                kept.append(self.contacts)

        def technique():
            for i in range(N_BLOCK):
                self.adopt(i)
                self.contacts = kept[i]
                LivePeer.technique(self)

        def publish():
            for i in range(N_BLOCK):
                self.adopt(i)
                self.contacts = kept[i]
                LivePeer.publish(self)
            kept.clear()

        return contacts, technique, publish

    def stages(self):
        contacts, technique, publish = self.technique_and_publish_stages()
        return (("calibrate", self.calibrate), ("filter", self.filter),
                ("features", self.features), ("contacts", contacts),
                ("technique", technique), ("publish", publish))
