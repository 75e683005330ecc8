// SPDX-License-Identifier: GPL-3.0-or-later
// pseudonym.js - is this a code for a person, or does it tell who it is? The daemon decides
// (session_pseudonym.h has the same rules); the page asks first, so that a session that is to begin
// with a touch is not refused with oily hands.

export const PLAIN_WORDS = [
  "client", "demo", "group", "guest", "instructor", "operator", "participant", "pat", "patient",
  "person", "pilot", "proband", "ses", "session", "station", "student", "sub", "subj", "subject",
  "teacher", "test", "therapist", "trainee", "trial", "tutor", "user", "vp",
];

/** @param {string} word */
const mayBeName = (word) =>
  word.length > 2 && /[aeiouy]/i.test(word) && !PLAIN_WORDS.includes(word.toLowerCase());

/**
 * @param {string} code
 * @returns {string} what is wrong, in plain words; "": nothing, or nobody is told of
 */
export function pseudonymFault(code) {
  const advice = "Take a code such as P007; who is who stays on paper.";
  if (code === "") return "";
  if (code.includes("@")) return `This looks like an e-mail address. ${advice}`;
  if (code.includes(" ")) return `This looks like a name. ${advice}`;
  if (code.length > 31) return "This is longer than 31 characters.";
  if (!/^[A-Za-z0-9_-]+$/.test(code)) return "Only letters A to Z, digits, _ and - can be in a code, as in P007.";
  if ((code.match(/[A-Za-z]+/g) ?? []).some(mayBeName)) return `This looks like a name. ${advice}`;
  if (/[0-9]{8}/.test(code)) return `This looks like a date of birth or a telephone number. ${advice}`;
  if (!/[0-9]/.test(code)) return `Without a digit this may be somebody's initials. ${advice}`;
  return "";
}
