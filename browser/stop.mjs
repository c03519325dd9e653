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
import { begin, decline, machine, post, scan, until } from "./session.mjs";
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

/** Asks for the first session's report and the guide's longest page for ever, as the person who is signed in. */
function renders(address, request) {
  let ended = false;
  const given = { report: 0, claims: 0 };
  const ask = async (path, name) => {
    const answer = await request.get(`${address}${path}`).catch(() => null);
    if (answer?.ok() && (await answer.text()).length > 0) given[name] += 1;
  };
  const next = async () => {
    while (!ended) {
      await ask("sessions/1/report", "report");
      await ask("claims", "claims");
    }
  };
  const done = next();
  return async () => {
    ended = true;
    await done;
    return given;
  };
}

const journal = (data) => readFileSync(join(data, "bed", "bed.jsonl"), "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

const here = await bed("en", 1);
const browser = await launch();
/** The bed's page of somebody who may have a session. */
async function somebody(name) {
  const page = await open(browser, here.address, { viewport: { width: 1280, height: 800 } });
  await comeIn(page, here.address, name);
  await clear(page, here.address);
  await page.goto(`${here.address}session`);
  return page;
}

// Somebody's session with a scan, so that there is a report; then somebody else stops again and again.
const first = await somebody("Kim");
await begin(first);
await scan(first);
await decline(first);
await first.goto(here.address);
const page = await somebody("Robin");
await page.evaluate(() => {
  window.pressed = [];
  document.getElementById("stop").addEventListener("pointerdown", (event) => window.pressed.push(performance.timeOrigin + event.timeStamp), true);
});
/**
 * Switches the bed off and on. Within a tenth of a second of a stop, as nobody could, its lifts still settle, and a
 * guard that wakes then may find motor current and load cell apart: it stays safe, and is switched on once more.
 */
let again = 0;
async function restart() {
  await post(page, "/api/v1/twin", { act: "Restart" });
  for (let looks = 1; (await machine(page)) !== "Idle"; looks += 1) {
    await page.waitForTimeout(20);
    if (looks % 75 === 0) {
      again += 1;
      await post(page, "/api/v1/twin", { act: "Restart" });
    }
    assert.ok(looks < 1000, "the bed is ready again");
  }
}

/** What lies at a place of the page, where Stop is, and how many presses were seen. */
const lies = ([x, y]) => ({
  there: document.elementFromPoint(x, y)?.outerHTML.slice(0, 120),
  stop: document.getElementById("stop-form").getBoundingClientRect().toJSON(),
  presses: window.pressed.length,
});

// A stop that is not heard ends everything, the load too.
process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(1);
});
process.on("unhandledRejection", (error) => {
  throw error;
});
const endBackups = backups(here.data);
const endRenders = renders(here.address, first.context().request);
const spans = [];
const box = await page.locator("#stop-form").boundingBox();
for (let round = 0; round < STOPS; round += 1) {
  await begin(page);
  await page.waitForTimeout(20 + Math.random() * 200);
  const at = [box.x + box.width * Math.random(), box.y + box.height * Math.random()];
  await page.mouse.move(...at);
  await page.mouse.down();
  await page.mouse.up();
  try {
    await until(page, "the stop", async () => (await machine(page)) === "Safe");
  } catch (error) {
    console.error("unheard", JSON.stringify({ round, at, ...(await page.evaluate(lies, at)) }));
    throw error;
  }
  // The host asks for a stop as well, and a stop counts whenever it comes: also just after a bed was restarted.
  await until(page, "the session's end", () => page.evaluate(() => !window.ondol.picture.under_way));
  await restart();
}
const [copies, pages] = [await endBackups(), await endRenders()];
const pressed = await page.evaluate(() => window.pressed);
const stops = journal(here.data).filter((entry) => entry.what === "stop");
assert.equal(pressed.length, STOPS, "every press was seen by the page");
assert.ok(copies > 0 && pages.report > 0 && pages.claims > 0, `there was load: ${JSON.stringify({ copies, pages })}`);
// One press is told until it is heard, so the first stop after each press counts.
for (const at of pressed) {
  const first = stops.find((stop) => stop.outputs_us / 1000 >= at);
  assert.ok(first, "every press reached the bed");
  assert.equal(first.presses_on, false, "the outputs obey");
  spans.push(first.outputs_us / 1000 - at);
}
spans.sort((a, b) => a - b);
const row = { stops: STOPS, p50_ms: quantile(spans, 0.5), p99_ms: quantile(spans, 0.99), worst_ms: spans.at(-1), copies, pages, restarted_again: again };
console.log(JSON.stringify(row, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value)));
assert.ok(existsSync(here.data));
here.end();
await browser.close();
