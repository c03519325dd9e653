// What somebody answers who has an everyday strain of the lower back.

export const NONE = /None of this fits me|Nichts davon trifft zu/;
export const ON = /Go on|Weiter/;

/** Presses a form's button, and waits until the page that answers stands there. */
export async function send(page, button) {
  const answered = page.waitForEvent("domcontentloaded");
  await button.click();
  await answered;
}

/** Answers the open screen as somebody of 38 with a strain of the lower back since yesterday. */
export async function everyday(page) {
  for (const field of await page.locator("input[type=text]").all()) {
    await field.fill((await field.getAttribute("name")) === "age_years" ? "38" : "1");
  }
  const lumbar = page.locator("input[name=regions][value=lumbar]");
  if (await lumbar.count()) await lumbar.check();
  const comfort = page.locator("input[name=tick][value=moving_changes_it]");
  if (await comfort.count()) await comfort.check();
  const groups = await page.locator("input[type=radio]").evaluateAll((all) => [...new Set(all.map((one) => one.name))]);
  for (const name of groups) await page.locator(`input[type=radio][name=${name}]`).first().check();
  await send(page, page.getByRole("button", { name: ON }));
}

/** Comes in as somebody new. */
export async function join(page, address, name = "Kim") {
  await page.goto(`${address}sign-in/new`);
  await page.locator("#name").fill(name);
  await send(page, page.locator("main form button").last());
}

/** Answers everything there is so that the bed is free today: the interview, the list, height and weight. */
export async function clear(page, address) {
  await page.goto(`${address}now`);
  await send(page, page.getByRole("button", { name: NONE }));
  while (await page.getByRole("button", { name: ON }).count()) await everyday(page);
  await send(page, page.locator("form[action^='/bed/begin'] button").first());
  await page.goto(`${address}bed`);
  await page.locator("input[name=stature]").fill("172");
  await page.locator("input[name=mass]").fill("70");
  await send(page, page.locator("button.keep"));
}

/** Comes in with an account of staff. */
export async function comeInAsStaff(scene, here, role, name, phrase, options) {
  const page = await scene.open(`${here.address}sign-in/staff`, options);
  await page.locator(`input[name=role][value=${role}]`).check();
  await page.locator("input[name=label]").fill(name);
  await page.locator("input[name=secret]").fill(phrase);
  await send(page, page.locator("main form button").last());
  return page;
}
