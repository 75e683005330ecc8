// SPDX-License-Identifier: GPL-3.0-or-later
// signal_quality.js - how well a device is heard: what its status says, and what its maps show.

const ABSENT = 65535;
const STUCK_S = 20;

/**
 * Noise and stuck taxels, from maps while nothing touches. Maps stop at zero, so of noise about
 * zero half is seen: its standard deviation is sqrt(2 E[v^2]), over cells and time.
 */
export class RestWatch {
  constructor() {
    this.sum = 0;
    this.n = 0;
    this.largest = 0;
    /** @type {Uint16Array | null} */
    this.codes = null;
    /** @type {Float64Array} since when each cell has stood still, s */
    this.since_s = new Float64Array(0);
    this.moved_s = -Infinity; // when any cell last changed
  }

  /** @param {import("./map_code.js").PressureMap} map @param {boolean} isTouched @param {number} now_s */
  take(map, isTouched, now_s) {
    this.step = map.step;
    if (!this.codes || this.codes.length !== map.codes.length) {
      this.since_s = new Float64Array(map.codes.length).fill(now_s);
    } else {
      for (let i = 0; i < map.codes.length; i++)
        if (map.codes[i] !== this.codes[i]) {
          this.since_s[i] = now_s;
          this.moved_s = now_s;
        }
    }
    this.codes = map.codes;
    if (isTouched) return;
    const keep = 0.98; // of about fifty maps
    let sum = 0, n = 0, largest = 0;
    for (const code of map.codes)
      if (code !== ABSENT) {
        sum += code * code;
        n++;
        if (code > largest) largest = code;
      }
    this.sum = keep * this.sum + sum;
    this.n = keep * this.n + n;
    this.largest = Math.max(keep * this.largest, largest);
  }

  /** Standard deviation, in the maps' unit; null before any rest. */
  get noise() {
    return this.n > 0 ? Math.sqrt((2 * this.sum) / this.n) * (this.step ?? 1) : null;
  }

  /** Cells that stand well above zero and have not moved while others did. @param {number} now_s */
  stuck(now_s) {
    if (!this.codes || now_s - this.moved_s > STUCK_S / 2) return 0;
    let n = 0;
    for (let i = 0; i < this.codes.length; i++)
      if (this.codes[i] !== ABSENT && this.codes[i] > 10 && now_s - this.since_s[i] > STUCK_S) n++;
    return n;
  }
}

/** @param {number} n */
const taxels = (n) => `${n} ${n === 1 ? "taxel" : "taxels"}`;

/** The share of the frames that did not come. @param {any} status */
export function lostShare(status) {
  const lost = status.lost_device + status.lost_link + status.lost_host;
  return lost / Math.max(1, lost + status.frames);
}

/**
 * What somebody should look at, as sentences; none: all is well.
 * @param {any} status @param {any} metrics @param {number} n_stuck @param {number} age_s of what was heard last
 */
export function doubtsOf(status, metrics, n_stuck, age_s) {
  const doubts = [];
  if (age_s > 3) doubts.push(`nothing heard for ${Math.round(age_s)} s`);
  if (status.state !== "streaming") doubts.push(status.reason ?? status.state);
  if (status.state === "streaming" && status.rate_hz && status.measured_rate_hz < 0.97 * status.rate_hz)
    doubts.push("slower than asked");
  if (lostShare(status) > 0.001) doubts.push(`${(100 * lostShare(status)).toPrecision(2)} % of the frames lost`);
  if (status.dead_taxels > 0) doubts.push(`${taxels(status.dead_taxels)} dead`);
  if (n_stuck > 0) doubts.push(`${taxels(n_stuck)} stuck`);
  if ((metrics?.saturated_taxels ?? 0) > 0) doubts.push(`${taxels(metrics.saturated_taxels)} saturated`);
  if (status.uncalibrated) doubts.push("not calibrated");
  if (status.calibration === "expired") doubts.push(`calibration expired on ${status.calibration_expires}`);
  if (status.calibration_problem) doubts.push(status.calibration_problem);
  return doubts;
}
