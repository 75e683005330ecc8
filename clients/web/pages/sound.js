// SPDX-License-Identifier: GPL-3.0-or-later
// sound.js - everything that is heard: one output, in which beat and tone step back for the voice.

import { Metronome } from "./metronome.js";
import { PressureTone } from "./pressure_tone.js";
import { Voice } from "./voice.js";

const DUCKED = 0.25;

export class Sound {
  constructor() {
    this.voice = new Voice((isSpeaking) => this.duck(isSpeaking));
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Metronome | null} */
    this.metronome = null;
    /** @type {PressureTone | null} */
    this.tone = null;
  }

  /** Browsers give sound only after a touch or a key: call it from there. */
  wake() {
    if (!this.context) {
      const context = new AudioContext({ latencyHint: "interactive" });
      this.context = context;
      this.level = new GainNode(context, { gain: 1 });
      this.level.connect(context.destination);
      this.metronome = new Metronome(context, this.level);
      this.tone = new PressureTone(context, this.level);
    }
    void this.context.resume();
  }

  /** Two short notes: up is begun, down is ended, low is wrong. @param {"begin" | "end" | "wrong"} kind */
  chime(kind) {
    const { context, level } = this;
    if (!context || !level) return;
    const notes = { begin: [523, 784], end: [784, 523], wrong: [196, 185] }[kind];
    notes.forEach((frequency, i) => {
      const at_s = context.currentTime + 0.02 + 0.16 * i;
      const note = new OscillatorNode(context, { type: "triangle", frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0.35, at_s);
      gain.gain.exponentialRampToValueAtTime(0.001, at_s + 0.3);
      note.connect(gain).connect(level);
      note.start(at_s);
      note.stop(at_s + 0.32);
    });
  }

  /** @param {boolean} isSpeaking */
  duck(isSpeaking) {
    if (this.context)
      this.level?.gain.setTargetAtTime(isSpeaking ? DUCKED : 1, this.context.currentTime, 0.05);
  }
}
