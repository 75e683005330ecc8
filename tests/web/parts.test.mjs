// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the pages that need no browser.
import assert from "node:assert/strict";
import test from "node:test";
import { ramp } from "../../clients/web/pages/colours.js";
import { decodeMaps, peakOf, valueAt } from "../../clients/web/pages/map_code.js";
import { Order, SteadyNeed, needOf } from "../../clients/web/pages/need.js";
import { bandsOf, beatOf, planWords } from "../../clients/web/pages/plan_panel.js";
import { NiceScale, niceAbove } from "../../clients/web/pages/nice_scale.js";
import { PeakHold } from "../../clients/web/pages/peak_hold.js";
import { delayOf, nearestDelay } from "../../clients/web/pages/tap_delay.js";
import { judge } from "../../clients/web/pages/verdict.js";
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
  assert.equal(words.note, "1:30 left");
  assert.equal(words.score, "practice score 82: pressure 90 %");
  assert.equal(words.part, 0.25);
  assert.equal(planWords({ ...plan, state: "waiting" }).note, "begins with the first touch");
  assert.match(planWords({ ...plan, state: "finished" }).step, /finished/);
});
