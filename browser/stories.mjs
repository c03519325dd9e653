// Three stories in a real browser: script is off, the keyboard is enough, nothing leaves this computer.

import assert from "node:assert/strict";
import { browser as launch, check, guide, open, tabTo } from "./helper.mjs";

const NONE = /None of this fits me|Nichts davon trifft zu/;
const ON = /Go on|Weiter/;

/** Answers the open screen as somebody of 38 with a strain of the lower back since yesterday. */
async function everyday(page) {
  for (const field of await page.locator("input[type=text]").all()) {
    await field.fill((await field.getAttribute("name")) === "age_years" ? "38" : "1");
  }
  const lumbar = page.locator("input[name=regions][value=lumbar]");
  if (await lumbar.count()) await lumbar.check();
  const comfort = page.locator("input[name=tick][value=moving_changes_it]");
  if (await comfort.count()) await comfort.check();
  const groups = await page.locator("input[type=radio]").evaluateAll((all) => [...new Set(all.map((one) => one.name))]);
  for (const name of groups) await page.locator(`input[type=radio][name=${name}]`).first().check();
  await page.getByRole("button", { name: ON }).click();
}

/** Somebody whose back locked this morning: signs, questions, the next hours, and the sheet to print. */
async function hurtsNow(browser) {
  const here = await guide();
  const page = await open(browser, here.address, { javaScriptEnabled: false });
  await check(page, "home");
  await page.getByRole("link", { name: /^It hurts now/ }).first().click();
  await check(page, "signs");
  await page.getByRole("button", { name: NONE }).click();
  for (let screen = 0; await page.getByRole("button", { name: ON }).count(); screen += 1) {
    assert.ok(screen < 8, "at most eight screens");
    await check(page, "question");
    await everyday(page);
  }
  await check(page, "verdict");
  assert.match(await page.locator("h1").innerText(), /Nothing you told|watch this/);
  assert.equal(await page.getByRole("heading", { name: "The next hour" }).count(), 1);
  await page.getByRole("link", { name: "All on one sheet to print" }).first().click();
  await check(page, "sheet");
  const pdf = await page.pdf({ format: "A4" });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  assert.equal(sheets, 1, "the sheet is one sheet");
  here.end();
}

/** Somebody who reads German and ticks a sign with the keyboard alone: the number to call, English beside it. */
async function emergency(browser) {
  const here = await guide("de");
  const page = await open(browser, here.address, { colorScheme: "dark" });
  await check(page, "home-de-dark");
  await tabTo(page, page.locator("main a[href^='/now']"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/now/);
  await check(page, "signs-de-dark");
  await tabTo(page, page.locator("input[value=seat]"));
  await page.keyboard.press("Space");
  await tabTo(page, page.locator("button[value=some]"));
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await check(page, "emergency-de-dark");
  const text = await page.getByRole("alert").innerText();
  assert.match(text, /Wählen Sie jetzt den Notruf/);
  assert.match(text, /Call the emergency number now/);
  assert.equal(await page.locator("a[href='tel:112']").count(), 1);
  here.end();
}

const stories = { hurtsNow, emergency };
const browser = await launch();
for (const [name, story] of Object.entries(stories)) {
  await story(browser);
  console.log(`story ${name}: told`);
}
await browser.close();
