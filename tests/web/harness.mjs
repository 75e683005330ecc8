// SPDX-License-Identifier: GPL-3.0-or-later
// harness.mjs - the real chain for a test: thenard on a virtual table, thenar-web, a browser, and,
// as a witness that knows nothing of the gateway, `thenar tail`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(process.env.THENAR_WEB_TESTS, "package.json"));
const { chromium } = require("playwright-core");
export const axePath = require.resolve("axe-core/axe.min.js");
/** A screen reader in the page, by the rules of ARIA: https://github.com/guidepup/virtual-screen-reader */
export const readerPath = join(process.env.THENAR_WEB_TESTS, "node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js");

const BIN = process.env.THENAR_BIN;

/** Resolves when `is()` holds; fails with the sentence after a while. */
export async function until(is, sentence, limit_ms = 30000) {
  const end = Date.now() + limit_ms;
  let last;
  while (Date.now() < end) {
    last = await is();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${sentence}; after ${limit_ms} ms`);
}

/** Since the machine began, of /proc/stat: what its processors did nothing, and all there was. */
function processorTime() {
  const spans = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/ +/).slice(1, 9).map(Number);
  return [spans[3] + spans[4], spans.reduce((sum, span) => sum + span, 0)];
}

/** For what only a machine with time to spare can show, delays and rates: what fails counts when the
 * machine was idle for half of it; else there is another attempt, a little later. */
export async function againIfBusy(attempt, n_tries = 5) {
  for (let n_left = n_tries - 1; ; n_left--) {
    const [idle, whole] = processorTime();
    try {
      return await attempt();
    } catch (error) {
      const [idleNow, wholeNow] = processorTime();
      const share = (idleNow - idle) / Math.max(wholeNow - whole, 1);
      if (n_left === 0 || share > 0.5) throw error;
      console.log(`again, the machine being busy (${(100 * share).toFixed(0)} % idle): ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, 10000));
    }
  }
}

export class Chain {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "thenar-web-"));
    this.feed = `ipc://${this.folder}/feed`;
    this.control = `ipc://${this.folder}/control`;
    this.children = [];
  }

  start(program, args, stdio) {
    // A child does not outlive a test that is killed.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", join(BIN, program), ...args], { stdio });
    this.children.push(child);
    return child;
  }

  /** The daemon on a virtual device that plays a script. */
  async startDaemon(device = "virtual:table32?script=demo&loop=1") {
    const args = ["--device", device, "--feed", this.feed, "--control", this.control,
                  "--sessions", join(this.folder, "sessions")];
    this.daemon = this.start("thenard", args, ["ignore", "ignore", "pipe"]);
    const lines = createInterface({ input: this.daemon.stderr });
    let isReady = false;
    lines.on("line", (line) => (isReady ||= line.includes("feed at")));
    await until(() => isReady, "thenard does not start");
  }

  /** A second time: at the address that the pages know.
   * @param {string[]} [daemons] "FEED,CONTROL" of others than its own @param {string[]} [options] */
  async startGateway(daemons = [`${this.feed},${this.control}`], options = []) {
    const args = ["--port", this.url ? new URL(this.url).port : "0", "--sessions", join(this.folder, "sessions"),
                  "--class", join(this.folder, "class.json"), ...options, ...daemons];
    this.gateway = this.start("thenar-web", args, ["ignore", "pipe", "inherit"]);
    const lines = createInterface({ input: this.gateway.stdout });
    let isReady = false;
    lines.on("line", (line) => {
      this.url = line.match(/https?:\S+/)?.[0] ?? this.url;
      isReady = this.url !== undefined;
    });
    await until(() => isReady, "thenar-web does not start");
  }

  /** What the feed says of a kind, by the command line's own subscriber. */
  tail(kind, take) {
    const child = this.start("thenar", ["tail", "--json", "--feed", this.feed, kind], [
      "ignore", "pipe", "inherit",
    ]);
    createInterface({ input: child.stdout }).on("line", (line) => take(JSON.parse(line)));
  }

  async end(child) {
    const index = this.children.indexOf(child);
    if (index < 0) return;
    this.children.splice(index, 1);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  async openPage(options = {}) {
    this.browser ??= await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
             "--autoplay-policy=no-user-gesture-required"],
    });
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    this.faults ??= [];
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (line) => line.type() === "error" && this.faults.push(`${line.text()}, ${line.location().url}`));
    await page.goto(this.url + (options.path ?? ""));
    return page;
  }

  async close() {
    await this.browser?.close();
    for (const child of [...this.children].reverse()) await this.end(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs one test over the chain; what the pages complain of fails it. */
export async function withChain(test, device) {
  const chain = new Chain();
  try {
    await chain.startDaemon(device);
    await chain.startGateway();
    await test(chain);
    assert.deepEqual(chain.faults ?? [], [], "the pages report faults");
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await chain.close();
  }
}
