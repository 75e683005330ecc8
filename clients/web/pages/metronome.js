// SPDX-License-Identifier: GPL-3.0-or-later
// metronome.js - a beat on the audio clock, which keeps time whatever the page is doing.
//
//   below 30/min    a tone that rises and falls once a cycle: a click every 4 s is no rhythm
//   30 to 240/min   a click a cycle
//   above 240/min   clicks in groups of four, the first of each stronger: fast clicks alone blur
//
// Beats are scheduled ahead of time: the look-ahead scheduler of C. Wilson, "A tale of two clocks".

const TICK_MS = 25;
const AHEAD_S = 0.5; // a busy page may keep the scheduler waiting for a good part of that
const AHEAD_HIDDEN_S = 2.5; // browsers wake hidden pages once a second at most
const SLOW_CPM = 30;
const FAST_CPM = 240;

export class Metronome {
  /** @param {AudioContext} context @param {AudioNode} output */
  constructor(context, output) {
    this.context = context;
    this.output = output;
    this.pace_cpm = 60;
    this.latency_s = 0; // how much later it is heard than played, from the calibration
    this.isOn = false;
    this.beat = 0;
    this.next_s = 0;
    /** @type {{time_s: number, isStrong: boolean}[]} what was scheduled last, for the picture */
    this.scheduled = [];
  }

  start() {
    if (this.isOn) return;
    this.isOn = true;
    // Everything goes through a gate of its own, so that what is scheduled ahead ends with stop().
    this.gate = new GainNode(this.context, { gain: 1 });
    this.gate.connect(this.output);
    this.beat = 0;
    this.next_s = this.context.currentTime + 0.1;
    this.timer = setInterval(() => this.schedule(), TICK_MS);
    this.schedule();
  }

  stop() {
    this.isOn = false;
    clearInterval(this.timer);
    this.gate?.disconnect();
  }

  /** A new pace begins with the next beat, without a jump. @param {number} pace_cpm */
  setPace(pace_cpm) {
    this.pace_cpm = pace_cpm;
  }

  schedule() {
    const until_s = this.context.currentTime + (document.hidden ? AHEAD_HIDDEN_S : AHEAD_S);
    // After a sleep of the machine: go on from here, do not make up for it.
    if (this.next_s < this.context.currentTime - 1) this.next_s = this.context.currentTime + 0.05;
    while (this.next_s < until_s) {
      this.play(this.next_s);
      this.next_s += 60 / this.pace_cpm;
      this.beat++;
    }
  }

  /** @param {number} time_s when it should be heard */
  play(time_s) {
    const isStrong = this.pace_cpm <= FAST_CPM || this.beat % 4 === 0;
    this.scheduled.push({ time_s, isStrong });
    if (this.scheduled.length > 64) this.scheduled.shift();
    const played_s = Math.max(this.context.currentTime, time_s - this.latency_s);
    if (this.pace_cpm < SLOW_CPM) this.swell(played_s, 60 / this.pace_cpm);
    else this.click(played_s, isStrong);
  }

  /** @param {number} at_s @param {boolean} isStrong */
  click(at_s, isStrong) {
    const tone = new OscillatorNode(this.context, { frequency: isStrong ? 1320 : 990 });
    const gain = new GainNode(this.context, { gain: 0 });
    gain.gain.setValueAtTime(isStrong ? 0.5 : 0.2, at_s);
    gain.gain.exponentialRampToValueAtTime(0.001, at_s + 0.05);
    tone.connect(gain).connect(this.gate ?? this.output);
    tone.start(at_s);
    tone.stop(at_s + 0.06);
  }

  /** Up for the way out, down for the way back. @param {number} at_s @param {number} span_s */
  swell(at_s, span_s) {
    const tone = new OscillatorNode(this.context, { type: "triangle", frequency: 220 });
    const gain = new GainNode(this.context, { gain: 0 });
    tone.frequency.setValueAtTime(220, at_s);
    tone.frequency.linearRampToValueAtTime(440, at_s + span_s / 2);
    tone.frequency.linearRampToValueAtTime(220, at_s + span_s * 0.98);
    gain.gain.setValueAtTime(0.02, at_s);
    gain.gain.linearRampToValueAtTime(0.2, at_s + span_s / 2);
    gain.gain.linearRampToValueAtTime(0.02, at_s + span_s * 0.98);
    tone.connect(gain).connect(this.gate ?? this.output);
    tone.start(at_s);
    tone.stop(at_s + span_s * 0.98);
  }

  /** Where in its cycle the beat is as it is heard, 0..1; for the picture beside it. */
  phase() {
    if (!this.isOn) return 0;
    const span_s = 60 / this.pace_cpm;
    const left_s = (this.next_s - this.context.currentTime) % span_s;
    return (((1 - left_s / span_s) % 1) + 1) % 1;
  }
}
