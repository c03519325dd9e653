// Where one story is told once: its language and theme, its beds and pages, and what they showed if it breaks off.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { journal } from "./bedside.mjs";
import { atBed, look, lookBack, snap } from "./check.mjs";
import { bed, guide, open } from "./helper.mjs";

const PICTURES = process.env.PICTURES;

export class Scene {
  #browser;
  #name;
  #language;
  #scheme;
  #beds = [];
  #pictures = 0;
  #snaps = [];

  constructor(browser, name, language, scheme) {
    [this.#browser, this.#name, this.#language, this.#scheme] = [browser, name, language, scheme];
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  }

  get language() {
    return this.#language;
  }

  /** What stands on the page in this story's language. */
  say(en, de) {
    return this.#language === "de" ? de : en;
  }

  async bed({ speed, ...more } = {}) {
    return this.#kept(await bed(this.#language, speed, more));
  }

  async guide() {
    return this.#kept(await guide(this.#language));
  }

  #kept(here) {
    this.#beds.push(here);
    return here;
  }

  /** A page in this story's theme. */
  open(address, options = {}) {
    return open(this.#browser, address, { colorScheme: this.#scheme, ...options });
  }

  /** Checks a page, and takes its picture where PICTURES names a folder; the session's page at the story's end. */
  async check(page, name) {
    this.#pictures += 1;
    const bed = atBed(page);
    if (PICTURES) await page.screenshot({ path: this.#file(`${String(this.#pictures).padStart(2, "0")}-${name}`), fullPage: !bed });
    if (bed) this.#snaps.push(await snap(page, `${this.#name}, ${name}`));
    else await look(page, `${this.#name}, ${name}`);
  }

  /** Looks at what was snapped. */
  async lookBack() {
    for (const snapped of this.#snaps) await lookBack(snapped);
  }

  #file(name) {
    return join(PICTURES, `${this.#name}-${this.#language}-${this.#scheme}-${name}.png`);
  }

  /** What every page showed when the story broke off, and what the beds wrote down last. */
  async brokeOff() {
    for (const [number, page] of this.#browser.contexts().flatMap((context) => context.pages()).entries()) {
      const picture = await page.evaluate(() => JSON.stringify(window.ondol?.picture)).catch(() => "gone");
      console.error(`a page stood at ${page.url()} and showed ${picture}`);
      if (PICTURES) await page.screenshot({ path: this.#file(`broke-off-${number}`) }).catch(() => {});
    }
    for (const here of this.#beds) {
      const told = journal(here.data).filter((entry) => entry.what !== "stood_still");
      console.error(`the bed wrote last:\n${told.slice(-15).map((line) => JSON.stringify(line)).join("\n")}`);
    }
  }

  async end() {
    for (const context of this.#browser.contexts()) await context.close();
    for (const here of this.#beds) await here.end();
  }
}
