// SPDX-License-Identifier: GPL-3.0-or-later
// delay_dialog.js - how late the headphones are, tapped along with eight beats (tap_delay.js).

import { byId, put } from "./page_parts.js";
import { N_TAPS, delayOf, nearestDelay } from "./tap_delay.js";

const KEY = "headphone_delay_s";
const BEAT_CPM = 80;

/** As it was measured last, s. */
export const headphoneDelay_s = () => Number(localStorage.getItem(KEY) ?? 0);

const delayWords = () => `${Math.round(1000 * headphoneDelay_s())} ms`;

export function showDelay() {
  put(byId("delay-state"), delayWords());
}

/** @param {import("./sound.js").Sound} sound @param {(sentence: string) => void} tell */
export function measureDelay(sound, tell) {
  sound.wake();
  const { context, metronome } = sound;
  if (!context || !metronome) return;
  const dialog = byId("tap");
  const wasOn = metronome.isOn;
  const pace_cpm = metronome.pace_cpm;
  /** @type {number[]} */
  const delays_s = [];
  metronome.stop();
  metronome.latency_s = 0;
  metronome.setPace(BEAT_CPM);
  metronome.start();
  put(byId("tap-state"), `0 of ${N_TAPS}`);
  const onTap = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && (event.repeat || ["Escape", "Tab"].includes(event.key))) return;
    event.preventDefault();
    const beats_s = metronome.scheduled.map((beat) => beat.time_s);
    delays_s.push(nearestDelay(context.currentTime, beats_s));
    put(byId("tap-state"), `${delays_s.length} of ${N_TAPS}`);
    if (delays_s.length < N_TAPS) return;
    localStorage.setItem(KEY, String(delayOf(delays_s)));
    dialog.close();
    tell(`headphone delay ${delayWords()}`);
  };
  const onClose = () => {
    dialog.removeEventListener("keydown", onTap);
    byId("tap-pad").removeEventListener("pointerdown", onTap);
    metronome.stop();
    metronome.setPace(pace_cpm);
    metronome.latency_s = headphoneDelay_s();
    if (wasOn) metronome.start();
    showDelay();
  };
  dialog.addEventListener("keydown", onTap);
  byId("tap-pad").addEventListener("pointerdown", onTap);
  dialog.addEventListener("close", onClose, { once: true });
  dialog.showModal();
}
