// SPDX-License-Identifier: GPL-3.0-or-later
// comfort_dialog.js - the receiver speaks, on the student's page: C and a digit, or C and Enter.

import { comfortWords } from "./comfort_words.js";
import { byId, make, put } from "./page_parts.js";

/**
 * @param {(control: object) => Promise<any>} command
 * @param {(sentence: string, isAlarm: boolean) => void} tell
 */
export function makeComfortDialog(command, tell) {
  const dialog = byId("comfort");
  const say = async (/** @type {{pain?: number}} */ comfort) => {
    dialog.close();
    const reply = await command({ command: "comfort", ...comfort });
    if (reply.ok) tell(`noted: ${comfortWords(comfort)}`, false);
    else tell(`not noted: ${reply.error}`, true);
  };
  for (let pain = 0; pain <= 10; pain++) {
    const button = make("button", String(pain), { type: "button" });
    button.addEventListener("click", () => void say({ pain }));
    byId("comfort-scale").append(button);
  }
  byId("hurts").addEventListener("click", () => void say({}));
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (/^[0-9]$/.test(event.key)) void say({ pain: Number(event.key) });
    else if (event.key.toLowerCase() === "x") void say({ pain: 10 });
    else if (event.key.toLowerCase() === "c") void say({});
  });
}

/** @param {import("./live.js").ListedDevice | null} device */
export function openComfort(device) {
  const address = new URL("comfort", location.href);
  if (device) address.searchParams.set("station", device.station);
  byId("comfort-link").href = address.href;
  put(byId("comfort-link"), `${address.host}/comfort`);
  byId("comfort").showModal();
  byId("hurts").focus();
}
