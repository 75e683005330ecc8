// SPDX-License-Identifier: GPL-3.0-or-later
// data_table.js - a table that can be sorted by each column, by mouse and keys, and says how it is.

import { make } from "./page_parts.js";

/**
 * @typedef {{
 *   title: string, unit?: string,
 *   value: (row: any) => any,
 *   show?: (row: any) => string | Node,
 *   isHead?: boolean, isText?: boolean
 * }} TableColumn  value: what it is sorted by; numbers stand right, unless isText
 */

const SHOWN_FIRST = 200;

/** @param {any} a @param {any} b */
function compare(a, b) {
  const isA = a !== null && a !== undefined && a !== "";
  const isB = b !== null && b !== undefined && b !== "";
  if (!isA || !isB) return Number(isB) - Number(isA); // what is absent stands last
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

/** A number as people read it: four digits, or whole. @param {any} value */
export function shown(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return String(value);
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

/** @param {TableColumn} column @param {any} row */
const isNumber = (column, row) =>
  !column.isText && !column.isHead && typeof column.value(row) === "number";

export class DataTable {
  /**
   * @param {string} caption
   * @param {TableColumn[]} columns
   * @param {{sortBy?: number, isDown?: boolean, isCaptionSeen?: boolean, onRow?: (element: HTMLElement, row: any) => void}} [wishes]
   */
  constructor(caption, columns, wishes = {}) {
    this.columns = columns;
    this.onRow = wishes.onRow;
    this.sortBy = wishes.sortBy ?? -1;
    this.isDown = wishes.isDown ?? false;
    this.limit = SHOWN_FIRST;
    /** @type {any[]} */
    this.rows = [];
    this.element = make("div", "", { class: "table-frame", tabindex: "0", role: "region", "aria-label": caption });
    this.table = make("table", "", { class: "data" });
    this.table.append(make("caption", caption, wishes.isCaptionSeen ? {} : { class: "unseen" }), this.head());
    this.body = make("tbody");
    this.table.append(this.body);
    this.more = /** @type {HTMLButtonElement} */ (make("button", "", { type: "button", hidden: "" }));
    this.more.addEventListener("click", () => {
      this.limit = Infinity;
      this.draw();
    });
    this.element.append(this.table, this.more);
  }

  head() {
    const row = make("tr");
    this.heads = this.columns.map((column, i) => {
      const cell = make("th", "", { scope: "col" });
      const key = make("button", column.title, { type: "button" });
      if (column.unit) key.append(" ", make("small", column.unit));
      key.addEventListener("click", () => this.sort(i));
      cell.append(key);
      return cell;
    });
    row.append(...this.heads);
    const head = make("thead");
    head.append(row);
    return head;
  }

  /** @param {number} i */
  sort(i) {
    this.isDown = this.sortBy === i ? !this.isDown : false;
    this.sortBy = i;
    this.draw();
  }

  /** @param {any[]} rows */
  fill(rows) {
    this.rows = rows;
    this.limit = SHOWN_FIRST;
    this.draw();
  }

  draw() {
    const column = this.columns[this.sortBy];
    const sorted = [...this.rows];
    if (column) sorted.sort((a, b) => compare(column.value(a), column.value(b)));
    if (this.isDown) sorted.reverse();
    const isRight = this.columns.map((one) => this.rows.some((row) => isNumber(one, row)));
    this.heads?.forEach((cell, i) => {
      cell.setAttribute("aria-sort", i !== this.sortBy ? "none" : this.isDown ? "descending" : "ascending");
      cell.classList.toggle("number", isRight[i]);
    });
    this.body.replaceChildren(...sorted.slice(0, this.limit).map((row) => this.line(row, isRight)));
    this.more.hidden = sorted.length <= this.limit;
    this.more.textContent = `Show all ${sorted.length}`;
  }

  /** @param {any} row @param {boolean[]} isRight */
  line(row, isRight) {
    const line = make("tr");
    this.columns.forEach((column, i) => {
      const value = column.value(row);
      const cell = make(column.isHead ? "th" : "td", "", column.isHead ? { scope: "row" } : {});
      cell.append(column.show ? column.show(row) : shown(value));
      if (isRight[i]) cell.className = "number"; // its dashes too
      line.append(cell);
    });
    this.onRow?.(line, row);
    return line;
  }
}
