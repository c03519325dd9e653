// The story of whoever looks after the bed: readings, faults, self-test, and a twin that is broken on purpose.
// `node service.mjs`; PICTURES names a folder for pictures.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { bed, browser as launch, check, ONDOL, open } from "./helper.mjs";

const PHRASE = "river anvil planted moth";

/** Signs in with a service account that is made first. */
async function comeIn(browser, here, options) {
  const words = ["account", "add", "--role", "service", "--name", "planted", "--data", here.data];
  const made = spawnSync(ONDOL, words, { input: `${PHRASE}\n` });
  assert.equal(made.status, 0, String(made.stderr));
  const page = await open(browser, `${here.address}sign-in/staff`, options);
  await page.locator("input[name=role][value=service]").check();
  await page.locator("input[name=label]").fill("planted");
  await page.locator("input[name=secret]").fill(PHRASE);
  await page.locator("main form button").last().click();
  return page;
}

/** What a table's row says. */
const value = (page, id) => page.locator(`#r-${id} .value`).innerText();

async function lookAfter(browser, language, options) {
  const here = await bed(language, 4);
  const page = await comeIn(browser, here, options);
  await page.goto(`${here.address}service`);
  await page.waitForFunction(() => /rest|Ruhe/.test(document.getElementById("state").textContent), null, { timeout: 60_000 });
  const before = await value(page, "line_up");
  await page.waitForFunction((then) => document.querySelector("#r-line_up .value").textContent !== then, before);
  await check(page, `service-now-${language}`);
  await page.goto(`${here.address}service/faults`);
  await check(page, `service-faults-${language}`);
  await page.goto(`${here.address}service/log`);
  await check(page, `service-log-${language}`);
  await page.goto(`${here.address}service/test`);
  await page.locator("button.keep").click();
  await page.locator("tr[data-standing]").first().waitFor();
  assert.equal(await page.locator("tr[data-standing=faulty]").count(), 0, "the twin is whole");
  await check(page, `service-test-${language}`);
  await page.goto(`${here.address}service/explorer`);
  await check(page, `service-explorer-${language}`);
  await page.locator("#class").selectOption("supply_lost");
  await page.locator("button[value=break]").click();
  await page.locator("#timeline li[data-kind=released]").first().waitFor({ timeout: 60_000 });
  assert.equal(await page.locator("#verdict .verdict").getAttribute("data-holds"), "true");
  await check(page, `service-broken-${language}`);
  await page.locator("button[value=break]").click();
  await page.locator("[role=alert]").waitFor();
  await check(page, `service-refused-${language}`);
  await page.goto(`${here.address}service/explorer`);
  await page.locator("button[value=mend]").click();
  await page.locator("#timeline li[data-kind=mended]").first().waitFor();
  await page.locator("button[value=restart]").click();
  await page.waitForFunction(() => /at rest|in Ruhe/.test(document.getElementById("state").textContent), null, { timeout: 60_000 });
  here.end();
}

const browser = await launch();
await lookAfter(browser, "en", {});
await lookAfter(browser, "de", { colorScheme: "dark", viewport: { width: 390, height: 844 } });
console.log("told: lookAfter, in English and in German on a phone in the dark");
await browser.close();
