// SPDX-License-Identifier: GPL-3.0-or-later
// wall_layout.js - how large tiles may be so that all stations are seen at once, whatever their
// number and the screen.

const WIDE = 13.5; // a tile's width in its own letters' size: picture, and most names
const HIGH = 6.6; // its height: three lines, what is needed, air
const LARGEST = 3; // times the page's letters
const SMALLEST_PX = 12; // below, the page is scrolled instead

/**
 * @param {number} n_tiles
 * @param {number} width_px @param {number} height_px of the room for all tiles
 * @param {number} letter_px of the page
 * @returns {{n_columns: number, letter_px: number}} of a tile
 */
export function wallLayout(n_tiles, width_px, height_px, letter_px) {
  let best = { n_columns: 1, letter_px: 0 };
  for (let n_columns = 1; n_columns <= Math.max(1, n_tiles); n_columns++) {
    const n_rows = Math.ceil(n_tiles / n_columns);
    const size_px = Math.min(width_px / n_columns / WIDE, height_px / n_rows / HIGH, LARGEST * letter_px);
    if (size_px > best.letter_px) best = { n_columns, letter_px: size_px };
  }
  if (best.letter_px >= SMALLEST_PX) return best;
  return { n_columns: Math.max(1, Math.floor(width_px / (WIDE * letter_px))), letter_px };
}
