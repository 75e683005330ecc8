// SPDX-License-Identifier: GPL-3.0-or-later
// Eyes closed: what is heard, measured in the sound itself. The beat is rendered and its clicks and
// swells are found in the samples; the tone's three forms are told apart; and a hand that knows
// nothing but the tone finds the plan's band, and stays in it.
import assert from "node:assert/strict";
import { againIfBusy, until, withChain } from "./harness.mjs";

const OFF_MS = 5;
const BAND = { low: 20, high: 35 };

await withChain(async (chain) => {
  const page = await chain.openPage();
  await beatIsRight(page);
  await tonesDiffer(page);
  await againIfBusy(() => voiceIsAlone(page));
  await page.close();
  await againIfBusy(() => handsFindTheBand(chain));
});

/** What `find` (as text) finds in the samples of a metronome's play, at 48 kHz. */
function rendered(page, find, pace_cpm, n_beats, length_s, latency_s = 0) {
  return page.evaluate(`(async () => {
    const { Metronome } = await import("/metronome.js");
    const context = new OfflineAudioContext(1, 48000 * ${length_s}, 48000);
    const metronome = new Metronome(context, context.destination);
    metronome.setPace(${pace_cpm});
    metronome.latency_s = ${latency_s};
    for (metronome.beat = 0; metronome.beat < ${n_beats}; metronome.beat++)
      metronome.play(0.5 + (metronome.beat * 60) / ${pace_cpm});
    const samples = (await context.startRendering()).getChannelData(0);
    ${onsets}
    ${pitch_hz}
    return ${find};
  })()`);
}

/** Where it becomes loud after 30 ms of quiet: {at_s, peak}. */
function onsets(samples) {
  const found = [];
  let loud = -Infinity;
  samples.forEach((x, i) => {
    if (Math.abs(x) <= 0.02) return;
    if (i - loud > 0.03 * 48000) found.push({ at_s: i / 48000, peak: 0 });
    loud = i;
    found[found.length - 1].peak = Math.max(found[found.length - 1].peak, Math.abs(x));
  });
  return found;
}

/** By zero crossings, over a tenth of a second. */
function pitch_hz(samples, at_s) {
  let n = 0;
  const first = Math.round((at_s - 0.05) * 48000);
  for (let i = first + 1; i < first + 4800; i++) n += samples[i - 1] < 0 && samples[i] >= 0;
  return n / 0.1;
}

async function beatIsRight(page) {
  let worst_ms = 0;
  for (const [pace_cpm, n_beats, latency_s] of [[31, 4, 0], [90, 8, 0], [240, 12, 0], [600, 24, 0], [90, 8, 0.2]]) {
    const clicks = await rendered(page, "onsets(samples)", pace_cpm, n_beats, 10, latency_s);
    assert.equal(clicks.length, n_beats, `${pace_cpm}/min: clicks in the sound`);
    clicks.forEach(({ at_s }, i) => {
      const off_ms = 1000 * (at_s + latency_s - 0.5 - (i * 60) / pace_cpm);
      worst_ms = Math.max(worst_ms, Math.abs(off_ms));
    });
    if (pace_cpm > 240)
      clicks.forEach(({ peak }, i) => assert.equal(peak > 0.35, i % 4 === 0, "above 4 Hz the first of four is strong"));
  }
  assert.ok(worst_ms <= OFF_MS, `a click sounds ${worst_ms} ms off`);
  const at_s = [1.5, 2.5, 3.5, 4.4, 5.4, 6.2]; // six seconds, from 0.5 on
  const swell = await rendered(page, `${JSON.stringify(at_s)}.map((s) => pitch_hz(samples, s))`, 10, 1, 8);
  const [up, down] = [swell.slice(0, 3), swell.slice(3)];
  assert.ok(up[0] < up[1] && up[1] < up[2] && down[0] > down[1] && down[1] > down[2], `below 0.5 Hz it rises and falls: ${up}, ${down}`);
  console.log(`in the sound itself each click is within ${worst_ms.toFixed(2)} ms; a slow beat goes ${up.map(Math.round)} and ${down.map(Math.round)} Hz`);
}

/** Loudness, its flutter, and the strongest frequency of each form of the tone. */
async function tonesDiffer(page) {
  const forms = await page.evaluate(async () => {
    const { PressureTone } = await import("/pressure_tone.js");
    const forms = {};
    for (const says of ["silent", "light", "right", "deep"]) {
      const context = new OfflineAudioContext(1, 48000 * 2, 48000);
      const tone = new PressureTone(context, context.destination);
      tone.isOn = true;
      tone.say(says);
      const samples = (await context.startRendering()).getChannelData(0).slice(48000);
      const part = samples.slice(0, 9600);
      const power = (hz) => {
        let re = 0;
        let im = 0;
        part.forEach((x, i) => {
          re += x * Math.cos((2 * Math.PI * hz * i) / 48000);
          im += x * Math.sin((2 * Math.PI * hz * i) / 48000);
        });
        return re * re + im * im;
      };
      let strongest = 0;
      for (let hz = 61; hz < 1200; hz += 3) if (power(hz) > power(strongest)) strongest = hz;
      const rms = Array.from({ length: 40 }, (_, k) => Math.sqrt(samples.slice(k * 1200, (k + 1) * 1200).reduce((sum, x) => sum + x * x, 0) / 1200));
      forms[says] = { hz: strongest, loud: Math.max(...rms), swing: 1 - Math.min(...rms) / Math.max(...rms) };
    }
    return forms;
  });
  const { silent, light, right, deep } = forms;
  assert.ok(silent.loud < 1e-6, "silence is silent");
  assert.ok(light.hz > 2 * right.hz && right.hz > 2 * deep.hz, "heavier is lower, by more than an octave each");
  assert.ok(light.swing > 0.6 && right.swing < 0.2, "too light flutters, right is calm");
  assert.ok(deep.loud > 1.5 * right.loud, "too deep is louder than right");
  console.log(`the tone: ${Object.entries(forms).map(([says, f]) => `${says} ${f.hz} Hz, loud ${f.loud.toFixed(3)}, swing ${f.swing.toFixed(2)}`).join("; ")}`);
}

/** Beat and tone step back for the voice, and come back; what matters is not dropped for a name. */
async function voiceIsAlone(page) {
  const [ducked, back, said] = await page.evaluate(async () => {
    const { Sound } = await import("/sound.js");
    const spoken = [];
    const ends = [];
    window.speechSynthesis.speak = (words) => {
      spoken.push(words.text);
      ends.push(() => words.onend?.(new Event("end")));
    };
    const sound = new Sound();
    sound.wake();
    sound.voice.isOn = true;
    const wait = () => new Promise((resolve) => setTimeout(resolve, 500));
    sound.voice.say("effleurage", 0);
    sound.voice.say("Stop. Too deep.", 5);
    sound.voice.say("friction", 0);
    await wait();
    const ducked = sound.level.gain.value;
    ends.shift()();
    ends.shift()();
    await wait();
    return [ducked, sound.level.gain.value, spoken];
  });
  assert.ok(ducked < 0.3 && back > 0.95, `other sounds at ${ducked} while it speaks, ${back} after`);
  assert.deepEqual(said, ["effleurage", "Stop. Too deep."]);
}

/** In place of the gateway: a plan's band, and a hand whose strokes are as strong as window.hand. */
function fakeGateway() {
  window.hand = { peak_kpa: 0, n: 0 };
  const band = { state: "running", plan: "own", title: "Own", cues: "trusted", step: 1, n_steps: 1,
                 technique: "petrissage", pressure_low_kpa: 20, pressure_high_kpa: 35,
                 pressure_mark: "instructor", on_step: true, duration_s: 600, elapsed_s: 1, left_s: 599 };
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 0;
    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.(new Event("open"));
        this.say([{ topic: "devices", data: [{ number: 0, station: "s1", device: "pad" }] },
                  { topic: "status.s1.pad", data: { state: "streaming", mount: "pad", uncalibrated: false } },
                  { topic: "plan.s1.pad", data: band }]);
        const from = performance.now();
        setInterval(() => {
          const phase = ((performance.now() - from) / 1000) % 1; // a stroke a second
          const peak_kpa = window.hand.peak_kpa * Math.max(0, Math.sin(2 * Math.PI * phase));
          this.say([{ topic: "metrics.s1.pad", data: { technique: "petrissage", technique_confidence: 1, pace_cpm: 60,
                      contacts: peak_kpa > 0 ? 1 : 0, peak_kpa, mean_kpa: peak_kpa / 2, saturated_taxels: 0 } }]);
        }, 33);
      }, 10);
    }
    say(items) {
      this.onmessage?.({ data: JSON.stringify(items) });
    }
    send() {}
    close() {}
  };
}

/** An ear at the loudspeaker: what it hears at the end of a stroke, if it is sure, moves the hand a
 * little; and the hand errs by itself, by up to 6 % a stroke. */
function listenAndMove(first_kpa) {
  const connect = AudioNode.prototype.connect;
  let ear = null;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      ear ??= new AnalyserNode(this.context, { fftSize: 8192, smoothingTimeConstant: 0 });
      connect.call(this, ear);
    }
    return connect.call(this, to, ...more);
  };
  window.strokes = [];
  window.hand.peak_kpa = first_kpa;
  let heard = [];
  let chance = 12345;
  const listen = () => {
    if (!ear) return "silent";
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const top = bins.indexOf(Math.max(...bins));
    const hz = (top * ear.context.sampleRate) / 8192;
    return bins[top] < -80 ? "silent" : hz > 500 ? "light" : hz > 150 ? "right" : "deep";
  };
  setInterval(() => {
    heard.push(listen());
    if (heard.length < 25) return; // of 40 ms each: a stroke
    const last = heard.slice(-8);
    const isSure = last.every((one) => one === last[0]);
    heard = [];
    window.strokes.push({ kpa: window.hand.peak_kpa, heard: isSure ? last[0] : "not sure" });
    chance = (1103515245 * chance + 12345) % 2147483648;
    const error = 1 + 0.12 * (chance / 2147483648 - 0.5);
    window.hand.peak_kpa *= (isSure ? ({ light: 1.18, deep: 0.85 }[last[0]] ?? 1) : 1) * error;
  }, 40);
}

async function handsFindTheBand(chain) {
  const open = async (first_kpa, withTone) => {
    const page = await chain.browser.newPage({ viewport: { width: 800, height: 600 } });
    await page.addInitScript(fakeGateway);
    await page.goto(chain.url);
    await page.evaluate(listenAndMove, first_kpa);
    if (withTone) await page.keyboard.press("t");
    return page;
  };
  const deaf = await open(5, false);
  await until(() => deaf.evaluate(() => window.strokes.length >= 4), "no strokes", 60000);
  const unheard = await deaf.evaluate(() => window.strokes.map((s) => s.heard));
  assert.ok(unheard.every((heard) => heard === "silent"), `without the tone: ${unheard}`);
  await deaf.close();

  const pages = [await open(5, true), await open(90, true)];
  await until(() => pages[0].evaluate(() => window.strokes.length >= 23), "no strokes", 90000);
  const late = await Promise.all(pages.map((page) => page.evaluate(() => window.strokes.slice(-9))));
  const right = late.map((strokes) => strokes.filter((s) => s.kpa >= 0.95 * BAND.low && s.kpa <= 1.05 * BAND.high).length);
  console.log(`of the last nine strokes in the band of ${BAND.low} to ${BAND.high} kPa: ${right[0]} from too light, ${right[1]} from too deep; without the tone there is silence`);
  assert.ok(right[0] >= 8 && right[1] >= 8, `by ear alone the band is not kept: ${JSON.stringify(late)}`);
  for (const page of pages) await page.close();
}
