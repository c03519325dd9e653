// Somebody who was here before.

import assert from "node:assert/strict";
import { liesDown, phase, stops } from "../bedside.mjs";
import { clear, join, send } from "../people.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Cleared today, on a phone: the name, the program, the hand switch, and Stop under a finger. */
export async function returning(scene) {
  const here = await scene.bed();
  const first = await scene.open(here.address);
  await join(first, here.address);
  await clear(first, here.address);
  await first.context().close();
  const page = await scene.open(`${here.address}today`, PHONE);
  await scene.check(page, "names-phone");
  await send(page, page.getByRole("button", { name: /Kim/ }));
  await scene.check(page, "today-phone");
  await page.locator("button[name=program][value=relief]").tap();
  await liesDown(page, (button) => button.tap());
  await stops(page, here, () => page.locator("#stop").tap());
  await phase(page, "stopped");
  await scene.check(page, "stopped-phone");
}

/** Cleared yesterday: what was said stands there, and the name and "still true" are enough. */
export async function stillTrue(scene) {
  const here = await scene.bed({ people: true });
  const page = await scene.open(`${here.address}today`, { viewport: { width: 1280, height: 800 } });
  let taps = 0;
  taps += 1;
  await send(page, page.getByRole("button", { name: /Yusuf/ }));
  const before = page.locator("section.before");
  assert.match(await before.innerText(), scene.say(/narrowed arteries/, /Arterien|Schlagadern/), "what was said stands there");
  await scene.check(page, "still-true");
  await page.locator("input[type=checkbox]").first().focus();
  await send(page, { click: () => page.keyboard.press("Enter") });
  assert.equal(await page.getByRole("alert").count(), 1, "a key in a field begins nothing");
  await scene.check(page, "still-true-not-said");
  const relief = page.locator("button[name=program][value=relief]");
  assert.match(await relief.innerText(), scene.say(/^Still true:/, /^Stimmt noch:/));
  taps += 1;
  await relief.click();
  await page.waitForURL(/session/);
  await phase(page, "waiting_person");
  assert.equal(taps, 2);
}
