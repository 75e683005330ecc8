// SPDX-License-Identifier: GPL-3.0-or-later
// tap_delay.js - how late headphones are: the person taps along, and the middle of the differences
// is the delay. Wireless ones take 100 to 300 ms, which is half a beat of tapotement.
//
// People tap some 20 to 50 ms ahead of a steady beat (B. Repp, Psychon. Bull. Rev. 12, 2005): 30 ms
// are added back.

const AHEAD_OF_BEAT_S = 0.03;
export const N_TAPS = 8;

/** Difference of a tap from the nearest beat, s. @param {number} tap_s @param {number[]} beats_s */
export function nearestDelay(tap_s, beats_s) {
  let best = Infinity;
  for (const beat_s of beats_s)
    if (Math.abs(tap_s - beat_s) < Math.abs(best)) best = tap_s - beat_s;
  return best;
}

/** @param {number[]} delays_s one a tap @returns {number} 0 to 0.5 s */
export function delayOf(delays_s) {
  const sorted = [...delays_s].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return Math.min(0.5, Math.max(0, middle + AHEAD_OF_BEAT_S));
}
