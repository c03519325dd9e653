// The care guide without a bed: script is off, the keyboard is enough, nothing leaves this computer.

import assert from "node:assert/strict";
import { holding, tabTo } from "../helper.mjs";
import { everyday, NONE, ON, send } from "../people.mjs";

/** Somebody whose back locked this morning: signs, questions, the next hours, and the sheet to print. */
export async function hurtsNow(scene) {
  const here = await scene.guide();
  const page = await scene.open(here.address, { javaScriptEnabled: false });
  await scene.check(page, "home");
  await page.getByRole("link", { name: scene.say(/^It hurts now/, /^Es tut jetzt weh/) }).first().click();
  await scene.check(page, "signs");
  await send(page, page.getByRole("button", { name: NONE }));
  for (let screen = 0; await page.getByRole("button", { name: ON }).count(); screen += 1) {
    assert.ok(screen < 8, "at most eight screens");
    await scene.check(page, "question");
    await everyday(page);
  }
  await scene.check(page, "verdict");
  assert.match(await page.locator("h1").innerText(), scene.say(/Nothing you told|watch this/, /Nichts, was Sie sagen|achten Sie darauf/));
  assert.equal(await page.getByRole("heading", { name: scene.say("The next hour", "Die nächste Stunde") }).count(), 1);
  await page.getByRole("link", { name: scene.say("All on one sheet to print", "Alles auf einem Blatt zum Drucken") }).first().click();
  await scene.check(page, "sheet");
  const pdf = await page.pdf({ format: "A4" });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  assert.equal(sheets, 1, "the sheet is one sheet");
}

/** Somebody who ticks a sign with the keyboard alone: the number to call, English beside it. */
export async function emergency(scene) {
  const here = await scene.guide();
  const page = await scene.open(here.address);
  await scene.check(page, "home");
  await tabTo(page, page.locator("main a[href^='/now']"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/now/);
  await scene.check(page, "signs");
  await tabTo(page, page.locator("input[value=cauda]"));
  await page.keyboard.press("Space");
  await tabTo(page, page.locator("button[value=some]"));
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await scene.check(page, "emergency");
  const text = await page.getByRole("alert").innerText();
  if (scene.language === "de") assert.match(text, /Wählen Sie jetzt den Notruf/);
  assert.match(text, /Call the emergency number now/);
  assert.equal(await page.locator("a[href='tel:112']").count(), 1);
}

/** Somebody who wants it to stay away: answers kept, a week planned and ticked, a day written down, all erased. */
export async function keepAway(scene) {
  const here = await scene.guide();
  const page = await scene.open(`${here.address}now`, { javaScriptEnabled: false });
  await send(page, page.getByRole("button", { name: NONE }));
  while (await page.getByRole("button", { name: ON }).count()) await everyday(page);
  await send(page, page.locator("form[action^='/week/begin'] button").first());
  await scene.check(page, "week-asked");
  await send(page, page.locator("main form[action^='/week'] button.keep"));
  await page.goto(`${here.address}week`);
  await scene.check(page, "week");
  const tick = page.locator("form[action^='/week/day'] input[type=checkbox]").first();
  await tick.check();
  await send(page, page.locator("form[action^='/week/day']").first().locator("button").first());
  assert.ok(await page.locator("form[action^='/week/day'] input[type=checkbox]").first().isChecked(), "the tick is kept");
  await page.goto(`${here.address}diary/new/day`);
  await scene.check(page, "day");
  await page.locator("input[name=pain][value='3']").check({ force: true });
  await page.locator("textarea").first().fill("planted note 5309");
  await send(page, page.locator("main form button[type=submit]").first());
  await page.goto(`${here.address}diary`);
  await scene.check(page, "diary");
  assert.ok(holding(here.data, "planted note 5309").length > 0, "the note stands on the disk");
  await page.goto(`${here.address}diary/carry`);
  await scene.check(page, "carry");
  await page.goto(`${here.address}bed`);
  await scene.check(page, "bed-asked");
  await page.locator("input[name=stature]").fill("172");
  await page.locator("input[name=mass]").fill("70");
  await send(page, page.getByRole("button", { name: scene.say("May I use the bed?", "Darf ich aufs Bett?") }));
  await scene.check(page, "bed-answer");
  assert.match(await page.locator("main").innerText(), scene.say(/Yes/, /Ja/), "an everyday strain keeps nobody from the bed");
  await page.goto(`${here.address}breaks`);
  await scene.check(page, "breaks");
  await page.goto(`${here.address}diary/erase`);
  await scene.check(page, "erase");
  await page.locator("main form input[type=checkbox]").check();
  await send(page, page.locator("main form button[type=submit]").first());
  assert.deepEqual(holding(here.data, "planted note 5309"), [], "nothing is left on the disk");
}
