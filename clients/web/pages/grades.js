// SPDX-License-Identifier: GPL-3.0-or-later
// grades.js - what the class came to: a row a session, levels by the rubric, and beside each the
// instructor's own word, which counts.

import { connect } from "./live.js";
import { byId, make, put } from "./page_parts.js";
import { clockText, shortNumber, techniqueName } from "./words.js";

/** @type {any} */
let summary = null;
/** @type {Set<string>} */
let recorded = new Set(); // ids that the gateway's folder has, with a report each
let isStale = true;
let isFetching = false;

/** @param {string} sentence @param {boolean} [isWrong] */
function tell(sentence, isWrong = false) {
  put(byId("told"), sentence);
  byId("told").classList.toggle("wrong", isWrong);
}

const live = connect({
  show: { class: true },
  onClass: () => {
    isStale = true;
    void refresh();
  },
  onConnection: (isConnected) => tell(isConnected ? "" : "no connection; trying again", !isConnected),
});

async function refresh() {
  if (isFetching) return;
  isFetching = true;
  try {
    while (isStale) {
      isStale = false;
      const reply = await fetch("api/class");
      if (!reply.ok) throw new Error((await reply.json()).error);
      summary = await reply.json();
      await findReports();
      show();
    }
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error), true);
  }
  isFetching = false;
}

/** The class may be recorded on other machines: then there are no reports here. */
async function findReports() {
  const missing = summary.sessions.some((/** @type {any} */ one) => !recorded.has(one.session));
  if (!missing) return;
  const since = new Date(1000 * summary.began_unix_s - 86400000).toISOString().slice(0, 10);
  const reply = await fetch(`api/sessions?since=${since}`);
  if (!reply.ok) return;
  const list = (await reply.json()).sessions;
  recorded = new Set(list.filter((/** @type {any} */ one) => one.state !== "recording").map((/** @type {any} */ one) => one.id));
}

/** @param {object} request */
async function judge(request) {
  const reply = await live.lead({ act: "judge", ...request });
  tell(reply.ok ? "kept" : String(reply.error), !reply.ok);
}

// ---- the table

/** @param {any} session @param {any} criterion */
function levelCell(session, criterion) {
  const cell = make("td");
  const { level, own } = session.criteria.find((/** @type {any} */ one) => one.name === criterion.name);
  const names = summary.rubric.levels;
  const select = document.createElement("select");
  select.setAttribute("aria-label", `${session.giver || session.station}: ${criterion.title}`);
  select.append(
    new Option(level ? `${level} ${names[level - 1]}` : "not measured", "0"),
    ...names.map((/** @type {string} */ name, /** @type {number} */ i) => new Option(`own: ${i + 1} ${name}`, String(i + 1)))
  );
  select.value = String(own);
  select.classList.toggle("own", own > 0);
  select.addEventListener("change", () =>
    void judge({ session: session.session, criterion: criterion.name, level: Number(select.value) })
  );
  const value = session.measures[criterion.measure];
  cell.append(select, make("span", measureText(criterion.measure, value), { class: "measured" }));
  return cell;
}

/** @param {string} measure @param {number | undefined} value */
function measureText(measure, value) {
  if (value === undefined) return "";
  if (measure.endsWith("_pct")) return `${Math.round(value)} %`;
  if (measure === "worst_pain") return `worst ${shortNumber(value)} of 10`;
  if (measure === "cues_per_minute") return `${shortNumber(value)} cues a minute`;
  return String(Math.round(value));
}

/** @param {any} session */
function scoreCell(session) {
  const cell = make("td");
  const measured = session.measures.score;
  const input = document.createElement("input");
  input.className = session.own_score === undefined ? "score" : "score own";
  input.inputMode = "decimal";
  input.setAttribute("aria-label", `${session.giver || session.station}: own score, 0 to 100`);
  input.placeholder = measured === undefined ? "–" : String(Math.round(measured));
  input.value = session.own_score === undefined ? "" : String(session.own_score);
  input.addEventListener("change", () => {
    const text = input.value.trim().replace(",", ".");
    const score = text === "" ? null : Number(text);
    if (score !== null && !(score >= 0 && score <= 100)) {
      tell("a score is a number from 0 to 100", true);
      return;
    }
    void judge({ session: session.session, score });
  });
  cell.append(input, make("span", measured === undefined ? "no plan, no score" : `measured ${Math.round(measured)}`, { class: "measured" }));
  return cell;
}

/** @param {any} session */
function remarkOf(session) {
  const label = make("label", "Remark ");
  const input = document.createElement("input");
  input.className = "remark";
  input.maxLength = 250;
  input.value = session.remark ?? "";
  input.setAttribute("aria-label", `${session.giver || session.station}: remark`);
  input.addEventListener("change", () => void judge({ session: session.session, remark: input.value.trim() }));
  label.append(input);
  return label;
}

/** Techniques, steps, cues and comfort in a line each. @param {any} session */
function detailText(session) {
  const techniques = session.techniques
    .filter((/** @type {any} */ one) => one.technique !== "rest")
    .map((/** @type {any} */ one) => `${techniqueName(one.technique)} ${clockText(one.span_s)} (${one.strokes} strokes)`);
  const steps = session.steps.map((/** @type {any} */ step, /** @type {number} */ i) =>
    step.span_s === undefined
      ? `${i + 1} –`
      : `${i + 1} ${techniqueName(step.technique)} ${clockText(step.span_s)}${step.wanted_s === undefined ? "" : ` of ${clockText(step.wanted_s)}`}`
  );
  const cues = session.cues.map((/** @type {any} */ cue) => `${cue.cue} ${cue.n}`);
  const lost = session.devices.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.lost ?? 0), 0);
  const comfort =
    session.worst_pain === undefined && session.complaints === 0
      ? "the receiver said nothing"
      : `worst ${session.worst_pain ?? "–"} of 10, ${session.complaints} complaints`;
  return [
    ["Techniques", techniques.join(", ") || "none"],
    ["Steps", steps.join(", ") || "no plan"],
    ["Cues", cues.join(", ") || "none"],
    ["Comfort", comfort],
    ...(lost ? [["Lost", `${lost} frames`]] : []),
  ];
}

/** @param {any} session @param {number} n_columns */
function rowsOf(session, n_columns) {
  const row = make("tr");
  const when = new Date(1000 * session.began_unix_s).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const head = make("th", session.giver || "nobody", { scope: "row" });
  head.append(make("span", session.receiver ? `on ${session.receiver}` : "", { class: "measured" }));
  const place = make("td", session.plan ? `${session.station}, ${session.plan}` : session.station);
  const length = session.closed ? clockText(session.length_s) : "going on";
  place.append(make("span", `${when}, ${length}`, { class: "measured" }));
  row.append(head, place, scoreCell(session));
  for (const criterion of summary.rubric.criteria) row.append(levelCell(session, criterion));
  const detail = make("tr", "", { class: "detail" });
  const cell = make("td", "", { colspan: String(n_columns) });
  const under = make("div", "", { class: "under" });
  const more = make("details");
  more.append(make("summary", "Techniques, steps, cues, comfort"));
  const list = make("dl");
  for (const [name, text] of detailText(session)) list.append(make("dt", name), make("dd", text));
  more.append(list);
  under.append(remarkOf(session), more);
  if (recorded.has(session.session))
    under.append(make("a", "The whole report", { href: `api/sessions/${session.session}/report.html`, target: "_blank", rel: "noopener" }));
  cell.append(under);
  detail.append(cell);
  return [row, detail];
}

/** What is being written is not torn away: a row waits until the focus has left the table. */
function show() {
  const rows = byId("rows");
  if (rows.contains(document.activeElement) && document.activeElement?.tagName === "INPUT") {
    document.activeElement.addEventListener("blur", () => setTimeout(show, 300), { once: true });
    return;
  }
  const open = new Set([...rows.querySelectorAll("details[open]")].map((one) => one.dataset.session));
  const focused = document.activeElement?.getAttribute("aria-label");
  put(byId("title"), `Results${summary.title ? `: ${summary.title}` : ""}`);
  put(byId("about"), summary.began_unix_s ? new Date(1000 * summary.began_unix_s).toLocaleDateString([], { dateStyle: "long" }) : "");
  byId("empty").hidden = summary.sessions.length > 0;
  byId("grades").hidden = summary.sessions.length === 0;
  const heads = ["Giver", "Table", "Score", ...summary.rubric.criteria.map((/** @type {any} */ one) => one.title)];
  byId("heads").replaceChildren(...heads.map((text) => make("th", text, { scope: "col" })));
  rows.replaceChildren(
    ...summary.sessions.flatMap((/** @type {any} */ session) => {
      const made = rowsOf(session, heads.length);
      const details = made[1].querySelector("details");
      if (details) {
        details.dataset.session = session.session;
        details.open = open.has(session.session);
      }
      return made;
    })
  );
  if (focused) rows.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  put(byId("legend"), `${summary.rubric.title}: ${summary.rubric.levels.map((/** @type {string} */ name, /** @type {number} */ i) => `${i + 1} ${name}`).join(", ")}. The measured score is a practice score: how much of the time was as the plan wants it. An own level or score counts instead of the measured one.`);
}

byId("print-key").addEventListener("click", () => print());
// What goes on counts on: often enough to be looked at.
setInterval(() => {
  if (summary?.sessions.some((/** @type {any} */ one) => !one.closed)) {
    isStale = true;
    void refresh();
  }
}, 5000);
