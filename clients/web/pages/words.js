// SPDX-License-Identifier: GPL-3.0-or-later
// words.js - how things are called for people.

/** @type {Record<string, string>} */
const TECHNIQUES = {
  unknown: "not sure",
  rest: "rest",
  hold: "a hold",
  rhythm: "a rhythm",
  effleurage: "effleurage",
  petrissage: "petrissage",
  rolling: "rolling",
  friction: "friction",
  tapotement: "tapotement",
  vibration: "vibration",
  shaking: "shaking",
  compression: "compression",
  myofascial_release: "myofascial release",
  soft_tissue_release: "soft tissue release",
  muscle_energy: "muscle energy",
  stretching: "stretching",
};

/** @param {string | undefined} technique */
export const techniqueName = (technique) =>
  technique ? (TECHNIQUES[technique] ?? technique.replaceAll("_", " ")) : "";

/** "12", "7.5": what can be read from afar. @param {number} value */
export function shortNumber(value) {
  if (!Number.isFinite(value)) return "–";
  return value >= 20 ? String(Math.round(value)) : value.toFixed(value < 1 ? 2 : 1);
}

/** "1:05" @param {number} seconds */
export function clockText(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
