// How long a stop takes from the finger on the glass to the drives: `node stop.mjs [STOPS]`.
//
// A real browser presses Stop on the page of a session; the bed's own process writes down when its outputs obeyed.
// Both read the same computer's clock. Meanwhile traces are written, the records are copied again and again, and a
// report is rendered. Prints one row; nothing is judged here but that every stop arrived.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bed, browser as launch, ONDOL, open } from "./helper.mjs";
import { clear, join as comeIn } from "./people.mjs";

const STOPS = Number(process.argv[2] ?? 100);

/** Copies the records for ever, one copy after the other. */
function backups(data) {
  let ended = false;
  let copies = 0;
  let last = null;
  const into = mkdtempSync(join(tmpdir(), "ondol-copies-"));
  const next = () => {
    if (ended) return;
    const child = spawn(ONDOL, ["backup", join(into, String(copies)), "--data", data], { stdio: "ignore" });
    last = new Promise((done) => {
      child.on("exit", () => {
        rmSync(join(into, String(copies)), { recursive: true, force: true });
        copies += 1;
        done();
        next();
      });
    });
  };
  next();
  return async () => {
    ended = true;
    await last;
    rmSync(into, { recursive: true, force: true });
    return copies;
  };
}

/** Renders the guide's longest page and the report for ever. */
function renders(address) {
  let ended = false;
  let pages = 0;
  const next = async () => {
    while (!ended) {
      await fetch(`${address}sessions/1/report`).then((answer) => answer.text()).catch(() => {});
      await fetch(`${address}claims`).then((answer) => answer.text()).catch(() => {});
      pages += 2;
    }
  };
  next();
  return () => {
    ended = true;
    return pages;
  };
}

const journal = (data) => readFileSync(join(data, "bed", "bed.jsonl"), "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

async function until(what, found, patience = 30_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const it = await found();
    if (it) return it;
    await new Promise((wake) => setTimeout(wake, 5));
  }
  throw new Error(`waited for ${what}: ${await page.evaluate(() => window.last)}`);
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

const here = await bed("en", 1);
const browser = await launch();
const page = await open(browser, here.address, { viewport: { width: 1280, height: 800 } });
await comeIn(page, here.address);
await clear(page, here.address);
const post = (path, body) => page.evaluate(async ([where, what]) => {
  const answer = await fetch(where, { method: "POST", headers: { "content-type": "application/json", "x-ondol-csrf": JSON.parse(document.getElementById("words").textContent).token }, body: JSON.stringify(what) });
  window.last = await answer.text();
  return answer.status;
}, [path, body]).catch((error) => String(error));
const machine = () => page.evaluate(() => window.ondol?.picture?.live?.machine);

await page.goto(`${here.address}session`);
await page.evaluate(() => {
  window.pressed = [];
  document.getElementById("stop").addEventListener("pointerdown", (event) => window.pressed.push(performance.timeOrigin + event.timeStamp), true);
});
const endBackups = backups(here.data);
const endRenders = renders(here.address);
const spans = [];
const box = await page.locator("#stop").boundingBox();
for (let round = 0; round < STOPS; round += 1) {
  await until("a bed at rest", async () => (await machine()) === "Idle");
  await until("a session", async () => (await post("/api/v1/session", { program: "first-time" })) === 202);
  await until("the bed's answer", async () => (await machine()) === "AwaitingPerson");
  await page.waitForTimeout(20 + Math.random() * 200);
  await page.mouse.move(box.x + box.width * Math.random(), box.y + box.height * Math.random());
  await page.mouse.down();
  await page.mouse.up();
  await until("the stop", async () => (await machine()) === "Safe");
  await post("/api/v1/twin", { act: "Restart" });
}
const [copies, pages] = [await endBackups(), endRenders()];
const pressed = await page.evaluate(() => window.pressed);
const stops = journal(here.data).filter((entry) => entry.what === "stop");
assert.equal(pressed.length, STOPS, "every press was seen by the page");
// One press is told until it is heard, so the first stop after each press counts.
for (const at of pressed) {
  const first = stops.find((stop) => stop.outputs_us / 1000 >= at);
  assert.ok(first, "every press reached the bed");
  assert.equal(first.presses_on, false, "the outputs obey");
  spans.push(first.outputs_us / 1000 - at);
}
spans.sort((a, b) => a - b);
const row = { stops: STOPS, p50_ms: quantile(spans, 0.5), p99_ms: quantile(spans, 0.99), worst_ms: spans.at(-1), copies, pages };
console.log(JSON.stringify(row, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value)));
assert.ok(existsSync(here.data));
here.end();
await browser.close();
