// SPDX-License-Identifier: GPL-3.0-or-later
// A whole session as a blind student has it: everything is found, pressed and known by what a
// screen reader says, from opening the page to what was learnt; and it is not talked to death.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readerPath, until, withChain } from "./harness.mjs";

const SOON_MS = 20000;
const AT_MOST_A_MINUTE = 16; // announcements that nobody asked for, in a treatment that changes all the time

await withChain(async (chain) => {
  const page = await chain.openPage();
  await until(async () => (await page.textContent("#connection")) === "measuring", "nothing is measured", SOON_MS);
  await page.route("**/reader.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: readFileSync(readerPath, "utf8") }));
  await page.evaluate(async () => {
    const { virtual } = await import("/reader.js");
    window.reader = virtual;
    await virtual.start({ container: document.body });
  });
  const log = () => page.evaluate(() => window.reader.spokenPhraseLog());
  /** On to what sounds so, as with the arrow keys. */
  const look = (pattern) =>
    page.evaluate(async (source) => {
      const wanted = new RegExp(source);
      for (let i = 0; i < 200; i++) {
        await window.reader.next();
        const phrase = await window.reader.lastSpokenPhrase();
        if (wanted.test(phrase)) return phrase;
      }
      return null;
    }, pattern.source);
  const go = async (pattern) => {
    const end_ms = Date.now() + SOON_MS; // what is new may come after what it is about
    let found = null;
    while (!found && Date.now() < end_ms) found = await look(pattern);
    assert.ok(found, `nothing sounds like ${pattern}; the last was: ${(await log()).slice(-12).join(" | ")}`);
    return found;
  };
  const press = async (pattern) => {
    await go(pattern);
    await page.evaluate(() => window.reader.act());
  };
  const hears = (pattern) => until(async () => (await log()).find((phrase) => pattern.test(phrase)), `${pattern} is never said`, SOON_MS);

  // What is this? Title, state, and one thing to press.
  await go(/^heading, Thenar, level 1$/);
  await go(/^measuring$/);
  await go(/^Not recording$/);
  await press(/^button, Start a session/);

  // The dialog says what it is; a name is refused, and the fault is said at once.
  await hears(/^dialog, Start a session$/);
  await go(/^combobox, Plan/);
  await page.focus("#start-plan");
  await page.keyboard.press("m"); // a list answers to letters, whoever looks
  await go(/^textbox, Your code, .*a code, never a name/);
  await page.focus("#start-code");
  await page.keyboard.type("Anna");
  await page.keyboard.press("Enter");
  await hears(/^assertive: This looks like a name/);
  await page.fill("#start-code", "P007");
  await press(/^button, Start$/);
  await hears(/^polite: recording$/);
  await until(() => page.isHidden("#start"), "the dialog stays", SOON_MS);
  const from_ms = Date.now();
  const n_before = (await log()).length;

  // The plan, its step, the next one.
  await go(/^heading, Maintenance/);
  await go(/^1 of \d+: effleurage/);
  await press(/^button, Next step/);
  await hears(/^polite: Move on: /);

  // How does it stand? The key that says it, and the table.
  await press(/^button, Say it now/);
  await hears(/^polite: .*step 2 of .*Recording 0:/);
  // The receiver.
  await press(/^button, Too much/);
  await hears(/^dialog, How does it feel\?$/);
  await press(/^button, 6$/);
  await hears(/^polite: noted: 6 of 10$/);

  // How much is said by itself, while the treatment goes on.
  await until(() => Date.now() - from_ms > 20000, "time", 60000);
  const said = (await log()).slice(n_before).filter((phrase) => /^(polite|assertive): /.test(phrase));
  const unasked = said.filter((phrase) => !/noted:|step 2 of .*Recording/.test(phrase));
  const a_minute = (60000 * unasked.length) / (Date.now() - from_ms);
  assert.ok(a_minute <= AT_MOST_A_MINUTE, `${a_minute.toFixed(1)} announcements a minute: ${unasked.join(" | ")}`);

  // The end, and what was learnt.
  await press(/^button, Stop the session/);
  await hears(/^heading, Your session, P007/);
  await hears(/^polite: .*(Practice score|To work on|Good:)/);
  await go(/practice score|No score/);
  await go(/^heading, (To work on|What went well)/);
  await go(/^(img|image), Timeline: /);
  await go(/^heading, Since your first session/);
  await press(/^button, Again/);
  await hears(/^dialog, Start a session$/);
  console.log(`a whole session by ear; ${a_minute.toFixed(1)} announcements a minute: ${unasked.join(" | ")}`);
});
