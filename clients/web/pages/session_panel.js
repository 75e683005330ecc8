// SPDX-License-Identifier: GPL-3.0-or-later
// session_panel.js - Start and Stop, the dialog before, and the way to what was learnt (after_panel).

import { byId, now_s, put } from "./page_parts.js";
import { pseudonymFault } from "./pseudonym.js";
import { SessionControl } from "./session_control.js";

const CODE = "participant"; // remembered for this tab alone: tablets are shared

/**
 * @param {{
 *   command: (control: object) => Promise<any>,
 *   tell: (sentence: string, isAlarm: boolean) => void,
 *   chime: (kind: "begin" | "end" | "wrong") => void,
 *   wake: () => void,
 *   onSaved: (saved: import("./session_control.js").Saved) => void
 * }} wires
 */
export function makeSessionPanel(wires) {
  const create = () => new SessionControl({ ...wires, onChange: () => show() });
  let control = create();
  let suggested = ""; // by the class's list
  const dialog = byId("start");
  const button = byId("session-key");

  function show() {
    const { text, tone } = control.words(now_s());
    put(byId("session-text"), text);
    byId("session").className = tone;
    /** @type {Record<import("./session_control.js").Phase, string>} */
    const words = { idle: "Start", armed: "Cancel", recording: "Stop", starting: "…", stopping: "…" };
    put(byId("session-word"), words[control.phase]);
    const rest = { idle: " a session", armed: " the wait for hands", recording: " the session", starting: "", stopping: "" };
    put(byId("session-rest"), rest[control.phase]); // for ears
    button.classList.toggle("stop", control.phase === "recording");
  }

  /** What the dialog says: a plan's name. */
  function planName() {
    const chosen = byId("start-plan").value;
    return chosen === "other" ? byId("start-other").value.trim() : chosen;
  }

  /** @param {string} fault @param {boolean} isCode */
  function showFault(fault, isCode) {
    put(byId("start-fault"), fault);
    const code = byId("start-code");
    code.removeAttribute("aria-invalid");
    if (!isCode || !fault) return;
    code.setAttribute("aria-invalid", "true");
    code.focus();
  }

  async function submit() {
    wires.wake();
    const participant = byId("start-code").value.trim();
    const fault = pseudonymFault(participant);
    showFault(fault, true);
    if (fault) return;
    const wish = {
      participant,
      plan: planName(),
      cues: byId("start-all").checked ? "all" : "trusted",
      onTouch: byId("start-touch").checked,
    };
    byId("start-go").disabled = true;
    const refusal = await control.begin(wish, now_s());
    byId("start-go").disabled = false;
    showFault(refusal, /^(participant|operator):/.test(refusal));
    if (refusal) return;
    sessionStorage.setItem(CODE, participant);
    dialog.close();
  }

  function openDialog() {
    byId("start-code").value = suggested || (sessionStorage.getItem(CODE) ?? "");
    showFault("", false);
    if (dialog.open) return;
    dialog.showModal();
    byId("start-go").focus();
  }

  /** S, the button, the foot switch. */
  function act() {
    wires.wake();
    if (control.phase === "idle") openDialog();
    else if (control.phase === "armed" || control.phase === "recording") void control.stop();
  }

  button.addEventListener("click", act);
  byId("start-plan").addEventListener("change", () => {
    byId("start-other-line").hidden = byId("start-plan").value !== "other";
  });
  byId("start-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    if (event.submitter?.getAttribute("value") === "cancel") return;
    event.preventDefault();
    void submit();
  });
  show();
  return {
    act,
    openDialog,
    show,
    /** Who gives at this table, as the class has it. @param {string} code */
    suggestCode: (code) => {
      suggested = code;
    },
    /** Another table: what was known is of no use. */
    restart: () => {
      control = create();
      show();
    },
    get control() {
      return control;
    },
  };
}
