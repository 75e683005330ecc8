// SPDX-License-Identifier: GPL-3.0-or-later
// When the daemon goes, the page says so within two seconds and shows nothing old as if it were
// now; when it returns, so does the page. The same when the gateway goes.
import { until, withChain } from "./harness.mjs";

await withChain(async (chain) => {
  const page = await chain.openPage();
  const text = (id) => page.textContent(`#${id}`);
  await until(async () => (await text("connection")) === "measuring", "no data");
  await until(async () => (await text("technique")) !== "–", "no technique");

  await chain.end(chain.daemon);
  await until(async () => (await text("technique")) === "–" && (await text("pace")) === "–", "old values stand", 3000);
  await until(async () => (await text("connection")) !== "measuring", "nothing is said of the silence", 8000);
  console.log(`without its daemon the page says: ${await text("connection")}`);

  await chain.startDaemon();
  await until(async () => (await text("technique")) !== "–", "the page does not come back");
  await until(async () => (await text("connection")) === "measuring", "the page does not say so");

  await chain.end(chain.gateway);
  await until(async () => /no connection/.test(await text("connection")), "nothing is said of the gateway");
  await until(async () => (await text("technique")) === "–", "old values stand", 1000);
  // What a browser prints when a server is gone is no fault of the page.
  chain.faults = chain.faults.filter((fault) => !/WebSocket connection|ERR_CONNECTION/.test(fault));
});
