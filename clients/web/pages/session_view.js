// SPDX-License-Identifier: GPL-3.0-or-later
// session_view.js - one session: its map along the timeline, its curves, and what it holds.

import { ramp, N_COLOURS } from "./colours.js";
import { shown } from "./data_table.js";
import { peakOf, valueAt } from "./map_code.js";
import { MapPlayer } from "./map_player.js";
import { niceAbove } from "./nice_scale.js";
import { byId, make, put } from "./page_parts.js";
import { PressureMapView } from "./pressure_map.js";
import { deviceAddress, getJson, getText, valuesOf } from "./session_api.js";
import { SessionCharts } from "./session_charts.js";
import { dateText, sizeText } from "./session_list.js";
import { TaxelTraces } from "./session_taxels.js";
import { sessionBlocks } from "./session_tables.js";
import { techniqueColour } from "./technique_colours.js";
import { clockText, techniqueName } from "./words.js";

const SPANS = 600;

/** @type {PressureMapView | null} */
let view = null;

/** @param {number} at_s */
export const exactClock = (at_s) =>
  `${Math.floor(at_s / 60)}:${(at_s % 60).toFixed(2).padStart(5, "0")}`;

/** One device of one session, as it is looked at now. */
class Opened {
  /** @param {any} session @param {any} device */
  constructor(session, device) {
    this.session = session;
    this.device = device;
    this.address = deviceAddress(session.id, device.name);
    this.length_s = device.digest.length_s ?? 0;
    this.isRelative = device.unit === "rel";
    this.scale = this.isRelative ? 100 : 1;
    this.unit = this.isRelative ? "%" : "kPa";
    this.at_s = 0;
    this.full = this.isRelative ? 1 : 20;
    this.isPlaying = false;
    this.frameAt = 0;
    /** @type {import("./map_code.js").PressureMap | null} */
    this.map = null;
    this.player = new MapPlayer(this.address, this.length_s,
      (map, isExact) => this.showMap(map, isExact), (sentence) => put(byId("one-fault"), sentence));
    this.taxels = new TaxelTraces(this, (from_s, to_s) => this.zoom(from_s, to_s));
    this.charts = new SessionCharts(this, (from_s, to_s) => this.zoom(from_s, to_s));
  }

  async start() {
    byId("scrub").max = String(this.length_s);
    byId("scrub").step = String(1 / this.device.rate_hz);
    this.showStrip();
    byId("blocks").replaceChildren(...sessionBlocks(this));
    this.moveTo(Math.min(1, this.length_s / 2));
    await this.loadMetrics(0, this.length_s);
    if (!this.isRelative) {
      const peaks = valuesOf(this.metrics, "peak_raw_kpa_max").filter(Number.isFinite);
      this.full = niceAbove(Math.max(4, ...peaks));
      if (this.map) this.showMap(this.map, true);
    }
  }

  close() {
    this.isPlaying = false;
    this.player.close();
    this.taxels.close();
  }

  /** @param {number} from_s @param {number} to_s */
  async loadMetrics(from_s, to_s) {
    try {
      this.metrics = await getJson(`${this.address}/metrics?from_s=${from_s}&to_s=${to_s}&n=${SPANS}`);
      this.charts.fill(this.metrics);
    } catch (fault) {
      put(byId("one-fault"), /** @type {Error} */ (fault).message);
    }
  }

  /** A part of the session, in all charts. @param {number} from_s @param {number} to_s */
  zoom(from_s, to_s) {
    const isWhole = to_s - from_s > 0.995 * this.length_s;
    byId("unzoom-key").hidden = isWhole;
    this.charts.zoom(from_s, to_s);
    this.taxels.zoom(from_s, to_s);
    clearTimeout(this.zoomWait);
    this.zoomWait = setTimeout(() => {
      void this.loadMetrics(isWhole ? 0 : from_s, isWhole ? this.length_s : to_s);
      this.taxels.load(isWhole ? 0 : from_s, isWhole ? this.length_s : to_s);
    }, 250);
  }

  /** @param {number} at_s */
  moveTo(at_s) {
    this.at_s = Math.min(Math.max(at_s, 0), this.length_s);
    byId("scrub").value = String(this.at_s);
    byId("scrub").setAttribute("aria-valuetext", `${exactClock(this.at_s)}, ${this.techniqueAt(this.at_s)}`);
    put(byId("at"), exactClock(this.at_s));
    put(byId("at-technique"), this.techniqueAt(this.at_s));
    this.charts.showTime(this.at_s);
    this.taxels.showTime(this.at_s);
    this.player.show(this.at_s);
  }

  /** @param {number} at_s */
  techniqueAt(at_s) {
    const run = this.device.episodes.find((/** @type {any} */ e) => at_s >= e.start_s && at_s < e.end_s);
    return run ? techniqueName(run.technique) : "";
  }

  /** @param {import("./map_code.js").PressureMap} map @param {boolean} isExact */
  showMap(map, isExact) {
    this.map = map;
    const canvas = byId("map");
    canvas.style.setProperty("--wide", String(map.n_cols * map.pitch_x_mm));
    canvas.style.setProperty("--high", String(map.n_rows * map.pitch_y_mm));
    view ??= new PressureMapView(canvas);
    view.draw(map, this.full);
    put(byId("scale-end"), `${this.scale * this.full} ${this.unit}`);
    this.taxels.place();
    const peak = `peak ${shown(this.scale * peakOf(map))} ${this.unit}`;
    put(byId("map-state"), `${peak}${this.taxels.cursorText()}`);
    canvas.dataset.at = isExact ? String(map.t_device - this.device.first_unix_s) : "";
    canvas.setAttribute("aria-label", `Pressure map at ${exactClock(this.at_s)}: ${peak}. Arrow keys choose a taxel, Enter shows its trace.`);
  }

  /** @param {number} row @param {number} col of the whole array */
  valueOf(row, col) {
    if (!this.map || this.map.n_cols !== this.device.n_cols) return NaN;
    return this.scale * valueAt(this.map, row * this.map.n_cols + col);
  }

  showStrip() {
    const strip = byId("episodes");
    strip.replaceChildren(...this.device.episodes.map((/** @type {any} */ run) => {
      const item = make("button", techniqueName(run.technique), { type: "button", tabindex: "-1", title: `${clockText(run.start_s)} ${techniqueName(run.technique)}, ${shown(run.end_s - run.start_s)} s` });
      item.dataset.technique = run.technique;
      item.style.setProperty("--colour", techniqueColour(run.technique));
      item.style.left = `${(100 * run.start_s) / this.length_s}%`;
      item.style.width = `${(100 * (run.end_s - run.start_s)) / this.length_s}%`;
      item.addEventListener("click", () => this.moveTo(run.start_s));
      return item;
    }));
    /** @type {[string, string][]} */
    const kinds = [["gaps", "gap"], ["notes", "note"], ["cues", "cue"], ["commands", "command"], ["events", "event"]];
    byId("ticks").replaceChildren(...kinds.flatMap(([name, kind]) => this.device[name].map((/** @type {any} */ row) => {
      const tick = make("span", "", { "data-kind": kind });
      tick.style.left = `${Math.min(100, Math.max(0, (100 * row.at_s) / this.length_s))}%`;
      return tick;
    })));
  }

  togglePlay() {
    this.isPlaying = !this.isPlaying;
    byId("play-key").setAttribute("aria-pressed", String(this.isPlaying));
    byId("play-key").lastChild.textContent = this.isPlaying ? " Pause" : " Play";
    if (!this.isPlaying) return;
    if (this.at_s >= this.length_s - 0.01) this.at_s = 0;
    this.frameAt = performance.now();
    requestAnimationFrame(() => this.step());
  }

  step() {
    if (!this.isPlaying || opened !== this) return;
    const now = performance.now();
    const next = this.at_s + ((now - this.frameAt) / 1000) * Number(byId("speed").value);
    this.frameAt = now;
    this.moveTo(next);
    if (next >= this.length_s) this.togglePlay();
    else requestAnimationFrame(() => this.step());
  }

  /** To the begin of the next run, or the last. @param {number} way */
  jump(way) {
    const begins = this.device.episodes.map((/** @type {any} */ run) => run.start_s);
    const found = way > 0 ? begins.find((/** @type {number} */ s) => s > this.at_s + 0.01)
                          : begins.filter((/** @type {number} */ s) => s < this.at_s - 0.3).pop();
    this.moveTo(found ?? (way > 0 ? this.length_s : 0));
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was ours */
  onKey(event) {
    const frame_s = 1 / this.device.rate_hz;
    const way = event.shiftKey ? 1 : frame_s;
    /** @type {Record<string, () => void>} */
    const acts = {
      " ": () => this.togglePlay(),
      arrowleft: () => this.moveTo(this.at_s - way),
      arrowright: () => this.moveTo(this.at_s + way),
      pageup: () => this.moveTo(this.at_s - 10),
      pagedown: () => this.moveTo(this.at_s + 10),
      home: () => this.moveTo(0),
      end: () => this.moveTo(this.length_s),
      n: () => this.jump(1),
      b: () => this.jump(-1),
    };
    const act = acts[event.key.toLowerCase()];
    act?.();
    return act !== undefined;
  }
}

/** @typedef {InstanceType<typeof Opened>} OpenedDevice */

/** @type {OpenedDevice | null} */
let opened = null;

/** @param {any} session @param {number} i */
function openDevice(session, i) {
  opened?.close();
  opened = null;
  const device = session.devices[i];
  byId("devices").replaceChildren(...(session.devices.length < 2 ? [] : session.devices.map((/** @type {any} */ d, /** @type {number} */ k) => {
    const key = make("button", d.name ?? d.file, { type: "button", "aria-pressed": String(k === i) });
    key.addEventListener("click", () => openDevice(session, k));
    return key;
  })));
  byId("player").hidden = byId("taxels").hidden = Boolean(device.error) || !device.digest?.length_s;
  showDownloads(session, device);
  if (device.error) {
    put(byId("one-fault"), device.error);
    byId("blocks").replaceChildren();
    return;
  }
  opened = new Opened(session, device);
  if (device.warning) put(byId("one-fault"), device.warning);
  void opened.start();
}

/** @param {any} session @param {any} device */
function showDownloads(session, device) {
  const name = device.name ?? device.file?.replace(/\.h5$/, "");
  const base = `api/sessions/${session.id}`;
  /** @type {[string, string][]} */
  const links = [["Report, to print", `${base}/report.html`], [`${name}.h5: all of it`, `${base}/${name}.h5`], [`${name} as CSV (zip)`, `${base}/${name}.csv.zip`]];
  byId("download-links").replaceChildren(...links.map(([text, href]) => {
    const link = make("a", text, { href });
    if (href.endsWith(".html")) link.setAttribute("target", "_blank");
    else link.setAttribute("download", "");
    return link;
  }));
}

/** @param {string} id */
export async function openSession(id) {
  put(byId("one-title"), "Opening ...");
  put(byId("one-facts"), "");
  put(byId("one-fault"), "");
  put(byId("copied"), "");
  try {
    const session = await getJson(`api/sessions/${id}`);
    byId("downloads").hidden = false;
    put(byId("one-title"), dateText(session.began_unix_s));
    put(byId("one-facts"), [
      session.id, `${clockText(session.length_s)} long`, session.participant && `participant ${session.participant}`,
      session.operator && `operator ${session.operator}`, session.plan && `plan ${session.plan}`,
      `station ${session.station}`, sizeText(session.size_bytes), session.state !== "closed" && session.state,
      session.note && `“${session.note}”`,
    ].filter(Boolean).join(" · "));
    openDevice(session, 0);
    put(byId("methods"), await getText(`api/sessions/${id}/methods.txt`));
  } catch (fault) {
    put(byId("one-title"), id);
    put(byId("one-fault"), /** @type {Error} */ (fault).message);
    byId("player").hidden = byId("taxels").hidden = byId("downloads").hidden = true;
    byId("blocks").replaceChildren();
  }
}

export function closeSession() {
  opened?.close();
  opened = null;
}

async function copyMethods() {
  try {
    await navigator.clipboard.writeText(byId("methods").textContent);
    put(byId("copied"), "copied");
  } catch {
    getSelection()?.selectAllChildren(byId("methods"));
    put(byId("copied"), "marked: Ctrl-C copies it");
  }
}

export function startView() {
  const picture = byId("ramp").getContext("2d");
  picture.putImageData(new ImageData(new Uint8ClampedArray(ramp), N_COLOURS, 1), 0, 0);
  byId("scrub").addEventListener("input", () => opened?.moveTo(Number(byId("scrub").value)));
  byId("play-key").addEventListener("click", () => opened?.togglePlay());
  byId("unzoom-key").addEventListener("click", () => opened?.zoom(0, opened.length_s));
  byId("copy-key").addEventListener("click", () => void copyMethods());
  byId("map").addEventListener("click", (/** @type {MouseEvent} */ event) => opened?.taxels.onClick(event));
  byId("map").addEventListener("mousemove", (/** @type {MouseEvent} */ event) => opened?.taxels.onHover(event));
  byId("map").addEventListener("mouseleave", () => opened?.taxels.onHover(null));
  byId("map").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => opened?.taxels.onKey(event));
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!opened || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && target.id !== "scrub") return;
    if (target.closest(".table-frame")) return; // these keys scroll it
    if (["BUTTON", "A", "SUMMARY"].includes(target.tagName) && [" ", "Enter"].includes(event.key)) return;
    if (opened.onKey(event)) event.preventDefault();
  });
  new ResizeObserver(() => {
    if (opened?.map) opened.showMap(opened.map, byId("map").dataset.at !== "");
  }).observe(byId("map"));
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => opened?.charts.redraw());
}
