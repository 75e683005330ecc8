// SPDX-License-Identifier: GPL-3.0-or-later
// keys.js - keys for busy hands, and one for the foot: any key that a foot switch sends can be
// given one of a few things to do.

import { byId, put } from "./page_parts.js";

const FOOT_KEY = "foot_key";
const FOOT_ACT = "foot_act";

/** Where a key is somebody's writing, or a button's own. @param {KeyboardEvent} event */
function isTaken(event) {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  // Just after a dialog has closed, what was in it may still have the focus.
  if (!(target instanceof HTMLElement) || target.closest("dialog:not([open])")) return false;
  const isPressed = ["BUTTON", "SUMMARY", "A"].includes(target.tagName) && [" ", "Enter"].includes(event.key);
  return isPressed || ["INPUT", "SELECT"].includes(target.tagName);
}

/**
 * @param {Record<string, () => void>} keys by event.key in small letters
 * @param {Record<string, () => void>} feet what a foot switch can be given to do
 */
export function listenKeys(keys, feet) {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || isTaken(event)) return;
    const isFoot = event.key === localStorage.getItem(FOOT_KEY);
    const act = isFoot ? feet[localStorage.getItem(FOOT_ACT) ?? ""] : keys[event.key.toLowerCase()];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });
  byId("foot-act").value = localStorage.getItem(FOOT_ACT) ?? "next";
  byId("foot-act").addEventListener("change", () =>
    localStorage.setItem(FOOT_ACT, byId("foot-act").value)
  );
  // A dialog that a key opened has nothing to give the focus back to.
  for (const dialog of document.querySelectorAll("dialog"))
    dialog.addEventListener("close", () => {
      const active = document.activeElement;
      if (active instanceof HTMLElement && dialog.contains(active)) active.blur();
    });
  learn();
}

/** @param {string | null} key */
const keyName = (key) => (key === null ? "none yet" : key === " " ? "Space" : key);

function learn() {
  const button = byId("foot-key");
  const show = () => put(byId("foot-state"), keyName(localStorage.getItem(FOOT_KEY)));
  button.addEventListener("click", () => {
    put(byId("foot-state"), "press the switch now");
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Tab") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") localStorage.removeItem(FOOT_KEY);
      else localStorage.setItem(FOOT_KEY, event.key);
      localStorage.setItem(FOOT_ACT, byId("foot-act").value);
      show();
      button.removeEventListener("keydown", onKey);
    };
    button.addEventListener("keydown", onKey);
  });
  button.addEventListener("blur", show);
  show();
}
