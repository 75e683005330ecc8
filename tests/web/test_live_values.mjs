// SPDX-License-Identifier: GPL-3.0-or-later
// What the student's page shows is what the feed says, and no later than 300 ms after it.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { againIfBusy, until, withChain } from "./harness.mjs";

const SEE_MS = 300; // most changes are seen so soon,
const SEE_LATEST_MS = 1000; // and all of them, on a machine that does other things too
const WATCH_MS = 25000;

await withChain(async (chain) => {
  const said = []; // of the feed: {at_ms, technique, contacts, pace}
  chain.tail("metrics", (message) => {
    const data = message.payload ?? message;
    said.push({ at_ms: Date.now(), technique: data.technique, pace: data.pace_cpm });
  });
  await againIfBusy(() => watch(chain, said));
}, `virtual:table32?script=${fileURLToPath(new URL("brisk.therapist", import.meta.url))}&loop=1`);

async function watch(chain, said) {
  said.length = 0;
  const page = await chain.openPage();
  await page.evaluate(() => {
    window.shown = [];
    const names = ["technique", "pace"];
    let before = "";
    const look = () => {
      const texts = names.map((id) => document.getElementById(id).textContent);
      if (texts.join() !== before) window.shown.push({ at_ms: Date.now(), technique: texts[0], pace: texts[1] });
      before = texts.join();
      requestAnimationFrame(look);
    };
    look();
  });
  await until(() => said.length > 50, "the feed says nothing");
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  const shown = await page.evaluate(() => window.shown);
  await page.close();

  const nameOf = (technique) => (technique === "unknown" ? "not sure" : technique === "hold" ? "a hold"
    : technique === "rhythm" ? "a rhythm" : technique.replaceAll("_", " "));
  const shownAt = (at_ms) => shown.filter((s) => s.at_ms <= at_ms).at(-1);

  // Each change of name that stood for long enough was on the page, most of them in time.
  const delays_ms = [];
  for (let i = 1; i < said.length; i++) {
    if (said[i].technique === said[i - 1].technique) continue;
    const next = said.slice(i).find((s) => s.technique !== said[i].technique) ?? said.at(-1);
    if (next.at_ms - said[i].at_ms < SEE_LATEST_MS + 50 || said[i].at_ms < shown[0].at_ms + 500) continue;
    const name = nameOf(said[i].technique);
    const seen = shown.find((s) => s.technique === name && s.at_ms >= said[i].at_ms - 200);
    const delay_ms = shownAt(said[i].at_ms)?.technique === name ? 0 : seen ? seen.at_ms - said[i].at_ms : Infinity;
    assert.ok(delay_ms <= SEE_LATEST_MS, `"${said[i].technique}" was shown after ${delay_ms} ms`);
    delays_ms.push(delay_ms);
  }
  assert.ok(delays_ms.length >= 3, `the technique changed only ${delays_ms.length} times`);
  delays_ms.sort((a, b) => a - b);
  const middle_ms = delays_ms[Math.floor(delays_ms.length / 2)];
  assert.ok(middle_ms <= SEE_MS, `changes are shown only after ${middle_ms} ms`);

  // And each pace that was shown was said just before.
  let n_paces = 0;
  for (const s of shown) {
    const pace = Number(s.pace);
    if (!Number.isFinite(pace)) continue;
    n_paces++;
    const near = said.filter((x) => x.at_ms > s.at_ms - SEE_LATEST_MS && x.at_ms <= s.at_ms + 200);
    assert.ok(near.some((x) => x.pace !== undefined && Math.abs(x.pace - pace) <= (pace >= 20 ? 0.51 : 0.06)),
              `a pace of ${pace} was shown that the feed had not said`);
  }
  assert.ok(n_paces >= 3, `a pace was shown only ${n_paces} times`);
  console.log(`${delays_ms.length} changes of technique shown, the middle one after ${middle_ms} ms, the last after ${delays_ms.at(-1)} ms; ${n_paces} paces agree`);
}
