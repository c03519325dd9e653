// Stories at the bed, on the twin: script is on here, since the page shows what the bed does.

import assert from "node:assert/strict";
import { browser as launch, bed, check, open } from "./helper.mjs";
import { everyday, NONE, ON } from "./people.mjs";

const SLOW = 120_000;

/** The phase that the page shows. */
async function phase(page, name, timeout = SLOW) {
  try {
    await page.waitForFunction((wanted) => document.body.dataset.phase === wanted, name, { timeout });
  } catch (error) {
    const picture = await page.evaluate(() => JSON.stringify(window.ondol.picture));
    throw new Error(`waited for ${name}; ${error.message}; the page shows ${picture}`);
  }
}

/** Somebody who has never been here: questions, lying down, the hand switch, the scan, a plan, the session, the end. */
async function firstTime(browser) {
  const here = await bed();
  const page = await open(browser, here.address, { viewport: { width: 1280, height: 800 } });
  await check(page, "bed-home");
  await page.getByRole("link", { name: /^A session/ }).click();
  await check(page, "who-are-you");
  await page.getByRole("link", { name: "I am new here" }).click();
  await check(page, "new-here");
  await page.getByLabel("Your name").fill("Kim");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL(/today/);
  await check(page, "today-first");
  await page.getByRole("link", { name: "Answer the questions" }).click();
  await page.getByRole("button", { name: NONE }).click();
  while (await page.getByRole("button", { name: ON }).count()) await everyday(page);
  await page.locator("form[action^='/bed/begin'] button").first().click();
  await check(page, "today-open");
  await page.locator("input[name=stature]").fill("172");
  await page.locator("input[name=mass]").fill("70");
  await page.locator("button[name=program][value=first-time]").click();
  await page.waitForURL(/session/);
  await phase(page, "waiting_person");
  await check(page, "lie-down");
  await page.getByRole("button", { name: "Lie down" }).click();
  await phase(page, "waiting_switch");
  await check(page, "hand-switch");
  await page.getByRole("button", { name: "Press the hand switch" }).click();
  await phase(page, "scanning");
  await page.waitForTimeout(2500);
  await check(page, "scanning");
  await page.waitForFunction(() => ["moving", "proposed"].includes(document.body.dataset.phase), null, { timeout: SLOW });
  if (await page.evaluate(() => document.body.dataset.phase === "moving")) {
    await check(page, "moving");
    await page.getByRole("button", { name: "Move like that" }).click();
  }
  await phase(page, "proposed");
  await check(page, "proposed");
  await page.getByRole("button", { name: "Yes, begin" }).click();
  await phase(page, "treating");
  await page.waitForTimeout(2500);
  await check(page, "treating");
  await phase(page, "over", 400_000);
  await check(page, "over");
  console.log(await page.evaluate(() => JSON.stringify(window.ondol.counts)));
  here.end();
}

const browser = await launch();
const stories = { firstTime };
const wanted = process.argv.slice(2);
for (const [name, story] of Object.entries(stories)) {
  if (wanted.length && !wanted.includes(name)) continue;
  await story(browser);
  console.log(`told: ${name}`);
}
await browser.close();
