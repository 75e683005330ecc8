// SPDX-License-Identifier: GPL-3.0-or-later
// live.js - the gateway's live data: one connection that comes back by itself.
//
//   const live = connect({ show: { station: "s1", state_hz: 30, events: true }, onMap, onTopic });
//   const reply = await live.control("s1", { command: "tare" });

import { decodeMaps } from "./map_code.js";

/**
 * @typedef {{station?: string, device?: string, state_hz?: number, maps_hz?: number,
 *            n_cells?: number, events?: boolean, class?: boolean}} Show
 * @typedef {{number: number, station: string, device: string}} ListedDevice
 * @typedef {{
 *   show: Show,
 *   onDevices?: (devices: ListedDevice[]) => void,
 *   onTopic?: (kind: string, device: ListedDevice, data: any) => void,
 *   onMap?: (device: ListedDevice, map: import("./map_code.js").PressureMap) => void,
 *   onClass?: (data: any) => void,
 *   onConnection?: (isConnected: boolean) => void
 * }} Wishes
 */

const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 4000;
const REPLY_MS = 10000;
const CLOSE_TRY_AGAIN_LATER = 1013; // registry of RFC 6455, 11.7

export class Live {
  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    this.retry_ms = RETRY_FIRST_MS;
    this.nextId = 1;
    /** @type {Map<number, (reply: any) => void>} */
    this.waiting = new Map();
    /** @type {Map<number, ListedDevice>} */
    this.devices = new Map();
    this.isConnected = false;
    this.isFull = false; // the gateway has as many viewers as it can take
    this.isClosed = false;
    this.open();
  }

  /** For good: it does not come back. */
  close() {
    this.isClosed = true;
    this.socket?.close();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/live`, "thenar");
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.setConnected(true);
      this.show(this.wishes.show);
    };
    this.socket.onmessage = (event) => this.take(event.data);
    this.socket.onclose = (event) => {
      if (this.isClosed) return;
      this.isFull = event.code === CLOSE_TRY_AGAIN_LATER;
      this.setConnected(false);
      for (const answer of this.waiting.values())
        answer({ ok: false, error: "the connection was lost; try again" });
      this.waiting.clear();
      void this.askWho();
      // A little chance in the wait, so that a class does not come back all at once.
      setTimeout(() => this.open(), this.retry_ms * (0.75 + Math.random() / 2));
      this.retry_ms = Math.min(this.retry_ms * 2, RETRY_LAST_MS);
    };
  }

  /** A login that is over sends us to the gateway's door. */
  async askWho() {
    try {
      const reply = await fetch("who");
      if (reply.redirected) location.href = reply.url;
    } catch {
      // The gateway is away: the badge says so, and we try again.
    }
  }

  /** @param {boolean} isConnected */
  setConnected(isConnected) {
    if (isConnected === this.isConnected) return;
    this.isConnected = isConnected;
    this.wishes.onConnection?.(isConnected);
  }

  /** From now on this. @param {Show} show */
  show(show) {
    this.wishes.show = show;
    this.send({ show });
  }

  /** @param {object} message */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /**
   * A command to a station's daemon (FEED.md, "Control"); always answers.
   * @param {string} station
   * @param {object} control
   * @returns {Promise<{ok: boolean, error?: string, [key: string]: any}>}
   */
  control(station, control) {
    return this.ask({ station, control });
  }

  /**
   * What the instructor asks of the class (docs/web.md); always answers.
   * @param {{act: string, [key: string]: any}} request
   * @returns {Promise<{ok: boolean, error?: string, [key: string]: any}>}
   */
  lead(request) {
    return this.ask({ class: request });
  }

  /**
   * @param {object} question
   * @returns {Promise<{ok: boolean, error?: string, [key: string]: any}>}
   */
  ask(question) {
    if (this.socket?.readyState !== WebSocket.OPEN)
      return Promise.resolve({ ok: false, error: "not connected" });
    const id = this.nextId++;
    this.send({ id, ...question });
    return new Promise((resolve) => {
      const late = setTimeout(() => this.answer(id, { ok: false, error: "no answer" }), REPLY_MS);
      this.waiting.set(id, (reply) => {
        clearTimeout(late);
        resolve(reply);
      });
    });
  }

  /** @param {number} id @param {any} reply */
  answer(id, reply) {
    this.waiting.get(id)?.(reply);
    this.waiting.delete(id);
  }

  /** @param {string | ArrayBuffer} data */
  take(data) {
    this.retry_ms = RETRY_FIRST_MS; // let in, and not only heard out
    this.isFull = false;
    if (typeof data !== "string") {
      for (const map of decodeMaps(data)) {
        const device = this.devices.get(map.number);
        if (device) this.wishes.onMap?.(device, map);
      }
      return;
    }
    for (const { topic, data: payload } of JSON.parse(data)) this.takeTopic(topic, payload);
  }

  /** @param {string} topic @param {any} payload */
  takeTopic(topic, payload) {
    if (topic === "reply") {
      this.answer(payload.id, payload.reply);
    } else if (topic === "class") {
      this.wishes.onClass?.(payload);
    } else if (topic === "devices") {
      this.devices = new Map(payload.map((/** @type {ListedDevice} */ d) => [d.number, d]));
      this.wishes.onDevices?.(payload);
    } else {
      const [kind, station, device] = topic.split(".");
      const found = [...this.devices.values()].find(
        (listed) => listed.station === station && listed.device === device
      );
      if (found) this.wishes.onTopic?.(kind, found, payload);
    }
  }
}

/** @param {Wishes} wishes */
export const connect = (wishes) => new Live(wishes);
