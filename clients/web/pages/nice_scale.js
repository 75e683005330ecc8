// SPDX-License-Identifier: GPL-3.0-or-later
// nice_scale.js - the end of a scale that stays put while hands move: it grows at once and shrinks
// only when less was needed for six seconds.

const STEPS = [1, 2, 4, 6, 8];
const SHRINK_S = 6;

/** The next of 1, 2, 4, 6, 8, 10, 20 ... @param {number} value */
export function niceAbove(value) {
  let decade = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  for (;;) {
    for (const step of STEPS) if (step * decade >= value) return step * decade;
    decade *= 10;
  }
}

export class NiceScale {
  /** @param {number} least the smallest end */
  constructor(least) {
    this.least = least;
    this.end = least;
    this.recent = 0; // the largest value since the wait began
    this.since_s = 0;
  }

  /** @param {number} value @param {number} now_s @returns {number} the end in force */
  take(value, now_s) {
    if (value > this.end) {
      this.end = niceAbove(value);
      this.recent = 0;
      this.since_s = now_s;
    }
    this.recent = Math.max(this.recent, value);
    if (now_s - this.since_s > SHRINK_S) {
      this.end = Math.max(this.least, niceAbove(this.recent * 1.05));
      this.recent = 0;
      this.since_s = now_s;
    }
    return this.end;
  }
}
