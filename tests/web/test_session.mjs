// SPDX-License-Identifier: GPL-3.0-or-later
// A session from the page, by keyboard alone: a name is refused in plain words, recording begins
// with the first touch, its state and length are seen and heard, Stop saves it.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { axePath, until, withChain } from "./harness.mjs";

const SOON_MS = 20000;

/** What stands on the disk, read apart from the program. */
const sessionsOf = (chain) =>
  readdirSync(join(chain.folder, "sessions")).map((id) =>
    JSON.parse(readFileSync(join(chain.folder, "sessions", id, "manifest.json"), "utf8"))
  );

await withChain(async (chain) => {
  const page = await chain.openPage();
  const text = (id) => page.textContent(`#${id}`);
  const says = (pattern, id = "session-text") => until(async () => pattern.test(await text(id)), `${id} never says ${pattern}`, SOON_MS);
  await says(/^measuring$/, "connection");
  assert.equal(await text("session-text"), "Not recording");
  await page.evaluate(() => {
    window.spoken = [];
    const live = document.getElementById("spoken");
    new MutationObserver(() => window.spoken.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true });
  });

  // A name is not taken, and the page says why; nothing is begun.
  await page.keyboard.press("s");
  await page.focus("#start-code");
  await page.keyboard.type("Anna Smith");
  await page.keyboard.press("Enter");
  await says(/looks like a name/, "start-fault");
  assert.equal(await page.evaluate(() => document.activeElement.id), "start-code");
  assert.equal(await page.getAttribute("#start-code", "aria-invalid"), "true");

  // A plan that there is not: said, and nothing is recorded.
  await page.fill("#start-code", "P007");
  await page.selectOption("#start-plan", "other");
  await page.fill("#start-other", "no-such-plan");
  await page.keyboard.press("Enter");
  await says(/no-such-plan/, "start-fault");
  assert.equal(await text("session-text"), "Not recording");

  // Armed: hands are oily, the first touch begins.
  await page.selectOption("#start-plan", "maintenance");
  await page.check("#start-touch");
  await page.focus("#start-go");
  await page.keyboard.press("Enter");
  await says(/touch to begin|Recording/);
  await until(() => page.isHidden("#start"), "the dialog stays", SOON_MS);
  await says(/^Recording 0:[0-9][0-9] · P007$/);
  await until(() => page.evaluate(() => window.spoken.some((text) => /recording/.test(text))), "it is not spoken", SOON_MS);
  await says(/^1 of \d/, "step");
  await says(/^Recording 0:(0[2-9]|[1-9])/);

  // Whoever opens the page later sees it too.
  const other = await chain.openPage();
  await until(async () => /^Recording .* P007$/.test(await other.textContent("#session-text")), "a second page does not know", SOON_MS);
  await other.close();

  await page.keyboard.press("s");
  await says(/^Not recording$/);
  await until(() => page.isVisible("#after"), "what was learnt does not show", SOON_MS);
  const [saved, ...more] = sessionsOf(chain);
  assert.equal(more.length, 0, "one session and no more");
  assert.deepEqual([saved.participant, saved.plan], ["P007", "maintenance"]);
  await after(chain, page, says, saved.id);
  console.log(`recorded by keyboard alone: ${JSON.stringify(saved).slice(0, 160)}`);

  // The folder is gone: refused, said, and nothing pretends to record.
  const folder = join(chain.folder, "sessions");
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "not a folder");
  chmodSync(folder, 0o400);
  await page.keyboard.press("a"); // again: from what was learnt, straight to the next
  assert.ok(await page.isVisible("#start") && !(await page.isVisible("#after")));
  await page.keyboard.press("Enter"); // with the first touch, as before: told while hands are dry
  await says(/sessions/, "start-fault");
  assert.ok(await page.isVisible("#start"));
  assert.equal(await text("session-text"), "Not recording");
  console.log(await text("start-fault"));
}, `virtual:table32?script=${fileURLToPath(new URL("brisk.therapist", import.meta.url))}&loop=1`);

/** What the page says afterwards is what the gateway says of the session, as charts and as tables. */
async function after(chain, page, says, id) {
  await says(/^0:\d\d long · hands on for 0:\d\d · \d+ strokes?$/, "after-state");
  assert.equal(await page.evaluate(() => document.activeElement.id), "after-title");
  const device = (await (await fetch(`${chain.url}api/sessions/${id}`)).json()).devices[0];
  const [rows, aims, timeline] = await page.evaluate(() => [
    [...document.querySelectorAll("#after-timeline details:first-of-type tr")].slice(1).map((r) => r.children[1].textContent),
    [...document.querySelectorAll("#after-advice b")].map((b) => b.textContent.replace(/^Good: /, "")),
    document.querySelector("#after-timeline svg").getAttribute("aria-label"),
  ]);
  assert.deepEqual(rows.map((name) => name.replace("not recognised", "unknown")), device.episodes.map((e) => e.technique.replaceAll("_", " ")));
  assert.deepEqual(aims, device.advice.map((a) => a.aim));
  assert.match(timeline, /^Timeline: /);
  if (device.score?.practice_score != null)
    assert.equal(await page.textContent("#after-score"), String(Math.round(device.score.practice_score)));
  await says(/second session|Since|practice score|evenness/, "after-progress");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), []);
}
