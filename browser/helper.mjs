// A guide or a bed of its own for a story, a browser, and what stories do with pages.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const ONDOL = process.env.ONDOL ?? "../target/release/ondol";
const PEOPLE = process.env.PEOPLE ?? "../target/debug/examples/people";
/** The twin lives so many times as fast; where a computer is slow, the line to the bed lapses at a lower one. */
const SPEED = Number(process.env.SPEED ?? 3);
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Starts the guide on a free port with an empty folder for records. */
export const guide = (language = "en") => start(["care", "--language", language]);

/** Starts the bed's page with a twin that lives so many times as fast; `people` puts Ada and Yusuf there. */
export function bed(language = "en", speed = SPEED, { people = false, more = [] } = {}) {
  return start(["serve", "--port", "0", "--speed", speed, "--language", language, ...more], people);
}

async function start(command, people = false) {
  const data = mkdtempSync(join(tmpdir(), "ondol-story-"));
  if (people) {
    const put = spawnSync(PEOPLE, [data]);
    assert.equal(put.status, 0, `${PEOPLE}: ${put.error ?? put.stderr}`);
  }
  const child = spawn(ONDOL, [...command, "--no-open", "--data", data], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  const address = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
      const found = text.match(/https?:\/\/127\.0\.0\.1:\d+\//);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`the guide ended with ${code}: ${text}`)));
  });
  return {
    address,
    data,
    pid: child.pid,
    /** Holds the program up, as a computer that hangs would, or lets it go on. */
    standStill: (on) => child.kill(on ? "SIGSTOP" : "SIGCONT"),
    async end() {
      const ended = new Promise((done) => child.on("exit", done));
      child.kill("SIGINT");
      await Promise.race([ended, new Promise((late) => setTimeout(late, 5000).unref())]);
      kill();
      process.off("exit", kill);
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

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

/** Presses Tab until the wanted thing has the focus, as somebody without a mouse does. */
export async function tabTo(page, locator, each = async () => {}) {
  const wanted = await locator.first().elementHandle();
  for (let press = 0; press < 200; press += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    await each();
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

/** Makes an account of staff, with this passphrase. */
export function account(data, role, name, phrase) {
  const made = spawnSync(ONDOL, ["account", "add", "--role", role, "--name", name, "--data", data], { input: `${phrase}\n` });
  assert.equal(made.status, 0, String(made.stderr));
}
