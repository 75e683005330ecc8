// SPDX-License-Identifier: GPL-3.0-or-later
// station_tone.js - each table's own three notes, by which it is found with closed eyes.
//
// Five pitches that nobody mistakes for each other, three in a row: 125 tables. Tables next to each
// other in the list differ in each note.

const PITCHES_HZ = [392, 523.25, 659.25, 880, 1174.66];
const NOTE_S = 0.22;
const GAP_S = 0.06;
const REST_S = 0.35;
const TIMES = 2;

/** @param {number} number of the table in its class, from 0 @returns {number[]} Hz */
export function toneOf(number) {
  // 31 = 1 + 5 + 25 steps all three notes at once, and has no factor in common with 125.
  const code = (number * 31) % 125;
  return [code % 5, Math.floor(code / 5) % 5, Math.floor(code / 25)].map((i) => PITCHES_HZ[i]);
}

/**
 * Plays it twice.
 * @param {AudioContext} context @param {number} number
 * @returns {number} seconds that it takes
 */
export function playTone(context, number) {
  const notes = toneOf(number);
  const round_s = notes.length * (NOTE_S + GAP_S) + REST_S;
  for (let i = 0; i < TIMES; i++)
    notes.forEach((frequency, k) => {
      const at_s = context.currentTime + 0.05 + i * round_s + k * (NOTE_S + GAP_S);
      const note = new OscillatorNode(context, { type: "triangle", frequency });
      const level = new GainNode(context, { gain: 0 });
      level.gain.setValueAtTime(0, at_s);
      level.gain.linearRampToValueAtTime(0.5, at_s + 0.02);
      level.gain.setTargetAtTime(0, at_s + NOTE_S - 0.06, 0.02);
      note.connect(level).connect(context.destination);
      note.start(at_s);
      note.stop(at_s + NOTE_S + 0.1);
    });
  return TIMES * round_s;
}
