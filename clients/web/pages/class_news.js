// SPDX-License-Identifier: GPL-3.0-or-later
// class_news.js - what the class has for a table: the instructor's notes, and the call by which
// everybody finds the table. The page says what it does with them.

const SHOWN_MS = 12000;

/**
 * @typedef {{station: string, number: number, on?: boolean, giver?: string, note?: string,
 *            notes: number, calls: number}} Seat
 */

/** The table's own part, whether the page was told of it alone or of the whole class.
 * @param {any} data @param {string | undefined} station @returns {Seat | null} */
export function seatOf(data, station) {
  if (!data.stations) return data;
  const seat = data.stations.find((/** @type {any} */ one) => one.station === station);
  return seat ? { ...seat, on: data.on } : null;
}

export class ClassNews {
  /**
   * @param {{onNote: (note: string) => void, onCall: (seat: Seat) => void,
   *          onSeat?: (seat: Seat) => void}} wires
   */
  constructor(wires) {
    this.wires = wires;
    /** @type {Seat | null} */
    this.seat = null;
    this.banner = document.createElement("p");
    this.banner.className = "class-news";
    this.banner.hidden = true;
    this.banner.addEventListener("click", () => (this.banner.hidden = true)); // read, and out of the way
    document.body.append(this.banner);
    this.hideAt = 0;
    /** @type {any} */
    this.data = null;
    /** @type {string | undefined} */
    this.station = undefined;
  }

  /** The table that the page shows. @param {string | undefined} station */
  at(station) {
    this.station = station;
    if (this.data) this.take(this.data);
  }

  /** @param {any} data as it came */
  take(data) {
    this.data = data;
    const seat = seatOf(data, this.station);
    if (!seat) return;
    const before = this.seat?.station === seat.station ? this.seat : null;
    this.seat = seat;
    this.wires.onSeat?.(seat);
    if (!before) return; // what was said before the page came is over
    if (seat.notes > before.notes && seat.note) {
      this.show(seat.note);
      this.wires.onNote(seat.note);
    }
    if (seat.calls > before.calls) {
      this.show(`Table ${seat.station}`);
      this.wires.onCall(seat);
    }
  }

  /** @param {string} text */
  show(text) {
    this.banner.textContent = text;
    this.banner.hidden = false;
    clearTimeout(this.hideAt);
    this.hideAt = window.setTimeout(() => (this.banner.hidden = true), SHOWN_MS);
  }
}
