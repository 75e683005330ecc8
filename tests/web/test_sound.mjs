// SPDX-License-Identifier: GPL-3.0-or-later
// The metronome keeps time to 5 ms whatever the page is doing; the voice never talks over itself.
import assert from "node:assert/strict";
import { againIfBusy, until, withChain } from "./harness.mjs";

const OFF_MS = 5;

/** When each click was told to sound, on the audio clock: read where the browser is told. */
async function clicksAt(page, pace_cpm, n_clicks) {
  await page.evaluate((pace) => {
    window.clicks.length = 0;
    const target = document.getElementById("target");
    target.value = String(pace);
    target.dispatchEvent(new Event("change"));
  }, pace_cpm);
  await page.keyboard.press("m");
  await until(() => page.evaluate((n) => window.clicks.length >= n, n_clicks), "no clicks", 60000);
  const clicks = await page.evaluate(() => window.clicks.slice());
  await page.keyboard.press("m");
  return clicks;
}

await withChain((chain) => againIfBusy(() => listen(chain)));

async function listen(chain) {
  const page = await chain.openPage();
  await page.evaluate(() => {
    window.clicks = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at_s) {
      if (at_s !== undefined) window.clicks.push({ at_s, hz: this.frequency.value, now_s: this.context.currentTime });
      return start.call(this, at_s);
    };
    // A page that is busy for 150 ms, three times a second.
    setInterval(() => {
      const end = performance.now() + 150;
      while (performance.now() < end);
    }, 333);
  });
  for (const [pace_cpm, n_clicks] of [[60, 6], [137, 12], [480, 40], [20, 3]]) {
    const clicks = await clicksAt(page, pace_cpm, n_clicks);
    for (let i = 2; i < clicks.length; i++) {
      const off_ms = 1000 * (clicks[i].at_s - clicks[i - 1].at_s - 60 / pace_cpm);
      assert.ok(Math.abs(off_ms) <= OFF_MS, `at ${pace_cpm}/min a click is ${off_ms} ms off`);
      assert.ok(clicks[i].at_s >= clicks[i].now_s, "a click was scheduled in the past");
    }
    if (pace_cpm === 480) {
      const strong = clicks.map((c) => c.hz === Math.max(...clicks.map((x) => x.hz)));
      const first = strong.indexOf(true);
      assert.ok(strong.slice(first).every((is, i) => is === (i % 4 === 0)), "fast clicks come in fours");
    }
    console.log(`${pace_cpm}/min: ${clicks.length} clicks, each within ${OFF_MS} ms`);
  }

  // One voice: a fake synthesiser that counts how many speak at once.
  await page.evaluate(() => {
    window.voices = { now: 0, most: 0, said: [] };
    window.speechSynthesis.speak = (words) => {
      window.voices.now++;
      window.voices.most = Math.max(window.voices.most, window.voices.now);
      window.voices.said.push(words.text);
      setTimeout(() => {
        window.voices.now--;
        words.onend?.(new Event("end"));
      }, 400);
    };
  });
  for (let i = 0; i < 6; i++) await page.keyboard.press(" ");
  await until(() => page.evaluate(() => window.voices.said.length >= 2 && window.voices.now === 0), "silence");
  const voices = await page.evaluate(() => window.voices);
  assert.equal(voices.most, 1, "two sentences were spoken at once");
  assert.ok(voices.said.length <= 3, `six wishes in a row became ${voices.said.length} sentences`);
  await page.close();
}
