// SPDX-License-Identifier: GPL-3.0-or-later
// The researcher's page over sessions that were really recorded: what it shows against the file, as
// h5py reads it; scrubbing, traces, tables, comparing, the live signal; by mouse and by keys; no
// serious fault by axe-core.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { axePath, until, withChain } from "./harness.mjs";

const LIMIT_MS = 30000;
const SIZES = [[390, 844, "light"], [1440, 900, "dark"]];

/* What the file holds, read without any code of ours: LINK.md 5 for the pressure of a taxel. */
const READ_FILE = `
import h5py, json, numpy, sys
f = h5py.File(sys.argv[1])
t = f["frames"]["t_device"][:]
counts = f["counts"][:]
k = int(counts[:, :, 20:-20].sum(axis=(0, 1)).argmax()) + 20
row, col = divmod(int(counts[:, :, k].argmax()), counts.shape[1])
a, taxel = f.attrs, f["taxels"][row * counts.shape[1] + col]
g = counts[row, col, k] / a["sensor_full_scale_counts"] / a["sensor_reference_ohm"] * 1e6
kpa = 100 * (g / (taxel["gain"] * a["sensor_conductance_100kpa_us"])) ** (1 / a["sensor_exponent"])
print(json.dumps({
    "n_frames": len(t), "length_s": t[-1] - t[0], "at_s": t[k] - t[0], "step_s": t[k + 1] - t[k],
    "row": row, "col": col, "kpa": float(kpa - taxel["zero_kpa"]),
    "n_strokes": len(f["strokes"]), "n_episodes": len(f["episodes"]),
    "highest_stroke": float(f["strokes"]["peak_kpa"].max()),
    "peak": float(f["metrics"]["peak_kpa"].max())}))`;

function thenar(chain, ...args) {
  const run = spawnSync(join(process.env.THENAR_BIN, "thenar"), [...args, "--control", chain.control], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

async function record(chain, seconds, ...options) {
  await until(() => chain.contacts === 0, "hands never rest", LIMIT_MS); // so that both hold the same
  thenar(chain, "session", "start", ...options);
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds)); // it lasts as long
  thenar(chain, "session", "note", "--control", chain.control, "a note");
  thenar(chain, "session", "stop");
  return thenar(chain, "session", "list").trim().split("\n").pop().split(" ")[0];
}

function readFile(chain, id) {
  const run = spawnSync("/usr/bin/python3", ["-c", READ_FILE, join(chain.folder, "sessions", id, "pad.h5")], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

async function lookForFaults(page, what) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px wider than the screen`);
}

const text = (page, selector) => page.textContent(selector);
const has = (page, selector, wanted, sentence) =>
  until(async () => wanted.test((await text(page, selector)) ?? ""), sentence, LIMIT_MS);

async function checkList(page, ids) {
  await until(async () => (await page.locator("#list-table tbody tr").count()) === 2, "two sessions are not listed", LIMIT_MS);
  const links = await page.locator("#list-table tbody a").evaluateAll((all) => all.map((a) => a.hash.slice(9)));
  assert.deepEqual(links, [...ids].reverse(), "newest first");
  await page.locator("#list-table thead button", { hasText: "participant" }).click();
  assert.equal(await page.locator("#list-table th", { hasText: "participant" }).getAttribute("aria-sort"), "ascending");
  assert.match(await page.locator("#list-table tbody tr").first().textContent(), /P001/);
  await page.fill("[name=participant]", "P002");
  await until(async () => (await page.locator("#list-table tbody tr").count()) === 1, "the filter does nothing", LIMIT_MS);
  await page.fill("[name=participant]", "");
  await until(async () => (await page.locator("#list-table tbody tr").count()) === 2, "the filter stays", LIMIT_MS);
}

async function checkOne(page, id, file, chain) {
  await page.locator(`#list-table a[href='#session=${id}']`).focus();
  await page.keyboard.press("Enter");
  await has(page, "#one-facts", new RegExp(id), "the session does not open");
  await has(page, "#blocks", new RegExp(`recorded${file.n_frames}`), "the ledger does not say the frames");
  assert.match(await text(page, "#blocks"), new RegExp(`strokes${file.n_strokes}`));
  assert.equal(await page.locator("#episodes button").count(), file.n_episodes);
  await has(page, "#methods", /Pressure was measured/, "no methods paragraph");
  assert.equal((await text(page, "#methods")).trim(), thenar(chain, "session", "methods", id).trim());
  assert.match(await text(page, "#blocks"), /a note/);

  // Scrubbed to the frame of the file that presses most: that very frame is shown.
  await page.evaluate((at_s) => {
    const scrub = document.getElementById("scrub");
    scrub.step = "any";
    scrub.value = String(at_s);
    scrub.dispatchEvent(new Event("input"));
  }, file.at_s + file.step_s / 4);
  const shownAt = () => page.evaluate(() => document.getElementById("map").dataset.at);
  await until(async () => { const at = await shownAt(); return at && Math.abs(at - file.at_s) < 2e-4; }, "the frame is not shown", LIMIT_MS);
  const box = await page.locator("#map").boundingBox();
  const spot = [box.x + ((file.col + 0.5) / 32) * box.width, box.y + ((file.row + 0.5) / 32) * box.height];
  await page.mouse.move(...spot);
  await has(page, "#map-state", new RegExp(`row ${file.row}, column ${file.col}: [\\d.]+ kPa`), "no value under the pointer");
  const told = Number((await text(page, "#map-state")).match(/: ([\d.]+) kPa$/)[1]);
  assert.ok(Math.abs(told - file.kpa) < 0.08, `${told} kPa is shown, the file says ${file.kpa}`);
  await page.mouse.click(...spot);
  await has(page, "#taxel-chips", new RegExp(`row ${file.row}, column ${file.col}`), "no trace");
  await page.locator("#taxel-chart canvas").waitFor({ timeout: LIMIT_MS });

  // Keys: one frame on, the next run, play.
  await page.locator("#map").focus();
  await page.keyboard.press("ArrowLeft");
  await has(page, "#taxel-said", new RegExp(`column ${file.col - 1}`), "arrow keys do not move in the map");
  await page.evaluate(() => document.activeElement.blur());
  const at = () => page.evaluate(() => Number(document.getElementById("scrub").value));
  const before = await at();
  await page.keyboard.press("ArrowRight");
  assert.ok(Math.abs((await at()) - before - 0.005) < 1e-3, "one frame on");
  await page.keyboard.press("Home");
  assert.equal(await at(), 0);
  await page.keyboard.press("n");
  assert.ok((await at()) > 0, "the next run");
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  assert.equal(await page.getAttribute("#play-key", "aria-pressed"), "true");
  await until(async () => (await at()) > 0.5, "it does not play", LIMIT_MS);
  await page.keyboard.press(" ");
  const paused = await at();
  await page.waitForTimeout(100);
  assert.equal(await at(), paused, "it plays on");

  // Charts are tables too, with the file's numbers; a drag shows a part in all of them.
  await page.locator("#charts summary").first().click();
  const table = page.locator("#charts .as-table table").first();
  await table.waitFor({ timeout: LIMIT_MS });
  assert.match(await table.textContent(), /highest/);
  await page.locator("#charts summary").first().click();
  const chart = page.locator("#charts .u-over").first();
  await chart.scrollIntoViewIfNeeded();
  const frame = await chart.boundingBox();
  await page.mouse.move(frame.x + 100, frame.y + 20);
  await page.mouse.down();
  await page.mouse.move(frame.x + 300, frame.y + 20, { steps: 8 });
  await page.mouse.up();
  await page.locator("#unzoom-key").waitFor({ timeout: LIMIT_MS });
  await page.locator("#unzoom-key").click();
  await until(() => page.isHidden("#unzoom-key"), "the whole is not shown again", LIMIT_MS);

  await page.locator("summary", { hasText: "Strokes: all" }).click();
  const strokes = page.locator("table.data", { hasText: "impulse" });
  await until(async () => (await strokes.locator("tbody tr").count()) === file.n_strokes, "not every stroke is listed", LIMIT_MS);
  await strokes.locator("thead button", { hasText: "peak" }).click();
  await strokes.locator("thead button", { hasText: "peak" }).click();
  assert.match(await strokes.locator("tbody tr").first().textContent(), new RegExp(file.highest_stroke >= 10 ? file.highest_stroke.toFixed(1) : file.highest_stroke.toFixed(2)));
  for (const link of await page.locator("#download-links a").evaluateAll((all) => all.map((a) => a.href)))
    assert.equal((await fetch(link)).status, 200, link);
}

async function checkWeight(chain) {
  const page = await chain.openPage({ path: "login" });
  let n_bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => (n_bytes += event.encodedDataLength));
  await page.goto(`${chain.url}sessions`);
  await page.locator("#list-table tbody tr").first().waitFor({ timeout: LIMIT_MS });
  assert.ok(n_bytes > 20000 && n_bytes < 100000, `the page weighs ${n_bytes} octets`);
  await page.close();
  return n_bytes;
}

function checkVendor() {
  const folder = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../clients/web/vendor");
  const sums = readFileSync(join(folder, "README.md"), "utf8").matchAll(/`(uPlot\S+)` \| `([0-9a-f]{64})`/g);
  let n = 0;
  for (const [, name, sum] of sums) {
    assert.equal(createHash("sha256").update(readFileSync(join(folder, name))).digest("hex"), sum, name);
    n++;
  }
  assert.equal(n, 2);
}

checkVendor();
await withChain(async (chain) => {
  chain.tail("metrics", (metrics) => (chain.contacts = metrics.contacts));
  const ids = [await record(chain, 9, "--participant", "P001"), await record(chain, 8, "--participant", "P002", "--operator", "op-1")];
  const file = readFile(chain, ids[0]);
  assert.ok(file.n_strokes >= 3, "the recording holds too few strokes to look at");

  const page = await chain.openPage({ path: "sessions" });
  await checkList(page, ids);
  await checkOne(page, ids[0], file, chain);
  await page.goto(`${chain.url}sessions#`);
  for (const box of await page.locator("#list-table input[type=checkbox]").all()) await box.check();
  await page.click("#compare-key");
  await has(page, "#compare-body", /petrissage/, "nothing is compared");
  assert.match(page.url(), new RegExp(`compare=${ids[0]},${ids[1]}`));
  assert.match(await text(page, "#compare-body"), /no difference can be told|too few to tell|too few strokes|deeper|lighter/);

  await page.click("#to-live");
  await has(page, "#live-state", /1 device/, "no device is heard");
  await page.locator("#live-table tbody button").click();
  await has(page, "#live-one", /Latency/, "nothing stands behind the row");
  const row = await text(page, "#live-table tbody");
  assert.match(row, /200/);
  await page.close();

  for (const [width, height, colorScheme] of SIZES) {
    const look = await chain.openPage({ viewport: { width, height }, colorScheme, path: "sessions" });
    await look.locator("#list-table tbody tr").first().waitFor({ timeout: LIMIT_MS });
    for (const [name, hash, ready] of [["list", "#", "#list-table tbody tr"], ["one", `#session=${ids[0]}`, "#charts canvas"],
      ["compare", `#compare=${ids[0]},${ids[1]}`, "#compare-body table"], ["live", "#live", "#live-table tbody tr"]]) {
      await look.evaluate((to) => (location.hash = to), hash);
      await look.locator(ready).first().waitFor({ timeout: LIMIT_MS });
      if (name === "one") await look.evaluate(() => document.querySelectorAll("#one details").forEach((d) => (d.open = true)));
      await lookForFaults(look, `${name}, ${width} px, ${colorScheme}`);
    }
    await look.close();
  }
  const n_bytes = await checkWeight(chain);
  console.log(`two sessions, ${file.n_frames} frames: as in the file; the page weighs ${(n_bytes / 1000).toFixed(0)} kB`);
}, (() => {
  const script = join(process.env.THENAR_WEB_TESTS, "kneading.therapist");
  writeFileSync(script, "petrissage 8\nrest 1.5\n");
  return `pad=virtual:table32?script=${script}&loop=1`;
})());
