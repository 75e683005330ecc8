// SPDX-License-Identifier: GPL-3.0-or-later
// pressure_tone.js - pressure by ear: heavier is lower, and wrong is rough.
//
//   too light  thin, high and fluttering, like something that does not take hold
//   in band    a calm fifth, soft: what is right may be forgotten
//   too deep   low, rough and beating: it hurts to hear, as it does to feel
//
// Nothing touched, no band, or no kilopascals: silence.

export class PressureTone {
  /** @param {AudioContext} context @param {AudioNode} output */
  constructor(context, output) {
    this.context = context;
    const flutter = new OscillatorNode(context, { frequency: 7 });
    this.depth = new GainNode(context, { gain: 0 });
    this.low = new OscillatorNode(context, { frequency: 220 });
    this.high = new OscillatorNode(context, { frequency: 330 });
    this.rough = new OscillatorNode(context, { type: "sawtooth", frequency: 90 });
    this.roughness = new GainNode(context, { gain: 0 });
    this.level = new GainNode(context, { gain: 0 });
    const swing = new GainNode(context, { gain: 1 });
    this.low.connect(swing);
    this.high.connect(swing);
    this.rough.connect(this.roughness).connect(swing);
    flutter.connect(this.depth).connect(swing.gain);
    swing.connect(this.level).connect(output);
    for (const part of [flutter, this.low, this.high, this.rough]) part.start();
    this.isOn = false;
    /** @type {"silent" | "light" | "right" | "deep"} */
    this.says = "silent";
  }

  /** @param {"silent" | "light" | "right" | "deep"} says */
  say(says) {
    this.says = this.isOn ? says : "silent";
    const forms = {
      silent: { low: 220, high: 330, level: 0, flutter: 0, rough: 0 },
      light: { low: 660, high: 990, level: 0.05, flutter: 0.9, rough: 0 },
      right: { low: 220, high: 330, level: 0.06, flutter: 0, rough: 0 },
      deep: { low: 82, high: 87, level: 0.16, flutter: 0.3, rough: 0.5 },
    };
    const form = forms[this.says];
    const at_s = this.context.currentTime;
    const glide_s = 0.06;
    this.low.frequency.setTargetAtTime(form.low, at_s, glide_s);
    this.high.frequency.setTargetAtTime(form.high, at_s, glide_s);
    this.level.gain.setTargetAtTime(form.level, at_s, glide_s);
    this.depth.gain.setTargetAtTime(form.flutter, at_s, glide_s);
    this.roughness.gain.setTargetAtTime(form.rough, at_s, glide_s);
  }
}
