// SPDX-License-Identifier: GPL-3.0-or-later
// announce.js - what is said: one live region for screen readers and one voice, and neither chatters.
//
// told: the answer to something just done; asked: spoken although the voice is off.
// Something is said at most every two seconds, names of strokes every six; of what waits, only the
// most important is kept, and of equals the newest. An alarm is said at once, by a region of its own.

import { make } from "./page_parts.js";

export const RANK = { name: 0, news: 1, cue: 2, told: 3, asked: 4, alarm: 5 };

const GAP_S = 2;
const NAME_GAP_S = 6;

export class Announcer {
  /**
   * @param {HTMLElement} polite a live region, role status
   * @param {HTMLElement} urgent a live region, role alert
   * @param {import("./voice.js").Voice} voice
   */
  constructor(polite, urgent, voice) {
    this.polite = polite;
    this.urgent = urgent;
    this.voice = voice;
    this.said_s = -Infinity;
    this.count = 0;
    /** @type {{sentence: string, rank: number} | null} */
    this.waiting = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    // While a dialog is open all else is inert, and its live regions are not heard.
    for (const dialog of document.querySelectorAll("dialog"))
      dialog.append(make("p", "", { class: "unseen says", role: "status" }));
  }

  /** @param {string} sentence @param {number} rank one of RANK */
  say(sentence, rank) {
    this.voice.say(sentence, rank);
    if (rank >= RANK.told) {
      this.put(sentence, rank);
      return;
    }
    if (!this.waiting || rank >= this.waiting.rank) this.waiting = { sentence, rank };
    this.plan();
  }

  plan() {
    if (!this.waiting || this.timer !== undefined) return;
    const gap_s = this.waiting.rank === RANK.name ? NAME_GAP_S : GAP_S;
    const left_s = this.said_s + gap_s - performance.now() / 1000;
    if (left_s <= 0) {
      this.put(this.waiting.sentence, this.waiting.rank);
      return;
    }
    // Not later than the shorter gap: something more important may have come by then.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.plan();
    }, 1000 * Math.min(left_s, GAP_S));
  }

  /** @param {string} sentence @param {number} rank */
  put(sentence, rank) {
    if (this.waiting && rank >= this.waiting.rank) this.waiting = null;
    this.said_s = performance.now() / 1000;
    this.count++;
    // A new element, since the same text again would not be heard.
    const inDialog = document.querySelector("dialog[open] > .says");
    (inDialog ?? (rank === RANK.alarm ? this.urgent : this.polite)).replaceChildren(make("span", sentence));
  }
}
