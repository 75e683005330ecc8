// SPDX-License-Identifier: GPL-3.0-or-later
// peak_hold.js - the largest value of the last while: a stroke's pressure, not the pause after it.

const LEAST_S = 1;
const MOST_S = 4;

/** A stroke's peak stands for a cycle, and at least a second. @param {number | undefined} pace_cpm */
export const strokeSpan_s = (pace_cpm) => Math.min(MOST_S, Math.max(LEAST_S, (1.2 * 60) / (pace_cpm ?? 60)));

export class PeakHold {
  constructor() {
    /** @type {{value: number, time_s: number}[]} falling: each is larger than all after it */
    this.peaks = [];
  }

  /**
   * @param {number} value NaN: nothing new
   * @param {number} now_s
   * @param {number} span_s how long a peak stands
   * @returns {number} NaN: there was nothing in that span
   */
  take(value, now_s, span_s) {
    if (Number.isFinite(value)) {
      while (this.peaks.length && this.peaks[this.peaks.length - 1].value <= value) this.peaks.pop();
      this.peaks.push({ value, time_s: now_s });
    }
    while (this.peaks.length && this.peaks[0].time_s < now_s - span_s) this.peaks.shift();
    return this.peaks.length ? this.peaks[0].value : NaN;
  }
}
