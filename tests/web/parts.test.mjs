// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the pages that need no browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { episodeRows, partsOf, progressPoints, spokenSummary } from "../../clients/web/pages/after_words.js";
import { tickStep_s } from "../../clients/web/pages/charts.js";
import { ramp } from "../../clients/web/pages/colours.js";
import { decodeMaps, peakOf, valueAt } from "../../clients/web/pages/map_code.js";
import { seatOf } from "../../clients/web/pages/class_news.js";
import { inOrder, makeCodes, outcome, readCodes, whoText } from "../../clients/web/pages/class_state.js";
import { connectionWords, doubtWords } from "../../clients/web/pages/connection_words.js";
import { Order, SteadyNeed, needOf, needWith } from "../../clients/web/pages/need.js";
import { bandText, bandsOf, beatOf, planWords } from "../../clients/web/pages/plan_panel.js";
import { PLAIN_WORDS, pseudonymFault } from "../../clients/web/pages/pseudonym.js";
import { SessionControl, lengthWords } from "../../clients/web/pages/session_control.js";
import { NiceScale, niceAbove } from "../../clients/web/pages/nice_scale.js";
import { PeakHold } from "../../clients/web/pages/peak_hold.js";
import { toneOf } from "../../clients/web/pages/station_tone.js";
import { delayOf, nearestDelay } from "../../clients/web/pages/tap_delay.js";
import { RestWatch, doubtsOf, lostShare } from "../../clients/web/pages/signal_quality.js";
import { judge } from "../../clients/web/pages/verdict.js";
import { wallLayout } from "../../clients/web/pages/wall_layout.js";
import { clockText, shortNumber, techniqueName } from "../../clients/web/pages/words.js";

/** A map by map_code.h's table, written apart from its reader. */
function mapBytes(number, n_rows, n_cols, codes, flags = 0) {
  const bytes = new ArrayBuffer(32 + 2 * codes.length);
  const view = new DataView(bytes);
  view.setUint8(0, 1);
  view.setUint8(1, flags);
  view.setUint16(2, number, true);
  view.setUint16(4, n_rows, true);
  view.setUint16(6, n_cols, true);
  view.setFloat32(8, 0.05, true);
  view.setUint32(12, 77, true);
  view.setFloat32(16, 15, true);
  view.setFloat32(20, 10, true);
  view.setFloat64(24, 1790000000.25, true);
  codes.forEach((code, i) => view.setUint16(32 + 2 * i, code, true));
  return new Uint8Array(bytes);
}

test("maps are read as they are laid down, also after one of odd length", () => {
  const first = mapBytes(3, 1, 3, [0, 2000, 65535]);
  const second = mapBytes(4, 2, 2, [1, 2, 3, 4], 1);
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  const [a, b] = decodeMaps(both.buffer);
  assert.equal(a.number, 3);
  assert.ok(Math.abs(valueAt(a, 1) - 100) < 1e-3 && Number.isNaN(valueAt(a, 2)));
  assert.ok(Math.abs(peakOf(a) - 100) < 1e-3);
  assert.deepEqual([b.number, b.n_rows, b.n_cols, b.isUncalibrated], [4, 2, 2, true]);
  assert.equal(b.t_device, 1790000000.25);
});

test("a map that is cut, or of another layout, is passed over", () => {
  const whole = mapBytes(0, 2, 2, [1, 2, 3, 4]);
  for (let n = 0; n < whole.length; n++) assert.equal(decodeMaps(whole.slice(0, n).buffer).length, 0);
  whole[0] = 2;
  assert.equal(decodeMaps(whole.buffer).length, 0);
});

test("the colours grow lighter at every step", () => {
  const linear = (c) => (c <= 10.31 ? c / 12.92 / 255 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  let before = -1;
  for (let i = 0; i < 256; i += 4) {
    const [r, g, b] = [0, 1, 2].map((k) => linear(ramp[4 * i + k]));
    const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    assert.ok(luminance > before, `step ${i}`);
    before = luminance;
  }
  assert.ok(before > 0.6);
});

test("a scale grows at once and shrinks late", () => {
  assert.deepEqual([0.3, 1, 1.1, 7, 20, 21, 130].map(niceAbove), [0.4, 1, 2, 8, 20, 40, 200]);
  const scale = new NiceScale(20);
  assert.equal(scale.take(5, 0), 20);
  assert.equal(scale.take(75, 1), 80);
  assert.equal(scale.take(5, 5), 80);
  assert.equal(scale.take(5, 7.5), 80); // the span with the peak itself is over only now
  assert.equal(scale.take(5, 14), 20);
});

test("a stroke's peak stands for its span", () => {
  const hold = new PeakHold();
  assert.ok(Number.isNaN(hold.take(NaN, 0, 1)));
  assert.equal(hold.take(50, 0, 1), 50);
  assert.equal(hold.take(3, 0.9, 1), 50);
  assert.equal(hold.take(NaN, 1.1, 1), 3);
  assert.ok(Number.isNaN(hold.take(NaN, 2, 1)));
});

test("a verdict does not flicker at the edge", () => {
  const band = { from: 100, to: 200 };
  assert.equal(judge(99, band, null), "below");
  assert.equal(judge(101, band, "below"), "below");
  assert.equal(judge(106, band, "below"), "in");
  assert.equal(judge(201, band, "in"), "above");
  assert.equal(judge(195, band, "above"), "above");
  assert.equal(judge(189, band, "above"), "in");
  assert.equal(judge(NaN, band, "in"), null);
  assert.equal(judge(150, null, "in"), null);
});

test("the delay of headphones is the middle of the taps", () => {
  const beats = [0, 0.75, 1.5, 2.25, 3];
  const taps = [0.2, 0.95, 1.68, 2.47, 2.9];
  const delays = taps.map((tap) => nearestDelay(tap, beats));
  assert.ok(Math.abs(delays[4] + 0.1) < 1e-9); // an early one, which the middle passes over
  assert.ok(Math.abs(delayOf(delays) - 0.23) < 0.011);
  assert.equal(delayOf([-0.2, -0.2, -0.2]), 0);
});

test("words and numbers for people", () => {
  assert.equal(techniqueName("soft_tissue_release"), "soft tissue release");
  assert.equal(techniqueName("unknown"), "not sure");
  assert.equal(techniqueName("some_new_one"), "some new one");
  assert.deepEqual([NaN, 0.123, 7.45, 61.6].map(shortNumber), ["–", "0.12", "7.5", "62"]);
  assert.equal(clockText(65.2), "1:05");
});

test("a need shows when it stands, and tiles do not jump", () => {
  const steady = new SteadyNeed();
  assert.equal(steady.take("help", 0), "none");
  assert.equal(steady.take("none", 1), "none");
  assert.equal(steady.take("help", 2), "none");
  assert.equal(steady.take("help", 5), "help");
  assert.equal(steady.take("none", 6), "help");
  assert.equal(steady.take("none", 9), "none");
  const order = new Order();
  const tiles = [{ key: "s2", need: "none" }, { key: "s10", need: "none" }, { key: "s1", need: "help" }];
  assert.deepEqual(order.take(tiles, true, 0), ["s1", "s2", "s10"]);
  assert.equal(order.take(tiles, true, 3), null); // too soon
  assert.deepEqual(order.take(tiles, false, 6), ["s1", "s2", "s10"]);
  assert.equal(order.take([{ key: "s1", need: "none" }, { key: "s2", need: "help" }], false, 20), null);
});

test("who streams well needs nothing", () => {
  const well = { heard_s: 10, metrics: { saturated_taxels: 0 }, status: { state: "streaming", dead_taxels: 0 } };
  assert.equal(needOf(well, 11).need, "none");
  assert.equal(needOf(well, 20).need, "help");
  assert.equal(needOf({ ...well, status: { state: "absent", reason: "unplugged" } }, 11).why, "absent: unplugged");
  assert.equal(needOf({ ...well, metrics: { saturated_taxels: 2 } }, 11).need, "watch");
  assert.equal(needOf({ ...well, plan: { pain: true } }, 11).need, "help");
  assert.equal(needOf({ ...well, cue: { cue: "lighter" }, cue_s: 5 }, 11).why, "lighter");
  assert.equal(needOf({ ...well, cue: { cue: "stop" }, cue_s: 5 }, 11).need, "help");
  assert.equal(needOf({ ...well, cue: { cue: "good" }, cue_s: 5 }, 11).need, "none");
  assert.equal(needOf({ ...well, heard_s: 29, cue: { cue: "lighter" }, cue_s: 5 }, 30).need, "none");
});

test("what is wrong is said in large words, and what to do", () => {
  const well = { isConnected: true, isFull: false, wantedStation: "", hasDevice: true, status: { state: "streaming" }, isHeard: true };
  assert.deepEqual(connectionWords(well), { badge: "measuring", isWell: true, trouble: "", advice: "" });
  const ill = [{ isConnected: false }, { isConnected: false, isFull: true }, { hasDevice: false }, { hasDevice: false, wantedStation: "s9" },
    { status: null }, { isHeard: false }, { status: { state: "failed" } },
    ...["absent", "connecting", "ended", "failed"].map((state) => ({ status: { state, reason: "pulled", mount: "glove" } }))];
  const said = ill.map((change) => connectionWords({ ...well, ...change }));
  for (const words of said) assert.ok(!words.isWell && words.badge && words.trouble && words.trouble.length < 30, JSON.stringify(words));
  assert.equal(new Set(said.map((words) => words.badge)).size, said.length, "each is told apart");
  assert.match(said[7].trouble, /^The glove/);
  assert.equal(said[7].badge, "absent: pulled");
  assert.equal(doubtWords({ state: "streaming", dead_taxels: 1 }), "1 dead sensor");
  assert.equal(doubtWords({ state: "absent", uncalibrated: true }), "", "what is not there has no doubts");
});

test("tiles fill the wall, and all of them are on it", () => {
  for (const n of [1, 2, 9, 16, 30, 64]) {
    const { n_columns, letter_px } = wallLayout(n, 1880, 950, 23);
    assert.ok(letter_px >= 16, `${n}: ${letter_px} px`);
    assert.ok(Math.ceil(n / n_columns) * 6.6 * letter_px <= 951 && n_columns * 13.5 * letter_px <= 1881, `${n} overflow`);
  }
  assert.ok(wallLayout(4, 1880, 950, 23).letter_px > wallLayout(16, 1880, 950, 23).letter_px);
  assert.deepEqual(wallLayout(64, 360, 600, 15), { n_columns: 1, letter_px: 15 }, "a phone is scrolled");
});

test("a plan's bands give verdicts only where they can be trusted", () => {
  const plan = {
    state: "running", plan: "maintenance", title: "Back", step: 2, n_steps: 9, technique: "friction",
    pressure_low_kpa: 100, pressure_high_kpa: 400, pressure_mark: "measured",
    pace_low_cpm: 120, pace_high_cpm: 180, pace_mark: "convention", cues: "trusted",
    duration_s: 120, elapsed_s: 30, left_s: 90, repeats: 0, region: "left_calf",
    practice_score: 81.6, score_pressure_pct: 90.4,
  };
  let bands = bandsOf(plan);
  assert.deepEqual(bands.pressure, { from: 100, to: 400 });
  assert.deepEqual([bands.judgesPressure, bands.judgesPace], [true, false]);
  assert.equal(beatOf(bands.pace), 150);
  bands = bandsOf({ ...plan, cues: "all" });
  assert.equal(bands.judgesPace, true);
  bands = bandsOf({ ...plan, cues: "off" });
  assert.deepEqual([bands.judgesPressure, bands.judgesPace], [false, false]);
  assert.equal(bandsOf({ state: "none" }).pressure, null);
  assert.equal(beatOf({ from: 10, to: Infinity }), null);
  const words = planWords(plan);
  assert.equal(words.step, "2 of 9: friction, left calf");
  assert.deepEqual([words.time, words.note], ["1:30 left", ""]);
  assert.equal(words.scoreShort, "practice score 82");
  assert.equal(planWords({ ...plan, score_pressure_pct: undefined, practice_score: 0, score_time_pct: 0 }).score, "", "time alone is no score");
  assert.deepEqual([{ from: 10, to: 20 }, { from: 7.5, to: Infinity }, { from: 0, to: 33.3 }].map(bandText), ["10 to 20", "from 7.5", "up to 33.3"]);
  assert.equal(words.score, "practice score 82: pressure 90 %");
  assert.equal(words.part, 0.25);
  assert.equal(planWords({ ...plan, state: "waiting" }).time, "begins with the first touch");
  assert.match(planWords({ ...plan, state: "finished" }).step, /finished/);
});

test("a code is taken and a name is not, by the daemon's own words", () => {
  const source = readFileSync(new URL("../../daemon/engine/session/session_pseudonym.c", import.meta.url), "utf8");
  const words = source.match(/plain_words\[\] = \{([^}]*)\}/)[1].match(/[a-z]+/g);
  assert.deepEqual(PLAIN_WORDS, words);
  for (const code of ["", "P007", "sub-01", "student12", "A1", "xk3"]) assert.equal(pseudonymFault(code), "", code);
  for (const [code, fault] of [["Anna1", /name/], ["a b", /name/], ["a@b.c", /e-mail/], ["AB", /initials/],
                               ["p19800101", /birth/], ["ä1", /letters/], ["P".repeat(31) + "1", /31/]])
    assert.match(pseudonymFault(code), fault, code);
});

/** A session's control with a daemon that answers as `answers` says. */
function sessionWith(answers = {}) {
  const log = { asked: [], told: [], saved: [] };
  const control = new SessionControl({
    command: async (request) => {
      log.asked.push(request);
      return answers[request.command] ?? { ok: true, session: "id1", sessions: "/x" };
    },
    tell: (sentence, isAlarm) => log.told.push((isAlarm ? "!" : "") + sentence),
    chime: () => {},
    onSaved: (saved) => log.saved.push(saved),
    onChange: () => {},
  });
  return { control, log };
}
const WISH = { participant: "P007", plan: "", cues: "trusted", onTouch: false };
const rest = () => new Promise((resolve) => setImmediate(resolve));

test("armed, the daemon waits for the first touch, and Stop before it is as if nothing had been", async () => {
  const { control, log } = sessionWith({ session_stop: { ok: true, session: "id1", state: "dropped" } });
  assert.equal(await control.begin({ ...WISH, plan: "own", onTouch: true }, 0), "");
  assert.equal(control.phase, "armed");
  assert.deepEqual(log.asked.map((a) => a.command), ["plan", "session_start", "plan"]);
  assert.deepEqual(log.asked[1], { command: "session_start", participant: "P007", plan: "own", on_contact: true });
  control.takeContacts(2, 1); // what counts as a touch the daemon says
  control.take({ session: "id1", state: "armed", length_s: 0 }, 2);
  assert.equal(control.words(2).text, "Ready: touch to begin");
  control.take({ session: "id1", state: "recording", length_s: 0.5, participant: "P007" }, 3);
  assert.equal(control.words(3).text, "Recording 0:01 · P007");
  assert.equal(log.told.filter((t) => t === "recording").length, 1);
  control.take({ session: "id1", state: "closed", length_s: 9 }, 12);
  assert.equal(log.saved.length, 1);

  await control.begin({ ...WISH, onTouch: true }, 20);
  control.session.session = "id2";
  log.asked.length = 0;
  control.wires.command = async () => ({ ok: true, session: "id2", state: "dropped" });
  await control.stop();
  assert.deepEqual([control.phase, log.saved.length, log.told.at(-1)], ["idle", 1, "not recording"]);
  control.take({ session: "id2", state: "armed", length_s: 0 }, 21); // on its way when it was dropped
  assert.equal(control.phase, "idle");
});

test("another page's waiting is shown, and that nobody came", () => {
  const { control, log } = sessionWith();
  control.take({ session: "id3", state: "armed", length_s: 0 }, 0);
  assert.equal(control.phase, "armed");
  control.take({ session: "id3", state: "dropped", length_s: 0 }, 1);
  assert.deepEqual([control.phase, log.saved.length], ["idle", 0]);
  assert.match(log.told.at(-1), /nobody touched/);
});

test("what is refused is told, and nothing pretends to record", async () => {
  const { control, log } = sessionWith({ session_start: { ok: false, error: "the disk is nearly full" } });
  assert.equal(await control.begin(WISH, 0), "the disk is nearly full");
  assert.equal(control.phase, "idle");
  assert.equal(await control.begin({ ...WISH, onTouch: true }, 0), "the disk is nearly full");
  assert.equal(control.phase, "idle");
});

test("no hands: asked after three minutes, ended after twenty where it was begun, and kept", async () => {
  const { control, log } = sessionWith();
  await control.begin(WISH, 0);
  for (let s = 0; s <= 1205; s++) {
    control.take({ session: "id1", state: "recording", length_s: s }, s);
    control.tick(s, true);
    await rest();
  }
  const alarms = log.told.filter((sentence) => sentence.startsWith("!no hands"));
  assert.deepEqual(alarms.map((a) => a.split(":")[0].split(";")[0]),
    ["!no hands for 3 minutes 1 second", "!no hands for 8 minutes 2 seconds", "!no hands for 13 minutes 3 seconds", "!no hands for 18 minutes 4 seconds", "!no hands for 20 minutes"]);
  // What was on its way when it ended does not begin it anew.
  assert.equal(log.saved.length, 1);
  assert.equal(control.phase, "idle");
});

test("a full disk, and a daemon that was killed, are told once and stand there", async () => {
  const { control, log } = sessionWith({ session: { ok: true, state: "idle" } });
  await control.begin(WISH, 0);
  control.take({ session: "id1", state: "full", length_s: 60, reason: "free some" }, 60);
  control.take({ session: "id1", state: "full", length_s: 61, reason: "free some" }, 61);
  assert.deepEqual(log.told.filter((t) => t.startsWith("!")), ["!the disk is full: free some"]);
  assert.match(control.words(61).text, /^Disk full since 1:01$/);
  assert.match(control.words(70).text, /^No word of it since/);
  control.tick(70, true);
  await rest();
  assert.match(control.words(71).text, /^the recording was cut off after 1:01/);
});

test("a session that somebody else began and ended is shown, and its end too", () => {
  const { control, log } = sessionWith();
  control.take({ session: "old", state: "closed", length_s: 9 }, 0);
  assert.equal(control.phase, "idle");
  control.take({ session: "id2", state: "recording", participant: "A3", length_s: 2 }, 1);
  assert.equal(control.words(1).text, "Recording 0:02 · A3");
  control.takePlan({ state: "running", practice_score: 80 });
  control.take({ session: "id2", state: "closed", length_s: 65 }, 3);
  assert.deepEqual([log.saved[0].id, log.saved[0].plan.practice_score], ["id2", 80]);
  assert.equal(lengthWords(65), "1 minute 5 seconds");
});

test("after a session: parts that there are, what is said first, rows and points", () => {
  const score = { practice_score: 81.6, pressure_pct: 90, pace_pct: null, time_pct: 70 };
  assert.deepEqual(partsOf(score).map((p) => [p.name, p.value]), [["Pressure", 90], ["Time", 70]]);
  assert.deepEqual(partsOf(null), []);
  const advice = [{ aim: "Even strokes", is_fine: true }, { aim: "Keep your hands on", is_fine: false }];
  assert.equal(spokenSummary(score, advice), "Practice score 82. To work on: Keep your hands on.");
  assert.equal(spokenSummary(null, []), "Your session was saved.");
  const rows = episodeRows([{ technique: "unknown", start_s: 61, end_s: 70, n_strokes: 3, pace_cpm: null, peak: 0.5 }], "rel");
  assert.deepEqual(rows, [["1:01", "not recognised", "0:09", "3", "–", "50 % of full scale"]]);
  assert.equal(progressPoints([{ score: 50, began_unix_s: 1 }, { score: null, began_unix_s: 2 }]).points.length, 0);
  assert.equal(progressPoints([{ score: 50, began_unix_s: 1 }, { score: 60, began_unix_s: 2 }]).points[1].value, 60);
  assert.equal(tickStep_s(600, 8), 120);
});

test("each table has notes of its own, and neighbours differ in every one", () => {
  const tones = Array.from({ length: 125 }, (_, i) => toneOf(i));
  assert.equal(new Set(tones.map((tone) => tone.join())).size, 125);
  for (let i = 1; i < 64; i++) {
    const same = tones[i].filter((note, k) => note === tones[i - 1][k]);
    assert.equal(same.length, 0, `tables ${i - 1} and ${i} sound alike`);
  }
  assert.deepEqual(toneOf(125), toneOf(0));
});

test("codes as people write them", () => {
  assert.deepEqual(makeCodes("A", 3), ["A1", "A2", "A3"]);
  assert.deepEqual(readCodes(" A1, A2;A10\n\tA2 "), ["A1", "A2", "A10"]);
  assert.deepEqual(inOrder(["A10", "A2", "B1"]), ["A2", "A10", "B1"]);
  assert.equal(whoText({ giver: "A1", receiver: "A2" }), "A1 gives, A2 receives");
  assert.equal(whoText(undefined), "");
  for (const code of makeCodes("A", 128)) assert.equal(pseudonymFault(code), "");
});

test("what came of it is told when all have answered", () => {
  const seat = (station, recording, result, busy = false) => ({ station, recording, busy, result });
  const state = { stations: [seat("s1", true, { ok: true, text: "recording for A1" }), seat("s2", false, undefined, true)] };
  assert.equal(outcome(state), "");
  state.stations[1] = seat("s2", false, { ok: false, text: "not started: the disk is full" });
  assert.equal(outcome(state), "1 of 2 recording · s2: not started: the disk is full");
  assert.deepEqual(needWith({ need: "none", why: "" }, state.stations[1]), { need: "watch", why: "not started: the disk is full" });
  assert.deepEqual(needWith({ need: "help", why: "stop" }, state.stations[1]), { need: "help", why: "stop" });
});

test("a table finds its own part of the class", () => {
  const whole = { on: true, stations: [{ station: "s1", notes: 2 }, { station: "s2", notes: 5 }] };
  assert.deepEqual(seatOf(whole, "s2"), { station: "s2", notes: 5, on: true });
  assert.equal(seatOf(whole, "s9"), null);
  assert.equal(seatOf({ station: "s7", notes: 0 }, undefined).station, "s7");
});

test("noise at rest is the standard deviation, though maps stop at zero", () => {
  let seed = 12345;
  const random = () => (seed = (1103515245 * seed + 12345) % 2 ** 31) / 2 ** 31;
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const watch = new RestWatch();
  const sigma_kpa = 0.6, step = 0.05;
  const map = (value) => ({ step, codes: Uint16Array.from({ length: 1024 }, () => Math.max(0, Math.round(value() / step))) });
  assert.equal(watch.noise, null);
  for (let i = 0; i < 30; i++) watch.take(map(() => sigma_kpa * normal()), false, i / 2);
  assert.ok(Math.abs(watch.noise / sigma_kpa - 1) < 0.05, `${watch.noise} kPa`);
  const before = watch.noise;
  watch.take(map(() => 30), true, 16); // hands are no noise
  assert.equal(watch.noise, before);
});

test("a taxel is stuck when it stands above zero while others move", () => {
  const watch = new RestWatch();
  const at = (i) => ({ step: 0.05, codes: Uint16Array.from([200, i % 3, 65535, 0]) });
  for (let i = 0; i < 19; i++) watch.take(at(i), false, i);
  assert.equal(watch.stuck(19), 0, "not yet");
  for (let i = 19; i < 40; i++) watch.take(at(i), false, i);
  assert.equal(watch.stuck(40), 1);
  const still = new RestWatch(); // a paused device: nothing moves, and no taxel is accused
  for (let i = 0; i < 40; i++) still.take({ step: 0.05, codes: Uint16Array.from([200, 5]) }, false, i);
  assert.equal(still.stuck(40), 0);
});

test("what is not well is said in words", () => {
  const well = { state: "streaming", rate_hz: 200, measured_rate_hz: 199.8, frames: 10000, lost_device: 0,
    lost_link: 0, lost_host: 0, dead_taxels: 0, uncalibrated: false, calibration: "factory" };
  assert.deepEqual(doubtsOf(well, { saturated_taxels: 0 }, 0, 0.2), []);
  const bad = { ...well, measured_rate_hz: 150, lost_link: 100, dead_taxels: 3 };
  assert.ok(Math.abs(lostShare(bad) - 100 / 10100) < 1e-12);
  assert.deepEqual(doubtsOf(bad, { saturated_taxels: 2 }, 1, 9),
    ["nothing heard for 9 s", "slower than asked", "0.99 % of the frames lost", "3 taxels dead", "1 taxel stuck", "2 taxels saturated"]);
  assert.deepEqual(doubtsOf({ ...well, state: "absent", reason: "unplugged" }, null, 0, 0), ["unplugged"]);
});
