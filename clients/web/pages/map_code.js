// SPDX-License-Identifier: GPL-3.0-or-later
// map_code.js - reads pressure maps as the gateway sends them (map_code.h has the layout).

const HEAD_BYTES = 32;
const ABSENT = 65535;

/**
 * @typedef {{
 *   number: number, isUncalibrated: boolean, n_rows: number, n_cols: number, step: number,
 *   frameSeq: number, pitch_x_mm: number, pitch_y_mm: number, t_device: number,
 *   codes: Uint16Array
 * }} PressureMap
 */

/**
 * @param {ArrayBuffer} message
 * @returns {PressureMap[]}
 */
export function decodeMaps(message) {
  const maps = [];
  let at = 0;
  while (at + HEAD_BYTES <= message.byteLength) {
    // Maps with an odd count of cells leave the next one off its place: a copy lies right again.
    const head = new DataView(message, at, HEAD_BYTES);
    const n_rows = head.getUint16(4, true);
    const n_cols = head.getUint16(6, true);
    const end = at + HEAD_BYTES + 2 * n_rows * n_cols;
    if (head.getUint8(0) !== 1 || end > message.byteLength) break;
    maps.push({
      number: head.getUint16(2, true),
      isUncalibrated: (head.getUint8(1) & 1) !== 0,
      n_rows,
      n_cols,
      step: head.getFloat32(8, true),
      frameSeq: head.getUint32(12, true),
      pitch_x_mm: head.getFloat32(16, true),
      pitch_y_mm: head.getFloat32(20, true),
      t_device: head.getFloat64(24, true),
      codes: new Uint16Array(message.slice(at + HEAD_BYTES, end)),
    });
    at = end;
  }
  return maps;
}

/** The value of a cell, kPa or 0 to 1; NaN where there is no taxel. @param {PressureMap} map @param {number} i */
export function valueAt(map, i) {
  return map.codes[i] === ABSENT ? NaN : map.codes[i] * map.step;
}

/** The largest value of a map. @param {PressureMap} map */
export function peakOf(map) {
  let peak = 0;
  for (const code of map.codes) if (code !== ABSENT && code > peak) peak = code;
  return peak * map.step;
}
