// Somebody who treats: the persons, the course of one of them, two sessions beside each other, what can be taken
// along, and a prescription that waits for the person's yes.

import assert from "node:assert/strict";
import { account } from "../helper.mjs";
import { comeInAsStaff, send } from "../people.mjs";

const PHRASE = "river anvil planted moth";
const DESK = { viewport: { width: 1280, height: 900 } };

export async function clinician(scene) {
  const here = await scene.bed({ people: true });
  account(here.data, "clinician", "desk", PHRASE);
  const page = await comeInAsStaff(scene, here, "clinician", "desk", PHRASE, DESK);
  await page.goto(here.address);
  await scene.check(page, "home");
  await page.locator("main a[href^='/clinic']").click();
  assert.equal(await page.locator("main .doors li").count(), 2);
  await scene.check(page, "people");
  await page.getByRole("link", { name: /Ada/ }).click();
  await scene.check(page, "course");
  const course = page.url();
  const said = await page.locator("main").innerText();
  assert.match(said, scene.say(/Pain: better/, /Schmerz: besser/));
  assert.match(said, scene.say(/Kyphosis, lying: no change/i, /Kyphose, liegend: keine Änderung/i));
  await takenAlong(page);
  await page.locator(".pick button").click();
  await page.waitForURL(/compare/);
  await scene.check(page, "two-sessions");
  await page.goto(course);
  await prescribed(scene, page);
  await agreed(scene, here);
  await page.goto(course);
  assert.match(await page.locator("main").innerText(), scene.say(/agreed to/, /mit Zustimmung/));
  await scene.check(page, "course-agreed");
}

/** A table, a bundle, and one sheet of paper. */
async function takenAlong(page) {
  for (const [link, kind] of [["bundle.json", "application/fhir+json"], ["course.csv", "text/csv; charset=utf-8"]]) {
    const answer = await page.context().request.get(new URL(await page.locator(`a[href*='${link}']`).getAttribute("href"), page.url()).href);
    assert.equal(answer.status(), 200, link);
    assert.equal(answer.headers()["content-type"], kind);
    const text = await answer.text();
    assert.ok(link === "course.csv" ? text.split("\n").length > 9 : JSON.parse(text).resourceType === "Bundle", link);
    assert.doesNotMatch(answer.headers()["content-disposition"], /Ada/, "no name in the name of a file");
  }
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, "the course is one sheet");
}

/** Nothing chosen is said so; less is asked for, and waits. */
async function prescribed(scene, page) {
  await page.locator("a.act[href*=prescribe]").click();
  await scene.check(page, "prescribe");
  await page.locator("#by").fill("Dr. Moon");
  await send(page, page.locator("button.keep"));
  await page.getByRole("alert").waitFor();
  await scene.check(page, "prescribe-nothing");
  await page.locator("#minutes_max").selectOption("20");
  await page.locator("#heat_max").selectOption("off");
  await page.locator("#note").fill("Gently, please.");
  await send(page, page.locator("button.keep"));
  await page.waitForURL((address) => !address.pathname.endsWith("prescribe"));
  assert.match(await page.locator("main").innerText(), scene.say(/waits for the person's yes/, /wartet auf Zustimmung/));
}

/** The person reads it, and says yes. */
async function agreed(scene, here) {
  const person = await scene.open(`${here.address}today`);
  await person.getByRole("button", { name: /Ada/ }).click();
  await person.waitForURL(/today/);
  await person.locator("#waits").waitFor();
  await scene.check(person, "prescription-waits");
  await send(person, person.locator("button[name=word][value=yes]"));
  await person.locator("#stands").waitFor();
  await scene.check(person, "prescription-stands");
  await person.context().close();
}
