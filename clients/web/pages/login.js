// SPDX-License-Identifier: GPL-3.0-or-later
// login.js - name and password to the gateway, and on to the own page.

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

const isForComfort = new URLSearchParams(location.search).get("to") === "comfort";

byId("login").addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  byId("fault").textContent = "";
  const form = { name: byId("name").value.trim().toLowerCase(), password: byId("password").value };
  byId("go").disabled = true; // a password takes its time to be checked
  try {
    const reply = await fetch("login", { method: "POST", body: JSON.stringify(form) });
    const answer = await reply.json();
    /** @type {Record<string, string>} */
    const pages = { instructor: "class", researcher: "sessions" };
    const own = pages[answer.role] ?? "./";
    if (answer.ok) location.href = isForComfort ? "comfort" : own;
    else byId("fault").textContent = answer.error;
  } catch {
    byId("fault").textContent = "no connection to the gateway; try again";
  }
  byId("go").disabled = false;
  byId("password").value = "";
  byId("password").focus();
});
