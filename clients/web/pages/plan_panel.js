// SPDX-License-Identifier: GPL-3.0-or-later
// plan_panel.js - the plan in force in words, and its bands for dial, pace and beat (FEED.md, plan).

import { clockText, techniqueName } from "./words.js";

/** @param {any} low @param {any} high */
const bandOf = (low, high) =>
  low === undefined && high === undefined ? null : { from: low ?? 0, to: high ?? Infinity };

/** Whether a plan is there to be shown. @param {any} plan */
export const isInForce = (plan) => Boolean(plan) && plan.state !== "none";

/** Bands give verdicts where the plan lets them: all of them, or those that can be trusted.
 * @param {any} plan @param {string} mark */
function counts(plan, mark) {
  if (plan.cues === "off") return false;
  return plan.cues === "all" || mark === "measured" || mark === "instructor";
}

/**
 * @param {any} plan
 * @returns {{pressure: {from: number, to: number} | null, pace: {from: number, to: number} | null,
 *            judgesPressure: boolean, judgesPace: boolean}}
 */
export function bandsOf(plan) {
  if (!isInForce(plan))
    return { pressure: null, pace: null, judgesPressure: false, judgesPace: false };
  return {
    pressure: bandOf(plan.pressure_low_kpa, plan.pressure_high_kpa),
    pace: bandOf(plan.pace_low_cpm, plan.pace_high_cpm),
    judgesPressure: counts(plan, plan.pressure_mark),
    judgesPace: counts(plan, plan.pace_mark),
  };
}

/** "10 to 20", "from 10", "up to 20" @param {{from: number, to: number}} band */
export function bandText(band) {
  const [from, to] = [band.from, band.to].map((value) => String(Number(value.toPrecision(3))));
  if (!Number.isFinite(band.to)) return `from ${from}`;
  return band.from > 0 ? `${from} to ${to}` : `up to ${to}`;
}

/** The beat to give for a band; null: none. @param {{from: number, to: number} | null} band */
export const beatOf = (band) =>
  band && band.from > 0 && Number.isFinite(band.to) ? Math.round((band.from + band.to) / 2) : null;

/** @param {any} plan */
function stepText(plan) {
  const name = plan.title ?? plan.plan;
  if (plan.state === "finished") return `${name}: finished`;
  const technique = techniqueName(plan.technique);
  const variant = plan.variant ? ` (${plan.variant.replaceAll("_", " ")})` : "";
  const region = plan.region ? `, ${plan.region.replaceAll("_", " ")}` : "";
  return `${plan.step} of ${plan.n_steps}: ${technique}${variant}${region}`;
}

/** @param {any} plan */
function timeText(plan) {
  if (plan.state === "waiting") return "begins with the first touch";
  if (plan.state === "paused") return "paused";
  if (plan.state === "over time") return "time is over";
  return plan.left_s === undefined ? "" : `${clockText(plan.left_s)} left`;
}

/** "82: pressure 90 %, pace 75 %" @param {any} plan */
export function scoreText(plan) {
  if (plan.practice_score === undefined) return "";
  const known = [
    ["pressure", plan.score_pressure_pct],
    ["pace", plan.score_pace_pct],
    ["rhythm", plan.score_regularity_pct],
    ["holds", plan.score_holds_pct],
    ["time", plan.score_time_pct],
  ]
    .filter(([, value]) => value !== undefined);
  // Time alone is how far one is, and no score yet.
  if (known.every(([name]) => name === "time")) return "";
  const parts = known.map(([name, value]) => `${name} ${Math.round(value)} %`);
  return `practice score ${Math.round(plan.practice_score)}: ${parts.join(", ")}`;
}

/**
 * All that the panel says.
 * @param {any} plan
 */
export function planWords(plan) {
  const hold = plan.holding && plan.hold_s !== undefined ? `held ${clockText(plan.hold_s)}` : "";
  const repeats = plan.repeats > 0 ? `${plan.holds} of ${plan.repeats} holds` : "";
  return {
    title: plan.title ?? plan.plan ?? "Plan",
    step: stepText(plan),
    time: timeText(plan),
    note: [plan.state === "over time" ? "on to the next step" : "", hold, repeats, plan.note].filter(Boolean).join(" · "),
    score: scoreText(plan),
    scoreShort: scoreText(plan).split(":")[0],
    part: plan.duration_s > 0 ? Math.min(1, (plan.elapsed_s ?? 0) / plan.duration_s) : 0,
  };
}
