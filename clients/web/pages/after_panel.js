// SPDX-License-Identifier: GPL-3.0-or-later
// after_panel.js - after a session: the score and what it is made of, what to work on, what was done
// when, and how it has gone since the first time. Everything stands there as text or a table too.

import {
  digestText, episodeRows, partsOf, progressPoints, progressRows, scoreOfPlan, spokenSummary,
} from "./after_words.js";
import { progressChart, timelineChart } from "./charts.js";
import { byId, make, put } from "./page_parts.js";

const TRIES = 5;
const AGAIN_MS = 1500;

/**
 * Ask the gateway; while many ask at once, again.
 * @param {string} address @returns {Promise<any>} the answer; rejects with a sentence
 */
async function ask(address) {
  for (let i = 1; ; i++) {
    const reply = await fetch(address);
    if (reply.ok) return reply.json();
    if (reply.status !== 503 || i === TRIES) {
      const body = await reply.json().catch(() => ({}));
      throw new Error(body.error ?? `the gateway answered ${reply.status}`);
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/**
 * A table that opens by a press.
 * @param {string} title @param {string[]} heads @param {string[][]} rows
 */
function table(title, heads, rows) {
  const details = make("details");
  const whole = make("table");
  const head = make("tr");
  head.append(...heads.map((text) => make("th", text, { scope: "col" })));
  const lines = rows.map((row) => {
    const line = make("tr");
    line.append(...row.map((text, i) => (i === 0 ? make("th", text, { scope: "row" }) : make("td", text))));
    return line;
  });
  const frame = make("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": title });
  whole.append(make("caption", title, { class: "unseen" }), head, ...lines);
  frame.append(whole);
  details.append(make("summary", `${title} as a table`), frame);
  return details;
}

/** @param {any} score @param {boolean} isLive it is the coach's own, since the file is not read */
function showScore(score, isLive) {
  const parts = partsOf(score);
  const has = typeof score?.practice_score === "number";
  put(byId("after-score"), has ? String(Math.round(score.practice_score)) : "");
  put(
    byId("after-score-note"),
    has
      ? `practice score, of 100${isLive ? " (as the coach counted it)" : ""}`
      : score === null
        ? "No score: there was no plan to compare with. Choose one next time."
        : "No score: nothing could be judged yet."
  );
  byId("after-parts").replaceChildren(
    ...parts.map(({ name, weight, meaning, value }) => {
      const line = make("li");
      const bar = /** @type {HTMLMeterElement} */ (make("meter", "", { min: "0", max: "100", low: "60", high: "80", optimum: "100", "aria-label": name }));
      bar.value = value;
      line.append(make("b", `${name} ${Math.round(value)} %`), bar, make("span", `${meaning} (weight ${weight})`, { class: "quiet" }));
      return line;
    })
  );
}

/** @param {any[]} advice */
function showAdvice(advice) {
  byId("after-advice").replaceChildren(
    ...advice.map(({ aim, why, is_fine }) => {
      const line = make("li");
      line.append(make("b", is_fine ? `Good: ${aim}` : aim), make("span", ` ${why}`));
      return line;
    })
  );
  put(byId("after-advice-title"), advice.every((a) => a.is_fine) ? "What went well" : "To work on");
  byId("after-advice-part").hidden = advice.length === 0;
}

/** @param {any} device */
function showTimeline(device) {
  const place = byId("after-timeline");
  const width = Math.max(300, Math.min(1000, place.clientWidth));
  const cues = device.cues ?? [];
  const heads = ["From", "Technique", "For", "Strokes", "Pace", "Peak pressure"];
  place.replaceChildren(
    timelineChart(device.episodes, cues, device.digest.length_s, width),
    table("What was done when", heads, episodeRows(device.episodes, device.unit))
  );
  if (cues.length)
    place.append(table("What the coach said", ["At", "Words"], cues.map((/** @type {any} */ c) => [`${Math.round(c.at_s)} s`, c.text])));
}

/** All that is said of one device. @param {any} device */
function showDevice(device) {
  put(byId("after-state"), digestText(device.digest));
  showScore(device.score, false);
  showAdvice(device.advice);
  showTimeline(device);
}

/** A session of two gloves is two recordings: one is shown, the others are a press away.
 * @param {any[]} devices that can be read @param {any} chosen */
function showDevices(devices, chosen) {
  const group = byId("after-devices");
  group.hidden = devices.length < 2;
  const buttons = devices.map((device) => {
    const score = device.score?.practice_score;
    const words = typeof score === "number" ? `${device.device}: ${Math.round(score)}` : device.device;
    const button = make("button", words, { type: "button", "aria-pressed": String(device === chosen) });
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      showDevice(device);
    });
    return button;
  });
  group.replaceChildren(...buttons);
  showDevice(chosen);
}

/** @param {string} participant */
async function showProgress(participant) {
  const place = byId("after-progress");
  if (!participant) {
    place.replaceChildren(make("p", "With a code of your own, your earlier sessions stand here.", { class: "quiet" }));
    return;
  }
  try {
    const { sessions } = await ask(`api/progress?participant=${encodeURIComponent(participant)}`);
    const { what, points } = progressPoints(sessions);
    const heads = ["When", "Score", "Length", "Evenness", "Rhythm varies by"];
    place.replaceChildren(
      ...(points.length
        ? [make("p", what), progressChart(points, what, Math.max(300, Math.min(1000, place.clientWidth)))]
        : [make("p", "From the second session on, a line stands here.", { class: "quiet" })]),
      table("Your sessions", heads, progressRows(sessions).reverse())
    );
  } catch (error) {
    place.replaceChildren(make("p", `Earlier sessions cannot be shown: ${/** @type {Error} */ (error).message}`));
  }
}

/**
 * @param {import("./session_control.js").Saved} saved @param {string} deviceName
 * @param {(sentence: string) => void} tell
 */
export async function showAfter(saved, deviceName, tell) {
  const dialog = byId("after");
  put(byId("after-title"), saved.participant ? `Your session, ${saved.participant}` : "Your session");
  put(byId("after-state"), "Reading what was recorded …");
  byId("after-report").href = `api/sessions/${encodeURIComponent(saved.id)}/report.html`;
  byId("after-timeline").replaceChildren();
  byId("after-devices").hidden = true;
  byId("after-progress").replaceChildren();
  showScore(scoreOfPlan(saved.plan), true);
  showAdvice([]);
  if (!dialog.open) dialog.showModal();
  byId("after-title").focus();
  try {
    const session = await ask(`api/sessions/${encodeURIComponent(saved.id)}`);
    const readable = session.devices.filter((/** @type {any} */ d) => !d.error);
    const device = readable.find((/** @type {any} */ d) => d.device === deviceName) ?? readable[0];
    if (!device) throw new Error(session.devices[0]?.error ?? "there is no file in it");
    showDevices(readable, device);
    tell(spokenSummary(device.score, device.advice));
  } catch (error) {
    const sentence = `It is saved, but cannot be shown: ${/** @type {Error} */ (error).message}`;
    put(byId("after-state"), sentence);
    tell(sentence);
  }
  await showProgress(saved.participant);
}
