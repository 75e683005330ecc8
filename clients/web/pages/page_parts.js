// SPDX-License-Identifier: GPL-3.0-or-later
// page_parts.js - small things that the parts of a page share.

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** Seconds of a steady clock. */
export const now_s = () => performance.now() / 1000;

/** Only what changes is written. @param {HTMLElement} element @param {string} text */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * An element with its text and attributes.
 * @param {string} name @param {string} [text] @param {Record<string, string>} [attributes]
 */
export function make(name, text = "", attributes = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
