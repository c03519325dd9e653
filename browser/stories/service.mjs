// Whoever looks after the bed: readings, faults, self-test, log, and a twin that is broken on purpose.

import assert from "node:assert/strict";
import { account } from "../helper.mjs";
import { comeInAsStaff, send } from "../people.mjs";

const PHRASE = "river anvil planted moth";

/** What a table's row says. */
const value = (page, id) => page.locator(`#r-${id} .value`).innerText();

const atRest = (page) => page.waitForFunction(() => /at rest|in Ruhe/.test(document.getElementById("state").textContent), null, { timeout: 60_000 });

export async function service(scene) {
  const here = await scene.bed();
  account(here.data, "service", "planted", PHRASE);
  const page = await comeInAsStaff(scene, here, "service", "planted", PHRASE, { viewport: { width: 1024, height: 600 } });
  await page.goto(`${here.address}service`);
  await atRest(page);
  const before = await value(page, "line_up");
  await page.waitForFunction((then) => document.querySelector("#r-line_up .value").textContent !== then, before);
  await scene.check(page, "now");
  for (const room of ["faults", "log", "test"]) {
    await page.goto(`${here.address}service/${room}`);
    await scene.check(page, room);
  }
  await page.goto(`${here.address}service/test`);
  await send(page, page.locator("button.keep"));
  await page.locator("tr[data-standing]").first().waitFor();
  assert.equal(await page.locator("tr[data-standing=faulty]").count(), 0, "the twin is whole");
  await scene.check(page, "tested");
  await explored(scene, page, here);
}

/** The supply goes: the guard lets go, within its limits; broken is broken once; mended, the twin is at rest again. */
async function explored(scene, page, here) {
  await page.goto(`${here.address}service/explorer`);
  await scene.check(page, "explorer");
  await page.locator("#class").selectOption("supply_lost");
  await send(page, page.locator("button[value=break]"));
  await page.locator("#timeline li[data-kind=released]").first().waitFor({ timeout: 60_000 });
  assert.equal(await page.locator("#verdict .verdict").getAttribute("data-holds"), "true");
  await scene.check(page, "broken");
  await send(page, page.locator("button[value=break]"));
  await page.locator("[role=alert]").waitFor();
  await scene.check(page, "refused");
  await page.goto(`${here.address}service/explorer`);
  await send(page, page.locator("button[value=mend]"));
  await page.locator("#timeline li[data-kind=mended]").first().waitFor();
  await send(page, page.locator("button[value=restart]"));
  await atRest(page);
}
