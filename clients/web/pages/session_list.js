// SPDX-License-Identifier: GPL-3.0-or-later
// session_list.js - the sessions there are, filtered and sorted; two can be marked to be compared.

import { DataTable, shown } from "./data_table.js";
import { byId, make, put } from "./page_parts.js";
import { getJson } from "./session_api.js";
import { clockText } from "./words.js";

const WAIT_MS = 250;

/** @param {number} unix_s */
export const dateText = (unix_s) => {
  const date = new Date(1000 * unix_s);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** @param {number} n_bytes */
export const sizeText = (n_bytes) =>
  n_bytes >= 1e9 ? `${(n_bytes / 1e9).toFixed(2)} GB` : `${(n_bytes / 1e6).toFixed(1)} MB`;

/** @type {Set<string>} ids that are marked */
const marked = new Set();

/** @param {any} session */
function markBox(session) {
  const box = /** @type {HTMLInputElement} */ (make("input", "", { type: "checkbox", "aria-label": `compare ${session.id}` }));
  box.checked = marked.has(session.id);
  box.addEventListener("change", () => {
    if (box.checked) marked.add(session.id);
    else marked.delete(session.id);
    showMarked();
  });
  return box;
}

/** @param {any} session */
function openLink(session) {
  return make("a", dateText(session.began_unix_s), { href: `#session=${session.id}` });
}

/** @type {import("./data_table.js").TableColumn[]} */
const COLUMNS = [
  { title: "begun", value: (s) => s.began_unix_s, show: openLink, isHead: true },
  { title: "length", unit: "min:s", value: (s) => s.length_s, show: (s) => clockText(s.length_s) },
  { title: "participant", value: (s) => s.participant },
  { title: "operator", value: (s) => s.operator },
  { title: "plan", value: (s) => s.plan },
  { title: "station", value: (s) => s.station },
  { title: "devices", value: (s) => s.devices.join(", ") },
  { title: "score", unit: "of 100", value: (s) => s.score, show: (s) => (s.score === null ? "–" : String(Math.round(s.score))) },
  { title: "strokes", value: (s) => s.n_strokes },
  { title: "lost", unit: "frames", value: (s) => s.n_lost },
  { title: "size", value: (s) => s.size_bytes, show: (s) => sizeText(s.size_bytes) },
  { title: "state", value: (s) => s.state, show: stateBadge },
  { title: "compare", value: (s) => (marked.has(s.id) ? 0 : 1), show: markBox, isText: true },
];

/** @param {any} session */
function stateBadge(session) {
  const isWell = session.state === "closed" || session.state === "recording";
  return make("span", session.state, { class: isWell ? "badge" : "badge warn" });
}

const table = new DataTable("Sessions", COLUMNS, { sortBy: 0, isDown: true });

function showMarked() {
  const ids = [...marked];
  put(byId("marked"), ids.length === 0 ? "Mark two sessions to compare them." : `${ids.length} marked`);
  byId("compare-key").disabled = ids.length !== 2;
}

function query() {
  const parts = new URLSearchParams();
  for (const [name, value] of new FormData(byId("filters"))) if (value) parts.set(name, String(value));
  return parts.toString();
}

/** What can be chosen is what there is. @param {any[]} sessions */
function fillChoices(sessions) {
  for (const name of ["participant", "operator", "plan", "station"]) {
    const values = [...new Set(sessions.map((s) => s[name]))].filter(Boolean).sort();
    byId(`${name}s`).replaceChildren(...values.map((value) => make("option", "", { value })));
  }
}

export async function loadList() {
  try {
    const { sessions, n_without_manifest } = await getJson(query() ? `api/sessions?${query()}` : "api/sessions");
    if (!query()) fillChoices(sessions);
    table.fill(sessions);
    put(byId("list-state"), sessions.length === 0
      ? query() ? "No session is as the filters say." : "No session has been recorded yet: `thenar session start`, or Start on the student's page."
      : `${shown(sessions.length)} ${sessions.length === 1 ? "session" : "sessions"}` +
        (n_without_manifest ? `; ${n_without_manifest} without a manifest: thenar session repair` : ""));
  } catch (fault) {
    put(byId("list-state"), /** @type {Error} */ (fault).message);
  }
}

export function startList() {
  let wait = 0;
  byId("filter-box").open = innerWidth > 700;
  byId("list-table").append(table.element);
  byId("filters").addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(loadList, WAIT_MS);
  });
  byId("filters").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(loadList));
  byId("compare-key").addEventListener("click", () => {
    // The earlier one is what the later is measured against.
    const [a, b] = [...marked].sort();
    location.hash = `compare=${a},${b}`;
  });
  showMarked();
}
