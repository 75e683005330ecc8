// SPDX-License-Identifier: GPL-3.0-or-later
// wall.js - the instructor's page: all stations at once, each with its small map.

import { ramp } from "./colours.js";
import { connect } from "./live.js";
import { peakOf } from "./map_code.js";
import { Order, SteadyNeed, needOf } from "./need.js";
import { NiceScale } from "./nice_scale.js";
import { shortNumber, techniqueName } from "./words.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

const now_s = () => performance.now() / 1000;
const ABSENT = 65535;

/**
 * @typedef {{
 *   key: string, number: number, element: HTMLLIElement, picture: CanvasRenderingContext2D,
 *   parts: Record<string, HTMLElement>, metrics: any, status: any, heard_s: number,
 *   plan: any, cue: any, cue_s: number,
 *   map: import("./map_code.js").PressureMap | null, scale: NiceScale, steady: SteadyNeed
 * }} Tile
 */

/** @type {Map<number, Tile>} */
const tiles = new Map();
const order = new Order();
let isProjected = false;

// ---- tiles

/** @param {string} name @param {string} kind */
function part(name, kind) {
  const element = document.createElement(kind);
  element.className = name;
  return element;
}

/** @param {import("./live.js").ListedDevice} device @returns {Tile} */
function makeTile(device) {
  const element = document.createElement("li");
  element.className = "tile";
  const link = document.createElement("a");
  link.href = `./?station=${device.station}&device=${device.device}`;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const parts = Object.fromEntries(
    ["name", "stroke", "figures", "need"].map((name) => [name, part(name, "span")])
  );
  parts.name.textContent = `${device.station} · ${device.device}`;
  link.append(canvas, ...Object.values(parts));
  element.append(link);
  byId("tiles").append(element);
  return {
    key: `${device.station}.${device.device}`,
    number: device.number,
    element,
    picture: /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")),
    parts,
    metrics: null,
    status: null,
    plan: null,
    cue: null,
    cue_s: -Infinity,
    heard_s: now_s(),
    map: null,
    scale: new NiceScale(20),
    steady: new SteadyNeed(),
  };
}

/** @param {import("./live.js").ListedDevice[]} devices */
function listDevices(devices) {
  for (const device of devices)
    if (!tiles.has(device.number)) tiles.set(device.number, makeTile(device));
  byId("empty").hidden = tiles.size > 0;
  byId("tiles").classList.toggle("many", tiles.size > 30);
}

/** One picture element a cell; the browser smooths. @param {Tile} tile */
function drawMap(tile) {
  const map = /** @type {import("./map_code.js").PressureMap} */ (tile.map);
  const canvas = tile.picture.canvas;
  if (canvas.width !== map.n_cols || canvas.height !== map.n_rows) {
    canvas.width = map.n_cols;
    canvas.height = map.n_rows;
  }
  const end = map.isUncalibrated ? 1 : tile.scale.take(peakOf(map), now_s());
  const image = tile.picture.createImageData(map.n_cols, map.n_rows);
  for (let i = 0; i < map.codes.length; i++) {
    if (map.codes[i] === ABSENT) continue;
    const at = 4 * Math.min(255, Math.floor((255 * map.codes[i] * map.step) / end));
    image.data[4 * i] = ramp[at];
    image.data[4 * i + 1] = ramp[at + 1];
    image.data[4 * i + 2] = ramp[at + 2];
    image.data[4 * i + 3] = 255;
  }
  tile.picture.putImageData(image, 0, 0);
  tile.map = null; // drawn
}

/** @param {HTMLElement} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Tile} tile */
function showTile(tile) {
  const isNow = now_s() - tile.heard_s < 3 && tile.metrics;
  const metrics = isNow ? tile.metrics : null;
  const { need, why } = needOf(tile, now_s());
  const shown = tile.steady.take(need, now_s());
  put(tile.parts.stroke, metrics ? techniqueName(metrics.technique) : "–");
  const pressure = !metrics
    ? ""
    : metrics.uncalibrated
      ? `${shortNumber(100 * metrics.peak_rel)} %`
      : metrics.peak_kpa === undefined
        ? `${shortNumber(metrics.load_change_n ?? NaN)} N`
        : `${shortNumber(metrics.peak_kpa)} kPa`;
  const pace = metrics?.pace_cpm === undefined ? "" : ` ${shortNumber(metrics.pace_cpm)}/min`;
  const score = tile.plan?.practice_score;
  put(tile.parts.figures, pressure + pace + (score === undefined ? "" : ` · ${Math.round(score)}`));
  put(tile.parts.need, shown === "none" && need !== "none" ? "" : why);
  // A projected wall shows the whole class: nobody is singled out there.
  const marked = isProjected ? "none" : shown;
  if (tile.element.dataset.need !== marked) tile.element.dataset.need = marked;
}

function showAll() {
  for (const tile of tiles.values()) showTile(tile);
  const standing = [...byId("tiles").children].map((element) =>
    /** @type {Tile} */ ([...tiles.values()].find((tile) => tile.element === element))
  );
  const wanted = order.take(
    standing.map((tile) => ({ key: tile.key, need: tile.steady.shown })),
    !isProjected,
    now_s()
  );
  if (wanted) {
    const byKey = new Map(standing.map((tile) => [tile.key, tile.element]));
    byId("tiles").append(...wanted.map((key) => /** @type {HTMLLIElement} */ (byKey.get(key))));
  }
  const n_help = standing.filter((tile) => tile.steady.shown === "help").length;
  put(
    byId("summary"),
    `${tiles.size} ${tiles.size === 1 ? "station" : "stations"}` +
      (n_help && !isProjected ? `, ${n_help} ${n_help === 1 ? "needs" : "need"} help` : "")
  );
}

// ---- what comes

const live = connect({
  show: { state_hz: 5, maps_hz: 15, n_cells: 16, events: true },
  onConnection: (isConnected) => {
    byId("connection").textContent = isConnected
      ? "connected"
      : live.isFull
        ? "the gateway has as many viewers as it can take; trying again"
        : "no connection; trying again";
    byId("connection").classList.toggle("warn", !isConnected);
  },
  onDevices: listDevices,
  onTopic: (kind, device, data) => {
    const tile = tiles.get(device.number);
    if (!tile) return;
    if (kind === "metrics") {
      tile.metrics = data;
      tile.heard_s = now_s();
    } else if (kind === "status") {
      tile.status = data;
    } else if (kind === "plan") {
      tile.plan = data;
    } else if (kind === "cue") {
      tile.cue = data;
      tile.cue_s = now_s();
    }
  },
  onMap: (device, map) => {
    const tile = tiles.get(device.number);
    if (tile) tile.map = map;
  },
});

function draw() {
  for (const tile of tiles.values()) if (tile.map) drawMap(tile);
  requestAnimationFrame(draw);
}

function toggleProjected() {
  isProjected = !isProjected;
  order.last_s = -Infinity;
  byId("projected-key").setAttribute("aria-pressed", String(isProjected));
  byId("tiles").setAttribute("aria-label", isProjected ? "Stations by name" : "Stations, who needs help first");
  showAll();
}

byId("projected-key").addEventListener("click", toggleProjected);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "p" && !event.ctrlKey && !event.metaKey) toggleProjected();
});
void live;
setInterval(showAll, 250);
requestAnimationFrame(draw);
