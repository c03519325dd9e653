// Saves the pictures of README and `docs/screens.md`, and the sample of a report: `node screens.mjs [FOLDER]`, `../docs`
// without one.
//
// The main screens on the twin, as a person, a clinician and service see them.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { act, liesDown, phase, treated, until } from "./bedside.mjs";
import { account, browser as launch, ONDOL } from "./helper.mjs";
import { clear, comeInAsStaff, join, send } from "./people.mjs";
import { Scene } from "./scene.mjs";

const FOLDER = process.argv[2] ?? "../docs";
/** Of WebP, and most pixels across: letters stay sharp, and no picture of a screen has more than 60 kB. */
const QUALITY = 0.65;
const WIDTH = 1024;
const PHRASE = "river anvil planted moth";
const TABLET = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 } };

/** A picture of what is on the screen, made small by the browser itself. */
async function take(page, name) {
  const file = path(FOLDER, "screens", `${name}.webp`);
  await page.waitForTimeout(400);
  const shot = (await page.screenshot()).toString("base64");
  const context = await page.context().browser().newContext();
  const desk = await context.newPage();
  const small = await desk.evaluate(async ([data, quality, most]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const scale = Math.min(1, most / image.width);
    const [width, height] = [image.width, image.height].map((one) => Math.round(one * scale));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, width, height);
    return canvas.toDataURL("image/webp", quality).split(",")[1];
  }, [shot, QUALITY, WIDTH]);
  await context.close();
  writeFileSync(file, Buffer.from(small, "base64"));
  console.log(`${file}: ${Math.round(statSync(file).size / 1000)} kB`);
}

/** A session from lying down to its end. */
async function session(scene) {
  const here = await scene.bed({ people: true });
  const page = await scene.open(here.address, TABLET);
  await join(page, here.address);
  await clear(page, here.address);
  await page.goto(`${here.address}today`);
  await page.locator("button[name=program][value=relief]").click();
  await phase(page, "waiting_person");
  await take(page, "lie-down");
  await liesDown(page);
  await until(page, "half of the back is known", () => window.ondol.picture.live.scanned > 0.55);
  await take(page, "scanning");
  if ((await phase(page, ["moving", "proposed"])) === "moving") {
    await take(page, "moving");
    await act(page).click();
  }
  await phase(page, "proposed");
  await page.locator("#plan-title:not(:empty)").waitFor();
  await take(page, "proposal");
  await treated(page);
  await until(page, "the rollers press and are warm", () => {
    const heads = window.ondol.picture.live.heads;
    return heads.some((head) => head.force_n > 12) && heads.some((head) => head.surface_c > 30);
  });
  await take(page, "session");
  await page.emulateMedia({ colorScheme: "dark" });
  await take(page, "session-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1024, height: 600 });
  await take(page, "session-7-inch");
  await page.goto(`${here.address}session?language=de`);
  await page.setViewportSize(PHONE.viewport);
  await phase(page, "treating");
  await take(page, "session-phone-german");
  await page.setViewportSize(TABLET.viewport);
  await page.goto(`${here.address}session`);
  await phase(page, "treating");
  await page.locator("[data-wish=finish]").click();
  await phase(page, "over");
  await page.locator(".phase:not([hidden]) a.act").click();
  await take(page, "after");
  return here;
}

/** What those see who treat, and who look after the bed. */
async function staff(scene) {
  const here = await scene.bed({ people: true });
  account(here.data, "clinician", "desk", PHRASE);
  account(here.data, "service", "bench", PHRASE);
  const yusuf = await scene.open(`${here.address}today`, TABLET);
  await yusuf.getByRole("button", { name: /Yusuf/ }).click();
  await yusuf.locator("section.before").scrollIntoViewIfNeeded();
  await take(yusuf, "still-true");
  const clinician = await comeInAsStaff(scene, here, "clinician", "desk", PHRASE, { viewport: { width: 1280, height: 960 } });
  await clinician.goto(`${here.address}clinic`);
  await clinician.getByRole("link", { name: /Ada/ }).click();
  await take(clinician, "course");
  const service = await comeInAsStaff(scene, here, "service", "bench", PHRASE, { viewport: { width: 1024, height: 900 } });
  await service.goto(`${here.address}service`);
  await service.waitForFunction(() => /at rest/.test(document.getElementById("state").textContent));
  await take(service, "service");
  await service.goto(`${here.address}service/explorer`);
  await service.locator("#class").selectOption("supply_lost");
  await send(service, service.locator("button[value=break]"));
  await service.locator("#timeline li[data-kind=released]").first().waitFor({ timeout: 60_000 });
  await service.locator("#verdict").scrollIntoViewIfNeeded();
  await take(service, "explorer");
}

/** What a session leaves behind, as the README's command makes it. */
async function report() {
  const folder = mkdtempSync(path(tmpdir(), "ondol-report-"));
  const made = spawnSync(resolve(ONDOL), ["session"], { cwd: folder, argv0: "ondol" });
  if (made.status !== 0) throw new Error(`${made.error ?? made.stderr}`);
  const file = path(FOLDER, "sample-report.html");
  copyFileSync(path(folder, "out", "report.html"), file);
  rmSync(folder, { recursive: true });
  const page = await (await browser.newContext({ viewport: { width: 900, height: 1560 } })).newPage();
  await page.goto(pathToFileURL(resolve(file)).href);
  await take(page, "report");
}

mkdirSync(path(FOLDER, "screens"), { recursive: true });
const browser = await launch();
for (const part of [report, session, staff]) {
  const scene = new Scene(browser, "screens", "en", "light");
  try {
    await part(scene);
  } catch (error) {
    await scene.brokeOff();
    throw error;
  } finally {
    await scene.end();
  }
}
await browser.close();
