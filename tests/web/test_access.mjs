// SPDX-License-Identifier: GPL-3.0-or-later
// For everybody: no serious fault by axe-core in dark and light, at phone, tablet and wall size;
// the whole page by keyboard; what is shown is also there as words.
import assert from "node:assert/strict";
import { axePath, until, withChain } from "./harness.mjs";

const SIZES = { phone: [390, 844], tablet: [1180, 820], wall: [1920, 1080] };

await withChain(async (chain) => {
  for (const [size, [width, height]] of Object.entries(SIZES))
    for (const colorScheme of ["dark", "light"]) {
      const page = await chain.openPage({ viewport: { width, height }, colorScheme });
      await until(() => page.evaluate(() => document.getElementById("connection").textContent === "measuring"), "no data");
      await page.evaluate(() => document.querySelector("details").setAttribute("open", ""));
      // The page's own policy forbids scripts of others: axe comes in from outside.
      const session = await page.context().newCDPSession(page);
      const { readFileSync } = await import("node:fs");
      await session.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
      const found = await page.evaluate(() => window.axe.run());
      const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
      assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], `${size}, ${colorScheme}`);
      assert.ok(found.passes.length > 10, "axe-core looked at nothing");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${size}: the page is ${wide} px wider than the screen`);
      await page.close();
    }

  const page = await chain.openPage();
  const pressed = (id) => page.getAttribute(`#${id}`, "aria-pressed");
  await until(() => page.evaluate(() => document.getElementById("connection").textContent === "measuring"), "no data");
  for (const [key, id] of [["m", "metronome-key"], ["t", "tone-key"], ["v", "voice-key"]]) {
    await page.keyboard.press(key);
    assert.equal(await pressed(id), "true", `${key} switches ${id} on`);
    await page.keyboard.press(key);
    assert.equal(await pressed(id), "false", `${key} switches ${id} off`);
  }
  await page.keyboard.press("+");
  assert.equal(await page.inputValue("#target"), "62");
  await page.keyboard.press("?");
  assert.ok(await page.isVisible("#help"));
  await page.keyboard.press("Escape");
  assert.ok(!(await page.isVisible("#help")));
  await page.keyboard.press(" ");
  assert.match(await page.textContent("#spoken"), /kilopascals|nothing touches/);
  assert.match(await page.getAttribute("#map", "aria-label"), /Pressure map: \S/);

  // Every control can be reached with Tab alone, and is seen to have the focus.
  const wanted = ["device", "session-key", "metronome-key", "tone-key", "voice-key", "say-key", "tare-key", "help-key", "target"];
  const reached = new Set();
  for (let i = 0; i < 100 && !wanted.every((id) => reached.has(id)); i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.id));
  }
  for (const id of wanted) assert.ok(reached.has(id), `Tab does not reach ${id}`);

  // The live region does not chatter: over ten seconds of the demo, a few words at most.
  const n_said = await page.evaluate(() => new Promise((resolve) => {
    let n = 0;
    new MutationObserver(() => n++).observe(document.getElementById("spoken"), { childList: true, characterData: true, subtree: true });
    setTimeout(() => resolve(n), 10000);
  }));
  assert.ok(n_said <= 5, `the live region changed ${n_said} times in ten seconds`);
  console.log(`no serious fault at ${Object.keys(SIZES).join(", ")}; ${reached.size} stops of Tab; ${n_said} announcements in 10 s`);
});
