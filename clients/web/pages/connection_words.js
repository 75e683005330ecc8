// SPDX-License-Identifier: GPL-3.0-or-later
// connection_words.js - how it stands between table and page: a badge that is exact, and for whoever
// stands two metres away, what is wrong in large words and what to do about it.

/**
 * @typedef {{badge: string, isWell: boolean, trouble: string, advice: string}} ConnectionWords
 *   trouble is empty where nothing is wrong
 */

/** @type {Record<string, string>} by HELLO's mount */
const THINGS = { glove: "glove", mat: "mat", torso: "torso" };

/** @param {string} badge @param {string} trouble @param {string} advice @returns {ConnectionWords} */
const ill = (badge, trouble, advice) => ({ badge, isWell: false, trouble, advice });

/** @param {any} status of a device that does not measure */
function idleWords(status) {
  const badge = `${status.state}: ${status.reason || "no data"}`;
  const thing = THINGS[status.mount] ?? "table";
  if (status.state === "absent") return ill(badge, `The ${thing} does not answer`, "Look at its plug and cable; all else happens by itself.");
  if (status.state === "connecting") return ill(badge, `Looking for the ${thing}`, status.reason || "");
  if (status.state === "ended") return ill(badge, "The recording is over", status.reason || "What was played has come to its end.");
  return ill(badge, `The ${thing} has failed`, status.reason || "");
}

/**
 * @param {{isConnected: boolean, isFull: boolean, wantedStation: string, hasDevice: boolean, status: any, isHeard: boolean}} now
 * @returns {ConnectionWords}
 */
export function connectionWords(now) {
  if (!now.isConnected && now.isFull)
    return ill("the gateway has as many viewers as it can take; trying again", "Too many screens", "The gateway can take no more viewers. This page tries again by itself.");
  if (!now.isConnected)
    return ill("no connection to the gateway; trying again", "No connection", "This page tries again by itself; what is being recorded goes on.");
  if (!now.hasDevice)
    return now.wantedStation
      ? ill(`table ${now.wantedStation} has not been heard of yet`, `No table ${now.wantedStation}`, "Is its computer on? It shows here as soon as it is heard.")
      : ill("no table has been heard of yet", "No table yet", "Is thenard running? A table shows here as soon as it is heard.");
  if (!now.status) return ill("waiting for the table", "Waiting for the table", "");
  if (now.status.state !== "streaming") return idleWords(now.status);
  if (!now.isHeard)
    return ill("no data comes; is the daemon running?", "No data comes", "Is the table's computer on, and thenard running there? All comes back by itself.");
  return { badge: "measuring", isWell: true, trouble: "", advice: "" };
}

/** What limits the values, in few words; "": nothing. @param {any} status */
export function doubtWords(status) {
  if (!status || status.state !== "streaming") return "";
  if (status.uncalibrated) return "not calibrated: no kilopascals";
  if (status.calibration === "expired") return `calibration expired ${status.calibration_expires}`;
  const n = status.dead_taxels ?? 0;
  return n > 0 ? `${n} dead ${n === 1 ? "sensor" : "sensors"}` : "";
}
