// SPDX-License-Identifier: GPL-3.0-or-later
// session_charts.js - pressure, pace and force of a session over its time, with the plan's bands.

import { byId } from "./page_parts.js";
import { valuesOf } from "./session_api.js";
import { colourOf, TimeChart } from "./time_chart.js";

export class SessionCharts {
  /**
   * @param {import("./session_view.js").OpenedDevice} opened
   * @param {(from_s: number, to_s: number) => void} onZoom
   */
  constructor(opened, onZoom) {
    this.opened = opened;
    const wishes = { onTime: (/** @type {number} */ at_s) => opened.moveTo(at_s), onZoom };
    this.pressure = new TimeChart(`Pressure under the hand, ${opened.isRelative ? "% of full scale" : "kPa"}`, opened.length_s, { ...wishes, height: 170 });
    this.pace = new TimeChart("Pace, cycles a minute", opened.length_s, { ...wishes, height: 130 });
    this.force = new TimeChart(opened.isRelative ? "Sum over the area, % · cm²" : "Force, N", opened.length_s, { ...wishes, height: 110 });
    byId("charts").replaceChildren(this.pressure.element, this.pace.element, this.force.element);
  }

  get all() {
    return [this.pressure, this.pace, this.force];
  }

  /** @param {import("./session_api.js").Columns} metrics */
  fill(metrics) {
    this.metrics = metrics;
    const { isRelative, scale } = this.opened;
    const ending = isRelative ? "rel" : "kpa";
    const at = valuesOf(metrics, "at_s");
    const read = (/** @type {string} */ name, factor = scale) =>
      valuesOf(metrics, name).map((v) => (v === null ? null : v * factor));
    const accent = colourOf("--accent"), quiet = colourOf("--quiet");
    this.pressure.fill(
      [at, read(`peak_${ending}_max`), read(`peak_${ending}_mean`)],
      [{ title: "highest", unit: this.opened.unit, colour: quiet, width: 1 }, { title: "mean", unit: this.opened.unit, colour: accent, fill: `${accent}22` }],
      isRelative ? [] : this.bands("pressure_kpa")
    );
    this.pace.fill([at, read("pace_cpm_mean", 1)], [{ title: "pace", unit: "1/min", colour: colourOf("--wrong") }], this.bands("pace_cpm"));
    const force = isRelative ? "force_rel" : "force_n";
    this.force.fill(
      [at, read(`${force}_max`), read(`${force}_mean`)],
      [{ title: "highest", unit: isRelative ? "" : "N", colour: quiet, width: 1 }, { title: "mean", unit: isRelative ? "" : "N", colour: colourOf("--right") }]
    );
  }

  /** What the plan wants while each run lasts. @param {string} name */
  bands(name) {
    const { episodes, plan } = this.opened.device;
    return episodes.flatMap((/** @type {any} */ run) => {
      const band = run.step === undefined ? null : plan?.steps[run.step]?.[name];
      return band ? [{ from_s: run.start_s, to_s: run.end_s, low: band.low, high: band.high }] : [];
    });
  }

  redraw() {
    if (this.metrics) this.fill(this.metrics);
  }

  /** @param {number} at_s */
  showTime(at_s) {
    for (const chart of this.all) chart.showTime(at_s);
  }

  /** @param {number} from_s @param {number} to_s */
  zoom(from_s, to_s) {
    for (const chart of this.all) chart.zoom(from_s, to_s);
  }
}
