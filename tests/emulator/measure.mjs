// SPDX-License-Identifier: GPL-3.0-or-later
// What a run of the firmware cost, and how evenly it scanned.
import assert from 'node:assert/strict';

import { CYCLE_NS } from './chip.mjs';

/** Half a count by settling, half by rounding, one to spare. */
export const MOST_OFF_COUNTS = 2;

export class Meter {
    /** Begin to measure. The start of a scan is its first conversion after the rows were idle. */
    constructor(station) {
        this.station = station;
        this.chip = station.chip;
        this.starts = [];
        const { array, chip } = station;
        let waiting = false;
        const select = chip.onPins;
        chip.onPins = (high) => {
            if (!(high >>> array.board.rowEnable & 1))
                waiting = true;
            select(high);
        };
        chip.adc.onStart = (nanos) => {
            if (waiting && array.row >= 0) {
                waiting = false;
                this.starts.push(nanos);
            }
        };
        this.restart();
    }

    restart() {
        this.nanos = this.chip.nanos;
        this.idle = this.chip.idleNanos;
        this.starts.length = 0;
    }

    /** Since the last restart, for scans at `rateHz`. */
    read(rateHz) {
        const seconds = (this.chip.nanos - this.nanos) / 1e9;
        const idle = (this.chip.idleNanos - this.idle) / 1e9 / seconds;
        const period = 1e9 / rateHz, first = this.starts[0];
        const off = this.starts.map((start, i) => (start - first - i * period) / 1000);
        return {
            seconds,
            nScans: this.starts.length,
            idlePercent: 100 * idle,
            cyclesAFrame: (1 - idle) * seconds * 1e9 / CYCLE_NS / this.starts.length,
            jitterUs: Math.max(...off) - Math.min(...off)
        };
    }
}

/** Frames follow one another, none lost, none late. */
export function assertUnbroken(frames) {
    frames.forEach((frame, i) => {
        assert.equal(frame.sequence, frames[0].sequence + i, 'no frame is missing');
        assert.equal(frame.nDropped, frames[0].nDropped, 'no frame was dropped');
        assert.equal(frame.nLate, 0, `no step was late (frame ${frame.sequence})`);
        assert.ok(frame.exact, 'the body has its exact length');
    });
}

/** The largest difference between a frame and what presses on the array, and where. */
export function worstTaxel(frame, hello, array) {
    let worst = { counts: 0 };
    hello.exists.forEach((exists, i) => {
        const row = Math.floor(i / hello.nCols), col = i % hello.nCols;
        const counts = Math.abs(frame.counts[i] - (exists ? array.counts(row, col) : 0));
        if (counts > worst.counts)
            worst = { counts, row, col };
    });
    return worst;
}

export function round(value, digits = 1) { return Number(value.toFixed(digits)); }
