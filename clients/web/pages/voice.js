// SPDX-License-Identifier: GPL-3.0-or-later
// voice.js - one voice, which never talks over itself: what is being said is finished, and of what
// waits only the newest is kept. Other sounds step back while it speaks.

export class Voice {
  /** @param {(isSpeaking: boolean) => void} onSpeaking */
  constructor(onSpeaking) {
    this.onSpeaking = onSpeaking;
    this.isOn = false;
    this.isSpeaking = false;
    /** @type {string | null} */
    this.waiting = null;
  }

  /** True when this browser can speak at all. */
  get isAble() {
    return "speechSynthesis" in window;
  }

  /** @param {string} sentence @param {boolean} [isAsked] a person asked for it just now */
  say(sentence, isAsked = false) {
    if (!this.isAble || (!this.isOn && !isAsked)) return;
    if (this.isSpeaking) {
      this.waiting = sentence;
      return;
    }
    const words = new SpeechSynthesisUtterance(sentence);
    words.lang = document.documentElement.lang;
    words.rate = 1.1;
    words.onend = words.onerror = () => this.finish();
    this.isSpeaking = true;
    this.onSpeaking(true);
    speechSynthesis.speak(words);
  }

  finish() {
    this.isSpeaking = false;
    this.onSpeaking(false);
    const next = this.waiting;
    this.waiting = null;
    if (next) this.say(next, true);
  }
}
