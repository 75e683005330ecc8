// SPDX-License-Identifier: GPL-3.0-or-later
// join.js - a tablet becomes a table's own: it shows the code that it scanned, plays the table's
// notes, and goes to the student's page. One tap: browsers give sound only after one, and cameras
// that look at a link ahead must not use its code up.

import { playTone } from "./station_tone.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

const station = new URLSearchParams(location.search).get("station") ?? "";
const isName = /^[a-z0-9_-]{1,31}$/.test(station);
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname + location.search); // the code is no bookmark

/** @param {string} sentence @param {boolean} isWrong */
function tell(sentence, isWrong = false) {
  byId("told").textContent = sentence;
  byId("told").classList.toggle("wrong", isWrong);
}

async function join() {
  const button = byId("join-key");
  const context = new AudioContext();
  button.disabled = true;
  tell("joining");
  try {
    const reply = await fetch("join", { method: "POST", body: JSON.stringify({ station, token }) });
    const answer = await reply.json();
    if (!answer.ok) {
      tell(answer.error, true);
      button.hidden = true;
      return;
    }
    tell("This tablet is the table's now. Listen: these are its notes.");
    const tone_s = playTone(context, answer.number);
    setTimeout(() => location.replace(`./?station=${station}`), 1000 * tone_s + 400);
  } catch {
    button.disabled = false;
    tell("no connection to the gateway; try again", true);
  }
}

byId("station").textContent = isName ? station : "";
document.title = isName ? `Thenar · join ${station}` : document.title;
if (isName) byId("join-key").addEventListener("click", () => void join());
else {
  byId("join-key").hidden = true;
  tell("This address names no table. Scan the code on the instructor's page.", true);
}
