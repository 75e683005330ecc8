// SPDX-License-Identifier: GPL-3.0-or-later
// map_player.js - the pressure map of a session at any moment: maps come in blocks of two seconds,
// so that it plays without a pause; where it rests, the very frame is fetched.

import { getMaps } from "./session_api.js";

const MAPS_A_SECOND = 20;
const BLOCK_S = 2;
const BLOCKS_KEPT = 40;
const REST_MS = 120;

/** @typedef {import("./map_code.js").PressureMap} PressureMap */

export class MapPlayer {
  /**
   * @param {string} address of the device
   * @param {number} length_s
   * @param {(map: PressureMap, isExact: boolean) => void} onMap
   * @param {(sentence: string) => void} onFault
   */
  constructor(address, length_s, onMap, onFault) {
    Object.assign(this, { address, length_s, onMap, onFault });
    this.address = address;
    this.length_s = length_s;
    this.onMap = onMap;
    this.onFault = onFault;
    /** @type {Map<number, PressureMap[]>} */
    this.blocks = new Map();
    /** @type {number | null} the block that is on its way */
    this.coming = null;
    this.at_s = 0;
    this.rest = 0;
    this.end = new AbortController();
  }

  close() {
    this.end.abort();
    clearTimeout(this.rest);
  }

  /** @param {number} at_s */
  show(at_s) {
    this.at_s = at_s;
    const number = Math.floor(at_s / BLOCK_S);
    const block = this.blocks.get(number);
    if (block) {
      this.draw(block);
      if (at_s - number * BLOCK_S > BLOCK_S / 2) void this.fetch(number + 1);
    } else {
      void this.fetch(number);
    }
    clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.fetchExact(at_s), REST_MS);
  }

  /** @param {PressureMap[]} block */
  draw(block) {
    const number = Math.floor(this.at_s / BLOCK_S);
    const i = Math.floor((this.at_s - number * BLOCK_S) * MAPS_A_SECOND);
    const map = block[Math.min(i, block.length - 1)];
    if (map) this.onMap(map, false);
  }

  /** One block at a time; the one that is looked at by then comes next. @param {number} number */
  async fetch(number) {
    const from_s = number * BLOCK_S;
    if (this.coming !== null || this.blocks.has(number) || from_s >= this.length_s) return;
    this.coming = number;
    try {
      const to_s = from_s + BLOCK_S;
      const maps = await getMaps(
        `${this.address}/map?from_s=${from_s}&to_s=${to_s}&n=${BLOCK_S * MAPS_A_SECOND}&n_cells=64`,
        this.end.signal
      );
      this.keep(number, maps);
    } catch (fault) {
      if (!this.end.signal.aborted) this.onFault(/** @type {Error} */ (fault).message);
      return;
    } finally {
      this.coming = null;
    }
    const wanted = Math.floor(this.at_s / BLOCK_S);
    const block = this.blocks.get(wanted);
    if (number === wanted && block) this.draw(block);
    else if (!block) void this.fetch(wanted);
  }

  /** @param {number} number @param {PressureMap[]} maps */
  keep(number, maps) {
    this.blocks.set(number, maps);
    const oldest = this.blocks.keys().next().value;
    if (this.blocks.size > BLOCKS_KEPT && oldest !== undefined) this.blocks.delete(oldest);
  }

  /** @param {number} at_s */
  async fetchExact(at_s) {
    try {
      const [map] = await getMaps(`${this.address}/map?at_s=${at_s.toFixed(6)}`, this.end.signal);
      if (map && this.at_s === at_s) this.onMap(map, true);
    } catch (fault) {
      if (!this.end.signal.aborted) this.onFault(/** @type {Error} */ (fault).message);
    }
  }
}
