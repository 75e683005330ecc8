// SPDX-License-Identifier: GPL-3.0-or-later
// class_roster.js - who is in the class and who sits where: codes, and a row a table.

import { inOrder, makeCodes, readCodes } from "./class_state.js";
import { byId, make, put } from "./page_parts.js";
import { pseudonymFault } from "./pseudonym.js";

/** @typedef {import("./class_state.js").ClassState} ClassState */

/** A choice that is only made anew when it must be: an open one would close. */
function fill(/** @type {HTMLSelectElement} */ select, /** @type {string[]} */ codes, /** @type {string} */ chosen) {
  const key = codes.join(" ");
  if (select.dataset.codes !== key) {
    select.replaceChildren(new Option("nobody", ""), ...codes.map((code) => new Option(code, code)));
    select.dataset.codes = key;
  }
  if (document.activeElement !== select || select.value !== chosen) select.value = chosen;
}

export class Roster {
  /**
   * @param {(request: {act: string, [key: string]: any}) => Promise<any>} lead
   */
  constructor(lead) {
    this.lead = lead;
    this.dialog = byId("roster");
    /** @type {Map<string, {row: HTMLElement, giver: HTMLSelectElement, receiver: HTMLSelectElement, plan: HTMLInputElement}>} */
    this.rows = new Map();
    byId("codes-make").addEventListener("click", () => {
      const made = makeCodes(byId("codes-prefix").value.trim(), Number(byId("codes-count").value));
      byId("codes").value = made.join(" ");
      void this.saveCodes();
    });
    byId("codes-save").addEventListener("click", () => void this.saveCodes());
    byId("seat-all").addEventListener("click", () => void this.ask({ act: "seat_all" }));
    byId("paper").addEventListener("click", () => print());
    byId("class-begin").addEventListener("click", () =>
      void this.ask({ act: "begin", title: byId("class-title").value.trim() })
    );
    byId("class-end").addEventListener("click", () => void this.ask({ act: "end" }));
  }

  /** @param {{act: string, [key: string]: any}} request */
  async ask(request) {
    const reply = await this.lead(request);
    put(byId("roster-fault"), reply.ok ? "" : String(reply.error));
    return reply.ok;
  }

  async saveCodes() {
    const codes = readCodes(byId("codes").value);
    const bad = codes.find((code) => pseudonymFault(code));
    if (bad !== undefined) {
      put(byId("roster-fault"), `${bad}: ${pseudonymFault(bad)}`);
      return;
    }
    if (await this.ask({ act: "codes", codes })) byId("codes").blur();
  }

  /** @param {ClassState} state */
  open(state) {
    put(byId("roster-fault"), "");
    byId("codes").value = inOrder(state.codes).join(" ");
    byId("class-title").value = state.title || `Class of ${new Date().toLocaleDateString()}`;
    this.take(state);
    this.dialog.showModal();
  }

  /** @param {string} station */
  makeRow(station) {
    const row = make("tr");
    const giver = document.createElement("select");
    const receiver = document.createElement("select");
    const plan = document.createElement("input");
    giver.setAttribute("aria-label", `${station}: who gives`);
    receiver.setAttribute("aria-label", `${station}: who receives`);
    plan.setAttribute("aria-label", `${station}: plan`);
    plan.setAttribute("list", "plan-names");
    plan.placeholder = "none";
    const seat = () => void this.ask({ act: "seat", station, giver: giver.value, receiver: receiver.value });
    giver.addEventListener("change", () => {
      if (giver.value === receiver.value) receiver.value = "";
      seat();
    });
    receiver.addEventListener("change", () => {
      if (giver.value === receiver.value) giver.value = "";
      seat();
    });
    plan.addEventListener("change", () => void this.ask({ act: "plan", station, plan: plan.value.trim() }));
    const swap = make("button", "⇄", { type: "button", "aria-label": `${station}: swap giver and receiver`, title: "swap" });
    swap.addEventListener("click", () => void this.ask({ act: "swap", station }));
    const call = make("button", "♪", { type: "button", "aria-label": `${station}: sound and light at the table`, title: "sound and light at the table" });
    call.addEventListener("click", () => void this.ask({ act: "call", station }));
    const forget = make("button", "×", { type: "button", "aria-label": `${station}: take it off the list`, title: "take it off the list" });
    forget.addEventListener("click", () => void this.ask({ act: "forget", station }));
    const cells = [giver, swap, receiver, plan, call, forget].map((part) => {
      const cell = make("td");
      cell.append(part);
      return cell;
    });
    row.append(make("th", station, { scope: "row" }), ...cells);
    return { row, giver, receiver, plan };
  }

  /** @param {ClassState} state */
  take(state) {
    const codes = inOrder(state.codes);
    for (const seat of state.stations) {
      let parts = this.rows.get(seat.station);
      if (!parts) {
        parts = this.makeRow(seat.station);
        this.rows.set(seat.station, parts);
      }
      fill(parts.giver, codes, seat.giver ?? "");
      fill(parts.receiver, codes, seat.receiver ?? "");
      if (document.activeElement !== parts.plan) parts.plan.value = seat.plan ?? "";
    }
    const names = inOrder(state.stations.map((seat) => seat.station));
    for (const [station, parts] of this.rows)
      if (!names.includes(station)) {
        parts.row.remove();
        this.rows.delete(station);
      }
    const standing = [...byId("seats").children];
    const wanted = names.map((name) => this.rows.get(name)?.row);
    if (wanted.some((row, i) => row !== standing[i])) byId("seats").append(.../** @type {HTMLElement[]} */ (wanted));
    byId("class-begin").textContent = state.on ? "Begin another class" : "Begin the class";
    byId("class-end").hidden = !state.on;
    put(byId("class-state"), state.on ? `${state.title || "The class"} is on: ${state.sessions} sessions so far.` : "No class is on; sessions are recorded, but not gathered.");
    byId("paper-rows").replaceChildren(
      ...codes.map((code) => {
        const row = make("tr");
        row.append(make("th", code, { scope: "row" }), make("td"));
        return row;
      })
    );
  }
}
