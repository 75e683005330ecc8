// SPDX-License-Identifier: GPL-3.0-or-later
// class_join.js - QR codes by which tablets join their tables, all on one board. A code is good for
// one tablet: when it was used, or grows old, another takes its place.

import { seatAt } from "./class_state.js";
import { byId, make, put } from "./page_parts.js";
import { qrPicture } from "./qr_picture.js";

const RENEW_PART = 0.8; // of its time

/** @typedef {{card: HTMLElement, tablets: number, timer: number}} Offer */

export class JoinBoard {
  /** @param {import("./live.js").Live} live */
  constructor(live) {
    this.live = live;
    this.dialog = byId("join");
    /** @type {Map<string, Offer>} */
    this.offers = new Map();
    this.dialog.addEventListener("close", () => this.clear());
  }

  /** @param {import("./class_state.js").ClassState} state @param {string} [station] one alone */
  open(state, station) {
    this.clear();
    const seats = state.stations.filter((seat) => !station || seat.station === station);
    seats.sort((a, b) => a.station.localeCompare(b.station, "en", { numeric: true }));
    for (const seat of seats) {
      const card = make("li");
      byId("join-cards").append(card);
      this.offers.set(seat.station, { card, tablets: seat.tablets, timer: 0 });
      void this.ask(seat.station);
    }
    put(byId("join-told"), seats.length ? "" : "No station has been heard of yet.");
    this.dialog.classList.toggle("alone", seats.length === 1);
    this.dialog.showModal();
  }

  clear() {
    for (const offer of this.offers.values()) clearTimeout(offer.timer);
    this.offers.clear();
    byId("join-cards").replaceChildren();
  }

  /** @param {string} station */
  async ask(station) {
    const reply = await this.live.lead({ act: "join", station });
    const offer = this.offers.get(station);
    if (!offer) return; // the board was closed
    clearTimeout(offer.timer);
    if (!reply.ok) {
      offer.card.replaceChildren(make("h3", station), make("p", String(reply.error), { class: "wrong" }));
      return;
    }
    const used = offer.tablets ? `${offer.tablets} joined` : "";
    offer.card.replaceChildren(
      make("h3", station),
      qrPicture(reply.rows, reply.side, `QR code: join table ${station}`),
      make("p", used, { class: "quiet" }),
      make("a", reply.url.split("#")[0], { href: reply.url, class: "address" })
    );
    put(
      byId("join-told"),
      reply.open
        ? reply.good_s
          ? "Scan with the tablet's camera, then tap once. Each code is good for one tablet."
          : "Scan with the tablet's camera, then tap once."
        : "This gateway listens to its own machine alone, so no tablet reaches it: start it with --address, --accounts and a certificate (docs/web.md)."
    );
    if (reply.good_s)
      offer.timer = window.setTimeout(() => void this.ask(station), 1000 * RENEW_PART * reply.good_s);
  }

  /** A code that was used makes room for the next. @param {import("./class_state.js").ClassState} state */
  take(state) {
    for (const [station, offer] of this.offers) {
      const tablets = seatAt(state, station)?.tablets ?? 0;
      if (tablets === offer.tablets) continue;
      offer.tablets = tablets;
      void this.ask(station);
    }
  }
}
