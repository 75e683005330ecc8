// SPDX-License-Identifier: GPL-3.0-or-later
// class_table.js - one table, opened from the wall: what happens there now, who sits there, what
// was recorded before, and what the instructor can do about it. Its own live line, closed with it.

import { seatAt, whoText } from "./class_state.js";
import { Dial } from "./dial.js";
import { connect } from "./live.js";
import { peakOf } from "./map_code.js";
import { needOf } from "./need.js";
import { NiceScale, niceAbove } from "./nice_scale.js";
import { byId, make, now_s, put } from "./page_parts.js";
import { bandsOf, planWords, isInForce } from "./plan_panel.js";
import { PressureMapView } from "./pressure_map.js";
import { clockText, shortNumber, techniqueName } from "./words.js";

const N_EARLIER = 12;
const CUE_S = 8;

/** @typedef {import("./class_state.js").ClassState} ClassState */

export class TablePanel {
  /**
   * @param {(request: {act: string, [key: string]: any}) => Promise<any>} lead
   * @param {(station: string) => void} onJoin
   */
  constructor(lead, onJoin) {
    this.lead = lead;
    this.onJoin = onJoin;
    this.dialog = byId("table");
    this.dial = new Dial(byId("table-dial"));
    this.view = new PressureMapView(byId("table-map"));
    this.mapScale = new NiceScale(20);
    this.dialScale = new NiceScale(50);
    /** @type {import("./live.js").Live | null} */
    this.live = null;
    this.station = "";
    this.device = "";
    this.giver = "";
    /** @type {ClassState | null} */
    this.state = null;
    /** @type {any} */ this.metrics = null;
    /** @type {any} */ this.status = null;
    /** @type {any} */ this.plan = null;
    /** @type {any} */ this.session = null;
    /** @type {any} */ this.cue = null;
    /** @type {import("./map_code.js").PressureMap | null} */ this.map = null;
    this.cue_s = -Infinity;
    this.heard_s = -Infinity;
    this.listen();
  }

  forget() {
    this.metrics = this.status = this.plan = this.session = this.cue = this.map = null;
    this.cue_s = this.heard_s = -Infinity;
  }

  listen() {
    const act = (/** @type {string} */ name) => () => void this.ask({ act: name, station: this.station });
    byId("table-start").addEventListener("click", () => this.startOrStop());
    byId("table-swap").addEventListener("click", act("swap"));
    byId("table-call").addEventListener("click", act("call"));
    byId("table-join").addEventListener("click", () => this.join());
    byId("table-note").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.sendNote();
    });
    byId("table-plan").addEventListener("change", () =>
      void this.ask({ act: "plan", station: this.station, plan: byId("table-plan").value.trim() })
    );
    this.dialog.addEventListener("close", () => this.close());
    this.dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      s: () => this.startOrStop(),
      w: () => byId("table-swap").click(),
      t: () => byId("table-call").click(),
      q: () => this.join(),
      n: () => byId("table-words").focus(),
      p: () => byId("table-plan").focus(),
      arrowleft: () => this.step(-1),
      arrowright: () => this.step(1),
    };
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** @param {{act: string, [key: string]: any}} request */
  async ask(request) {
    const reply = await this.lead(request);
    if (!reply.ok) put(byId("table-told"), String(reply.error));
    return reply.ok;
  }

  startOrStop() {
    const seat = this.state && seatAt(this.state, this.station);
    void this.ask({ act: seat?.recording ? "stop" : "start", station: this.station });
  }

  async sendNote() {
    const note = byId("table-words").value.trim();
    if (note && (await this.ask({ act: "note", station: this.station, note }))) byId("table-words").value = "";
  }

  join() {
    const station = this.station;
    this.dialog.close();
    this.onJoin(station);
  }

  /** To the table before or after this one. @param {number} by */
  step(by) {
    const names = this.state?.stations.map((seat) => seat.station) ?? [];
    if (names.length < 2 || !this.state) return;
    const at = (names.indexOf(this.station) + by + names.length) % names.length;
    this.open(this.state, names[at], "");
  }

  /** @param {ClassState} state @param {string} station @param {string} device "": whichever is there */
  open(state, station, device) {
    this.live?.close();
    this.forget();
    this.station = station;
    this.device = device;
    this.giver = "\0"; // nobody's yet: their sessions are asked for
    put(byId("table-told"), "");
    byId("table-student").href = `./?station=${station}${device ? `&device=${device}` : ""}`;
    this.take(state);
    this.live = connect({
      show: { station, device: device || undefined, state_hz: 10, maps_hz: 20, n_cells: 64, events: true },
      onTopic: (kind, from, data) => this.takeTopic(kind, from, data),
      onMap: (from, map) => {
        if (from.device === this.device) this.map = map;
      },
    });
    if (this.dialog.open) return;
    this.dialog.showModal();
    byId("table-title").focus();
    requestAnimationFrame(() => this.draw());
  }

  close() {
    this.live?.close();
    this.live = null;
  }

  /** @param {string} kind @param {import("./live.js").ListedDevice} from @param {any} data */
  takeTopic(kind, from, data) {
    this.device ||= from.device;
    if (from.device !== this.device) return;
    if (kind === "metrics") {
      this.metrics = data;
      this.heard_s = now_s();
    } else if (kind === "status") this.status = data;
    else if (kind === "plan") this.plan = data;
    else if (kind === "session") this.session = data;
    else if (kind === "cue") {
      this.cue = data;
      this.cue_s = now_s();
    }
  }

  /** @param {ClassState} state */
  take(state) {
    this.state = state;
    const seat = seatAt(state, this.station);
    put(byId("table-title"), this.station);
    put(byId("table-who"), whoText(seat));
    put(byId("table-start-word"), seat?.busy ? "…" : seat?.recording ? "Stop" : "Start");
    byId("table-start").classList.toggle("stop", Boolean(seat?.recording));
    if (document.activeElement !== byId("table-plan")) byId("table-plan").value = seat?.plan ?? "";
    byId("table-swap").disabled = !seat?.giver && !seat?.receiver;
    if (seat?.result) {
      put(byId("table-told"), seat.result.text);
      byId("table-told").classList.toggle("wrong", !seat.result.ok);
    }
    const giver = seat?.giver ?? "";
    if (giver !== this.giver && this.station) {
      this.giver = giver;
      void this.showEarlier(giver);
    }
  }

  /** What the gateway's folder of sessions has; nothing is shown where there is none.
   * @param {string} giver */
  async showEarlier(giver) {
    const part = byId("table-earlier");
    const station = this.station;
    part.hidden = true;
    const query = giver ? `participant=${encodeURIComponent(giver)}` : `station=${station}`;
    try {
      const reply = await fetch(`api/sessions?${query}`);
      const all = reply.ok ? (await reply.json()).sessions : [];
      const list = all.filter((/** @type {any} */ one) => one.state !== "recording");
      if (station !== this.station || giver !== this.giver || list.length === 0) return;
      put(byId("table-earlier-title"), giver ? `Earlier sessions of ${giver}` : `Earlier sessions at ${station}`);
      byId("table-sessions").replaceChildren(...list.slice(0, N_EARLIER).map(earlierRow));
      part.hidden = false;
    } catch {
      // The gateway is away: the page says so elsewhere.
    }
  }

  draw() {
    if (!this.dialog.open) return;
    const metrics = now_s() - this.heard_s < 2 ? this.metrics : null;
    const band = bandsOf(this.plan).pressure;
    const isAbsolute = metrics && !metrics.uncalibrated;
    const value = !metrics || metrics.contacts === 0 ? NaN : isAbsolute ? metrics.peak_kpa : 100 * metrics.peak_rel;
    const bandEnd = band ? niceAbove(1.2 * (Number.isFinite(band.to) ? band.to : 2 * band.from)) : 0;
    const end = isAbsolute || !metrics ? Math.max(bandEnd, this.dialScale.take(value || 0, now_s())) : 100;
    this.dial.setScale(end, isAbsolute ? band : null);
    this.dial.setValue(value, NaN);
    const { need, why } = needOf(this, now_s());
    put(byId("table-need"), why);
    byId("table-need").className = need;
    put(byId("table-stroke"), metrics ? techniqueName(metrics.technique) : "no data");
    put(
      byId("table-figures"),
      [
        Number.isFinite(value) ? `${shortNumber(value)} ${isAbsolute ? "kPa" : "% of full scale"}` : "",
        metrics?.pace_cpm === undefined ? "" : `${shortNumber(metrics.pace_cpm)} a minute`,
        this.session && !["closed", "dropped"].includes(this.session.state) ? sessionWords(this.session) : "",
      ].filter(Boolean).join(" · ")
    );
    const words = isInForce(this.plan) ? planWords(this.plan) : null;
    put(byId("table-step"), words ? [words.step, words.time, words.note].filter(Boolean).join(" · ") : "no plan");
    put(byId("table-score"), words?.score ?? "");
    put(byId("table-cue"), now_s() - this.cue_s < CUE_S ? this.cue.text : "");
    if (this.map)
      this.view.draw(this.map, this.map.isUncalibrated ? 1 : this.mapScale.take(peakOf(this.map), now_s()));
    requestAnimationFrame(() => this.draw());
  }
}

/** @param {any} session as the feed says it */
const sessionWords = (session) =>
  session.state === "armed" ? "waits for the first touch" : `recording ${clockText(session.length_s)}`;

/** @param {any} session of /api/sessions */
function earlierRow(session) {
  const row = make("tr");
  const when = new Date(1000 * session.began_unix_s);
  const report = make("a", "report", { href: `api/sessions/${session.id}/report.html`, target: "_blank", rel: "noopener" });
  const last = make("td");
  last.append(report);
  row.append(
    make("th", when.toLocaleString([], { dateStyle: "short", timeStyle: "short" }), { scope: "row" }),
    make("td", clockText(session.length_s ?? 0)),
    make("td", session.plan || "–"),
    make("td", session.n_strokes === undefined ? "" : `${session.n_strokes} strokes`),
    last
  );
  return row;
}
