// SPDX-License-Identifier: GPL-3.0-or-later
// The instructor's wall: 64 stations at once (how many pictures a second is told, not judged: it is
// the machine's doing too); who stops is marked and comes to the front, but not on a projected wall.
import assert from "node:assert/strict";
import { Chain, axePath, until } from "./harness.mjs";
import { readFileSync } from "node:fs";

const N_DAEMONS = 8;
const N_EACH = 8;

const chains = [];
const gateway = new Chain();
try {
  const addresses = [];
  for (let i = 0; i < N_DAEMONS; i++) {
    const chain = new Chain();
    chains.push(chain);
    const devices = [];
    for (let j = 0; j < N_EACH; j++)
      devices.push("--device", `t${j}=virtual:table32?script=demo&loop=1&rate=20&seed=${10 * i + j}`);
    chain.start("thenard", ["--station", `s${i + 1}`, ...devices, "--feed", chain.feed, "--control", chain.control], ["ignore", "ignore", "ignore"]);
    addresses.push(`${chain.feed},${chain.control}`);
  }
  await gateway.startGateway(addresses);
  const page = await gateway.openPage({ path: "class", viewport: { width: 1920, height: 1080 } });
  const n_live = () => page.evaluate(() => [...document.querySelectorAll(".tile .stroke")].filter((e) => e.textContent !== "–").length);
  await until(async () => (await n_live()) === N_DAEMONS * N_EACH, "not all stations show", 60000);
  const fps = await page.evaluate(() => new Promise((resolve) => {
    let n = 0;
    const start = performance.now();
    const count = () => {
      n++;
      if (performance.now() - start > 4000) resolve(n / 4);
      else requestAnimationFrame(count);
    };
    count();
  }));
  console.log(`64 stations at ${fps.toFixed(0)} pictures a second`);
  if (process.env.THENAR_PICTURES) await page.screenshot({ path: `${process.env.THENAR_PICTURES}/wall.png` });
  const tall = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  assert.ok(tall <= 0, `64 stations are ${tall} px taller than the wall`);

  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => v.id), []);

  await chains[6].end(chains[6].children[0]);
  const first = () => page.evaluate(() => {
    const tile = document.querySelector(".tile");
    return `${tile.dataset.need} ${tile.querySelector(".name").textContent} ${tile.querySelector(".need").textContent}`;
  });
  await until(async () => /^help s7 .*no data/.test(await first()), "who stopped does not come first", 20000);
  await page.keyboard.press("p");
  await until(async () => /^none s1 /.test(await first()), "the projected wall ranks people", 20000);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.tile[data-need="help"]').length), 0);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await gateway.close();
  for (const chain of chains) await chain.close();
}
