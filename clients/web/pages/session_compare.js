// SPDX-License-Identifier: GPL-3.0-or-later
// session_compare.js - two sessions beside each other: what was done in which order, and how.

import { DataTable, shown } from "./data_table.js";
import { byId, make, put } from "./page_parts.js";
import { getJson } from "./session_api.js";
import { techniqueColour } from "./technique_colours.js";
import { clockText, techniqueName } from "./words.js";

const WORDS = {
  pressure: ["deeper", "lighter"], pace: ["faster", "slower"], hold: ["longer", "shorter"],
};

/** @param {any} run */
function runText(run) {
  if (!run) return "–";
  const text = make("span", `${clockText(run.start_s)} ${techniqueName(run.technique)} ${shown(run.end_s - run.start_s)} s`, { class: "swatch" });
  text.style.setProperty("--colour", techniqueColour(run.technique));
  return text;
}

/** In words, as `thenar compare` says it. @param {"pressure" | "pace" | "hold"} kind @param {any} d */
function verdict(kind, d) {
  const scale = d.unit === "rel" ? 100 : 1;
  const unit = d.unit === "rel" ? "% of full scale" : d.unit;
  if (d.verdict === "too few to tell") return `too few to tell (${d.session.n} and ${d.reference.n})`;
  if (d.verdict === "no difference")
    return `no difference can be told (95 % within ${shown(scale * d.low)} and ${shown(scale * d.high)} ${unit})`;
  const [more, less] = WORDS[kind];
  const ends = [Math.abs(d.low), Math.abs(d.high)].map((v) => scale * v).sort((a, b) => a - b);
  return `${d.verdict === "more" ? more : less} by ${shown(scale * Math.abs(d.difference))} ${unit} (95 %: ${shown(ends[0])} to ${shown(ends[1])})`;
}

/** The middle of the strokes, and from the 10th to the 90th percentile. @param {any} side @param {number} end @param {string} name */
function rangeBar(side, end, name) {
  const bar = make("span", "", { class: "range", role: "img", "aria-label": name });
  const fill = make("span");
  fill.style.left = `${(100 * side.p10) / end}%`;
  fill.style.width = `${Math.max(0.5, (100 * (side.p90 - side.p10)) / end)}%`;
  const mark = make("b");
  mark.style.left = `${(100 * side.median) / end}%`;
  bar.append(fill, mark);
  return bar;
}

/** @param {"pressure" | "pace" | "hold"} kind @param {any} d */
function valueBlock(kind, d) {
  const block = make("div", "", { class: "compared" });
  const scale = d.unit === "rel" ? 100 : 1;
  const unit = d.unit === "rel" ? "% of full scale" : d.unit;
  const end = Math.max(d.reference.p90, d.session.p90, 1e-9) * 1.05;
  block.append(make("h4", kind));
  for (const [name, side] of [["reference", d.reference], ["session", d.session]]) {
    const text = `${shown(scale * side.median)} ${unit} (${shown(scale * side.p10)} to ${shown(scale * side.p90)}, ${side.n} strokes)`;
    block.append(make("span", name, { class: "quiet" }), rangeBar(side, end, `${name}: ${text}`), make("span", text));
  }
  block.append(make("p", verdict(kind, d)));
  return block;
}

/** @param {number} n */
const runs = (n) => `${n} ${n === 1 ? "run" : "runs"}`;

/** @param {any} t */
function techniqueBlock(t) {
  const block = make("section", "", { class: "panel" });
  const title = make("h3", techniqueName(t.technique), { class: "swatch" });
  title.style.setProperty("--colour", techniqueColour(t.technique));
  block.append(title, make("p", `${shown(t.session_s)} s in ${runs(t.session_runs)} beside ${shown(t.reference_s)} s in ${runs(t.reference_runs)}`, { class: "quiet" }));
  if (!t.in_reference || !t.in_session) {
    block.append(make("p", `only in the ${t.in_reference ? "reference" : "session"}`));
    return block;
  }
  if (!t.pressure && !t.pace && !t.hold) block.append(make("p", "too few strokes to compare"));
  for (const kind of /** @type {("pressure" | "pace" | "hold")[]} */ (["pressure", "pace", "hold"]))
    if (t[kind]) block.append(valueBlock(kind, t[kind]));
  if (t.session_regularity_pct !== null && t.reference_regularity_pct !== null)
    block.append(make("p", `intervals vary by ${shown(t.session_regularity_pct)} % beside ${shown(t.reference_regularity_pct)} %`));
  return block;
}

/** @param {any} side */
function sideLink(side) {
  return make("a", side.id, { href: `#session=${side.id}` });
}

/** @param {string} reference @param {string} session */
export async function showCompare(reference, session) {
  const place = byId("compare-body");
  place.replaceChildren(make("p", "Comparing ...", { role: "status" }));
  try {
    const answer = await getJson(`api/compare?reference=${reference}&session=${session}`);
    const table = new DataTable("What was done, side by side", [
      { title: "reference", value: (run) => run.reference?.start_s ?? null, show: (run) => runText(run.reference), isText: true },
      { title: "session", value: (run) => run.session?.start_s ?? null, show: (run) => runText(run.session), isText: true },
      { title: "partner", value: (run) => (!run.session ? "missing" : !run.reference ? "added" : "") , show: (run) => (!run.session ? "missing" : !run.reference ? "added" : "") },
    ], { isCaptionSeen: true });
    table.fill(answer.runs);
    const head = make("p");
    head.append("reference ", sideLink(answer.reference), `, ${clockText(answer.reference.length_s)} long · session `, sideLink(answer.session), `, ${clockText(answer.session.length_s)} long `);
    const swap = make("a", "swap the two", { href: `#compare=${session},${reference}` });
    head.append(swap);
    const blocks = make("div", "", { class: "blocks" });
    blocks.append(...answer.techniques.map(techniqueBlock));
    place.replaceChildren(head, table.element, make("h2", "How it was done: the middle of the strokes, and from the 10th to the 90th percentile"), blocks);
  } catch (fault) {
    put(place, "");
    place.replaceChildren(make("p", /** @type {Error} */ (fault).message, { role: "alert" }));
  }
}
