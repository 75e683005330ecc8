// SPDX-License-Identifier: GPL-3.0-or-later
// student.js - the student's page: reads the live data and lays it before eyes and ears.

import { ramp } from "./colours.js";
import { Dial } from "./dial.js";
import { connect } from "./live.js";
import { peakOf } from "./map_code.js";
import { NiceScale, niceAbove } from "./nice_scale.js";
import { PeakHold } from "./peak_hold.js";
import { bandsOf, beatOf, isInForce, planWords } from "./plan_panel.js";
import { PressureMapView } from "./pressure_map.js";
import { Sound } from "./sound.js";
import { N_TAPS, delayOf, nearestDelay } from "./tap_delay.js";
import { judge } from "./verdict.js";
import { shortNumber, techniqueName } from "./words.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

const SILENT_S = 1; // without metrics for so long, nothing is shown as if it were now
const HOLD_LEAST_S = 1; // a stroke's peak stands for a cycle, and at least so long
const HOLD_MOST_S = 4;
const CUE_STANDS_S = 6; // a cue is shown so long, unless another comes
const NAME_STEADY_S = 1.5; // a name is said aloud when it has stood so long

const sound = new Sound();
const dial = new Dial(byId("pressure-dial"));
const view = new PressureMapView(byId("map"));
const mapScale = new NiceScale(20);
const dialScale = new NiceScale(50);
const strokePeak = new PeakHold();

/** What is known now; everything on the page follows from it. */
const state = {
  /** @type {any} */ metrics: null,
  /** @type {any} */ status: null,
  /** @type {any} */ plan: null,
  /** @type {any} */ cue: null,
  cueSince_s: -Infinity,
  /** @type {import("./map_code.js").PressureMap | null} */ map: null,
  heard_s: -Infinity,
  /** @type {import("./live.js").ListedDevice | null} */ device: null,
  /** @type {ReturnType<typeof judge>} */ pressureVerdict: null,
  /** @type {ReturnType<typeof judge>} */ paceVerdict: null,
  name: "",
  nameSince_s: 0,
  nameSaid: "",
};

const now_s = () => performance.now() / 1000;

let noticeUntil_s = 0; // so long the badge says what was just done

// ---- what comes

const wanted = new URLSearchParams(location.search);

const live = connect({
  show: wish(),
  onConnection: (isConnected) => {
    if (!isConnected) state.heard_s = -Infinity;
    tellConnection();
  },
  onDevices: listDevices,
  onTopic: (kind, device, data) => {
    if (!state.device || device.number !== state.device.number) return;
    if (kind === "metrics") {
      state.metrics = data;
      state.heard_s = now_s();
    } else if (kind === "status") {
      state.status = data;
      tellConnection();
    } else if (kind === "plan") {
      takePlan(data);
    } else if (kind === "cue") {
      takeCue(data);
    }
  },
  onMap: (device, map) => {
    if (state.device && device.number === state.device.number) state.map = map;
  },
});

function wish() {
  return {
    station: wanted.get("station") ?? undefined,
    device: wanted.get("device") ?? undefined,
    state_hz: 30,
    maps_hz: 30,
    n_cells: 64,
    events: true,
  };
}

/** @param {import("./live.js").ListedDevice[]} devices */
function listDevices(devices) {
  const select = byId("device");
  const before = select.value;
  select.replaceChildren(
    ...devices.map((d) => new Option(`${d.station} · ${d.device}`, String(d.number)))
  );
  if (devices.some((d) => String(d.number) === before)) select.value = before;
  choose(devices.find((d) => String(d.number) === select.value) ?? null);
}

/** @param {import("./live.js").ListedDevice | null} device */
function choose(device) {
  if (device?.number === state.device?.number) return;
  Object.assign(state, { device, metrics: null, status: null, plan: null, cue: null, map: null, heard_s: -Infinity });
  tellConnection();
}

byId("device").addEventListener("change", () => {
  const number = Number(byId("device").value);
  choose(live.devices.get(number) ?? null);
  live.show(live.wishes.show); // all that is known, anew
});

// ---- what is said in words

function tellConnection() {
  const badge = byId("connection");
  const status = state.status;
  const [text, isWell] = !live.isConnected
    ? ["no connection to the gateway; trying again", false]
    : !state.device
      ? ["no table has been heard of yet", false]
      : !status
        ? ["waiting for the table", false]
        : status.state === "streaming"
          ? current()
            ? ["measuring", true]
            : ["no data comes; is the daemon running?", false]
          : [`${status.state}: ${status.reason || "no data"}`, false];
  if (now_s() > noticeUntil_s) {
    if (badge.textContent !== text) badge.textContent = text;
    badge.classList.toggle("warn", !isWell);
  }
  const doubt = !status
    ? ""
    : status.uncalibrated
      ? "not calibrated: no kilopascals"
      : status.calibration === "expired"
        ? `calibration expired ${status.calibration_expires}`
        : status.dead_taxels > 0
          ? `${status.dead_taxels} dead taxels`
          : "";
  const doubtBadge = byId("doubt");
  doubtBadge.hidden = doubt === "";
  if (doubtBadge.textContent !== doubt) doubtBadge.textContent = doubt;
}

/** @param {HTMLElement} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The metrics that hold now, or null. */
function current() {
  return now_s() - state.heard_s < SILENT_S ? state.metrics : null;
}

/** A mat under a person says how the load changes, and no pressure. */
const isMat = () => state.status?.mount === "mat";

/** @param {any} metrics */
function pressureOf(metrics) {
  if (isMat()) return metrics?.load_change_n === undefined ? NaN : Math.max(0, metrics.load_change_n);
  if (!metrics || metrics.contacts === 0) return NaN;
  return metrics.uncalibrated ? 100 * metrics.peak_rel : metrics.peak_kpa;
}

/** The pressure of the stroke under way, or the last one. @param {any} metrics */
function strokePressure(metrics) {
  const cycle_s = 60 / (metrics?.pace_cpm ?? 60);
  const span_s = Math.min(HOLD_MOST_S, Math.max(HOLD_LEAST_S, 1.2 * cycle_s));
  return strokePeak.take(pressureOf(metrics), now_s(), span_s);
}

/** @param {any} metrics */
function showTechnique(metrics) {
  const name = techniqueName(metrics?.technique);
  put(byId("technique"), name || "–");
  const confidence = metrics?.technique_confidence;
  put(
    byId("confidence"),
    metrics && metrics.technique !== "unknown" && confidence !== undefined && metrics.contacts > 0
      ? `${Math.round(100 * confidence)} % sure`
      : ""
  );
  if (name !== state.name) {
    state.name = name;
    state.nameSince_s = now_s();
  }
  if (name && name !== state.nameSaid && now_s() - state.nameSince_s > NAME_STEADY_S) {
    state.nameSaid = name;
    put(byId("spoken"), name);
    sound.voice.say(name);
  }
}

/** The dial shows the whole band and some way beyond. @param {{from: number, to: number} | null} band */
const niceEnd = (band) =>
  !band ? 0 : niceAbove(1.2 * (Number.isFinite(band.to) ? band.to : 2 * band.from));

// ---- the plan and what the coach says

let beatStep = ""; // the step whose pace the beat was set to

/** @param {any} plan */
function takePlan(plan) {
  state.plan = plan;
  const panel = byId("plan");
  panel.hidden = !isInForce(plan);
  if (panel.hidden) return;
  const words = planWords(plan);
  put(byId("plan-title"), words.title);
  put(byId("step"), words.step);
  put(byId("step-note"), words.note);
  put(byId("score"), words.score);
  byId("step-progress").value = words.part;
  byId("pause-key").setAttribute("aria-pressed", String(plan.state === "paused"));
  const step = `${plan.plan} ${plan.step}`;
  const beat = beatOf(bandsOf(plan).pace);
  if (step !== beatStep && beat !== null) setTarget(beat);
  if (step !== beatStep && plan.state === "running") sound.voice.say(words.step);
  beatStep = step;
}

/** @param {any} cue */
function takeCue(cue) {
  state.cue = cue;
  state.cueSince_s = now_s();
  put(byId("spoken"), cue.text);
  sound.voice.say(cue.text);
}

function showCue() {
  const cue = now_s() - state.cueSince_s < CUE_STANDS_S ? state.cue : null;
  put(byId("cue"), cue ? cue.cue : "");
  byId("cue").className = !cue ? "" : cue.cue === "stop" ? "stop" : cue.cue === "good" ? "right" : "wrong";
}

/** @param {object} control */
async function command(control) {
  if (!state.device) return { ok: false, error: "no table is chosen" };
  return live.control(state.device.station, { ...control, device: state.device.device });
}

/** @param {string} action */
async function steerPlan(action) {
  if (!isInForce(state.plan)) return;
  const reply = await command({ command: "plan", action });
  if (!reply.ok) notice(`not done: ${reply.error}`);
}

/** @param {number | null} pain 0 to 10; null: the button */
async function sayComfort(pain) {
  byId("comfort").close();
  const reply = await command(pain === null ? { command: "comfort" } : { command: "comfort", pain });
  notice(reply.ok ? (pain === null ? "noted: it hurts" : `noted: ${pain} of 10`) : `not noted: ${reply.error}`);
}

async function startPlan() {
  const cues = byId("plan-all").checked ? "all" : "trusted";
  const reply = await command({ command: "plan", plan: byId("plan-name").value, cues });
  put(byId("plan-fault"), reply.ok ? "" : String(reply.error));
  if (reply.ok) byId("plans").close();
}

/** Said in the badge for a moment, and to the ear. @param {string} sentence */
function notice(sentence) {
  put(byId("spoken"), sentence);
  put(byId("connection"), sentence);
  noticeUntil_s = now_s() + 4;
  sound.voice.say(sentence);
}

/** @param {any} metrics */
function showPressure(metrics) {
  const value = strokePressure(metrics);
  const isRelative = Boolean(metrics?.uncalibrated);
  const end = isRelative ? 100 : dialScale.take(Number.isFinite(value) ? value : 0, now_s());
  const bands = bandsOf(state.plan);
  dial.setScale(Math.max(end, isRelative ? 0 : niceEnd(bands.pressure)), isRelative ? null : bands.pressure);
  dial.setValue(pressureOf(metrics), value);
  const without = metrics && !isMat() ? "0" : "–";
  put(byId("pressure"), Number.isFinite(value) ? shortNumber(value) : without);
  put(byId("pressure-unit"), isMat() ? "N on top" : isRelative ? "% of full scale" : "kPa at the peak");
  const saturated = metrics?.saturated_taxels > 0;
  state.pressureVerdict = isRelative || isMat()
    ? null
    : judge(value, bands.judgesPressure ? bands.pressure : null, state.pressureVerdict);
  const words = { below: "too light", in: "right", above: "too deep" };
  const verdict = state.pressureVerdict;
  const element = byId("pressure-verdict");
  put(element, saturated ? "at the sensor's end" : verdict ? words[verdict] : "");
  element.className = `verdict ${verdict === "in" && !saturated ? "right" : "wrong"}`;
  sound.tone?.say(
    verdict === null
      ? "silent"
      : verdict === "below"
        ? "light"
        : verdict === "above" || saturated
          ? "deep"
          : "right"
  );
}

/** @param {any} metrics */
function showPace(metrics) {
  const pace = metrics?.pace_cpm ?? NaN;
  put(byId("pace"), shortNumber(pace));
  const bands = bandsOf(state.plan);
  state.paceVerdict = judge(pace, bands.judgesPace ? bands.pace : null, state.paceVerdict);
  const words = { below: "too slow", in: "right", above: "too fast" };
  const element = byId("pace-verdict");
  put(element, state.paceVerdict ? words[state.paceVerdict] : "");
  element.className = `verdict ${state.paceVerdict === "in" ? "right" : "wrong"}`;
}

// ---- the beat, the map

/** There and back once a cycle, as a hand goes. @param {number} phase 0..1 */
const sway = (phase) => 0.5 - 0.5 * Math.cos(2 * Math.PI * phase);

let handPhase = 0;
let drawn_s = now_s();

/** @param {any} metrics */
function drawBeat(metrics) {
  const step_s = now_s() - drawn_s;
  drawn_s = now_s();
  const metronome = sound.metronome;
  const beat = byId("beat");
  beat.hidden = !metronome?.isOn;
  if (metronome?.isOn) beat.style.setProperty("--at", String(sway(metronome.phase())));
  const pace = metrics?.pace_cpm;
  const hand = byId("hand");
  hand.hidden = pace === undefined;
  if (pace !== undefined) {
    handPhase = (handPhase + (step_s * pace) / 60) % 1;
    hand.style.setProperty("--at", String(sway(handPhase)));
  }
}

function drawMap() {
  const map = state.map;
  if (!map) return;
  const canvas = byId("map");
  const unit = map.isUncalibrated ? "% of full scale" : "kPa";
  const end = map.isUncalibrated ? 1 : mapScale.take(peakOf(map), now_s());
  canvas.style.setProperty("--wide", String(map.n_cols * map.pitch_x_mm));
  canvas.style.setProperty("--high", String(map.n_rows * map.pitch_y_mm));
  view.draw(map, end);
  // Through a mattress a taxel's value is no pressure on the skin.
  put(byId("scale-end"), isMat() ? "more load" : `${map.isUncalibrated ? 100 : end} ${unit}`);
}

function drawRamp() {
  const plain = byId("ramp").getContext("2d");
  plain.putImageData(new ImageData(new Uint8ClampedArray(ramp), 256, 1), 0, 0);
}

function draw() {
  const metrics = current();
  showTechnique(metrics);
  showPressure(metrics);
  showPace(metrics);
  showCue();
  drawBeat(metrics);
  drawMap();
  requestAnimationFrame(draw);
}

// ---- the same as a table, and in words for the map: once a second, which no ear minds

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

function showNumbers() {
  const metrics = current();
  tellConnection();
  const rows = !metrics
    ? []
    : ROWS.map(([name, unit, read]) => [name, unit, read(metrics)]).filter(
        ([, , value]) => value !== undefined
      );
  byId("numbers").replaceChildren(
    ...rows.map(([name, unit, value]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      const cell = document.createElement("td");
      cell.textContent = `${typeof value === "number" ? shortNumber(value) : value} ${unit}`;
      row.append(head, cell);
      return row;
    })
  );
  byId("map").setAttribute("aria-label", `Pressure map: ${inWords(metrics)}`);
}

/** @param {any} metrics */
function inWords(metrics) {
  if (!metrics) return "no data";
  const value = strokePressure(metrics);
  if (!Number.isFinite(value)) return isMat() ? "somebody lies still" : "nothing touches";
  const unit = isMat()
    ? "newtons on top"
    : metrics.uncalibrated
      ? "percent of full scale"
      : "kilopascals";
  const pressure = `${shortNumber(value)} ${unit}`;
  const pace = metrics.pace_cpm === undefined ? "" : `, ${shortNumber(metrics.pace_cpm)} a minute`;
  const verdict = byId("pressure-verdict").textContent;
  return `${techniqueName(metrics.technique)}, ${pressure}${verdict ? `, ${verdict}` : ""}${pace}`;
}

// ---- keys and buttons

function setTarget(/** @type {number} */ pace_cpm) {
  const pace = Math.min(720, Math.max(6, Math.round(pace_cpm)));
  byId("target").value = String(pace);
  sound.metronome?.setPace(pace);
}

function toggleMetronome() {
  sound.wake();
  const metronome = sound.metronome;
  if (!metronome) return;
  metronome.latency_s = Number(localStorage.getItem("headphone_delay_s") ?? 0);
  metronome.setPace(Number(byId("target").value));
  if (metronome.isOn) metronome.stop();
  else metronome.start();
  byId("metronome-key").setAttribute("aria-pressed", String(metronome.isOn));
}

function toggleTone() {
  sound.wake();
  if (!sound.tone) return;
  sound.tone.isOn = !sound.tone.isOn;
  byId("tone-key").setAttribute("aria-pressed", String(sound.tone.isOn));
}

function toggleVoice() {
  sound.voice.isOn = !sound.voice.isOn;
  byId("voice-key").setAttribute("aria-pressed", String(sound.voice.isOn));
  sound.voice.say(sound.voice.isAble ? "voice on" : "");
}

function sayNow() {
  const sentence = inWords(current());
  put(byId("spoken"), sentence);
  sound.voice.say(sentence, true);
}

async function tare() {
  const reply = await command({ command: "tare" });
  notice(reply.ok ? "zero taken" : `not zeroed: ${reply.error}`);
}

function makeComfortScale() {
  for (let pain = 0; pain <= 10; pain++) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(pain);
    button.addEventListener("click", () => void sayComfort(pain));
    byId("comfort-scale").append(button);
  }
  byId("comfort").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (/^[0-9]$/.test(event.key)) void sayComfort(Number(event.key));
  });
}

function measureDelay() {
  sound.wake();
  const { context, metronome } = sound;
  if (!context || !metronome) return;
  const dialog = byId("tap");
  const wasOn = metronome.isOn;
  const pace_cpm = metronome.pace_cpm;
  /** @type {number[]} */
  const delays_s = [];
  metronome.stop();
  metronome.latency_s = 0;
  metronome.setPace(80);
  metronome.start();
  put(byId("tap-state"), `0 of ${N_TAPS}`);
  const onTap = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && ["Escape", "Tab"].includes(event.key)) return;
    event.preventDefault();
    const beats_s = metronome.scheduled.map((beat) => beat.time_s);
    delays_s.push(nearestDelay(context.currentTime, beats_s));
    put(byId("tap-state"), `${delays_s.length} of ${N_TAPS}`);
    if (delays_s.length === N_TAPS) {
      const delay_s = delayOf(delays_s);
      localStorage.setItem("headphone_delay_s", String(delay_s));
      put(byId("spoken"), `delay ${Math.round(1000 * delay_s)} milliseconds`);
      dialog.close();
    }
  };
  const onClose = () => {
    dialog.removeEventListener("keydown", onTap);
    byId("tap-pad").removeEventListener("pointerdown", onTap);
    metronome.stop();
    metronome.setPace(pace_cpm);
    metronome.latency_s = Number(localStorage.getItem("headphone_delay_s") ?? 0);
    if (wasOn) metronome.start();
  };
  dialog.addEventListener("keydown", onTap);
  byId("tap-pad").addEventListener("pointerdown", onTap);
  dialog.addEventListener("close", onClose, { once: true });
  dialog.showModal();
}

function togglePause() {
  void steerPlan(state.plan?.state === "paused" ? "resume" : "pause");
}

function toggleFullScreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  m: toggleMetronome,
  t: toggleTone,
  v: toggleVoice,
  " ": sayNow,
  0: () => void tare(),
  p: () => byId("plans").showModal(),
  n: () => void steerPlan("next"),
  pagedown: () => void steerPlan("next"),
  b: () => void steerPlan("back"),
  pageup: () => void steerPlan("back"),
  h: togglePause,
  c: () => byId("comfort").showModal(),
  l: measureDelay,
  f: toggleFullScreen,
  "?": () => byId("help").showModal(),
  "+": () => setTarget(Number(byId("target").value) + 2),
  "=": () => setTarget(Number(byId("target").value) + 2),
  "-": () => setTarget(Number(byId("target").value) - 2),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  // Just after a dialog has closed, its button may still have the focus.
  const isButton =
    event.target instanceof HTMLButtonElement &&
    event.key === " " &&
    !event.target.closest("dialog:not([open])");
  if (isTyping || isButton || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

const BUTTONS = {
  "metronome-key": toggleMetronome,
  "tone-key": toggleTone,
  "voice-key": toggleVoice,
  "say-key": sayNow,
  "tare-key": () => void tare(),
  "plan-key": () => byId("plans").showModal(),
  "next-key": () => void steerPlan("next"),
  "back-key": () => void steerPlan("back"),
  "pause-key": togglePause,
  "end-key": () => void steerPlan("stop"),
  "pain-key": () => byId("comfort").showModal(),
  hurts: () => void sayComfort(null),
  "tap-key": measureDelay,
  "help-key": () => byId("help").showModal(),
  faster: () => setTarget(Number(byId("target").value) + 2),
  slower: () => setTarget(Number(byId("target").value) - 2),
};
for (const [id, act] of Object.entries(BUTTONS)) byId(id).addEventListener("click", act);
byId("target").addEventListener("change", () => setTarget(Number(byId("target").value) || 60));

byId("plan-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  if (event.submitter?.getAttribute("value") === "cancel") return;
  event.preventDefault();
  void startPlan();
});

// The screen stays awake as long as the page is looked at.
async function stayAwake() {
  try {
    if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen");
  } catch {
    // A browser that refuses (battery saver) shows the page all the same.
  }
}
document.addEventListener("visibilitychange", () => void stayAwake());
void stayAwake();

makeComfortScale();
drawRamp();
tellConnection();
setInterval(showNumbers, 1000);
requestAnimationFrame(draw);
