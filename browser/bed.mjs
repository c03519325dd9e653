// Stories at the bed, on the twin: script is on here, since the page shows what the bed does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as join_ } from "node:path";
import { browser as launch, bed, check, open, tabTo } from "./helper.mjs";
import { clear, everyday, join, NONE, ON } from "./people.mjs";

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
  const here = await bed("en", 4);
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
  await fits(page);
  await page.getByRole("button", { name: "Softer" }).click();
  await page.waitForFunction(() => window.ondol.picture.live.force_step < 0, null, { timeout: SLOW });
  await phase(page, "over", 400_000);
  await check(page, "over");
  console.log(await page.evaluate(() => JSON.stringify(window.ondol.counts)));
  here.end();
}

/** Somebody who was here before: their name, the program, the hand switch. German, dark, a phone. */
async function returning(browser) {
  const here = await bed("de");
  const first = await open(browser, here.address);
  await join(first, here.address);
  await clear(first, here.address);
  await first.context().close();
  const page = await open(browser, `${here.address}today`, { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true });
  await check(page, "names-phone-de-dark");
  await page.getByRole("button", { name: /Kim/ }).click();
  await page.waitForURL(/today/);
  await check(page, "today-phone-de-dark");
  await page.locator("button[name=program][value=relief]").click();
  await phase(page, "waiting_person");
  await check(page, "lie-down-phone-de-dark");
  await page.locator(".phase:not([hidden]) [data-act]").click();
  await phase(page, "waiting_switch");
  await page.locator(".phase:not([hidden]) [data-act]").click();
  await phase(page, "scanning");
  await page.waitForTimeout(2000);
  await check(page, "scanning-phone-de-dark");
  await fits(page);
  await stops(page, here, () => page.locator("#stop").tap());
  await check(page, "stopped-phone-de-dark");
  here.end();
}

/** What the session's screen promises: large type, large targets, a Stop that nobody misses. */
async function fits(page) {
  const found = await page.evaluate(() => {
    const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
    const small = [...document.querySelectorAll("body.bedside *")]
      .filter((one) => shown(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
      .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 24)
      .map((one) => `${one.tagName}#${one.id} ${one.textContent.slice(0, 20)}`);
    const targets = [...document.querySelectorAll("button, a:not(.skip), summary")].filter(shown)
      .filter((one) => one.getBoundingClientRect().height < 59.5 || one.getBoundingClientRect().width < 59.5)
      .map((one) => one.textContent.slice(0, 30));
    const stop = document.getElementById("stop").getBoundingClientRect();
    return { small, targets, share: (stop.width * stop.height) / (innerWidth * innerHeight), below: stop.bottom - innerHeight };
  });
  assert.deepEqual(found.small, [], "text of at least 24 px");
  assert.deepEqual(found.targets, [], "targets of at least 60 px");
  assert.ok(found.share >= 0.2 && found.below <= 0, `Stop is in sight and large: ${JSON.stringify(found)}`);
}

/** A stop, however it is said, is heard by the bed. */
async function stops(page, here, press) {
  const before = journal(here.data).filter((entry) => entry.what === "stop").length;
  await press();
  for (let wait = 0; journal(here.data).filter((entry) => entry.what === "stop").length === before; wait += 1) {
    assert.ok(wait < 100, "the bed heard the stop");
    await page.waitForTimeout(50);
  }
}

const journal = (data) => readFileSync(join_(data, "bed", "bed.jsonl"), "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

/** Stop on every screen, without script and without a name; on the session's screen by finger and key. */
async function stopEverywhere(browser) {
  const here = await bed();
  const page = await open(browser, here.address, { javaScriptEnabled: false, viewport: { width: 1024, height: 600 } });
  for (const path of ["", "now", "why", "keep", "claims", "exercises", "sign-in", "sign-in/new", "today", "session", "diary", "week", "nowhere"]) {
    await page.goto(`${here.address}${path}`);
    await stops(page, here, () => page.locator("#stop").click());
  }
  await page.context().close();
  const known = await open(browser, here.address, { viewport: { width: 1024, height: 600 } });
  await join(known, here.address);
  await known.goto(`${here.address}session`);
  await phase(known, "stopped");
  await check(known, "stopped-7-inch");
  await fits(known);
  await known.locator(".phase:not([hidden]) [data-act]").click();
  await phase(known, "at_rest");
  await check(known, "at-rest-7-inch");
  await stops(known, here, () => known.keyboard.press("Escape"));
  await phase(known, "stopped");
  await known.locator(".phase:not([hidden]) [data-act]").click();
  await phase(known, "at_rest");
  await tabTo(known, known.locator("#stop"));
  await stops(known, here, () => known.keyboard.press("Enter"));
  here.end();
}

/** A wrong PIN waits, and says for how long; the right one comes in; Stop needs none. */
async function wrongPin(browser) {
  const here = await bed();
  const page = await open(browser, `${here.address}sign-in/new`);
  await page.locator("#name").fill("Robin");
  await page.locator("input[name=secret]").fill("83917264");
  await page.locator("main form button").last().click();
  await page.context().close();
  const other = await open(browser, `${here.address}sign-in`);
  await other.getByRole("link", { name: /Robin/ }).or(other.getByRole("button", { name: /Robin/ })).first().click();
  for (const pin of ["11112222", "33334444", "55556666"]) {
    await other.locator("input[name=secret]").fill(pin);
    await other.getByRole("button", { name: "Come in" }).click();
  }
  await check(other, "wrong-pin");
  assert.match(await other.getByRole("alert").innerText(), /second/);
  await stops(other, here, () => other.locator("#stop").click());
  here.end();
}

const browser = await launch();
const stories = { stopEverywhere, wrongPin, returning, firstTime };
const wanted = process.argv.slice(2);
for (const [name, story] of Object.entries(stories)) {
  if (wanted.length && !wanted.includes(name)) continue;
  try {
    await story(browser);
  } catch (error) {
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      const picture = await page.evaluate(() => JSON.stringify(window.ondol?.picture)).catch(() => "gone");
      console.error(`${name} broke off at ${page.url()}, which showed ${picture}`);
    }
    throw error;
  }
  console.log(`told: ${name}`);
}
await browser.close();
