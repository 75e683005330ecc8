// SPDX-License-Identifier: GPL-3.0-or-later
// The student's page on a phone with a slow line: few requests, few octets. Times are printed, and
// compared with nothing: they are those of the machine that runs this.
import assert from "node:assert/strict";
import { withChain } from "./harness.mjs";

const FAST_3G = { offline: false, latency: 150, downloadThroughput: 200e3, uploadThroughput: 94e3 };

await withChain(async (chain) => {
  const page = await chain.openPage({ path: "login" }); // the browser itself is started here
  const cdp = await page.context().newCDPSession(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", FAST_3G);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(chain.url, { waitUntil: "load" });
  await page.waitForFunction(() => document.getElementById("technique").textContent !== "–", null, { timeout: 60000 });
  const load = await page.evaluate(() => {
    const page = performance.getEntriesByType("navigation")[0];
    const parts = performance.getEntriesByType("resource");
    return {
      shown_ms: Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN),
      loaded_ms: Math.round(page.loadEventEnd),
      live_ms: Math.round(performance.now()),
      n_requests: 1 + parts.length,
      n_bytes: parts.reduce((sum, part) => sum + part.encodedBodySize, page.encodedBodySize),
    };
  });
  assert.ok(load.n_requests <= 8, `${load.n_requests} requests`);
  assert.ok(load.n_bytes <= 60000, `${load.n_bytes} octets`);
  console.log(`fast 3G, a processor four times slower: ${JSON.stringify(load)}`);
});
