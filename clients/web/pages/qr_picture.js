// SPDX-License-Identifier: GPL-3.0-or-later
// qr_picture.js - a QR code of the gateway's as a picture: dark on white in every colour scheme,
// with the four light modules around that readers want.

const NS = "http://www.w3.org/2000/svg";
const QUIET = 4;

/**
 * @param {string} rows side * side of "0" and "1" @param {number} side
 * @param {string} title for those who do not see it
 */
export function qrPicture(rows, side, title) {
  const svg = document.createElementNS(NS, "svg");
  const all = side + 2 * QUIET;
  svg.setAttribute("viewBox", `0 0 ${all} ${all}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", title);
  svg.setAttribute("shape-rendering", "crispEdges");
  const ground = document.createElementNS(NS, "rect");
  ground.setAttribute("width", String(all));
  ground.setAttribute("height", String(all));
  ground.setAttribute("fill", "#fff");
  let d = "";
  for (let i = 0; i < rows.length; i++)
    if (rows[i] === "1") d += `M${(i % side) + QUIET} ${Math.floor(i / side) + QUIET}h1v1h-1z`;
  const dark = document.createElementNS(NS, "path");
  dark.setAttribute("d", d);
  dark.setAttribute("fill", "#000");
  svg.append(ground, dark);
  return svg;
}
