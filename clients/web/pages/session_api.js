// SPDX-License-Identifier: GPL-3.0-or-later
// session_api.js - asks the gateway for what was recorded; what goes wrong comes as a sentence.

import { decodeMaps } from "./map_code.js";

/**
 * @typedef {{name: string, unit: string, values: any[]}} Column
 * @typedef {{unit: string, length_s: number, n_rows: number, columns: Column[], [key: string]: any}} Columns
 */

/** @param {string} path @param {AbortSignal} [signal] */
async function ask(path, signal) {
  let reply;
  try {
    reply = await fetch(path, { signal });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new Error("The gateway does not answer. Is thenar-web running?");
  }
  if (reply.status === 401) location.href = "login";
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => null);
  throw new Error(told?.error ?? `the gateway answers ${reply.status}`);
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export const getJson = async (path, signal) => (await ask(path, signal)).json();

/** @param {string} path @returns {Promise<string>} */
export const getText = async (path) => (await ask(path)).text();

/** @param {string} path @param {AbortSignal} [signal] */
export const getMaps = async (path, signal) =>
  decodeMaps(await (await ask(path, signal)).arrayBuffer());

/** A column's values; null where there is none. @param {Columns} columns @param {string} name @returns {any[]} */
export const valuesOf = (columns, name) =>
  columns.columns.find((column) => column.name === name)?.values ?? [];

/** The address of a device of a session. @param {string} id @param {string} device */
export const deviceAddress = (id, device) => `api/sessions/${id}/${device}`;
