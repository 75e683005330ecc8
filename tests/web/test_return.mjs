// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong ends in something clear and harmless. A device unplugged, a gateway started anew,
// a slow line, a daemon killed in the middle of a session: the page says so, in writing and to a
// screen reader, shows nothing old as if it were now, and comes back by itself.
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, withChain } from "./harness.mjs";

const SOON_MS = 40000;
const socket = join(tmpdir(), `thenar-return-${process.pid}`); // where the device waits for a daemon

await withChain(async (chain) => {
  let device = plugIn(chain);
  const page = await chain.openPage();
  const text = (id) => page.textContent(`#${id}`);
  const says = (id, pattern, limit_ms = SOON_MS) =>
    until(async () => pattern.test(await text(id)), `${id} never says ${pattern}`, limit_ms);
  const isEmpty = () => until(async () => (await text("technique")) === "–" && (await text("pace")) === "–", "old values stand", SOON_MS);
  await says("connection", /^measuring$/);
  await says("technique", /[a-z]/);
  await page.keyboard.press("s");
  await page.keyboard.press("Enter");
  await says("session-text", /^Recording/);

  // Unplugged.
  device.kill("SIGKILL");
  await says("connection", /^(absent|connecting): /);
  console.log(`unplugged: ${await text("connection")}`);
  await says("alarm", /absent|connecting|no data/);
  await isEmpty();
  device = plugIn(chain);
  await says("connection", /^measuring$/);
  await says("session-text", /^Recording/);

  // The gateway ends and starts anew: a session goes on without it.
  await chain.end(chain.gateway);
  await says("connection", /no connection to the gateway/);
  await says("alarm", /no connection/);
  await isEmpty();
  await chain.startGateway();
  await says("connection", /^measuring$/);
  await says("session-text", /^Recording/);

  // A slow line (fast 3G): later, and nothing piles up.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200e3, uploadThroughput: 94e3 });
  await page.keyboard.press(" ");
  await says("spoken", /Recording 0:/);
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

  // The daemon is killed in the middle of the session, and started anew.
  const killed = chain.daemon;
  killed.kill("SIGKILL");
  await isEmpty();
  await says("connection", /no data comes/);
  console.log(`without its daemon: ${await text("connection")}`);
  await chain.startDaemon(`virtual:${socket}`);
  await says("technique", /[a-z]/);
  await says("connection", /^(measuring|the recording was cut off)/);
  await says("session-text", /^the recording was cut off after 0:\d\d; what was written is kept$/);
  await says("session-word", /^Start$/);
  console.log(`and back: ${await text("session-text")}`);
  await page.close();
  // What a browser prints when a server is gone is no fault of the page.
  chain.faults = chain.faults.filter((fault) => !/WebSocket connection|ERR_CONNECTION/.test(fault));
}, `virtual:${socket}`);

function plugIn(chain) {
  return chain.start("thenar-virtual", ["table32", "--script", "demo", "--loop", "--listen", socket], "ignore");
}
