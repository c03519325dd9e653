// What stories do at the bed: wait for a phase, lie down and press, and read the bed's own journal.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SLOW = 120_000;

/** Waits until the page shows one of these phases, and tells which. */
export async function phase(page, names, timeout = SLOW) {
  const wanted = [names].flat();
  try {
    await page.waitForFunction((all) => all.includes(document.body.dataset.phase), wanted, { timeout });
  } catch (error) {
    throw new Error(`waited for ${wanted.join(" or ")}; the page shows ${await page.evaluate(() => document.body.dataset.phase)}`, { cause: error });
  }
  return page.evaluate(() => document.body.dataset.phase);
}

/** Waits until something holds of the page's newest picture. */
export async function until(page, what, holds, argument, timeout = SLOW) {
  try {
    await page.waitForFunction(holds, argument, { timeout });
  } catch (error) {
    throw new Error(`waited until ${what}`, { cause: error });
  }
}

/** The button of the phase that is shown: lie down, press the hand switch, move, switch off and on. */
export const act = (page) => page.locator(".phase:not([hidden]) [data-act]").first();

/** From the page on which a session has begun to the scan. */
export async function liesDown(page, press = (button) => button.click()) {
  await phase(page, "waiting_person");
  await press(act(page));
  await phase(page, "waiting_switch");
  await press(act(page));
  await phase(page, "scanning");
}

/** From the scan to a session that treats. */
export async function treated(page, press = (button) => button.click()) {
  if ((await phase(page, ["moving", "proposed"])) === "moving") await press(act(page));
  await phase(page, "proposed");
  await press(page.locator("#yes"));
  await phase(page, "treating");
}

/** What the bed wrote down itself. */
export function journal(data) {
  const path = join(data, "bed", "bed.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

const stopsHeard = (data) => journal(data).filter((entry) => entry.what === "stop").length;

/** A stop, however it is said, is heard by the bed. */
export async function stops(page, here, press) {
  const before = stopsHeard(here.data);
  await press();
  for (let wait = 0; stopsHeard(here.data) === before; wait += 1) {
    assert.ok(wait < 100, "the bed heard the stop");
    await page.waitForTimeout(50);
  }
}
