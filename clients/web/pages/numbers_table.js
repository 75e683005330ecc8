// SPDX-License-Identifier: GPL-3.0-or-later
// numbers_table.js - all that is measured now, as a table.

import { byId, make } from "./page_parts.js";
import { shortNumber, techniqueName } from "./words.js";

/** @type {[string, string, (m: any) => any][]} */
const ROWS = [
  ["Stroke", "", (m) => techniqueName(m.technique)],
  ["Peak pressure", "kPa", (m) => m.peak_kpa],
  ["Mean pressure", "kPa", (m) => m.mean_kpa],
  ["Force", "N", (m) => m.force_n],
  ["Contact area", "cm²", (m) => m.contact_cm2],
  ["Contacts", "", (m) => m.contacts],
  ["Load on top", "N", (m) => m.load_change_n],
  ["Pace", "a minute", (m) => m.pace_cpm],
  ["Breath", "a minute", (m) => m.breath_cpm],
  ["Unevenness of the rhythm", "%", (m) => m.regularity_pct],
  ["Speed of the hand", "mm/s", (m) => m.speed_mm_s],
  ["Taxels at their end", "", (m) => m.saturated_taxels],
];

/** @param {any} metrics the newest; null: there are none */
export function showNumbers(metrics) {
  const rows = !metrics
    ? []
    : ROWS.map(([name, unit, read]) => [name, unit, read(metrics)]).filter(
        ([, , value]) => value !== undefined
      );
  byId("numbers").replaceChildren(
    ...rows.map(([name, unit, value]) => {
      const row = make("tr");
      const shown = typeof value === "number" ? shortNumber(value) : value;
      row.append(make("th", name, { scope: "row" }), make("td", `${shown} ${unit}`));
      return row;
    })
  );
}
