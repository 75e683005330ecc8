// SPDX-License-Identifier: GPL-3.0-or-later
// voice.js - one voice, which never talks over itself: what is being said is finished, and of what
// waits only the most important is kept, of equals the newest. Other sounds step back meanwhile.

const ASKED = 4; // of this rank (announce.js) it speaks although it is switched off
const LONGEST_S = 12; // some browsers forget to tell that a sentence is over

export class Voice {
  /** @param {(isSpeaking: boolean) => void} onSpeaking */
  constructor(onSpeaking) {
    this.onSpeaking = onSpeaking;
    this.isOn = false;
    this.isSpeaking = false;
    /** @type {{sentence: string, rank: number} | null} */
    this.waiting = null;
    /** @type {SpeechSynthesisUtterance | null} kept: Chromium forgets those that nobody holds */
    this.words = null;
  }

  /** True when this browser can speak at all. */
  get isAble() {
    return "speechSynthesis" in window;
  }

  /** @param {string} sentence @param {number} rank as in announce.js */
  say(sentence, rank) {
    if (!this.isAble || !sentence || !(this.isOn || rank === ASKED)) return;
    if (!this.isSpeaking) this.speak(sentence);
    else if (!this.waiting || rank >= this.waiting.rank) this.waiting = { sentence, rank };
  }

  /** @param {string} sentence */
  speak(sentence) {
    const words = new SpeechSynthesisUtterance(sentence);
    words.lang = document.documentElement.lang;
    words.rate = 1.1;
    const end = () => {
      if (this.words === words) this.finish();
    };
    words.onend = words.onerror = end;
    this.words = words;
    this.isSpeaking = true;
    this.onSpeaking(true);
    speechSynthesis.speak(words);
    setTimeout(() => {
      if (this.words !== words) return;
      speechSynthesis.cancel();
      end();
    }, 1000 * LONGEST_S);
  }

  finish() {
    this.words = null;
    this.isSpeaking = false;
    this.onSpeaking(false);
    const next = this.waiting;
    this.waiting = null;
    if (next) this.speak(next.sentence);
  }
}
