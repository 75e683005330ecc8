// SPDX-License-Identifier: GPL-3.0-or-later
// colours.js - one ramp for pressure: even to the eye, and readable by colour-blind people.
//
// From deep blue over teal-grey to yellow, with lightness in OKLab rising all the way (a little faster where hands are light) and hue
// on the blue-yellow axis, which protan and deutan eyes keep. OKLab: B. Ottosson, 2020.

/** @param {number} lightness @param {number} a @param {number} b @returns {number[]} sRGB, 0..255 */
function oklabToRgb(lightness, a, b) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((x) => {
    const c = Math.min(Math.max(x, 0), 1);
    return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
  });
}

/** @param {number} part 0..1 @returns {number[]} */
function rampAt(part) {
  const lightness = 0.22 + 0.71 * Math.pow(part, 0.8);
  const b = -0.1 + 0.27 * part;
  const a = 0.01 - 0.05 * Math.sin(Math.PI * part);
  return oklabToRgb(lightness, a, b);
}

export const N_COLOURS = 256;

/** RGBA, 256 of them. */
export const ramp = (() => {
  const bytes = new Uint8Array(4 * N_COLOURS);
  for (let i = 0; i < N_COLOURS; i++) {
    const rgb = rampAt(i / (N_COLOURS - 1));
    bytes.set([Math.round(rgb[0]), Math.round(rgb[1]), Math.round(rgb[2]), 255], 4 * i);
  }
  return bytes;
})();
