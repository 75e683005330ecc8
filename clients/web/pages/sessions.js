// SPDX-License-Identifier: GPL-3.0-or-later
// sessions.js - the researcher's page: what the address says after # is what is shown.
//
//   #                       the sessions, filtered
//   #session=ID             one of them
//   #compare=REFERENCE,ID   two beside each other
//   #live                   how well each device is heard now

import { byId } from "./page_parts.js";
import { showCompare } from "./session_compare.js";
import { loadList, startList } from "./session_list.js";
import { closeSession, openSession, startView } from "./session_view.js";
import { closeLive, openLive } from "./signal_view.js";

/** @param {string} name */
function showPart(name) {
  for (const part of ["list", "one", "compare", "live"]) byId(part).hidden = part !== name;
  for (const [id, isHere] of [["to-list", name !== "live"], ["to-live", name === "live"]])
    if (isHere) byId(String(id)).setAttribute("aria-current", "page");
    else byId(String(id)).removeAttribute("aria-current");
}

function route() {
  const [name, value = ""] = location.hash.slice(1).split("=");
  closeSession();
  if (name !== "live") closeLive();
  if (name === "session" && value) {
    showPart("one");
    void openSession(value);
  } else if (name === "compare" && value.includes(",")) {
    const [reference, session] = value.split(",");
    showPart("compare");
    void showCompare(reference, session);
  } else if (name === "live") {
    showPart("live");
    openLive();
  } else {
    showPart("list");
    void loadList();
  }
  scrollTo(0, 0);
}

startList();
startView();
addEventListener("hashchange", route);
route();
