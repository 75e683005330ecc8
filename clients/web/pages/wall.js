// SPDX-License-Identifier: GPL-3.0-or-later
// wall.js - the instructor's page: all stations at once, each with its small map; one tap opens a
// table, and the class is led from here (class_*.js).

import { JoinBoard } from "./class_join.js";
import { Roster } from "./class_roster.js";
import { NO_CLASS, outcome, seatAt } from "./class_state.js";
import { TablePanel } from "./class_table.js";
import { ramp } from "./colours.js";
import { connect } from "./live.js";
import { peakOf } from "./map_code.js";
import { Order, SteadyNeed, needOf, needWith } from "./need.js";
import { NiceScale } from "./nice_scale.js";
import { byId, now_s, put } from "./page_parts.js";
import { PeakHold, strokeSpan_s } from "./peak_hold.js";
import { bandsOf, scoreText } from "./plan_panel.js";
import { judge } from "./verdict.js";
import { wallLayout } from "./wall_layout.js";
import { techniqueName } from "./words.js";

const ABSENT = 65535;

/**
 * @typedef {{
 *   key: string, station: string, device: string, number: number, element: HTMLLIElement, picture: CanvasRenderingContext2D,
 *   parts: Record<string, HTMLElement>, metrics: any, status: any, heard_s: number,
 *   plan: any, cue: any, cue_s: number,
 *   map: import("./map_code.js").PressureMap | null, scale: NiceScale, steady: SteadyNeed,
 *   peak: PeakHold, verdict: ReturnType<typeof judge>
 * }} Tile
 */

/** @type {Map<number, Tile>} */
const tiles = new Map();
const order = new Order();
let isProjected = false;
/** @type {import("./class_state.js").ClassState} */
let classState = NO_CLASS;
let isLed = false; // this page may lead the class
let toldUntil_s = 0;
let outcomeUntil_s = 0; // something was asked of all tables: what came of it is told, and told anew

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
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", () => openTable(device));
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const parts = Object.fromEntries(
    ["name", "score", "stroke", "figures", "need"].map((name) => [name, part(name, "span")])
  );
  parts.name.textContent = `${device.station} · ${device.device}`;
  button.append(canvas, ...Object.values(parts));
  element.append(button);
  byId("tiles").append(element);
  return {
    key: `${device.station}.${device.device}`,
    station: device.station,
    device: device.device,
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
    peak: new PeakHold(),
    verdict: null,
  };
}

/** @param {import("./live.js").ListedDevice[]} devices */
function listDevices(devices) {
  for (const device of devices)
    if (!tiles.has(device.number)) tiles.set(device.number, makeTile(device));
  byId("empty").hidden = tiles.size > 0;
  layOut();
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

/** "s3 · A1 · ●": on a projected wall nobody is named. @param {Tile} tile */
function nameOf(tile) {
  const seat = seatAt(classState, tile.station);
  const n_devices = [...tiles.values()].filter((other) => other.station === tile.station).length;
  const place = n_devices > 1 || !seat?.giver ? `${tile.station} · ${tile.device}` : tile.station;
  const who = seat?.giver && !isProjected ? ` · ${seat.giver}` : "";
  return `${place}${who}${seat?.recording ? " ●" : ""}`;
}

/** @param {Tile} tile */
function showTile(tile) {
  const isNow = now_s() - tile.heard_s < 3 && tile.metrics;
  const metrics = isNow ? tile.metrics : null;
  const { need, why, isPersonal } = needWith(needOf(tile, now_s()), seatAt(classState, tile.station));
  put(tile.parts.name, nameOf(tile));
  const shown = tile.steady.take(need, now_s());
  put(tile.parts.stroke, metrics ? techniqueName(metrics.technique) : "–");
  const { words, verdict } = pressureWords(tile, metrics);
  const pace = metrics?.pace_cpm === undefined ? "" : ` · ${wholeNumber(metrics.pace_cpm)}/min`;
  put(tile.parts.figures, words + pace);
  // A projected wall shows the whole class: nobody is singled out there.
  const score = isProjected || !scoreText(tile.plan ?? {}) ? undefined : tile.plan.practice_score;
  put(tile.parts.score, score === undefined ? "" : String(Math.round(score)));
  const isTold = (shown !== "none" || need === "none") && !(isProjected && isPersonal);
  put(tile.parts.need, (isTold && why) || (isProjected ? "" : verdict));
  const marked = isProjected ? "none" : shown;
  if (tile.element.dataset.need !== marked) tile.element.dataset.need = marked;
}

/** From the other end of a room no tenths are read. @param {number} value */
const wholeNumber = (value) => String(value < 3 ? Number(value.toFixed(1)) : Math.round(value));

/** The pressure of the stroke under way, and how it stands to the plan's band.
 * @param {Tile} tile @param {any} metrics */
function pressureWords(tile, metrics) {
  const isRelative = Boolean(metrics?.uncalibrated);
  const isMat = metrics && !isRelative && metrics.peak_kpa === undefined;
  const now = !metrics ? NaN : isRelative ? 100 * metrics.peak_rel : isMat ? Math.max(0, metrics.load_change_n ?? NaN) : metrics.peak_kpa;
  const value = tile.peak.take(metrics?.contacts === 0 && !isMat ? NaN : now, now_s(), strokeSpan_s(metrics?.pace_cpm));
  const bands = bandsOf(tile.plan);
  const isJudged = bands.judgesPressure && !isRelative && !isMat && tile.plan.on_step !== false;
  tile.verdict = judge(value, isJudged ? bands.pressure : null, tile.verdict);
  const unit = isRelative ? "%" : isMat ? "N" : "kPa";
  const words = { below: "too light", in: "right", above: "too deep" };
  return {
    words: !metrics ? "" : Number.isFinite(value) ? `${wholeNumber(value)} ${unit}` : `0 ${unit}`,
    verdict: tile.verdict ? words[tile.verdict] : "",
  };
}

/** All tiles on one screen, as large as can be. */
function layOut() {
  const list = byId("tiles");
  const letter_px = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room_px = innerHeight - list.getBoundingClientRect().top - scrollY - 0.8 * letter_px;
  const { n_columns, letter_px: size_px } = wallLayout(tiles.size, list.clientWidth - 2 * letter_px, room_px, letter_px);
  list.style.setProperty("--columns", String(n_columns));
  list.style.setProperty("--letter", `${size_px.toFixed(2)}px`);
}
addEventListener("resize", layOut);

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
  const n_stations = new Set(standing.map((tile) => tile.station)).size;
  const n_help = standing.filter((tile) => tile.steady.shown === "help").length;
  put(
    byId("summary"),
    `${n_stations} ${n_stations === 1 ? "station" : "stations"}` +
      (classState.on ? `, ${classState.stations.filter((seat) => seat.recording).length} recording` : "") +
      (n_help && !isProjected ? `, ${n_help} ${n_help === 1 ? "needs" : "need"} help` : "")
  );
}

// ---- what comes

const live = connect({
  show: { state_hz: 5, maps_hz: 15, n_cells: 16, events: true, class: true },
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
  onClass: takeClass,
  onMap: (device, map) => {
    const tile = tiles.get(device.number);
    if (tile) tile.map = map;
  },
});

function draw() {
  for (const tile of tiles.values()) if (tile.map) drawMap(tile);
  requestAnimationFrame(draw);
}

// ---- the class

const table = new TablePanel((request) => live.lead(request), (station) => joinBoard.open(classState, station));
const roster = new Roster((request) => live.lead(request));
const joinBoard = new JoinBoard(live);

/** @param {import("./live.js").ListedDevice} device */
function openTable(device) {
  if (isLed) table.open(classState, device.station, device.device);
  else location.href = `./?station=${device.station}&device=${device.device}`;
}

/** @param {import("./class_state.js").ClassState} state */
function takeClass(state) {
  classState = state;
  isLed = true;
  if (byId("tools").hidden !== isProjected) {
    byId("tools").hidden = isProjected;
    layOut();
  }
  put(byId("title"), state.title || "Class");
  if (table.dialog.open) table.take(state);
  if (roster.dialog.open) roster.take(state);
  if (joinBoard.dialog.open) joinBoard.take(state);
  if (state.fault) tell(state.fault, true);
  const came = now_s() < outcomeUntil_s ? outcome(state) : "";
  if (came && came !== byId("told").textContent) {
    tell(came, state.stations.some((seat) => seat.result && !seat.result.ok));
    outcomeUntil_s = toldUntil_s; // a table may come round while it is read
  }
}

/** @param {string} sentence @param {boolean} [isWrong] */
function tell(sentence, isWrong = false) {
  put(byId("told"), sentence);
  byId("told").classList.toggle("wrong", isWrong);
  toldUntil_s = now_s() + (isWrong ? 30 : 10);
  outcomeUntil_s = 0;
}

/** @param {{act: string, [key: string]: any}} request @param {string} doing */
async function askAll(request, doing) {
  tell(doing);
  const reply = await live.lead(request);
  // The class as it is from now on comes after the reply, never before.
  if (reply.ok) outcomeUntil_s = Infinity;
  if (!reply.ok) tell(String(reply.error), true);
}

const startAll = () => void askAll({ act: "start" }, "starting all tables");
const stopAll = () => void askAll({ act: "stop" }, "stopping all tables");

byId("note-form").addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
  if (event.submitter?.getAttribute("value") === "cancel") return;
  event.preventDefault();
  const reply = await live.lead({ act: "note", note: byId("note-words").value.trim() });
  put(byId("note-fault"), reply.ok ? "" : String(reply.error));
  if (!reply.ok) return;
  byId("note-words").value = "";
  byId("note").close();
  tell("the note is shown at all tables");
});
byId("plan-all-set").addEventListener("click", () =>
  void roster.ask({ act: "plan", plan: byId("plan-all").value.trim() })
);

function toggleProjected() {
  isProjected = !isProjected;
  byId("tools").hidden = isProjected || !isLed;
  order.last_s = -Infinity;
  byId("projected-key").setAttribute("aria-pressed", String(isProjected));
  byId("tiles").setAttribute("aria-label", isProjected ? "Stations by name" : "Stations, who needs help first");
  layOut();
  showAll();
}

byId("projected-key").addEventListener("click", toggleProjected);
/** @type {Record<string, () => void>} */
const KEYS = {
  c: () => roster.open(classState),
  a: startAll,
  x: stopAll,
  n: () => byId("note").showModal(),
  q: () => joinBoard.open(classState),
  g: () => byId("grades-key").click(),
};
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = event.key.toLowerCase();
  if (key === "p") toggleProjected();
  else if (isLed && !isProjected && KEYS[key]) {
    event.preventDefault();
    KEYS[key]();
  }
});
for (const [id, key] of Object.entries({ "roster-key": "c", "start-key": "a", "stop-key": "x", "note-key": "n", "join-key": "q" }))
  byId(id).addEventListener("click", () => KEYS[key]());
setInterval(() => {
  showAll();
  if (now_s() > toldUntil_s) put(byId("told"), "");
}, 250);
requestAnimationFrame(draw);
