// SPDX-License-Identifier: GPL-3.0-or-later
// page_links.js - the way to the other pages, for those who may see them: put behind the heading.

import { make } from "./page_parts.js";

const PAGES = [["Student", "./"], ["Class", "class"], ["Sessions", "sessions"]];

/** @param {string} role */
function show(role) {
  if (role === "student") return;
  const links = make("nav", "", { class: "page-links", "aria-label": "Pages" });
  for (const [name, href] of PAGES)
    if (new URL(href, location.href).pathname !== location.pathname) links.append(make("a", name, { href }));
  document.querySelector("header h1")?.after(links);
}

try {
  const reply = await fetch("who");
  if (reply.ok && !reply.redirected) show((await reply.json()).role);
} catch {
  // The gateway is away; the page says so itself.
}
