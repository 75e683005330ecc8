// SPDX-License-Identifier: GPL-3.0-or-later
// charts.js - two small charts with axes, as SVG: techniques over time, and a value over sessions.
// What they show stands beside them as a table; to ears they are a picture with one sentence.

import { clockText, techniqueName } from "./words.js";

const NS = "http://www.w3.org/2000/svg";
const TICKS_S = [5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];
const LANE = 30;
const FOOT = 30;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function part(name, attributes, text) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {number} width @param {number} height @param {string} label */
function picture(width, height, label) {
  return part("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" });
}

/** Steps of the axis, so that there are at most `n_most`. @param {number} length_s @param {number} n_most */
export const tickStep_s = (length_s, n_most) =>
  TICKS_S.find((step_s) => length_s / step_s <= n_most) ?? TICKS_S[TICKS_S.length - 1];

/**
 * A lane for each technique, in the order of their first appearance.
 * @param {any[]} episodes {technique, start_s, end_s} @param {any[]} cues {at_s}
 * @param {number} length_s @param {number} width in pixels of the page
 */
export function timelineChart(episodes, cues, length_s, width) {
  const names = [...new Set(episodes.map((e) => e.technique))];
  const left = 128;
  const lanes = names.length + (cues.length ? 1 : 0);
  const height = lanes * LANE + FOOT;
  const svg = picture(width, height, timelineSentence(episodes));
  const at = (/** @type {number} */ s) => left + ((width - left - 12) * s) / Math.max(length_s, 1);
  const step_s = tickStep_s(length_s, width < 500 ? 4 : 8);
  for (let s = 0; s <= length_s; s += step_s)
    svg.append(
      part("line", { x1: at(s), x2: at(s), y1: 0, y2: lanes * LANE, class: "grid" }),
      part("text", { x: at(s), y: height - 10, class: "middle" }, clockText(s))
    );
  names.forEach((name, lane) => {
    const label = name === "unknown" ? "not recognised" : techniqueName(name);
    svg.append(part("text", { x: left - 10, y: lane * LANE + 20, class: "end" }, label));
  });
  for (const episode of episodes) {
    const x = at(Math.max(0, episode.start_s));
    svg.append(
      part("rect", {
        x,
        y: names.indexOf(episode.technique) * LANE + 4,
        width: Math.max(2, at(episode.end_s) - x),
        height: LANE - 8,
        rx: 3,
        class: { unknown: "bar unsure", rest: "bar pause" }[/** @type {string} */ (episode.technique)] ?? "bar",
      })
    );
  }
  if (cues.length) {
    const y = names.length * LANE + LANE / 2;
    svg.append(part("text", { x: left - 10, y: y + 5, class: "end" }, "the coach said"));
    for (const cue of cues)
      svg.append(part("path", { d: `M${at(cue.at_s)} ${y - 7}l6 7l-6 7l-6 -7z`, class: cue.cue === "good" ? "mark fine" : "mark" }));
  }
  svg.append(part("line", { x1: left, x2: width - 12, y1: lanes * LANE, y2: lanes * LANE, class: "axis" }));
  return svg;
}

/** @param {any[]} episodes */
function timelineSentence(episodes) {
  if (!episodes.length) return "Timeline: no technique was recognised";
  const runs = episodes.map((e) => `${techniqueName(e.technique)} from ${clockText(e.start_s)}`);
  const more = runs.length > 6 ? `, and ${runs.length - 6} more in the table` : "";
  return `Timeline: ${runs.slice(0, 6).join(", ")}${more}`;
}

/**
 * @param {{began_unix_s: number, value: number}[]} points by time @param {string} what "practice score"
 * @param {number} width
 */
export function progressChart(points, what, width) {
  const left = 44;
  const height = 190;
  const bottom = height - FOOT;
  const values = points.map((p) => p.value);
  const sentence = `Progress: ${what} over ${points.length} sessions, first ${Math.round(values[0])}, now ${Math.round(values[values.length - 1])}`;
  const svg = picture(width, height, sentence);
  const at = (/** @type {number} */ i) => left + 20 + ((width - left - 50) * i) / Math.max(1, points.length - 1);
  const up = (/** @type {number} */ value) => bottom - ((bottom - 12) * Math.min(100, Math.max(0, value))) / 100;
  for (const mark of [0, 25, 50, 75, 100])
    svg.append(
      part("line", { x1: left, x2: width - 10, y1: up(mark), y2: up(mark), class: mark === 0 ? "axis" : "grid" }),
      part("text", { x: left - 8, y: up(mark) + 5, class: "end" }, String(mark))
    );
  const path = points.map((p, i) => `${i ? "L" : "M"}${at(i).toFixed(1)} ${up(p.value).toFixed(1)}`).join("");
  svg.append(part("path", { d: path, class: "line" }));
  points.forEach((p, i) => {
    const isLast = i === points.length - 1;
    svg.append(part("circle", { cx: at(i), cy: up(p.value), r: isLast ? 7 : 4, class: "point" }));
    if (i === 0 || isLast)
      svg.append(part("text", { x: at(i), y: height - 8, class: "middle" }, isLast && i > 0 ? "now" : dayText(p.began_unix_s)));
  });
  return svg;
}

/** "21 Nov" @param {number} unix_s */
export const dayText = (unix_s) =>
  new Date(1000 * unix_s).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
