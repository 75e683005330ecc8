// SPDX-License-Identifier: GPL-3.0-or-later
// student.js - the student's page: reads the live data and lays it before eyes and ears.

import { Announcer, RANK } from "./announce.js";
import { ClassNews } from "./class_news.js";
import { ramp } from "./colours.js";
import { makeComfortDialog, openComfort } from "./comfort_dialog.js";
import { headphoneDelay_s, measureDelay, showDelay } from "./delay_dialog.js";
import { Dial } from "./dial.js";
import { listenKeys } from "./keys.js";
import { connectionWords, doubtWords } from "./connection_words.js";
import { connect } from "./live.js";
import { peakOf } from "./map_code.js";
import { NiceScale, niceAbove } from "./nice_scale.js";
import { showNumbers } from "./numbers_table.js";
import { byId, now_s, put } from "./page_parts.js";
import { PeakHold, strokeSpan_s } from "./peak_hold.js";
import { bandText, bandsOf, beatOf, isInForce, planWords } from "./plan_panel.js";
import { PressureMapView } from "./pressure_map.js";
import { makeSessionPanel } from "./session_panel.js";
import { Sound } from "./sound.js";
import { playTone } from "./station_tone.js";
import { judge } from "./verdict.js";
import { shortNumber, techniqueName } from "./words.js";

const SILENT_S = 1; // without metrics for so long, nothing is shown as if it were now,
const TROUBLE_S = 2; // and for so long, it is called trouble: lines hiccup
const CUE_STANDS_S = 6; // a cue is shown so long, unless another comes
const NAME_STEADY_S = 1.5; // a name is said aloud when it has stood so long
const MAT_TOUCH_N = 8; // on a mat, hands are felt from here on (FEED.md)
const SURE_PHASE = 0.2; // below, the ring runs on by the pace alone
const EMPTY_S = 3; // without a hand for so long, a newcomer is told what to do

const sound = new Sound();
const announcer = new Announcer(byId("spoken"), byId("alarm"), sound.voice);
const dial = new Dial(byId("pressure-dial"));
/** @type {PressureMapView | null} made with the first map: making it takes longer than all else */
let view = null;
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
  /** @type {ReturnType<typeof judge>} */ toneVerdict: null,
  touched_s: -Infinity,
  /** @type {{phase: number, at_s: number} | null} where in its cycle the hand was, and when */
  phase: null,
  name: "",
  nameSince_s: 0,
  nameSaid: "",
};

const session = makeSessionPanel({
  command,
  tell: notice,
  chime: (kind) => sound.chime(kind),
  wake: () => sound.wake(),
  onSaved: async (saved) => {
    const { showAfter } = await import("./after_panel.js"); // not needed for the page to open
    await showAfter(saved, state.device?.device ?? "", (sentence) => announcer.say(sentence, RANK.cue));
  },
});

/** What the instructor sends to this table. */
const classNews = new ClassNews({
  onNote: (note) => announcer.say(`the instructor: ${note}`, RANK.told),
  onCall: (seat) => {
    sound.wake();
    if (sound.context) playTone(sound.context, seat.number);
    announcer.say(`this is table ${seat.station}`, RANK.told);
  },
  onSeat: (seat) => session.suggestCode(seat.on ? seat.giver ?? "" : ""),
});

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
      takeMetrics(data);
    } else if (kind === "status") {
      state.status = data;
      tellConnection();
    } else if (kind === "plan") {
      takePlan(data);
    } else if (kind === "cue") {
      takeCue(data);
    } else if (kind === "session") {
      session.control.take(data, now_s());
    }
  },
  onClass: (data) => classNews.take(data),
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
    class: true,
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
  const is = (/** @type {"station" | "device"} */ key) => device?.[key] === state.device?.[key];
  if (is("station") && is("device")) {
    state.device = device; // after a restart of the gateway its number may be another
    return;
  }
  Object.assign(state, { device, metrics: null, status: null, plan: null, cue: null, map: null, heard_s: -Infinity });
  session.restart();
  classNews.at(device?.station);
  tellConnection();
}

/** @param {any} metrics */
function takeMetrics(metrics) {
  state.metrics = metrics;
  state.heard_s = now_s();
  if (metrics.phase !== undefined && metrics.phase_confidence > SURE_PHASE)
    state.phase = { phase: metrics.phase, at_s: now_s() - (metrics.t_publish - metrics.t_device) };
  const contacts = isMat() ? Number(Math.abs(metrics.load_change_n ?? 0) > MAT_TOUCH_N) : metrics.contacts;
  if (contacts > 0) state.touched_s = now_s();
  session.control.takeContacts(contacts, now_s());
}

byId("device").addEventListener("change", () => {
  const number = Number(byId("device").value);
  choose(live.devices.get(number) ?? null);
  live.show(live.wishes.show); // all that is known, anew
});

// ---- what is said in words

let connectionSaid = "";
let wasWell = false; // ever, on this page
let well_s = now_s(); // when all was well last, or the page was opened

function tellConnection() {
  const badge = byId("connection");
  const words = connectionWords({
    isConnected: live.isConnected,
    isFull: live.isFull,
    wantedStation: wanted.get("station") ?? "",
    hasDevice: Boolean(state.device),
    status: state.status,
    isHeard: now_s() - state.heard_s < TROUBLE_S,
  });
  if (now_s() > noticeUntil_s) {
    put(badge, words.badge);
    badge.classList.toggle("warn", !words.isWell);
  }
  if (words.badge !== connectionSaid) {
    // Said when it goes wrong, and when it is well again; not at the first moment of a page.
    if (!words.isWell && wasWell) announcer.say(words.badge, RANK.alarm);
    else if (words.isWell && wasWell) announcer.say(words.badge, RANK.news);
    wasWell ||= words.isWell;
    connectionSaid = words.badge;
  }
  if (words.isWell) well_s = now_s();
  const isTrouble = now_s() - well_s > TROUBLE_S || (wasWell && !words.isWell);
  byId("trouble").hidden = !isTrouble;
  put(byId("trouble-word"), isTrouble ? words.trouble : "");
  put(byId("trouble-advice"), isTrouble ? words.advice : "");
  const doubt = doubtWords(state.status);
  byId("doubt").hidden = doubt === "";
  put(byId("doubt"), doubt);
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
  return strokePeak.take(pressureOf(metrics), now_s(), strokeSpan_s(metrics?.pace_cpm));
}

/** @type {Record<string, string>} to a newcomer, by the mount */
const INVITATIONS = { glove: "lay your hand on somebody", torso: "lay your hands on the torso" };

/** @param {any} metrics */
function showTechnique(metrics) {
  const name = techniqueName(metrics?.technique);
  put(byId("technique"), name || "–");
  const confidence = metrics?.technique_confidence;
  put(
    byId("confidence"),
    metrics && now_s() - state.touched_s > EMPTY_S && !isMat()
      ? INVITATIONS[state.status?.mount] ?? "lay your hands on the table"
      : metrics && !["unknown", "rest"].includes(metrics.technique) && confidence !== undefined
        ? `${Math.round(100 * confidence)} % sure`
        : ""
  );
  put(
    byId("wanted"),
    metrics && isOffStep() && name && name !== techniqueName(state.plan.technique)
      ? `now comes ${techniqueName(state.plan.technique)}`
      : ""
  );
  if (name !== state.name) {
    state.name = name;
    state.nameSince_s = now_s();
  }
  if (name && name !== state.nameSaid && now_s() - state.nameSince_s > NAME_STEADY_S) {
    state.nameSaid = name;
    if (metrics.technique !== "rest") announcer.say(name, RANK.name); // who rests knows it
  }
}

/** The dial shows the whole band and some way beyond. @param {{from: number, to: number} | null} band */
const niceEnd = (band) =>
  !band ? 0 : niceAbove(1.2 * (Number.isFinite(band.to) ? band.to : 2 * band.from));

// ---- the plan and what the coach says

let beatStep = ""; // the step whose pace the beat was set to

/** @param {any} plan */
function takePlan(plan) {
  const was = state.plan?.state;
  state.plan = plan;
  session.control.takePlan(plan);
  const panel = byId("plan");
  panel.hidden = !isInForce(plan);
  if (panel.hidden) return;
  const words = planWords(plan);
  put(byId("plan-title"), words.title);
  put(byId("step"), words.step);
  put(byId("step-time"), words.time);
  put(byId("step-note"), words.note);
  put(byId("score"), words.scoreShort);
  byId("step-progress").value = words.part;
  byId("pause-key").setAttribute("aria-pressed", String(plan.state === "paused"));
  const step = `${plan.plan} ${plan.step}`;
  const beat = beatOf(bandsOf(plan).pace);
  if (step !== beatStep && beat !== null) setTarget(beat);
  // That a step begins, the coach itself says.
  if (plan.state === "finished" && was && was !== "finished")
    announcer.say(session.control.phase === "recording" ? "the plan is finished; S ends the session" : "the plan is finished", RANK.cue);
  beatStep = step;
}

/** @param {any} cue */
function takeCue(cue) {
  state.cue = cue;
  state.cueSince_s = now_s();
  announcer.say(cue.text, cue.cue === "stop" ? RANK.alarm : RANK.cue);
}

function showCue() {
  const cue = now_s() - state.cueSince_s < CUE_STANDS_S ? state.cue : null;
  put(byId("cue"), cue ? cue.cue : "");
  byId("cue").className = !cue ? "" : cue.cue === "stop" ? "stop" : cue.cue === "good" ? "right" : "wrong";
}

/** @param {object} control */
async function command(control) {
  if (!state.device) return { ok: false, error: "no table is chosen" };
  // Sessions are the station's, all else is said to the device that is looked at.
  const isStations = String(Reflect.get(control, "command")).startsWith("session");
  const about = isStations ? control : { ...control, device: state.device.device };
  return live.control(state.device.station, about);
}

/** @param {string} action */
async function steerPlan(action) {
  if (!isInForce(state.plan)) return;
  const reply = await command({ command: "plan", action });
  if (!reply.ok) notice(`not done: ${reply.error}`, true);
}

async function startPlan() {
  const cues = byId("plan-all").checked ? "all" : undefined; // else as the plan says
  const reply = await command({ command: "plan", plan: byId("plan-name").value, cues });
  put(byId("plan-fault"), reply.ok ? "" : String(reply.error));
  if (reply.ok) byId("plans").close();
}

/** Said in the badge for a moment, and to the ear. @param {string} sentence @param {boolean} isAlarm */
function notice(sentence, isAlarm = false) {
  put(byId("connection"), sentence);
  byId("connection").classList.toggle("warn", isAlarm);
  noticeUntil_s = now_s() + 4;
  announcer.say(sentence, isAlarm ? RANK.alarm : RANK.told);
}

/** What the step does not ask for is not judged by its bands. */
const isOffStep = () => state.plan?.state === "running" && state.plan.on_step === false;

/** @param {any} metrics */
function showPressure(metrics) {
  const value = strokePressure(metrics);
  const isRelative = Boolean(metrics?.uncalibrated);
  const end = isRelative ? 100 : dialScale.take(Number.isFinite(value) ? value : 0, now_s());
  const bands = bandsOf(state.plan);
  dial.setScale(Math.max(end, isRelative ? 0 : niceEnd(bands.pressure)), isRelative ? null : bands.pressure);
  dial.setValue(pressureOf(metrics), value);
  const without = metrics && !isMat() ? "0" : "–";
  const saturated = metrics?.saturated_taxels > 0;
  put(byId("pressure"), Number.isFinite(value) ? (saturated ? "≥ " : "") + shortNumber(value) : without);
  put(byId("pressure-unit"), isMat() ? "N on top" : isRelative ? "% of full scale" : "kPa at the peak");
  state.pressureVerdict = isRelative || isMat() || isOffStep()
    ? null
    : judge(value, bands.judgesPressure ? bands.pressure : null, state.pressureVerdict);
  const words = { below: "too light", in: "right", above: "too deep" };
  const verdict = state.pressureVerdict;
  const element = byId("pressure-verdict");
  put(element, saturated ? "off the scale" : verdict ? words[verdict] : "");
  element.className = `verdict ${verdict === "in" && !saturated ? "right" : "wrong"}`;
  // The tone is the dial by ear: whoever switches it on gets the band that the dial shows, whether
  // or not the coach may judge by it.
  state.toneVerdict = isRelative || isMat() ? null : judge(value, bands.pressure, state.toneVerdict);
  /** @type {Record<string, "light" | "right" | "deep">} */
  const forms = { below: "light", in: "right", above: "deep" };
  sound.tone?.say(!state.toneVerdict ? "silent" : saturated ? "deep" : forms[state.toneVerdict]);
}

/** @param {any} metrics */
function showPace(metrics) {
  const pace = metrics?.pace_cpm ?? NaN;
  put(byId("pace"), shortNumber(pace));
  const bands = bandsOf(state.plan);
  put(byId("pace-band"), bands.pace ? `plan: ${bandText(bands.pace)}` : "");
  state.paceVerdict = isOffStep() ? null : judge(pace, bands.judgesPace ? bands.pace : null, state.paceVerdict);
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
    handPhase += (step_s * pace) / 60;
    if (state.phase && now_s() - state.phase.at_s < SILENT_S) {
      // Towards where the hand is, the shorter way round, without a jump.
      const off = state.phase.phase + ((now_s() - state.phase.at_s) * pace) / 60 - handPhase;
      handPhase += 0.15 * (off - Math.round(off));
    }
    handPhase -= Math.floor(handPhase);
    hand.style.setProperty("--at", String(sway(handPhase)));
  }
}

/** @type {import("./map_code.js").PressureMap | null} */
let drawnMap = null;

function drawMap() {
  const map = state.map;
  if (!map || map === drawnMap) return; // screens are quicker than maps
  drawnMap = map;
  const canvas = byId("map");
  const unit = map.isUncalibrated ? "% of full scale" : "kPa";
  const end = map.isUncalibrated ? 1 : mapScale.take(peakOf(map), now_s());
  canvas.style.setProperty("--wide", String(map.n_cols * map.pitch_x_mm));
  canvas.style.setProperty("--high", String(map.n_rows * map.pitch_y_mm));
  view ??= new PressureMapView(canvas);
  view.draw(map, end);
  // Through a mattress a taxel's value is no pressure on the skin.
  put(byId("map-title"), isMat() ? "Load on the mat" : "Where you press");
  put(byId("pressure-title"), isMat() ? "Load" : "Pressure");
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

// ---- in words, once a second, which no ear minds

function tellInWords() {
  const metrics = current();
  tellConnection();
  showNumbers(metrics);
  byId("map").setAttribute("aria-label", `Pressure map: ${inWords(metrics)}`);
  session.control.tick(now_s(), live.isConnected);
  session.show();
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
  const isOver = metrics.saturated_taxels > 0;
  const pressure = `${isOver ? "at least " : ""}${shortNumber(value)} ${unit}`;
  const pace = metrics.pace_cpm === undefined ? "" : `, ${shortNumber(metrics.pace_cpm)} a minute`;
  const said = (/** @type {string} */ id) => {
    const verdict = byId(id).textContent;
    return verdict ? `, ${verdict}` : "";
  };
  return `${techniqueName(metrics.technique)}, ${pressure}${said("pressure-verdict")}${pace}${said("pace-verdict")}`;
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
  metronome.latency_s = headphoneDelay_s();
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
  if (sound.tone.isOn && toneNeeds()) notice(`the tone is silent: ${toneNeeds()}`);
}

/** What the tone is in want of; "": nothing. */
const toneNeeds = () =>
  isMat()
    ? "a mat measures no pressure"
    : state.status?.uncalibrated
      ? "this table is not calibrated"
      : bandsOf(state.plan).pressure === null
        ? "no plan gives a band. P starts one"
        : "";

function toggleVoice() {
  sound.voice.isOn = !sound.voice.isOn;
  byId("voice-key").setAttribute("aria-pressed", String(sound.voice.isOn));
  if (!sound.voice.isAble) notice("this browser has no voice", true);
  else if (sound.voice.isOn) sound.voice.say("voice on", RANK.asked);
}

function sayNow() {
  const recorded = session.control.phase === "recording" ? `, ${byId("session-text").textContent}` : "";
  const step = isInForce(state.plan) ? `, step ${planWords(state.plan).step}, ${planWords(state.plan).time}` : "";
  announcer.say(inWords(current()) + step + recorded, RANK.asked);
}

async function tare() {
  const reply = await command({ command: "tare" });
  if (reply.ok) notice("zero taken");
  else notice(`not zeroed: ${reply.error}`, true);
}

function togglePause() {
  void steerPlan(state.plan?.state === "paused" ? "resume" : "pause");
}

function toggleFullScreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}

makeComfortDialog(command, notice);

const measure = () => measureDelay(sound, notice);

const askComfort = () => openComfort(state.device);

/** The same once more: the plan and the code are still in the dialog. */
function again() {
  byId("after").close();
  session.act();
}
byId("after").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (!["a", "s"].includes(event.key.toLowerCase()) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  again();
});

/** @type {Record<string, () => void>} */
const KEYS = {
  s: session.act,
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
  c: askComfort,
  l: measure,
  f: toggleFullScreen,
  "?": () => byId("help").showModal(),
  "+": () => setTarget(Number(byId("target").value) + 2),
  "=": () => setTarget(Number(byId("target").value) + 2),
  "-": () => setTarget(Number(byId("target").value) - 2),
};
listenKeys(KEYS, {
  next: () => void steerPlan("next"),
  say: sayNow,
  session: session.act,
  hurts: askComfort,
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
  "pain-key": askComfort,
  "tap-key": measure,
  "after-again": again,
  "after-close": () => byId("after").close(),
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

drawRamp();
tellConnection();
showDelay();
setInterval(tellInWords, 1000);
requestAnimationFrame(draw);
