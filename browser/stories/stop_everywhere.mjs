// Stop on every screen, without script and without a name; and before and after a wrong PIN.

import assert from "node:assert/strict";
import { act, phase, stops } from "../bedside.mjs";
import { tabTo } from "../helper.mjs";
import { join, send } from "../people.mjs";

const PLACES = ["", "now", "why", "keep", "claims", "exercises", "sign-in", "sign-in/new", "today", "session", "diary", "week", "api", "nowhere"];

/** Every page stops the bed, by finger and by key. */
export async function stopEverywhere(scene) {
  const here = await scene.bed();
  const page = await scene.open(here.address, { javaScriptEnabled: false, viewport: { width: 1024, height: 600 } });
  for (const path of PLACES) {
    await page.goto(`${here.address}${path}`);
    await stops(page, here, () => page.locator("#stop").click());
    // The very corner of the bar counts as well.
    await page.goto(`${here.address}${path}`);
    await stops(page, here, () => page.locator("#stop-form").click({ position: { x: 2, y: 1 } }));
  }
  await page.context().close();
  const known = await scene.open(here.address, { viewport: { width: 1024, height: 600 } });
  await join(known, here.address);
  await known.goto(`${here.address}api`);
  await scene.check(known, "api");
  await known.goto(`${here.address}session`);
  await phase(known, "stopped");
  await scene.check(known, "stopped-7-inch");
  await act(known).click();
  await phase(known, "at_rest");
  await scene.check(known, "at-rest-7-inch");
  await stops(known, here, () => known.keyboard.press("Escape"));
  await phase(known, "stopped");
  await act(known).click();
  await phase(known, "at_rest");
  // The line above the bar, too.
  const bar = await known.locator("#stop-form").boundingBox();
  await stops(known, here, () => known.mouse.click(bar.x + 2, bar.y + 1));
  await phase(known, "stopped");
  await act(known).click();
  await phase(known, "at_rest");
  await tabTo(known, known.locator("#stop"));
  await stops(known, here, () => known.keyboard.press("Enter"));
}

/** A wrong PIN waits, and says for how long; Stop needs none. */
export async function wrongPin(scene) {
  const here = await scene.bed();
  const page = await scene.open(`${here.address}sign-in/new`);
  await page.locator("#name").fill("Robin");
  await page.locator("input[name=secret]").fill("83917264");
  await send(page, page.locator("main form button").last());
  await page.context().close();
  const other = await scene.open(`${here.address}sign-in`);
  await scene.check(other, "names");
  await other.getByRole("link", { name: /Robin/ }).click();
  await scene.check(other, "pin");
  for (const pin of ["11112222", "33334444", "55556666"]) {
    await other.locator("input[name=secret]").fill(pin);
    await send(other, other.locator("main form button").last());
  }
  await scene.check(other, "wrong-pin");
  assert.match(await other.getByRole("alert").innerText(), scene.say(/second/, /Sekunde/));
  await stops(other, here, () => other.locator("#stop").click());
}
