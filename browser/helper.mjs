// A guide of its own for a story, a browser without script for it, and the checks that hold on every page.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const ONDOL = process.env.ONDOL ?? "../target/release/ondol";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PICTURES = process.env.PICTURES;
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Starts the guide on a free port with an empty folder for records. */
export const guide = (language = "en") => start(["care", "--language", language]);

/** Starts the bed's page with a twin that lives so many times as fast. */
export const bed = (language = "en", speed = 6, more = []) => start(["serve", "--port", "0", "--speed", speed, "--language", language, ...more]);

async function start(command) {
  const data = mkdtempSync(join(tmpdir(), "ondol-story-"));
  const child = spawn(ONDOL, [...command, "--no-open", "--data", data], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill("SIGKILL"));
  const address = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
      const found = text.match(/http:\/\/127\.0\.0\.1:\d+\//);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`the guide ended with ${code}: ${text}`)));
  });
  return {
    address,
    data,
    pid: child.pid,
    end() {
      child.removeAllListeners("exit");
      child.kill("SIGINT");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A browser with script for the checks and one without for the story. */
export async function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** A page of a story; every request must stay on this computer. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 820, height: 1180 }, ...options });
  const page = await context.newPage();
  page.scheme = options.colorScheme ?? "light";
  page.scripted = options.javaScriptEnabled ?? true;
  page.on("request", (request) => {
    const host = new URL(request.url()).hostname;
    assert.equal(host, "127.0.0.1", `the page asked ${request.url()}`);
  });
  await page.goto(address);
  return page;
}

let pictures = 0;

/**
 * Checks the page for what hinders people, and takes its picture where PICTURES names a folder.
 * The checker holds a page up for seconds, and the bed takes a page that is silent so long for lost: at the bed, and
 * where the story has no script, it looks at a copy of the page in a window of its own.
 */
export async function check(page, name) {
  const address = page.url();
  const copied = !page.scripted || new URL(address).pathname === "/session";
  const found = copied ? await checkCopy(page, address) : await new AxeBuilder({ page }).analyze();
  const words = found.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.target).join(", ")})`);
  assert.deepEqual(words, [], `${name}: ${address}`);
  if (PICTURES) {
    pictures += 1;
    await page.screenshot({ path: join(PICTURES, `${String(pictures).padStart(2, "0")}-${name}.png`), fullPage: true });
  }
}

/** What the checker says of a copy of the page, without its script, in a window of its own. */
async function checkCopy(page, address) {
  const text = (await page.content()).replace(/<script\b[^>]*src=[^>]*><\/script>/g, "");
  const context = await page.context().browser().newContext({ viewport: page.viewportSize(), colorScheme: page.scheme });
  const twin = await context.newPage();
  await twin.route(address, (route) => route.fulfill({ body: text, contentType: "text/html; charset=utf-8" }));
  await twin.goto(address);
  const found = await new AxeBuilder({ page: twin }).analyze();
  await context.close();
  return found;
}

/** Presses Tab until the wanted thing has the focus, as somebody without a mouse does. */
export async function tabTo(page, locator) {
  const wanted = await locator.first().elementHandle();
  for (let press = 0; press < 200; press += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no Tab leads to ${locator}`);
}

/** Files below a folder that hold a text. */
export function holding(folder, text) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}
