// SPDX-License-Identifier: GPL-3.0-or-later
// A class led from the wall: codes, seats and a swap; all tables started, one of which cannot; a
// note that reaches the tablet; a tablet that joins by the QR code, read by another program than
// ours; the results with the instructor's own word, and the gradebook read apart from the program.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Chain, axePath, until } from "./harness.mjs";

const BIN = process.env.THENAR_BIN;
const SOON_MS = 20000;
const PICTURES = process.env.THENAR_PICTURES;

/** Fields and lines by RFC 4180. */
function readCsv(text) {
  const rows = [[]];
  const field = /("((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (field.lastIndex < text.length) {
    const [, , quoted, plain, end] = field.exec(text);
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\r\n" && field.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

async function audit(page, where) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: readFileSync(axePath, "utf8") });
  const found = await page.evaluate(() => window.axe.run());
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], where);
  const [wide, what] = await page.evaluate(() => [
    document.documentElement.scrollWidth - window.innerWidth,
    [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => `${e.tagName}#${e.id}.${e.className}`).slice(0, 5).join(" "),
  ]);
  assert.ok(wide <= 0, `${where}: ${wide} px wider than the screen: ${what}`);
}

/** At every size, dark and light, when pictures are wanted. */
async function look(page, name) {
  for (const [size, width, height] of [["phone", 390, 844], ["tablet", 1180, 820], ["wall", 1920, 1080]])
    for (const colorScheme of ["dark", "light"]) {
      if (!PICTURES && (size !== "phone" || colorScheme === "light")) continue; // the narrowest
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await audit(page, `${name}, ${size}, ${colorScheme}`);
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${size}-${colorScheme}.png` });
    }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** What a phone's camera would read. */
async function readQr(page, station, folder) {
  const picture = page.locator(`#join-cards svg[aria-label="QR code: join table ${station}"]`);
  await picture.waitFor({ timeout: SOON_MS });
  const file = join(folder, "qr.png");
  await picture.screenshot({ path: file });
  return execFileSync("zbarimg", ["--raw", "-q", file], { encoding: "utf8" }).trim();
}

const gateway = new Chain();
const chains = [];
try {
  const accounts = join(gateway.folder, "accounts.json");
  for (const [name, ...options] of [["teacher", "--role", "instructor"], ["table-1", "--station", "s1"]])
    execFileSync(join(BIN, "thenar-web"), ["user", "add", name, ...options, "--accounts", accounts], { input: "a good password\n" });
  execFileSync(join(BIN, "thenar-web"), ["certificate", "--out", gateway.folder, "localhost", "127.0.0.1"]);
  const addresses = [];
  for (let i = 1; i <= 4; i++) {
    const chain = new Chain();
    chains.push(chain);
    // The last one has no folder for sessions: it refuses, and says why.
    const folder = i < 4 ? join(gateway.folder, "sessions") : "";
    chain.start("thenard", ["--station", `s${i}`, "--device", `pad=virtual:table32?script=demo&loop=1&seed=${i}`,
      "--feed", chain.feed, "--control", chain.control, "--sessions", folder], ["ignore", "ignore", "ignore"]);
    addresses.push(`${chain.feed},${chain.control}`);
  }
  await gateway.startGateway(addresses, ["--accounts", accounts, "--certificate", join(gateway.folder, "gateway.crt"), "--key", join(gateway.folder, "gateway.key")]);

  // ---- the instructor
  const page = await gateway.openPage({ path: "login", ignoreHTTPSErrors: true });
  await page.fill("#name", "teacher");
  await page.fill("#password", "a good password");
  await page.keyboard.press("Enter");
  await page.waitForURL(/class$/, { timeout: SOON_MS });
  const text = (id) => page.textContent(`#${id}`);
  const tiles = () => page.evaluate(() => [...document.querySelectorAll(".tile .name")].map((e) => e.textContent).sort());
  await until(async () => (await tiles()).length === 4, "not all stations show", SOON_MS);
  await until(() => page.isVisible("#tools"), "the instructor cannot lead the class", SOON_MS);

  await page.keyboard.press("c");
  await page.fill("#class-title", "Tuesday");
  await page.click("#class-begin");
  await until(async () => /Tuesday is on/.test(await text("class-state")), "no class begins", SOON_MS);
  await page.fill("#codes", "A1, Anna Smith");
  await page.click("#codes-save");
  assert.match(await text("roster-fault"), /Anna: This looks like a name/);
  await page.fill("#codes-count", "8");
  await page.click("#codes-make");
  await until(() => page.evaluate(() => document.querySelectorAll("#paper-rows tr").length === 8), "no codes", SOON_MS);
  assert.equal(await text("roster-fault"), "");
  await page.click("#seat-all");
  const chosen = (station, part) => page.inputValue(`select[aria-label="${station}: who ${part}"]`);
  await until(async () => (await chosen("s2", "receives")) === "A4", "nobody is seated", SOON_MS);
  await page.click('button[aria-label="s2: swap giver and receiver"]');
  await until(async () => (await chosen("s2", "gives")) === "A4", "giver and receiver do not swap", SOON_MS);
  assert.equal(await chosen("s2", "receives"), "A3");
  await page.fill("#plan-all", "maintenance");
  await page.click("#plan-all-set");
  await until(async () => (await page.inputValue('input[aria-label="s3: plan"]')) === "maintenance", "no plan for all", SOON_MS);
  await look(page, "roster");
  await page.keyboard.press("Escape");

  // ---- a tablet joins table 2 by its code, which is good for it alone
  await page.keyboard.press("q");
  const url = await readQr(page, "s2", gateway.folder);
  assert.match(url, new RegExp(`^${gateway.url}join\\?station=s2#[0-9a-f]{64}$`));
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/join-board.png` });
  await audit(page, "join board");
  const tablet = await gateway.openPage({ path: url.slice(gateway.url.length), ignoreHTTPSErrors: true, viewport: { width: 820, height: 1180 } });
  assert.equal(await tablet.textContent("h1"), "Table s2");
  assert.ok(!tablet.url().includes("#"), "the code stays in the address");
  await audit(tablet, "join");
  if (PICTURES) await tablet.screenshot({ path: `${PICTURES}/join-tablet.png` });
  await tablet.click("#join-key");
  await tablet.waitForURL(/\/\?station=s2$/, { timeout: SOON_MS });
  const who = await tablet.evaluate(async () => (await fetch("who")).json());
  assert.deepEqual([who.role, who.station], ["student", "s2"]);
  await until(async () => /measuring/.test(await tablet.textContent("#connection")), "the tablet shows nothing", SOON_MS);
  const fresh = await until(async () => {
    const next = await readQr(page, "s2", gateway.folder);
    return next !== url && next;
  }, "a code that was used stays", SOON_MS);
  assert.notEqual(fresh, url);
  const thief = await gateway.openPage({ path: url.slice(gateway.url.length), ignoreHTTPSErrors: true });
  await thief.click("#join-key");
  await until(async () => /used already/.test(await thief.textContent("#told")), "a code works twice", SOON_MS);
  await thief.close();
  await page.keyboard.press("Escape");

  // ---- sound and light, and a note
  await page.click(".tile >> text=/^s2 · A4/");
  await until(async () => (await text("table-title")) === "s2", "the table does not open", SOON_MS);
  assert.equal(await text("table-who"), "A4 gives, A3 receives");
  await tablet.evaluate(() => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...about) {
      window.notes++;
      return start.apply(this, about);
    };
  });
  await page.keyboard.press("t");
  await until(async () => (await tablet.textContent(".class-news")) === "Table s2", "the call does not reach the tablet", SOON_MS);
  await until(() => tablet.evaluate(() => window.notes >= 6), "the tablet plays no notes", SOON_MS);

  // ---- all start; one cannot
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await until(async () => /^3 of 4 recording · s4: not started: \S/.test(await text("told")), "what came of it is not told", 2 * SOON_MS);
  await until(async () => (await tiles()).filter((name) => name.endsWith("●")).length === 3, "who records does not show", SOON_MS);
  await page.click(".tile >> text=/^s2 · A4/");
  await until(async () => (await text("table-step")).startsWith("1 of"), "the plan does not run", SOON_MS);
  assert.equal(await page.inputValue("#table-plan"), "maintenance");
  await page.keyboard.press("n");
  await page.keyboard.type("softer at the neck");
  await page.keyboard.press("Enter");
  await until(async () => (await text("table-told")) === "note written down and shown", "the note is not written", SOON_MS);
  await until(async () => (await tablet.textContent(".class-news")) === "softer at the neck", "the note does not reach the tablet", SOON_MS);
  if (PICTURES) await tablet.screenshot({ path: `${PICTURES}/note-tablet.png` });
  await until(async () => /kPa|full scale/.test(await text("table-figures")), "nothing is measured", SOON_MS);
  await look(page, "table");
  await page.keyboard.press("Escape");
  await look(page, "wall-class");
  await page.keyboard.press("p");
  assert.ok(!(await tiles()).some((name) => /A\d/.test(name)), "the projected wall tells who sits where");
  assert.ok(!(await page.isVisible("#tools")));
  await page.keyboard.press("p");

  // ---- a student may not lead
  const refused = await tablet.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`wss://${location.host}/live`, "thenar");
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, class: { act: "stop" } }));
    socket.onmessage = (event) => {
      const told = typeof event.data === "string" && JSON.parse(event.data).find((one) => one.topic === "reply");
      if (told) resolve(told.data.reply);
    };
  }));
  assert.deepEqual([refused.ok, refused.error], [false, "the class is the instructor's to lead"]);
  assert.equal(await tablet.evaluate(async () => (await fetch("api/class")).status), 403);
  assert.equal(await tablet.evaluate(async () => (await fetch("api/class/gradebook.csv")).status), 403);

  // ---- all stop, and the results
  const lengths_s = () => page.evaluate(async () => (await (await fetch("api/class")).json()).sessions.map((one) => one.length_s));
  await until(async () => (await lengths_s()).every((length_s) => length_s >= 3), "sessions do not grow", SOON_MS);
  await page.keyboard.press("x");
  await until(async () => /^0 of 4 recording/.test(await text("told")), "they do not stop", 2 * SOON_MS);
  await page.keyboard.press("g");
  await page.waitForURL(/grades$/, { timeout: SOON_MS });
  await until(() => page.evaluate(() => document.querySelectorAll("#rows tr:not(.detail)").length === 3), "not all sessions are there", SOON_MS);
  await page.selectOption('select[aria-label="A4: Pressure within the plan\'s band"]', "3");
  await page.fill('input[aria-label="A4: own score, 0 to 100"]', "77");
  await page.keyboard.press("Tab");
  await page.fill('input[aria-label="A4: remark"]', '=calm, "even"');
  await page.keyboard.press("Enter");
  await page.evaluate(() => document.activeElement.blur());
  const csv = () => page.evaluate(async () => (await fetch("api/class/gradebook.csv")).text());
  await until(async () => /calm/.test(await csv()), "the remark is not kept", SOON_MS);
  const [head, ...rows] = readCsv(await csv());
  assert.equal(rows.length, 3);
  assert.ok(rows.every((row) => row.length === head.length), "rows and header differ");
  const of = (giver, column) => rows.find((row) => row[head.indexOf("giver")] === giver)[head.indexOf(column)];
  assert.deepEqual(rows.map((row) => row[head.indexOf("giver")]).sort(), ["A1", "A4", "A5"]);
  assert.equal(of("A4", "receiver"), "A3");
  assert.equal(of("A4", "plan"), "maintenance");
  assert.equal(of("A4", "pressure_final"), "3");
  assert.equal(of("A4", "final_score"), "77.0");
  assert.equal(of("A4", "remark"), `'=calm, "even"`);
  assert.ok(Number(of("A1", "length_s")) >= 3);
  await look(page, "grades");

  // ---- what the files say, and what is on disk of the class
  const manifest = JSON.parse(readFileSync(join(gateway.folder, "sessions", of("A4", "session"), "manifest.json"), "utf8"));
  assert.equal(manifest.participant, "A4");
  const file = join(gateway.folder, "class.json");
  await until(() => /calm/.test(readFileSync(file, "utf8")), "the class is not saved", SOON_MS);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  // ---- the end of the class is the end of its tablets
  await page.goto(`${gateway.url}class`);
  await until(() => page.isVisible("#tools"), "the wall does not come back", SOON_MS);
  await page.keyboard.press("c");
  await page.click("#class-end");
  await tablet.waitForURL(/login$/, { timeout: SOON_MS });
  assert.deepEqual(gateway.faults.filter((fault) => !/status of 40[13]|WebSocket/.test(fault)), [], "the pages report faults");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await gateway.close();
  for (const chain of chains) await chain.close();
}
