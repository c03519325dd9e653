// Somebody who has never been here: questions, lying down, the hand switch, the scan, a plan, the session, the end.

import assert from "node:assert/strict";
import { act, phase, until } from "../bedside.mjs";
import { everyday, NONE, ON, send } from "../people.mjs";

export async function firstTime(scene) {
  const here = await scene.bed();
  const page = await scene.open(here.address, { viewport: { width: 1280, height: 800 } });
  await asked(scene, page);
  // The same session in German on a phone beside it, so that every phase is seen in either language.
  const other = await page.context().newPage();
  [other.scheme, other.scripted] = ["light", true];
  await other.setViewportSize({ width: 390, height: 844 });
  await other.goto(`${here.address}session?language=de`);
  const both = async (name) => {
    await phase(other, await page.evaluate(() => document.body.dataset.phase));
    await scene.check(page, name);
    await scene.check(other, `${name}-phone-de`);
  };
  await phase(page, "waiting_person");
  await page.locator("button[data-pain='6']").click();
  await page.locator("button[data-pain='6'][aria-pressed=true]").waitFor();
  await both("lie-down");
  await act(page).click();
  await phase(page, "waiting_switch");
  await both("hand-switch");
  await page.keyboard.press("F8");
  await phase(page, "scanning");
  await until(page, "some of the back is known", () => window.ondol.picture.live.scanned > 0.3);
  await both("scanning");
  if ((await phase(page, ["moving", "proposed"])) === "moving") {
    await both("moving");
    await act(page).click();
  }
  await phase(page, "proposed");
  await other.locator("#plan-title:not(:empty)").waitFor();
  await both("proposed");
  await page.locator("#yes").click();
  await phase(page, "treating");
  await until(page, "the rollers press", () => window.ondol.picture.live.heads.some((head) => head.force_n > 5));
  await both("treating");
  await page.locator("[data-wish=softer][aria-disabled=false]").click();
  await until(page, "it is softer", () => window.ondol.picture.live.force_step < 0);
  await skipped(page);
  await phase(page, "over", 400_000);
  await page.locator("#outcome:not(:empty)").waitFor();
  assert.equal(await page.evaluate(() => window.ondol.picture.outcome.complete), true, await page.locator("#outcome").innerText());
  await both("over");
  assert.ok(await page.evaluate(() => window.ondol.counts.drawn > 100), "the page drew what it heard");
  await other.close();
  await page.locator("button[name=pain_after][value='4']").click();
  await page.waitForURL(/after/);
  await send(page, page.getByRole("button", { name: "Too strong" }));
  await scene.check(page, "after");
  assert.match(await page.locator("main").innerText(), /6 → 4[\s\S]*Next time[\s\S]*softer than its plan[\s\S]*Your care plan/);
  await page.getByRole("link", { name: "All my sessions" }).click();
  await scene.check(page, "sessions");
}

/** Leaves out all strokes but the last, so that the story is short and comes to the session's own end. */
async function skipped(page) {
  const stroke = () => page.evaluate(() => window.ondol.picture.live?.stroke ?? null);
  for (let now = await stroke(); now && now.number < now.of; now = await stroke()) {
    await page.locator("[data-wish=skip][aria-disabled=false]").click();
    await until(page, "the next stroke begins", (number) => window.ondol.picture.live?.stroke?.number !== number, now.number);
    if (!(await stroke())) await phase(page, ["treating", "over"]);
  }
}

/** From the first page to a session that has begun. */
async function asked(scene, page) {
  await scene.check(page, "home");
  await page.getByRole("link", { name: /^A session/ }).click();
  await scene.check(page, "who-are-you");
  await page.getByRole("link", { name: "I am new here" }).click();
  await scene.check(page, "new-here");
  await page.getByLabel("Your name").fill("Kim");
  await send(page, page.getByRole("button", { name: "Begin" }));
  await page.waitForURL(/today/);
  await scene.check(page, "today-first");
  await page.getByRole("link", { name: "Answer the questions" }).click();
  await send(page, page.getByRole("button", { name: NONE }));
  while (await page.getByRole("button", { name: ON }).count()) await everyday(page);
  await send(page, page.locator("form[action^='/bed/begin'] button").first());
  await scene.check(page, "today-open");
  await page.locator("input[name=stature]").fill("172");
  await page.locator("input[name=mass]").fill("70");
  await page.locator("button[name=program][value=first-time]").click();
  await page.waitForURL(/session/);
}
