// SPDX-License-Identifier: GPL-3.0-or-later
// session_tables.js - what a session holds, in numbers: techniques, strokes, markers, the ledger.

import { DataTable, shown } from "./data_table.js";
import { make } from "./page_parts.js";
import { getJson, valuesOf } from "./session_api.js";
import { techniqueColour } from "./technique_colours.js";
import { clockText, techniqueName } from "./words.js";

/** @typedef {import("./session_view.js").OpenedDevice} OpenedDevice */

/** @param {string} title @param {...Node} parts */
function block(title, ...parts) {
  const element = make("section", "", { class: "panel" });
  element.append(make("h3", title), ...parts);
  return element;
}

/** @param {[string, any, string?][]} rows */
function figures(rows) {
  const list = make("dl", "", { class: "figures" });
  for (const [name, value, unit] of rows) {
    const item = make("div");
    const number = make("dd", typeof value === "number" ? shown(value) : (value ?? "–"));
    if (unit && value !== null && value !== undefined) number.append(" ", make("small", unit, { class: "quiet" }));
    item.append(make("dt", name), number);
    list.append(item);
  }
  return list;
}

/** @param {[string, any][]} rows */
function facts(rows) {
  const list = make("dl", "", { class: "facts" });
  for (const [name, value] of rows)
    if (value !== null && value !== undefined && value !== "")
      list.append(make("dt", name), make("dd", String(value)));
  return list;
}

/** @param {string} technique */
function techniqueText(technique) {
  const text = make("span", techniqueName(technique), { class: "swatch" });
  text.style.setProperty("--colour", techniqueColour(technique));
  return text;
}

/** A moment that can be gone to. @param {OpenedDevice} opened @param {number} at_s */
function momentKey(opened, at_s) {
  const key = make("button", clockText(at_s), { type: "button", "aria-label": `go to ${clockText(at_s)}` });
  key.addEventListener("click", () => opened.moveTo(at_s));
  return key;
}

/** @param {OpenedDevice} opened */
function summary({ device, scale, unit }) {
  const d = device.digest;
  return block("In short",
    figures([
      ["length", clockText(d.length_s), "min:s"], ["hands on", clockText(d.hands_on_s), "min:s"],
      ["strokes", d.n_strokes], ["typical stroke", d.stroke_peak === null ? null : scale * d.stroke_peak, unit],
      ["rhythm varied by", d.regularity_pct, "%"], ["evenness", d.evenness_pct, "%"],
      ["longest pause", d.longest_pause_s, "s"],
    ]),
    ...score(device));
}

/** @param {any} device */
function score(device) {
  const s = device.score;
  if (!s) return [make("p", "No practice score: the session followed no plan, or its plan is not found here.", { class: "quiet" })];
  return [
    make("h4", `Practice score by the plan ${device.plan.title || device.plan.name}`),
    figures([["score", s.practice_score, "of 100"], ["pressure", s.pressure_pct, "%"], ["pace", s.pace_pct, "%"],
      ["rhythm", s.regularity_pct, "%"], ["holds", s.holds_pct, "%"], ["time of the steps", s.time_pct, "%"]]),
    make("p", s.is_live ? "As it was shown during the session." : "Worked out afterwards from the strokes: nobody followed the plan live.", { class: "quiet" }),
  ];
}

/** @param {OpenedDevice} opened */
function techniques({ device, scale, unit }) {
  const table = new DataTable("Techniques", [
    { title: "technique", value: (t) => techniqueName(t.technique), show: (t) => techniqueText(t.technique), isHead: true },
    { title: "time", unit: "min:s", value: (t) => t.time_s, show: (t) => clockText(t.time_s) },
    { title: "runs", value: (t) => t.n_episodes },
    { title: "strokes", value: (t) => t.n_strokes },
    { title: "pace", unit: "1/min", value: (t) => t.pace_cpm },
    { title: "varies by", unit: "%", value: (t) => t.regularity_pct },
    { title: "pressure", unit, value: (t) => (t.stroke_peak === null ? null : scale * t.stroke_peak) },
    { title: "evenness", unit: "%", value: (t) => t.evenness_pct },
  ], { sortBy: 1, isDown: true });
  table.fill(device.digest.techniques);
  return block("Techniques", table.element, make("p", "Pressure: the highest of a stroke, the middle one of all strokes.", { class: "quiet" }));
}

/** @param {OpenedDevice} opened */
function episodes(opened) {
  const { device, scale, unit } = opened;
  const table = new DataTable("Runs of one technique", [
    { title: "begins", unit: "min:s", value: (e) => e.start_s, show: (e) => momentKey(opened, e.start_s), isHead: true },
    { title: "lasts", unit: "s", value: (e) => e.end_s - e.start_s },
    { title: "technique", value: (e) => techniqueName(e.technique), show: (e) => techniqueText(e.technique) },
    { title: "sure", unit: "%", value: (e) => (e.confidence === null ? null : Math.round(100 * e.confidence)) },
    { title: "strokes", value: (e) => e.n_strokes },
    { title: "pace", unit: "1/min", value: (e) => e.pace_cpm },
    { title: "peak", unit, value: (e) => (e.peak === null ? null : scale * e.peak) },
    { title: "step", value: (e) => (e.step === undefined ? null : e.step + 1) },
  ], { sortBy: 0 });
  table.fill(device.episodes);
  return block("Runs", table.element);
}

/** @param {any} row */
const gapText = (row) =>
  `${row.n_frames || "unknown many"} frames lost (${shown(1000 * row.lost_s)} ms) at the ${row.side}`;

/** @type {[string, string, (row: any) => string][]} */
const MARKERS = [
  ["notes", "note", (row) => row.text],
  ["cues", "cue", (row) => `${row.text || row.cue}`],
  ["commands", "command", (row) => `${row.command}${row.is_done ? "" : " (refused)"}`],
  ["gaps", "gap", gapText],
  ["events", "event", (row) => `${row.event}${row.text ? `: ${row.text}` : ""}`],
];

/** @param {OpenedDevice} opened */
function markers(opened) {
  const { device } = opened;
  const rows = MARKERS.flatMap(([name, kind, text]) =>
    device[name].map((/** @type {any} */ row) => ({ at_s: row.at_s, kind, text: text(row) }))
  );
  const table = new DataTable("Markers", [
    { title: "at", unit: "min:s", value: (m) => m.at_s, show: (m) => momentKey(opened, m.at_s), isHead: true },
    { title: "kind", value: (m) => m.kind },
    { title: "what", value: (m) => m.text },
  ], { sortBy: 0 });
  table.fill(rows);
  const n_left = Object.entries(device.left_out).map(([name, n]) => `${n} more ${name}`).join(", ");
  return block("Markers", rows.length ? table.element : make("p", "None.", { class: "quiet" }),
    ...(n_left ? [make("p", `${n_left}: the CSV has all of them.`, { class: "quiet" })] : []));
}

/** @param {OpenedDevice} opened */
function ledger({ device }) {
  const l = device.ledger;
  const n_lost = l.lost_device + l.lost_link + l.lost_host + l.lost_disk;
  const all = l.n_frames + n_lost;
  return block("Ledger of frames",
    figures([
      ["recorded", l.n_frames], ["lost", n_lost, `of ${all}${n_lost ? ` (${(100 * n_lost / all).toPrecision(2)} %)` : ""}`],
      ["by the device", l.lost_device], ["on the link", l.lost_link], ["by the host", l.lost_host],
      ["at the disk", l.lost_disk], ["gaps", l.n_gaps],
    ]));
}

/** @param {OpenedDevice} opened */
function about({ session, device }) {
  return block("Who and what",
    facts([
      ["session", session.id], ["begun", new Date(1000 * session.began_unix_s).toString()],
      ["station", session.station], ["participant", session.participant], ["operator", session.operator],
      ["plan", session.plan], ["note", session.note],
      ["device", `${device.device}: ${device.model}, serial ${device.serial}, firmware ${device.firmware}`],
      ["array", `${device.n_rows} × ${device.n_cols} taxels, ${shown(device.pitch_x_mm)} × ${shown(device.pitch_y_mm)} mm apart, ${device.mount}, ${shown(device.rate_hz)} frames a second`],
      ["calibration", device.unit === "rel" ? "none: values are parts of full scale" : `${device.calibration}, standard uncertainty ${shown(device.uncertainty_pct)} % of the reading`],
      ["filter", `${device.filter_form}, ${device.filter_taps} taps, passes to ${shown(device.filter_pass_hz)} Hz, ${shown(device.filter_delay_ms)} ms late`],
      ["names by", device.technique_model], ["software", session.software],
      ["left out", device.gate_counts ? `readings of ${device.gate_counts} counts and below, by the device: lossy` : null],
    ]),
    make("p", "Maps and taxel traces are the counts through the calibration, less the zero then in force; curves are what the pipeline measured live.", { class: "quiet" }));
}

/** @param {OpenedDevice} opened */
function strokes(opened) {
  const place = make("div");
  const details = make("details");
  details.append(make("summary", `Strokes: all ${opened.device.digest.n_strokes} as a table`), place);
  details.addEventListener("toggle", () => void fillStrokes(opened, place), { once: true });
  const element = make("section", "", { class: "panel wide" });
  element.append(details);
  return element;
}

/** @param {OpenedDevice} opened @param {HTMLElement} place */
async function fillStrokes(opened, place) {
  try {
    const answer = await getJson(`${opened.address}/strokes`);
    const columns = answer.columns.filter((/** @type {any} */ c) => c.name !== "technique" && c.name !== "start_s");
    const names = valuesOf(answer, "technique"), starts = valuesOf(answer, "start_s");
    const table = new DataTable("Strokes", [
      { title: "begins", unit: "min:s", value: (i) => starts[i], show: (i) => momentKey(opened, starts[i]), isHead: true },
      { title: "technique", value: (i) => techniqueName(names[i]), show: (i) => techniqueText(names[i]) },
      ...columns.map((/** @type {any} */ c) => ({
        title: c.name.replace(/_(kpa|rel|n|s|mm|mm_s|cm2|deg|pct)$/, "").replaceAll("_", " "), unit: c.unit,
        value: (/** @type {number} */ i) => c.values[i],
      })),
    ], { sortBy: 0 });
    table.fill(names.map((_, i) => i));
    place.replaceChildren(table.element);
    if (answer.n_all > answer.n_rows) place.append(make("p", `${answer.n_all - answer.n_rows} more: the CSV has all of them.`));
  } catch (fault) {
    place.replaceChildren(make("p", /** @type {Error} */ (fault).message, { role: "alert" }));
  }
}

/** @param {OpenedDevice} opened */
export function sessionBlocks(opened) {
  return [summary(opened), techniques(opened), episodes(opened), markers(opened), ledger(opened), about(opened), strokes(opened)];
}
