// SPDX-License-Identifier: GPL-3.0-or-later
// harness.mjs - the real chain for a test: thenard on a virtual table, thenar-web, a browser, and,
// as a witness that knows nothing of the gateway, `thenar tail`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
export async function until(is, sentence, limit_ms = 15000) {
  const end = Date.now() + limit_ms;
  let last;
  while (Date.now() < end) {
    last = await is();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${sentence}; after ${limit_ms} ms`);
}

export class Chain {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "thenar-web-"));
    this.feed = `ipc://${this.folder}/feed`;
    this.control = `ipc://${this.folder}/control`;
    this.children = [];
  }

  start(program, args, stdio) {
    const child = spawn(join(BIN, program), args, { stdio });
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
    lines.on("line", (line) => (this.url = line.match(/https?:\S+/)?.[0] ?? this.url));
    await until(() => this.url, "thenar-web does not start");
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
    page.on("console", (line) => line.type() === "error" && this.faults.push(line.text()));
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
