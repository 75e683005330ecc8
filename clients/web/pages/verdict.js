// SPDX-License-Identifier: GPL-3.0-or-later
// verdict.js - a value against a band, with a little inertia so that words do not flicker.

const INERTIA = 0.05; // of the band's edge: so far a value must come back before the word changes

/**
 * @param {number} value
 * @param {{from: number, to: number} | null} band
 * @param {"below" | "in" | "above" | null} before what was said last
 * @returns {"below" | "in" | "above" | null} null: nothing to say
 */
export function judge(value, band, before) {
  if (!band || !Number.isFinite(value)) return null;
  const low = band.from * (before === "below" ? 1 + INERTIA : 1);
  const high = band.to * (before === "above" ? 1 - INERTIA : 1);
  return value < low ? "below" : value > high ? "above" : "in";
}
