// SPDX-License-Identifier: GPL-3.0-or-later
// session_control.js - a recorded session as the page sees it: begun by a key or by the first touch,
// ended by a person, and never lost in silence. No page in here: what is said goes through `tell`.
//
// What is true is what the daemon says: its `session` messages each second, and its replies.

import { clockText } from "./words.js";

const SILENT_S = 4; // of session messages while it should record: ask what is true
const ASK_S = 180; // without a hand for so long: asked whether it should go on,
const AGAIN_S = 300; // asked again,
const END_S = 1200; // and ended, where it was begun

/**
 * @typedef {{participant: string, plan: string, cues: string, onTouch: boolean}} Wish
 * @typedef {"idle" | "armed" | "starting" | "recording" | "stopping"} Phase
 * @typedef {{id: string, length_s: number, plan: any, participant: string}} Saved
 * @typedef {{
 *   command: (control: object) => Promise<any>,
 *   tell: (sentence: string, isAlarm: boolean) => void,
 *   chime: (kind: "begin" | "end" | "wrong") => void,
 *   onSaved: (saved: Saved) => void,
 *   onChange: () => void
 * }} Wires
 */

export class SessionControl {
  /** @param {Wires} wires */
  constructor(wires) {
    this.wires = wires;
    /** @type {Phase} */
    this.phase = "idle";
    /** @type {any} the newest that the daemon said of it */
    this.session = null;
    this.heard_s = -Infinity;
    this.asked_s = -Infinity;
    this.trouble = ""; // stands until the next start
    this.isOwn = false; // begun on this page
    this.endedId = "";
    this.touched_s = -Infinity;
    this.remindAt_s = Infinity;
    /** @type {any} the plan as it stood last, with its score */
    this.plan = null;
  }

  /** @param {Phase} phase */
  setPhase(phase) {
    this.phase = phase;
    this.wires.onChange();
  }

  /** @param {string} sentence */
  fail(sentence) {
    this.trouble = sentence;
    this.wires.chime("wrong");
    this.wires.tell(sentence, true);
    this.wires.onChange();
  }

  // ---- begin

  /**
   * The plan is tried at once, so that what is wrong is told while hands are still dry.
   * @param {Wish} wish @param {number} now_s
   * @returns {Promise<string>} what is wrong; ""
   */
  async begin(wish, now_s) {
    if (this.phase !== "idle") return "a session goes on already";
    this.trouble = "";
    if (wish.plan) {
      const reply = await this.wires.command({ command: "plan", plan: wish.plan, cues: wish.cues });
      if (!reply.ok) return String(reply.error);
    }
    return this.start(wish, now_s);
  }

  /** @param {Wish} wish @param {number} now_s @returns {Promise<string>} what is wrong; "" */
  async start(wish, now_s) {
    this.setPhase("starting");
    this.touched_s = now_s;
    this.remindAt_s = now_s + ASK_S;
    const about = {
      ...(wish.participant && { participant: wish.participant }),
      ...(wish.plan && { plan: wish.plan }),
      ...(wish.onTouch && { on_contact: true }),
    };
    const reply = await this.wires.command({ command: "session_start", ...about });
    if (!reply.ok) {
      this.setPhase("idle");
      if (wish.plan) void this.wires.command({ command: "plan", action: "stop" });
      return String(reply.error);
    }
    // Once more, so that it stands in the file, and its clock begins here.
    if (wish.plan) await this.wires.command({ command: "plan", plan: wish.plan, cues: wish.cues });
    this.isOwn = true;
    // The feed may have said more already.
    if (this.phase !== "starting") return "";
    this.session = { session: reply.session, state: wish.onTouch ? "armed" : "recording", participant: wish.participant, length_s: 0 };
    this.heard_s = now_s;
    if (wish.onTouch) this.armed();
    else this.began();
    return "";
  }

  armed() {
    this.setPhase("armed");
    this.wires.tell("ready: recording begins when your hands touch", false);
  }

  began() {
    this.setPhase("recording");
    this.wires.chime("begin");
    this.wires.tell("recording", false);
  }

  /** @param {string} sentence */
  dropped(sentence) {
    this.setPhase("idle");
    this.isOwn = false;
    this.endedId = this.session?.session ?? "";
    this.wires.tell(sentence, false);
    if (this.isPlanned()) void this.wires.command({ command: "plan", action: "stop" });
    this.plan = null;
  }

  /** @param {number} contacts @param {number} now_s */
  takeContacts(contacts, now_s) {
    if (contacts > 0 && this.phase === "recording") {
      this.touched_s = now_s;
      this.remindAt_s = now_s + ASK_S;
    }
  }

  // ---- end

  /** Armed, it is as if it had never been; else it is saved. */
  async stop() {
    const before = this.phase;
    if (before !== "recording" && before !== "armed") return;
    this.setPhase("stopping");
    const reply = await this.wires.command({ command: "session_stop" });
    if (reply.ok) this.take({ ...reply, state: reply.state === "dropped" ? "dropped" : "closed" }, this.heard_s);
    else this.stayed(before, String(reply.error));
  }

  /** @param {Phase} before @param {string} reason */
  stayed(before, reason) {
    if (this.phase !== "stopping") return; // its end was heard meanwhile
    this.setPhase(before);
    this.fail(`not ended: ${reason}`);
  }

  /** @param {any} session */
  saved(session) {
    const plan = this.plan;
    this.setPhase("idle");
    this.isOwn = false;
    this.endedId = session.session;
    this.session = session;
    if (session.state === "failed" && session.reason) this.fail(`recording failed: ${session.reason}`);
    if (this.isPlanned()) void this.wires.command({ command: "plan", action: "stop" });
    this.plan = null;
    this.wires.chime("end");
    this.wires.tell(`saved: ${lengthWords(session.length_s)}`, false);
    this.wires.onSaved({
      id: session.session,
      length_s: session.length_s,
      participant: session.participant ?? "",
      plan,
    });
  }

  isPlanned() {
    return this.plan && this.plan.state !== "none";
  }

  // ---- what the daemon says

  /** A `session` message, or a reply that says the same. @param {any} session @param {number} now_s */
  take(session, now_s) {
    const goesOn = ["waiting", "armed", "recording", "full"].includes(session.state);
    if (goesOn && session.session === this.endedId) return; // on its way when the session ended
    const isKnown = session.session === this.session?.session;
    this.heard_s = now_s;
    if (goesOn && this.phase !== "stopping") {
      if (session.state === "full" && this.session?.state !== "full")
        this.fail(`the disk is full: ${session.reason ?? "nothing more is recorded"}`);
      this.session = session;
      if (session.state === "armed") {
        if (this.phase !== "armed" && this.phase !== "starting") this.armed();
      } else if (this.phase !== "recording" && this.phase !== "starting") {
        this.touched_s = now_s;
        this.remindAt_s = now_s + ASK_S;
        this.began();
      }
    } else if (!goesOn && isKnown && this.phase !== "idle") {
      if (session.state === "dropped") this.dropped(this.phase === "stopping" ? "not recording" : "nobody touched: not recording any more");
      else this.saved(session);
    }
    this.wires.onChange();
  }

  /** @param {any} plan the `plan` message; the last one with a score is kept for afterwards */
  takePlan(plan) {
    if (this.phase !== "idle") {
      if (plan.state !== "none") this.plan = plan;
    } else {
      this.plan = null;
    }
  }

  // ---- time

  /** Some times a second. @param {number} now_s @param {boolean} isConnected */
  tick(now_s, isConnected) {
    if ((this.phase !== "recording" && this.phase !== "armed") || !isConnected) return;
    if (now_s - this.heard_s > SILENT_S && now_s - this.asked_s > SILENT_S) {
      this.asked_s = now_s;
      void this.ask(now_s);
    }
    if (this.phase === "armed") return;
    const empty_s = now_s - this.touched_s;
    if (this.isOwn && empty_s > END_S) {
      this.wires.tell(`no hands for ${lengthWords(END_S)}: the session ends, and is kept`, true);
      void this.stop();
    } else if (now_s > this.remindAt_s) {
      this.remindAt_s = now_s + AGAIN_S;
      this.wires.tell(`no hands for ${lengthWords(empty_s)}; still recording. S ends it`, true);
    }
  }

  /** What is true? After a restart of the daemon its sessions are over. @param {number} now_s */
  async ask(now_s) {
    const reply = await this.wires.command({ command: "session" });
    if (!reply.ok || (this.phase !== "recording" && this.phase !== "armed")) return;
    if (reply.session === this.session?.session) {
      this.take(reply, now_s);
      return;
    }
    const length = clockText(this.session?.length_s ?? 0);
    const wasArmed = this.phase === "armed";
    this.isOwn = false;
    this.plan = null;
    this.setPhase("idle");
    if (wasArmed) this.fail("the table has started anew and does not wait for hands any more");
    else this.fail(`the recording was cut off after ${length}; what was written is kept`);
  }

  // ---- words

  /** @param {number} now_s @returns {{text: string, tone: "" | "live" | "ready" | "wrong"}} */
  words(now_s) {
    const session = this.session;
    const who = session?.participant ? ` · ${session.participant}` : "";
    if (this.phase === "armed") return { text: "Ready: touch to begin", tone: "ready" };
    if (this.phase === "starting") return { text: "Starting …", tone: "ready" };
    if (this.phase === "stopping") return { text: "Saving …", tone: "ready" };
    if (this.phase === "recording") {
      const isFull = session.state === "full";
      const since_s = Math.min(SILENT_S, Math.max(0, now_s - this.heard_s));
      const length = clockText((session.length_s ?? 0) + (isFull ? 0 : since_s));
      if (now_s - this.heard_s > SILENT_S) return { text: `No word of it since ${length}`, tone: "wrong" };
      if (isFull) return { text: `Disk full since ${length}`, tone: "wrong" };
      if (session.state === "waiting") return { text: `Waits for the table · ${length}`, tone: "ready" };
      return { text: `Recording ${length}${who}`, tone: "live" };
    }
    return { text: this.trouble || "Not recording", tone: this.trouble ? "wrong" : "" };
  }
}

/** "3 minutes", "1 minute 5 seconds" @param {number} seconds */
export function lengthWords(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const count = (/** @type {number} */ n, /** @type {string} */ unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;
  return [minutes > 0 ? count(minutes, "minute") : "", rest > 0 || minutes === 0 ? count(rest, "second") : ""]
    .filter(Boolean)
    .join(" ");
}
