// What the page costs, in a real browser, on the twin at the pace of life: `node figures.mjs [first] [viewers] [frames]`.
//
// * first: bytes that the first page transfers, and the time until it stands and answers, counted from the start of
//   the program, with a browser that already runs.
// * viewers: memory and processor time of host and twin while a session is given and five pages look on.
// * frames: pictures drawn and dropped in a second, in a browser that is slowed down fourfold.
//
// Each prints one row; nothing is judged here.

import { readFileSync } from "node:fs";
import { bed, browser as launch, open } from "./helper.mjs";
import { begin, scan, treat } from "./session.mjs";
import { clear, join } from "./people.mjs";

const VIEWERS = 5;
const SECONDS = Number(process.env.SECONDS ?? 60);

const round = (row) => JSON.stringify(row, (_, value) => (typeof value === "number" ? Math.round(value * 100) / 100 : value));
const pause = (seconds) => new Promise((wake) => setTimeout(wake, 1000 * seconds));

/** Seconds of a processor that a process has had, and the most memory it ever held, MB. */
function process_(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];
  return { busy: (Number(fields[11]) + Number(fields[12])) / 100, peak_mb: Number(peak) / 1024 };
}

/** The first process that another one started. */
const child = (pid) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);

/** The page of somebody who is being treated. */
async function treated(browser, here) {
  const page = await open(browser, here.address, { viewport: { width: 1280, height: 800 } });
  await join(page, here.address);
  await clear(page, here.address);
  await page.goto(`${here.address}session`);
  await begin(page);
  await scan(page);
  await treat(page);
  return page;
}

/** The first page: how much, how soon. */
async function first(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  let bytes = 0;
  network.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  const started = performance.now();
  const here = await bed("en", 1);
  const listens = performance.now() - started;
  await page.goto(here.address, { waitUntil: "load" });
  const loaded = performance.now() - started;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const interactive = performance.now() - started;
  const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
  console.log("first", round({ kilobytes: bytes / 1000, listens_ms: listens, loaded_ms: loaded, interactive_ms: interactive, painted_after_asking_ms: painted }));
  await context.close();
  here.end();
}

/** Host and twin while five pages look on. */
async function viewers(browser) {
  const here = await bed("en", 1);
  const page = await treated(browser, here);
  for (let more = 1; more < VIEWERS; more += 1) await (await page.context().newPage()).goto(`${here.address}session`);
  await page.bringToFront();
  const twin = child(here.pid);
  const before = [here.pid, twin].map(process_);
  const since = performance.now();
  await pause(SECONDS);
  const span = (performance.now() - since) / 1000;
  const after = [here.pid, twin].map(process_);
  const share = (index) => (100 * (after[index].busy - before[index].busy)) / span;
  const phase = await page.evaluate(() => document.body.dataset.phase);
  console.log("viewers", round({ viewers: VIEWERS, seconds: span, phase, host_percent_of_a_core: share(0), host_peak_mb: after[0].peak_mb, twin_percent_of_a_core: share(1), twin_peak_mb: after[1].peak_mb }));
  here.end();
}

/** Pictures drawn and dropped, without and with a slowed processor. */
async function frames(browser) {
  const here = await bed("en", 1);
  const page = await treated(browser, here);
  const slow = await page.context().newCDPSession(page);
  for (const rate of [1, 4]) {
    await slow.send("Emulation.setCPUThrottlingRate", { rate });
    await pause(2);
    const before = await page.evaluate(() => ({ ...window.ondol.counts }));
    await pause(SECONDS / 2);
    const after = await page.evaluate(() => ({ ...window.ondol.counts }));
    const each = (name) => (after[name] - before[name]) / (SECONDS / 2);
    console.log("frames", round({ slowed: rate, heard_per_s: each("heard"), drawn_per_s: each("drawn"), superseded_per_s: each("superseded"), missed_per_s: each("missed") }));
  }
  here.end();
}

const browser = await launch();
const figures = { first, viewers, frames };
const wanted = process.argv.slice(2);
for (const [name, figure] of Object.entries(figures)) if (!wanted.length || wanted.includes(name)) await figure(browser);
await browser.close();
