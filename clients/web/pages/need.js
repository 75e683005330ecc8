// SPDX-License-Identifier: GPL-3.0-or-later
// need.js - who needs the instructor, worked out from what a station says; and an order of tiles
// that does not jump about.

/** @typedef {"none" | "watch" | "help"} Need */

const RANK = { help: 0, watch: 1, none: 2 };
const STEADY_S = 3; // a need counts when it has stood so long
const REORDER_S = 5; // tiles change places no more often

const CUE_COUNTS_S = 10;

/**
 * @param {{heard_s: number, metrics: any, status: any, plan?: any, cue?: any, cue_s?: number}} station
 * @param {number} now_s
 * @returns {{need: Need, why: string, isPersonal?: boolean}} personal: not for a projected wall
 */
export function needOf(station, now_s) {
  const { metrics, status, plan, cue } = station;
  if (plan?.pain) return { need: "help", why: "the receiver reports pain", isPersonal: true };
  if (status && status.state !== "streaming")
    return { need: "help", why: status.reason ? `${status.state}: ${status.reason.split(": ").at(-1)}` : status.state };
  if (now_s - station.heard_s > 3) return { need: "help", why: "no data" };
  if (cue && now_s - (station.cue_s ?? -Infinity) < CUE_COUNTS_S) {
    if (cue.cue === "stop") return { need: "help", why: "stop", isPersonal: true };
    if (cue.cue !== "good" && cue.cue !== "move on") return { need: "watch", why: cue.cue, isPersonal: true };
  }
  if (metrics?.saturated_taxels > 0) return { need: "watch", why: "off the scale" };
  if (status?.dead_taxels > 0) return { need: "watch", why: `${status.dead_taxels} dead taxels` };
  if (status?.uncalibrated) return { need: "none", why: "not calibrated" };
  if (status?.calibration === "expired") return { need: "none", why: "calibration expired" };
  return { need: "none", why: "" };
}

/**
 * What the class asked of a table and did not get is a need too, unless there is a greater one.
 * @param {{need: Need, why: string, isPersonal?: boolean}} need
 * @param {{result?: {ok: boolean, text: string}} | undefined} seat
 * @returns {{need: Need, why: string, isPersonal?: boolean}}
 */
export const needWith = (need, seat) =>
  need.need === "none" && seat?.result && !seat.result.ok
    ? { need: "watch", why: seat.result.text }
    : need;

/** A need that has to stand before it shows, and to be gone as long before it goes. */
export class SteadyNeed {
  constructor() {
    /** @type {Need} */
    this.shown = "none";
    /** @type {Need} */
    this.seen = "none";
    this.since_s = 0;
  }

  /** @param {Need} need @param {number} now_s @returns {Need} */
  take(need, now_s) {
    if (need !== this.seen) {
      this.seen = need;
      this.since_s = now_s;
    }
    if (now_s - this.since_s >= STEADY_S) this.shown = need;
    return this.shown;
  }
}

/** Which tile comes first; null: leave them as they are. */
export class Order {
  constructor() {
    this.last_s = -Infinity;
  }

  /**
   * @param {{key: string, need: Need}[]} tiles as they stand
   * @param {boolean} isRanked false: by name alone
   * @param {number} now_s
   * @returns {string[] | null}
   */
  take(tiles, isRanked, now_s) {
    if (now_s - this.last_s < REORDER_S) return null;
    const wanted = [...tiles].sort(
      (a, b) =>
        (isRanked ? RANK[a.need] - RANK[b.need] : 0) ||
        a.key.localeCompare(b.key, "en", { numeric: true })
    );
    if (wanted.every((tile, i) => tile.key === tiles[i].key)) return null;
    this.last_s = now_s;
    return wanted.map((tile) => tile.key);
  }
}
