// SPDX-License-Identifier: GPL-3.0-or-later
// session_taxels.js - single taxels, chosen in the map by clicks or keys: their curves over time.

import { shown } from "./data_table.js";
import { byId, make, put } from "./page_parts.js";
import { getJson, valuesOf } from "./session_api.js";
import { TimeChart } from "./time_chart.js";

const COLOURS = ["#56b4e9", "#e69f00", "#cc79a7", "#38c79a"];
const SPANS = 500;

/** @typedef {{row: number, col: number, colour: string, series: any}} Taxel */

export class TaxelTraces {
  /**
   * @param {import("./session_view.js").OpenedDevice} opened
   * @param {(from_s: number, to_s: number) => void} onZoom
   */
  constructor(opened, onZoom) {
    this.opened = opened;
    /** @type {Taxel[]} */
    this.chosen = [];
    /** @type {{row: number, col: number} | null} */
    this.cursor = null;
    this.isHovered = false;
    this.from_s = 0;
    this.to_s = opened.length_s;
    this.end = new AbortController();
    this.chart = new TimeChart(`Pressure of single taxels, ${opened.isRelative ? "% of full scale" : "kPa"}`, opened.length_s, {
      height: 170, onZoom, onTime: (at_s) => opened.moveTo(at_s),
    });
    byId("taxel-chart").replaceChildren();
    this.showChips();
    this.place();
  }

  close() {
    this.end.abort();
  }

  /** @param {MouseEvent} event */
  taxelAt(event) {
    const box = byId("map").getBoundingClientRect();
    const { n_rows, n_cols } = this.opened.device;
    const row = Math.floor(((event.clientY - box.top) / box.height) * n_rows);
    const col = Math.floor(((event.clientX - box.left) / box.width) * n_cols);
    return row >= 0 && col >= 0 && row < n_rows && col < n_cols ? { row, col } : null;
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    const at = this.taxelAt(event);
    if (at) this.toggle(at.row, at.col);
  }

  /** @param {MouseEvent | null} event */
  onHover(event) {
    this.cursor = event && this.taxelAt(event);
    this.isHovered = event !== null;
    this.place();
    if (this.opened.map) this.opened.showMap(this.opened.map, byId("map").dataset.at !== "");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const way = ways[event.key];
    const { n_rows, n_cols } = this.opened.device;
    if (event.key === "Enter" && this.cursor) {
      this.toggle(this.cursor.row, this.cursor.col);
    } else if (way) {
      const from = this.cursor ?? { row: Math.floor(n_rows / 2), col: Math.floor(n_cols / 2) };
      this.cursor = {
        row: Math.min(Math.max(from.row + way[0], 0), n_rows - 1),
        col: Math.min(Math.max(from.col + way[1], 0), n_cols - 1),
      };
      put(byId("taxel-said"), this.cursorText());
      if (this.opened.map) this.opened.showMap(this.opened.map, byId("map").dataset.at !== "");
    } else {
      return;
    }
    event.preventDefault();
  }

  cursorText() {
    if (!this.cursor) return "";
    const { row, col } = this.cursor;
    const value = this.opened.valueOf(row, col);
    return ` · row ${row}, column ${col}: ${Number.isNaN(value) ? "no taxel, or not read yet" : `${shown(value)} ${this.opened.unit}`}`;
  }

  /** @param {number} row @param {number} col */
  toggle(row, col) {
    const i = this.chosen.findIndex((taxel) => taxel.row === row && taxel.col === col);
    if (i >= 0) {
      this.chosen.splice(i, 1);
    } else {
      const colour = COLOURS.find((c) => !this.chosen.some((taxel) => taxel.colour === c)) ?? COLOURS[0];
      if (this.chosen.length >= COLOURS.length) this.chosen.shift();
      this.chosen.push({ row, col, colour, series: null });
    }
    this.showChips();
    this.place();
    this.load(this.from_s, this.to_s);
  }

  showChips() {
    byId("taxel-chips").replaceChildren(...this.chosen.map(({ row, col, colour }) => {
      const chip = make("button", `row ${row}, column ${col} ×`, { type: "button", class: "chip", "aria-label": `remove the trace of row ${row}, column ${col}` });
      chip.style.setProperty("--colour", colour);
      chip.addEventListener("click", () => this.toggle(row, col));
      return chip;
    }));
  }

  /** Frames around the chosen taxels, over the map. */
  place() {
    const canvas = byId("map"), layer = byId("taxel-marks");
    const { n_rows, n_cols } = this.opened.device;
    Object.assign(layer.style, {
      left: `${canvas.offsetLeft}px`, top: `${canvas.offsetTop}px`,
      width: `${canvas.offsetWidth}px`, height: `${canvas.offsetHeight}px`,
    });
    const marks = this.chosen.map((taxel) => ({ ...taxel, kind: "taxel-mark" }));
    if (this.cursor) marks.push({ ...this.cursor, colour: "#fff", series: null, kind: "taxel-mark cursor" });
    layer.replaceChildren(...marks.map(({ row, col, colour, kind }) => {
      const mark = make("div", "", { class: kind });
      mark.style.setProperty("--colour", colour);
      Object.assign(mark.style, {
        left: `${(100 * col) / n_cols}%`, top: `${(100 * row) / n_rows}%`,
        width: `${100 / n_cols}%`, height: `${100 / n_rows}%`,
      });
      return mark;
    }));
  }

  /** @param {number} from_s @param {number} to_s */
  async load(from_s, to_s) {
    this.from_s = from_s;
    this.to_s = to_s;
    this.end.abort();
    this.end = new AbortController();
    const { signal } = this.end;
    try {
      for (const taxel of this.chosen) // one after the other: there is one reader
        taxel.series = await getJson(
          `${this.opened.address}/taxel?row=${taxel.row}&col=${taxel.col}&from_s=${from_s}&to_s=${to_s}&n=${SPANS}`, signal);
      this.draw();
    } catch (fault) {
      if (!signal.aborted) put(byId("one-fault"), /** @type {Error} */ (fault).message);
    }
  }

  draw() {
    const { scale, unit } = this.opened;
    byId("taxel-hint").hidden = this.chosen.length > 0;
    byId("taxel-chart").replaceChildren(...(this.chosen.length ? [this.chart.element] : []));
    if (!this.chosen.length) return;
    const name = this.opened.isRelative ? "pressure_rel" : "pressure_kpa";
    const read = (/** @type {any} */ series, /** @type {string} */ ending) =>
      valuesOf(series, `${name}_${ending}`).map((v) => (v === null ? null : v * scale));
    this.chart.fill(
      [valuesOf(this.chosen[0].series, "at_s"), ...this.chosen.map((taxel) => read(taxel.series, "max"))],
      this.chosen.map((taxel) => ({ title: `row ${taxel.row}, column ${taxel.col}`, unit, colour: taxel.colour, width: 1.5 }))
    );
    const part = this.chosen[0].series.n_frames_read / Math.max(1, this.chosen[0].series.n_frames);
    this.chart.caption.textContent = this.chart.title + ", highest of each span" +
      (part < 0.99 ? `; ${Math.round(100 * part)} % of the frames looked at, drag for a closer look` : "");
  }

  /** @param {number} at_s */
  showTime(at_s) {
    this.chart.showTime(at_s);
  }

  /** @param {number} from_s @param {number} to_s */
  zoom(from_s, to_s) {
    this.chart.zoom(from_s, to_s);
  }
}
