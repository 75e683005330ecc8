// SPDX-License-Identifier: GPL-3.0-or-later
// time_chart.js - a chart over a session's time (uPlot), with the moment marked, and as a table.

import { DataTable } from "./data_table.js";
import { make } from "./page_parts.js";
import { clockText } from "./words.js";

const AXIS_PX = 62;
const TABLE_ROWS = 60;

/* Between marks of the time axis: what clocks have. */
const STEPS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** @type {any} */
const uPlot = /** @type {any} */ (globalThis).uPlot;

/** @param {string} name */
export const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @typedef {{title: string, unit: string, colour: string, width?: number, fill?: string, isDashed?: boolean}} Line
 * @typedef {{from_s: number, to_s: number, low: number, high: number}} Band
 */

export class TimeChart {
  /**
   * @param {string} title
   * @param {number} length_s of the session
   * @param {{height?: number, onTime?: (at_s: number) => void, onZoom?: (from_s: number, to_s: number) => void}} wishes
   */
  constructor(title, length_s, wishes) {
    this.title = title;
    this.length_s = length_s;
    this.view = [0, length_s]; // what is shown, s
    this.wishes = wishes;
    this.at_s = 0;
    /** @type {Band[]} */
    this.bands = [];
    /** @type {(number | null)[][]} */
    this.data = [];
    /** @type {Line[]} */
    this.lines = [];
    this.element = make("figure", "", { class: "chart" });
    this.caption = make("figcaption", title);
    this.frame = make("div", "", { class: "chart-frame", "aria-hidden": "true" });
    this.details = make("details", "", { class: "as-table" });
    this.details.append(make("summary", `${title} as a table`));
    this.details.addEventListener("toggle", () => this.showTable());
    this.element.append(this.caption, this.frame, this.details);
    this.now = make("div", "", { class: "now-line" });
    new ResizeObserver(() => this.fit()).observe(this.frame);
  }

  /**
   * @param {(number | null)[][]} data seconds, then one row a line
   * @param {Line[]} lines @param {Band[]} bands of the plan
   */
  fill(data, lines, bands = []) {
    Object.assign(this, { data, lines, bands });
    this.plot?.destroy();
    this.plot = null;
    if (!this.frame.clientWidth) return; // not shown now; fit() comes again
    this.plot = new uPlot(this.options(), data, this.frame);
    this.plot.over.append(this.now);
    this.showTable();
  }

  options() {
    const quiet = colourOf("--quiet");
    const grid = { stroke: colourOf("--grid"), width: 1 };
    const axis = { stroke: quiet, grid, ticks: grid, font: "12px system-ui, sans-serif" };
    return {
      width: this.frame.clientWidth,
      height: this.wishes.height ?? 150,
      legend: { show: this.lines.length > 1, live: false },
      scales: { x: { time: false, range: () => this.view }, y: { range: (/** @type {any} */ _, /** @type {number} */ _low, /** @type {number} */ high) => [0, Math.max(1e-3, high ?? 1) * 1.05] } },
      cursor: { y: false, drag: { x: true, y: false, dist: 5, setScale: false } },
      axes: [
        { ...axis, size: 30, incrs: STEPS_S, values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map((s) => tickText(s, splits)) },
        { ...axis, size: AXIS_PX, space: 24 },
      ],
      series: [{}, ...this.lines.map((line) => ({
        label: line.unit ? `${line.title}, ${line.unit}` : line.title,
        stroke: line.colour, width: line.width ?? 2, fill: line.fill, points: { show: false },
        dash: line.isDashed ? [6, 4] : undefined, spanGaps: false,
      }))],
      hooks: {
        drawClear: [(/** @type {any} */ plot) => this.drawBands(plot)],
        setSelect: [(/** @type {any} */ plot) => this.onSelect(plot)],
        setScale: [() => this.showTime(this.at_s)],
        ready: [(/** @type {any} */ plot) => this.listen(plot)],
      },
    };
  }

  /** A click, without a drag, is a moment. @param {any} plot */
  listen(plot) {
    let from = 0;
    this.showTime(this.at_s);
    plot.over.addEventListener("dblclick", () => this.wishes.onZoom?.(0, this.length_s));
    plot.over.addEventListener("mousedown", (/** @type {MouseEvent} */ event) => (from = event.clientX));
    plot.over.addEventListener("mouseup", (/** @type {MouseEvent} */ event) => {
      if (Math.abs(event.clientX - from) > 4) return;
      const box = plot.over.getBoundingClientRect();
      this.wishes.onTime?.(plot.posToVal(event.clientX - box.left, "x"));
    });
  }

  /** A part that was drawn over with the mouse is looked at. @param {any} plot */
  onSelect(plot) {
    const { left, width } = plot.select;
    if (width < 5) return;
    const from_s = plot.posToVal(left, "x"), to_s = plot.posToVal(left + width, "x");
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.wishes.onZoom?.(Math.max(0, from_s), Math.min(this.length_s, to_s));
  }

  /** @param {number} from_s @param {number} to_s */
  zoom(from_s, to_s) {
    this.view = [from_s, to_s];
    this.plot?.setScale("x", { min: from_s, max: to_s });
  }

  /** @param {any} plot */
  drawBands(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colourOf("--band");
    for (const band of this.bands) {
      const left = plot.valToPos(band.from_s, "x", true);
      const top = plot.valToPos(band.high, "y", true);
      ctx.fillRect(left, top, plot.valToPos(band.to_s, "x", true) - left, plot.valToPos(band.low, "y", true) - top);
    }
    ctx.restore();
  }

  /** @param {number} at_s */
  showTime(at_s) {
    this.at_s = at_s;
    if (!this.plot) return;
    const place = this.plot.valToPos(at_s, "x");
    this.now.hidden = !(place >= 0 && place <= this.plot.over.clientWidth);
    this.now.style.transform = `translateX(${place}px)`;
  }

  fit() {
    if (!this.frame.clientWidth || this.data.length === 0) return;
    if (!this.plot) this.fill(this.data, this.lines, this.bands);
    else if (this.plot.width !== this.frame.clientWidth)
      this.plot.setSize({ width: this.frame.clientWidth, height: this.plot.height });
  }

  /** All that is drawn, at about sixty moments. */
  showTable() {
    if (!(/** @type {HTMLDetailsElement} */ (this.details).open)) return;
    const times = this.data[0] ?? [];
    const every = Math.max(1, Math.ceil(times.length / TABLE_ROWS));
    const table = new DataTable(this.title, [
      { title: "time", unit: "min:s", value: (i) => times[i], show: (i) => clockText(Number(times[i])), isHead: true },
      ...this.lines.map((line, k) => ({ title: line.title, unit: line.unit, value: (/** @type {number} */ i) => this.data[k + 1][i] })),
    ]);
    table.fill(times.map((_, i) => i).filter((i) => i % every === 0));
    this.details.replaceChildren(/** @type {Node} */ (this.details.firstChild), table.element);
  }
}

/** "1:05", or with tenths where that is needed. @param {number} at_s @param {number[]} splits */
function tickText(at_s, splits) {
  const step = splits.length > 1 ? splits[1] - splits[0] : 1;
  if (step >= 1) return clockText(at_s);
  return `${Math.floor(at_s / 60)}:${(at_s % 60).toFixed(step >= 0.1 ? 1 : 2).padStart(4, "0")}`;
}
