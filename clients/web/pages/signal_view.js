// SPDX-License-Identifier: GPL-3.0-or-later
// signal_view.js - the live signal of every device, in one table; one of them in full.

import { DataTable, shown } from "./data_table.js";
import { connect } from "./live.js";
import { byId, make, now_s, put } from "./page_parts.js";
import { doubtsOf, RestWatch } from "./signal_quality.js";

/**
 * @typedef {{device: import("./live.js").ListedDevice, name: string, status: any, metrics: any,
 *            heard_s: number, rest: RestWatch}} Heard
 */

/** @type {Map<number, Heard>} */
const devices = new Map();
let chosen = "";
/** @type {import("./live.js").Live | null} */
let live = null;
let timer = 0;

const SHOW_LIST = { state_hz: 4, maps_hz: 2, n_cells: 64, events: false };

/** @param {number | undefined} us */
const ms = (us) => (us === undefined ? null : us / 1000);
/** @param {Heard} h */
const lost = (h) => h.status.lost_device + h.status.lost_link + h.status.lost_host;
/** @param {Heard} h */
const isRelative = (h) => Boolean(h.status?.uncalibrated);

/** "0.12", or what a map can just tell. @param {Heard} h */
function noiseText(h) {
  const noise = h.rest.noise;
  if (noise === null) return "hands are on";
  const step = h.rest.step ?? 0;
  const [factor, unit] = isRelative(h) ? [100, "%"] : [1, "kPa"];
  return noise < step ? `< ${shown(factor * step)} ${unit}` : `${shown(factor * noise)} ${unit}`;
}

/** @param {Heard} h */
const doubts = (h) => doubtsOf(h.status, h.metrics, h.rest.stuck(now_s()), now_s() - h.heard_s);

/** @param {Heard} h */
function nameKey(h) {
  const key = make("button", h.name, { type: "button", "aria-pressed": String(chosen === h.name) });
  key.addEventListener("click", () => {
    chosen = chosen === h.name ? "" : h.name;
    draw();
  });
  return key;
}

/** @param {Heard} h */
function stateText(h) {
  const found = doubts(h);
  const isFault = h.status.state !== "streaming" || now_s() - h.heard_s > 3;
  return make("span", found.length ? found.join("; ") : "well", { class: isFault ? "fault" : found.length ? "doubt" : "" });
}

const table = new DataTable("Live signal of each device", [
  { title: "device", value: (h) => h.name, show: nameKey, isHead: true },
  { title: "how it is", value: (h) => doubts(h).join(), show: stateText },
  { title: "asked", unit: "frames/s", value: (h) => h.status.rate_hz ?? null },
  { title: "measured", unit: "frames/s", value: (h) => h.status.measured_rate_hz ?? null },
  { title: "lost", unit: "frames", value: lost },
  { title: "gaps", value: (h) => h.status.gaps },
  { title: "latency p50", unit: "ms", value: (h) => ms(h.status.latency_total_p50_us) },
  { title: "p99", unit: "ms", value: (h) => ms(h.status.latency_total_p99_us) },
  { title: "noise at rest", value: (h) => h.rest.noise, show: noiseText, isText: true },
  { title: "dead", unit: "taxels", value: (h) => h.status.dead_taxels },
  { title: "stuck", unit: "taxels", value: (h) => h.rest.stuck(now_s()) },
  { title: "saturated", unit: "taxels", value: (h) => h.metrics?.saturated_taxels ?? null },
  { title: "calibration", value: (h) => h.status.calibration },
], { sortBy: 0 });

const STAGES = [
  ["device", "scan's begin to its end"], ["link", "end of the scan to arrival, above the quickest"],
  ["pipeline", "arrival to the pipeline's end"], ["publish", "arrival to the feed"], ["total", "scan's begin to the feed"],
];

/** @param {string} title @param {[string, any][]} rows */
function panel(title, rows) {
  const list = make("dl", "", { class: "facts" });
  for (const [name, value] of rows)
    if (value !== undefined && value !== null && value !== "")
      list.append(make("dt", name), make("dd", String(value)));
  const element = make("section", "", { class: "panel" });
  element.append(make("h3", title), list);
  return element;
}

/** @param {any} s */
function latencyTable(s) {
  const latency = new DataTable("Latency of the last minute, ms", [
    { title: "stage", value: (row) => row[0], show: (row) => make("span", row[0], { title: row[1] }), isHead: true },
    ...["p50", "p99", "p999"].map((p) => ({ title: p === "p999" ? "p99.9" : p, unit: "ms", value: (/** @type {string[]} */ row) => ms(s[`latency_${row[0]}_${p}_us`]) })),
  ], { isCaptionSeen: true });
  latency.fill(STAGES);
  const element = make("section", "", { class: "panel" });
  element.append(latency.element);
  return element;
}

/** @param {Heard} h */
function drawOne(h) {
  const s = h.status;
  const cells = h.rest.codes ? [...h.rest.codes].filter((code) => code === 65535).length : 0;
  byId("live-one").replaceChildren(
    panel(`${h.name}: frames`, [
      ["received", s.frames], ["lost by the device", s.lost_device], ["lost on the link", s.lost_link],
      ["lost by the host", s.lost_host], ["gaps", s.gaps], ["damaged messages", s.bad_messages],
      ["late scan steps", s.late_scans], ["came back", `${s.reconnects} times`], ["events not published", s.lost_events],
      ["rate asked", s.rate_hz && `${shown(s.rate_hz)} frames/s`], ["rate measured", s.measured_rate_hz && `${shown(s.measured_rate_hz)} frames/s`],
    ]),
    latencyTable(s),
    panel("Taxels", [
      ["array", `${s.n_rows} × ${s.n_cols}`], ["dead", s.dead_taxels], ["not there, or dead, in the map", cells],
      ["stand still", h.rest.stuck(now_s())], ["saturated", h.metrics?.saturated_taxels],
      ["noise at rest", noiseText(h)], ["zero drifted by", h.metrics?.zero_drift_kpa && `${shown(h.metrics.zero_drift_kpa)} kPa`],
      ["sneak currents not told apart", h.metrics?.ghost_taxels],
      ["calibration", s.calibration], ["uncertainty", s.calibration_uncertainty_pct && `${shown(s.calibration_uncertainty_pct)} % of the reading`],
      ["calibrated", s.calibration_date], ["holds until", s.calibration_expires], ["problem", s.calibration_problem],
    ]),
    panel("Device and clock", [
      ["state", s.state], ["reason", s.reason], ["model", s.model], ["serial", s.serial], ["firmware", s.firmware],
      ["filter", s.filter_form && `${s.filter_form}, ${s.filter_taps} taps, ${shown(s.filter_delay_ms)} ms late`],
      ["temperature", s.temperature_c && `${shown(s.temperature_c)} °C`], ["supply", s.supply_v && `${shown(s.supply_v)} V`],
      ["clock differs by", s.clock_drift_ppm && `${shown(s.clock_drift_ppm)} ppm`],
      ["clock's uncertainty", s.clock_uncertainty_ms && `${shown(s.clock_uncertainty_ms)} ms`],
      ["clock began anew", `${s.clock_restarts} times`], ["daemon", s.version],
    ])
  );
}

/** Not while somebody has the focus in it: what they hold would be taken from under them. */
function draw() {
  const heard = [...devices.values()].filter((h) => h.status);
  const focus = document.activeElement;
  const held = focus && table.body.contains(focus) ? focus.textContent : null;
  table.fill(heard);
  if (held) [...table.body.querySelectorAll("button")].find((key) => key.textContent === held)?.focus();
  const n_doubt = heard.filter((h) => doubts(h).length > 0).length;
  put(byId("live-state"), heard.length === 0 ? "No device has been heard of yet."
    : `${heard.length} ${heard.length === 1 ? "device" : "devices"}, ${n_doubt ? `${n_doubt} to look at` : "all well"}`);
  const one = heard.find((h) => h.name === chosen);
  byId("live-one").hidden = !one;
  if (one) drawOne(one);
}

export function openLive() {
  byId("connection").hidden = false;
  if (live) {
    live.show(SHOW_LIST);
  } else {
    byId("live-table").append(table.element);
    live = connect({
      show: SHOW_LIST,
      onConnection: (isConnected) => {
        put(byId("connection"), isConnected ? "connected" : "no connection; trying again");
        byId("connection").classList.toggle("warn", !isConnected);
      },
      onDevices: (listed) => {
        for (const device of listed)
          if (!devices.has(device.number))
            devices.set(device.number, { device, name: `${device.station} · ${device.device}`, status: null, metrics: null, heard_s: now_s(), rest: new RestWatch() });
      },
      onTopic: (kind, device, data) => {
        const h = devices.get(device.number);
        if (!h) return;
        if (kind === "status") h.status = data;
        if (kind === "metrics") h.metrics = data;
        if (kind === "status" || kind === "metrics") h.heard_s = now_s();
      },
      onMap: (device, map) => {
        const h = devices.get(device.number);
        h?.rest.take(map, (h.metrics?.contacts ?? 1) > 0, now_s());
      },
    });
  }
  clearInterval(timer);
  timer = setInterval(draw, 1000);
  draw();
}

export function closeLive() {
  clearInterval(timer);
  byId("connection").hidden = true;
  live?.show({ state_hz: 0, maps_hz: 0, events: false });
}
