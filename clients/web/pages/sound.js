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

  /** @param {boolean} isSpeaking */
  duck(isSpeaking) {
    if (this.context)
      this.level?.gain.setTargetAtTime(isSpeaking ? DUCKED : 1, this.context.currentTime, 0.05);
  }
}
