// SPDX-License-Identifier: GPL-3.0-or-later
// after_words.js - a session's numbers in words: the score's parts, what to hear first, the rows of
// tables. No page in here.

import { clockText, shortNumber, techniqueName } from "./words.js";

/** What each part of the practice score means (docs/plans.md), and what it weighs. */
export const PARTS = /** @type {const} */ ([
  ["pressure_pct", "Pressure", 40, "of the time, the pressure was in the plan's band"],
  ["pace_pct", "Pace", 25, "of the time, the pace was in the plan's band"],
  ["holds_pct", "Holds", 25, "of the holds were as long as the plan wants them"],
  ["time_pct", "Time", 40, "of the steps' time was spent doing them"],
  ["regularity_pct", "Rhythm", 15, "of the time, the rhythm was even"],
]);

/**
 * The parts that there are.
 * @param {any} score as the gateway gives it; null: there was no plan
 */
export function partsOf(score) {
  if (!score) return [];
  return PARTS.map(([key, name, weight, meaning]) => ({ name, weight, meaning, value: score[key] })).filter(
    (part) => typeof part.value === "number"
  );
}

/** The coach's live score, should the session's file not be read yet. @param {any} plan */
export function scoreOfPlan(plan) {
  if (typeof plan?.practice_score !== "number") return null;
  return {
    practice_score: plan.practice_score,
    pressure_pct: plan.score_pressure_pct,
    pace_pct: plan.score_pace_pct,
    regularity_pct: plan.score_regularity_pct,
    holds_pct: plan.score_holds_pct,
    time_pct: plan.score_time_pct,
  };
}

/** "Practice score 82. To work on: keep a steadier rhythm." @param {any} score @param {any[]} advice */
export function spokenSummary(score, advice) {
  const first = typeof score?.practice_score === "number" ? `Practice score ${Math.round(score.practice_score)}.` : "";
  const aim = advice.find((a) => !a.is_fine) ?? advice[0];
  const second = !aim ? "" : aim.is_fine ? `Good: ${aim.aim}.` : `To work on: ${aim.aim}.`;
  return [first, second].filter(Boolean).join(" ") || "Your session was saved.";
}

/** @param {any} digest */
export function digestText(digest) {
  const count = (/** @type {number} */ n, /** @type {string} */ noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  return [
    `${clockText(digest.length_s)} long`,
    `hands on for ${clockText(digest.hands_on_s)}`,
    count(digest.n_strokes, "stroke"),
  ].join(" · ");
}

/** @param {any} value @param {string} unit */
const cell = (value, unit) => (typeof value === "number" ? `${shortNumber(value)} ${unit}`.trim() : "–");

/** Pressure in the file's own unit: kPa, or 0 to 1 of full scale. @param {any} value @param {string} unit */
const pressure = (value, unit) =>
  unit === "kpa" ? cell(value, "kPa") : cell(typeof value === "number" ? 100 * value : value, "% of full scale");

/** @param {any[]} episodes @param {string} unit of the device: "kpa" or "rel" */
export const episodeRows = (episodes, unit) =>
  episodes.map((e) => [
    clockText(e.start_s),
    e.technique === "unknown" ? "not recognised" : techniqueName(e.technique),
    clockText(e.end_s - e.start_s),
    typeof e.n_strokes === "number" ? String(e.n_strokes) : "–",
    cell(e.pace_cpm, "a minute"),
    e.technique === "rest" ? "–" : pressure(e.peak, unit),
  ]);

/**
 * What to draw of the earlier sessions: the score where there is one, else how even the strokes were.
 * @param {any[]} sessions of /api/progress
 */
export function progressPoints(sessions) {
  for (const [key, what] of [["score", "practice score"], ["evenness_pct", "evenness of the strokes, %"]]) {
    const points = sessions
      .filter((s) => typeof s[key] === "number")
      .map((s) => ({ began_unix_s: s.began_unix_s, value: s[key] }));
    if (points.length > 1) return { what, points };
  }
  return { what: "", points: [] };
}

/** @param {any[]} sessions */
export const progressRows = (sessions) =>
  sessions.map((s) => [
    new Date(1000 * s.began_unix_s).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
    typeof s.score === "number" ? String(Math.round(s.score)) : "–",
    typeof s.length_s === "number" ? clockText(s.length_s) : "–",
    cell(s.evenness_pct, "%"),
    cell(s.regularity_pct, "%"),
  ]);
