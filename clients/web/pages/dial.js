// SPDX-License-Identifier: GPL-3.0-or-later
// dial.js - a half-circle dial with a band: the needle in the band is right, whatever the numbers.

const NS = "http://www.w3.org/2000/svg";
const MIDDLE_X = 100;
const MIDDLE_Y = 100;
const RADIUS = 84;

/** @param {string} name @param {Record<string, string | number>} attributes */
function make(name, attributes) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {number} part 0..1 @param {number} radius */
function point(part, radius) {
  const angle = Math.PI * (1 - Math.min(Math.max(part, 0), 1));
  return [MIDDLE_X + radius * Math.cos(angle), MIDDLE_Y - radius * Math.sin(angle)];
}

/** @param {number} from @param {number} to @param {number} radius */
function arc(from, to, radius) {
  const [x0, y0] = point(from, radius);
  const [x1, y1] = point(to, radius);
  return `M${x0} ${y0}A${radius} ${radius} 0 0 1 ${x1} ${y1}`;
}

export class Dial {
  /** @param {SVGSVGElement} svg of 200 x 112 */
  constructor(svg) {
    svg.setAttribute("viewBox", "0 0 200 112");
    this.band = make("path", { class: "dial-band", d: "" });
    this.needle = make("path", { class: "dial-needle", d: "" });
    this.peak = make("path", { class: "dial-peak", d: "" });
    this.marks = make("g", { class: "dial-marks" });
    svg.append(make("path", { class: "dial-track", d: arc(0, 1, RADIUS) }), this.band,
               this.needle, this.marks, this.peak, make("circle", { class: "dial-hub", cx: MIDDLE_X, cy: MIDDLE_Y, r: 5 }));
    this.end = 0;
    this.key = "";
  }

  /** @param {number} end the value at the right end @param {{from: number, to: number} | null} band */
  setScale(end, band) {
    /** @type {string} */
    const key = `${end} ${band?.from} ${band?.to}`;
    if (key === this.key) return;
    this.key = key;
    this.end = end;
    this.band.setAttribute("d", band ? arc(band.from / end, band.to / end, RADIUS) : "");
    this.marks.replaceChildren();
    const n_parts = String(end)[0] === "5" ? 5 : 4; // round numbers
    for (let i = 0; i <= n_parts; i++) {
      const [x, y] = point(i / n_parts, RADIUS - 21);
      const text = make("text", { x, y: y + 3 });
      text.textContent = String(Number(((end * i) / n_parts).toPrecision(3)));
      this.marks.append(text);
    }
  }

  /**
   * @param {number} value where the needle stands; NaN: it rests
   * @param {number} peak where the mark stands, which is what counts; NaN: none
   */
  setValue(value, peak) {
    const [x, y] = point(Number.isFinite(value) ? value / this.end : 0, RADIUS - 34);
    this.needle.setAttribute("d", `M${MIDDLE_X} ${MIDDLE_Y}L${x} ${y}`);
    const [x0, y0] = point(peak / this.end, RADIUS - 10);
    const [x1, y1] = point(peak / this.end, RADIUS + 12);
    this.peak.setAttribute("d", Number.isFinite(peak) ? `M${x0} ${y0}L${x1} ${y1}` : "");
  }
}
