// SPDX-License-Identifier: GPL-3.0-or-later
// comfort_words.js - what the receiver's word does, in words: the student's page and the phone's say
// the same (FEED.md, comfort).

export const PAIN_FROM = 4; // from here on nothing says "deeper"

/** @param {any} comfort a `comfort` message, or what was sent: {pain} or {} */
export function comfortWords(comfort) {
  return comfort.pain === undefined ? "too much" : `${comfort.pain} of 10`;
}

/** What follows from it. @param {any} comfort */
export function comfortMeaning(comfort) {
  return comfort.pain === undefined || comfort.pain >= PAIN_FROM
    ? "The coach asks for less pressure, and for no more of it until you say 3 or less."
    : "All is well; nothing is held back.";
}
