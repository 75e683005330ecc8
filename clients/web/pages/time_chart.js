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
   * @param {{height?: number, onTime?: (at_s: number) => void, onZoom?: (from_s: number, to_s: number) => void}} wishes
   */
  constructor(title, wishes) {
    this.title = title;
    this.wishes = wishes;
    this.at_s = 0;
    this.isZooming = false;
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
    const scale = this.plot?.scales.x;
    const zoom = scale && this.isZoomed ? { min: scale.min, max: scale.max } : null;
    Object.assign(this, { data, lines, bands });
    this.plot?.destroy();
    this.plot = null;
    if (!this.frame.clientWidth) return; // not shown now; fit() comes again
    this.plot = new uPlot(this.options(), data, this.frame);
    this.plot.over.append(this.now);
    if (zoom) this.zoom(zoom.min, zoom.max);
    this.showTime(this.at_s);
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
      scales: { x: { time: false }, y: { range: (/** @type {any} */ _, /** @type {number} */ _low, /** @type {number} */ high) => [0, Math.max(1e-3, high ?? 1) * 1.05] } },
      cursor: { y: false, drag: { x: true, y: false, uni: 10 }, points: { size: 6 }, dataIdx: undefined },
      axes: [
        { ...axis, incrs: STEPS_S, values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map((s) => tickText(s, splits)) },
        { ...axis, size: AXIS_PX },
      ],
      series: [{}, ...this.lines.map((line) => ({
        label: line.unit ? `${line.title}, ${line.unit}` : line.title,
        stroke: line.colour, width: line.width ?? 2, fill: line.fill, points: { show: false },
        dash: line.isDashed ? [6, 4] : undefined, spanGaps: false,
      }))],
      hooks: {
        drawClear: [(/** @type {any} */ plot) => this.drawBands(plot)],
        setScale: [(/** @type {any} */ plot, /** @type {string} */ key) => key === "x" && this.onScale(plot)],
        ready: [(/** @type {any} */ plot) => this.listen(plot)],
      },
    };
  }

  /** A click, without a drag, is a moment. @param {any} plot */
  listen(plot) {
    let from = 0;
    plot.over.addEventListener("mousedown", (/** @type {MouseEvent} */ event) => (from = event.clientX));
    plot.over.addEventListener("mouseup", (/** @type {MouseEvent} */ event) => {
      if (Math.abs(event.clientX - from) > 4) return;
      const box = plot.over.getBoundingClientRect();
      this.wishes.onTime?.(plot.posToVal(event.clientX - box.left, "x"));
    });
  }

  /** @param {any} plot */
  onScale(plot) {
    const { min, max } = plot.scales.x;
    const end = this.data[0]?.[this.data[0].length - 1] ?? 0;
    this.isZoomed = min > (this.data[0]?.[0] ?? 0) + 1e-6 || max < Number(end) - 1e-6;
    this.showTime(this.at_s);
    if (!this.isZooming && this.plot) this.wishes.onZoom?.(min, max);
  }

  /** @param {number} from_s @param {number} to_s */
  zoom(from_s, to_s) {
    if (!this.plot) return;
    this.isZooming = true;
    this.plot.batch(() => this.plot.setScale("x", { min: from_s, max: to_s }));
    this.isZooming = false;
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
