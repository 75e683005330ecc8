// SPDX-License-Identifier: GPL-3.0-or-later
// comfort.js - the receiver's own page, on a phone: says how it feels, and shows that it was heard.
// What stands there as heard comes back from the feed, not from the button.

import { comfortMeaning, comfortWords } from "./comfort_words.js";
import { connect } from "./live.js";
import { byId, make, put } from "./page_parts.js";

const AGAIN_MS = 1000; // oily fingers press twice
const ECHO_MS = 3000; // the feed brings it back within so long

const wanted = new URLSearchParams(location.search).get("station") ?? undefined;

let pressed_ms = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let isAwaited;

const live = connect({
  show: { station: wanted, state_hz: 1, events: true },
  onConnection: () => tellConnection(),
  onDevices: listStations,
  onTopic: (kind, device, data) => {
    if (kind === "comfort" && device.station === byId("station").value) takeHeard(data);
  },
});

/** @param {import("./live.js").ListedDevice[]} devices */
function listStations(devices) {
  const select = byId("station");
  const before = select.value;
  const names = [...new Set(devices.map((d) => d.station))];
  select.replaceChildren(...names.map((name) => new Option(name, name)));
  if (names.includes(before)) select.value = before;
  byId("station-line").hidden = names.length < 2;
  tellConnection();
}

function tellConnection() {
  const text = !live.isConnected
    ? "No connection: say it aloud. Trying again …"
    : byId("station").value === ""
      ? "No table has been heard of yet: say it aloud."
      : "";
  put(byId("connection"), text);
}

/** @param {any} comfort from the feed, once for each device of the table */
function takeHeard(comfort) {
  clearTimeout(isAwaited);
  const pain = comfort.pain ?? null;
  put(byId("heard-what"), `Heard: ${comfortWords(comfort)}`);
  put(byId("heard-meaning"), comfortMeaning(comfort));
  for (const button of byId("scale").children)
    button.setAttribute("aria-pressed", String(Number(button.textContent) === pain));
}

/** @param {{pain?: number}} comfort */
async function say(comfort) {
  if (performance.now() - pressed_ms < AGAIN_MS) return;
  pressed_ms = performance.now();
  navigator.vibrate?.(60);
  put(byId("heard-what"), `Saying: ${comfortWords(comfort)} …`);
  put(byId("heard-meaning"), "");
  clearTimeout(isAwaited);
  isAwaited = setTimeout(() => notHeard("the table did not confirm it"), ECHO_MS);
  const reply = await live.control(byId("station").value, { command: "comfort", ...comfort });
  if (!reply.ok) notHeard(String(reply.error));
}

/** @param {string} reason */
function notHeard(reason) {
  clearTimeout(isAwaited);
  put(byId("heard-what"), "Not heard: say it aloud");
  put(byId("heard-meaning"), reason);
}

for (let pain = 0; pain <= 10; pain++) {
  const button = make("button", String(pain), { type: "button", "aria-pressed": "false" });
  button.addEventListener("click", () => void say({ pain }));
  byId("scale").append(button);
}
// At the first touch: a finger that slides off makes no click.
byId("hurts").addEventListener("pointerdown", () => void say({}));
byId("hurts").addEventListener("click", () => void say({}));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target instanceof HTMLSelectElement) return;
  if (/^[0-9]$/.test(event.key)) void say({ pain: Number(event.key) });
  else if (event.key.toLowerCase() === "x") void say({ pain: 10 });
  else if (event.key.toLowerCase() === "c") void say({});
});

byId("station").addEventListener("change", tellConnection);
byId("hurts").focus();
tellConnection();
