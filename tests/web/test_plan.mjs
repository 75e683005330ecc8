// SPDX-License-Identifier: GPL-3.0-or-later
// A whole practice by keyboard alone: start a plan, see its step and band, go on, pause, say that
// it hurts, hear what the coach says, end it.
import assert from "node:assert/strict";
import { until, withChain } from "./harness.mjs";

await withChain(async (chain) => {
  const said = []; // what the coach and the receiver say, by the command line's own subscriber
  chain.tail("cue", (message) => said.push(message.payload ?? message));
  const comforts = [];
  chain.tail("comfort", (message) => comforts.push(message.payload ?? message));
  const page = await chain.openPage();
  const text = (id) => page.textContent(`#${id}`);
  await until(async () => (await text("connection")) === "measuring", "no data");
  assert.ok(!(await page.isVisible("#plan")));

  await page.keyboard.press("p");
  await page.keyboard.type("no-such-plan");
  await page.keyboard.press("Enter");
  await until(async () => /no-such-plan/.test(await text("plan-fault")), "a wrong name is not told");
  await page.fill("#plan-name", "maintenance");
  await page.focus("#plan-all");
  await page.keyboard.press("Space");
  await page.focus("#plan-start");
  await page.keyboard.press("Enter");
  await until(() => page.isVisible("#plan"), "the plan does not show");
  await until(async () => /^1 of \d+: effleurage/.test(await text("step")), "the first step does not show");
  await until(async () => /left/.test(await text("step-time")), "it does not begin with the first touch");

  await page.keyboard.press("n");
  await until(async () => /^2 of/.test(await text("step")), "N does not go on");
  const beat = await page.inputValue("#target");
  await page.keyboard.press("PageDown"); // as a foot switch sends it
  await until(async () => /^3 of/.test(await text("step")), "PageDown does not go on");
  await page.keyboard.press("b");
  await until(async () => /^2 of/.test(await text("step")), "B does not go back");
  await until(async () => (await page.inputValue("#target")) === beat, "the beat does not follow the step");
  await page.keyboard.press("h");
  await until(async () => (await page.getAttribute("#pause-key", "aria-pressed")) === "true", "H does not pause");
  await page.keyboard.press("h");
  await until(async () => (await page.getAttribute("#pause-key", "aria-pressed")) === "false", "H does not resume");

  await page.keyboard.press("c");
  await page.keyboard.press("7");
  await until(() => comforts.some((c) => c.pain === 7), "the receiver is not heard");
  await until(async () => /noted: 7 of 10/.test(await text("connection")), "the page does not say that it heard");

  // What the coach says stands on the page, in the live region and large. With seven of ten said,
  // it must not be "deeper".
  const shown = await until(async () => said.length > 0 && (await text("cue")), "the coach says nothing", 60000);
  await until(() => said.some((cue) => cue.cue === shown), `"${shown}" stands there, which nobody said`);
  assert.ok(said.every((cue) => cue.cue !== "deeper"), "deeper, although it hurts");

  await page.click("#end-key");
  await until(async () => !(await page.isVisible("#plan")), "the plan does not end");
  console.log(`the coach said: ${said.map((cue) => cue.text).join(" / ")}`);
});
