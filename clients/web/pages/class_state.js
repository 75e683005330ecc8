// SPDX-License-Identifier: GPL-3.0-or-later
// class_state.js - the class as the gateway tells it, and a few words about it. No page in here.

/**
 * @typedef {{station: string, number: number, giver?: string, receiver?: string, plan?: string,
 *            busy: boolean, recording: boolean, tablets: number, calls: number, notes: number,
 *            note?: string, result?: {ok: boolean, text: string}}} Seat
 * @typedef {{title: string, on: boolean, began_unix_s: number, sessions: number, codes: string[],
 *            stations: Seat[], fault?: string}} ClassState
 */

/** @type {ClassState} */
export const NO_CLASS = { title: "", on: false, began_unix_s: 0, sessions: 0, codes: [], stations: [] };

/** @param {ClassState} state @param {string} station @returns {Seat | undefined} */
export const seatAt = (state, station) => state.stations.find((seat) => seat.station === station);

/** "A1 gives, A2 receives" @param {Seat | undefined} seat */
export function whoText(seat) {
  const parts = [];
  if (seat?.giver) parts.push(`${seat.giver} gives`);
  if (seat?.receiver) parts.push(`${seat.receiver} receives`);
  return parts.join(", ");
}

/** Codes in the order in which people count: A2 before A10. @param {string[]} codes */
export const inOrder = (codes) =>
  [...codes].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

/** A1 to A24. @param {string} prefix @param {number} count */
export const makeCodes = (prefix, count) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

/** What people write with spaces, commas or lines between. @param {string} text */
export const readCodes = (text) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

/**
 * What came of something asked of the whole class, once all have answered.
 * @param {ClassState} state @returns {string} "" while some are still being asked
 */
export function outcome(state) {
  if (state.stations.some((seat) => seat.busy)) return "";
  const n_recording = state.stations.filter((seat) => seat.recording).length;
  const bad = state.stations.filter((seat) => seat.result && !seat.result.ok);
  const first = bad[0];
  const fault = first
    ? ` · ${first.station}: ${first.result?.text}${bad.length > 1 ? ` (and ${bad.length - 1} more)` : ""}`
    : "";
  return `${n_recording} of ${state.stations.length} recording${fault}`;
}
