// SPDX-License-Identifier: GPL-3.0-or-later
// The receiver's phone: what it says is on the feed, comes back to it;
// without a connection it says so. No serious fault by axe-core, in dark and light.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { axePath, until, withChain } from "./harness.mjs";

await withChain(async (chain) => {
  await logIn(chain);
  const said = [];
  chain.tail("comfort", (message) => said.push(message.payload ?? message));
  for (const colorScheme of ["dark", "light"]) {
    const page = await chain.openPage({ viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme, path: "comfort" });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
    const found = await page.evaluate(() => window.axe.run());
    const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
    assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), []);
    const beyond = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    assert.ok(beyond <= 0, `it is ${beyond} px higher than the phone`);
    if (colorScheme === "dark") await page.close();
    else await talk(chain, page, said);
  }
});

async function talk(chain, page, said) {
  const says = (id, pattern) => until(async () => pattern.test(await page.textContent(`#${id}`)), `${id} never says ${pattern}`, 20000);
  await until(async () => (await page.inputValue("#station")) !== "", "no table", 20000);

  await page.tap("#hurts"); // once, though a tap is both a touch and a click
  await says("heard-what", /^Heard: too much$/);
  await says("heard-meaning", /less pressure/);
  await until(() => said.length > 0, "the feed does not say it", 20000);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.deepEqual(said.map((c) => [c.button, c.pain]), [[true, undefined]]);

  await page.keyboard.press("7");
  await says("heard-what", /^Heard: 7 of 10$/);
  assert.equal(await page.getAttribute("#scale button[aria-pressed=true]", "aria-pressed"), "true");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await page.tap("#scale button:nth-child(3)");
  await says("heard-what", /^Heard: 2 of 10$/);
  await says("heard-meaning", /nothing is held back/);
  await until(() => said.length >= 3, "the feed does not say three wishes", 20000);
  assert.equal(said.length, 3, "three wishes, three messages");

  // Without its daemon nothing is claimed; without its gateway neither.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await chain.end(chain.daemon);
  await page.keyboard.press("8");
  await says("heard-what", /^Not heard: say it aloud$/);
  await chain.end(chain.gateway);
  await says("connection", /No connection: say it aloud/);
  console.log(`heard: ${said.map((c) => c.pain ?? "button").join(", ")}; without a daemon: ${await page.textContent("#heard-meaning")}`);
  await page.close();
  // What a browser prints when a server is gone is no fault of the page.
  chain.faults = chain.faults.filter((fault) => !/WebSocket connection|ERR_CONNECTION/.test(fault));
}

/** With accounts: a student's own table and no other, and the phone comes where it was going. */
async function logIn(chain) {
  const plain = chain.gateway;
  const plainUrl = chain.url;
  const accounts = join(chain.folder, "accounts.json");
  execFileSync(join(process.env.THENAR_BIN, "thenar-web"), ["user", "add", "ann", "--station", "s1", "--accounts", accounts],
               { input: "password of ann\n" });
  chain.url = undefined;
  await chain.startGateway(["--accounts", accounts, `${chain.feed},${chain.control}`]);
  const page = await chain.openPage({ path: "comfort" });
  await page.fill("#name", "ann");
  await page.fill("#password", "password of ann");
  await page.keyboard.press("Enter");
  await until(() => page.url().endsWith("/comfort"), "the login leads elsewhere", 20000);
  await until(async () => (await page.inputValue("#station")) === "s1", "no table", 20000);
  const replies = await page.evaluate(async () => {
    const { connect } = await import("/live.js");
    const live = connect({ show: {} });
    await new Promise((resolve) => setInterval(() => live.isConnected && resolve(), 20));
    return [await live.control("s1", { command: "session_start", participant: "P007" }), await live.control("s1", { command: "session_stop" }),
            await live.control("s2", { command: "session_start" })];
  });
  assert.deepEqual(replies.map((r) => r.ok), [true, true, false], JSON.stringify(replies));
  assert.match(replies[2].error, /only command station s1/);
  await page.close();
  await chain.end(chain.gateway);
  [chain.gateway, chain.url] = [plain, plainUrl];
}
