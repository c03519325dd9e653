// Three stories in a real browser: script is off, the keyboard is enough, nothing leaves this computer.

import assert from "node:assert/strict";
import { browser as launch, check, guide, holding, open, tabTo } from "./helper.mjs";
import { everyday, NONE, ON } from "./people.mjs";

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
  await tabTo(page, page.locator("input[value=cauda]"));
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

/** Somebody who wants it to stay away: answers kept, a week planned and ticked, a day written down, all erased. */
async function keepAway(browser) {
  const here = await guide();
  const page = await open(browser, `${here.address}now`, { javaScriptEnabled: false });
  await page.getByRole("button", { name: NONE }).click();
  while (await page.getByRole("button", { name: ON }).count()) await everyday(page);
  await page.locator("form[action^='/week/begin'] button").first().click();
  await check(page, "week-asked");
  await page.getByRole("button", { name: "Make my week" }).click();
  await page.goto(`${here.address}week`);
  await check(page, "week");
  const tick = page.locator("form[action^='/week/day'] input[type=checkbox]").first();
  await tick.check();
  await page.locator("form[action^='/week/day']").first().locator("button").first().click();
  assert.ok(await page.locator("form[action^='/week/day'] input[type=checkbox]").first().isChecked(), "the tick is kept");
  await page.goto(`${here.address}diary/new/day`);
  await check(page, "day");
  await page.locator("input[name=pain][value='3']").check({ force: true });
  await page.locator("textarea").first().fill("planted note 5309");
  await page.locator("main form button[type=submit]").first().click();
  await page.goto(`${here.address}diary`);
  await check(page, "diary");
  assert.ok(holding(here.data, "planted note 5309").length > 0, "the note stands on the disk");
  await page.goto(`${here.address}diary/carry`);
  await check(page, "carry");
  await page.goto(`${here.address}bed`);
  await check(page, "bed-asked");
  await page.locator("input[name=stature]").fill("172");
  await page.locator("input[name=mass]").fill("70");
  await page.getByRole("button", { name: "May I use the bed?" }).click();
  await check(page, "bed-answer");
  assert.match(await page.locator("main").innerText(), /Yes/, "an everyday strain keeps nobody from the bed");
  await page.goto(`${here.address}breaks`);
  await check(page, "breaks");
  await page.goto(`${here.address}diary/erase`);
  await check(page, "erase");
  await page.locator("main form input[type=checkbox]").check();
  await page.locator("main form button[type=submit]").first().click();
  assert.deepEqual(holding(here.data, "planted note 5309"), [], "nothing is left on the disk");
  here.end();
}

const stories = { hurtsNow, emergency, keepAway };
const browser = await launch();
for (const [name, story] of Object.entries(stories)) {
  await story(browser);
  console.log(`story ${name}: told`);
}
await browser.close();
