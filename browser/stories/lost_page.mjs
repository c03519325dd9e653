// A page that is lost while the rollers press: its network is cut, then it is gone. Somebody else looks on, and the
// bed's own journal tells what happened: force and heat only fall, no wish is taken, and the session ends and releases
// after a minute of the bed's time. The page that comes back resumes nothing, and says so. And a page that hears
// nothing says that.

import assert from "node:assert/strict";
import { journal, liesDown, phase, treated, until } from "../bedside.mjs";
import { account } from "../helper.mjs";
import { clear, comeInAsStaff, join } from "../people.mjs";

const PHRASE = "river anvil planted moth";
/** Of the bed's time, seconds. Source: the host's own, `LOST`; what ends a session takes a little longer. */
const LOST_S = 60;
const LATE_S = 25;

export async function lostPage(scene) {
  // Slowly, so that the minute is long enough to come back in.
  const here = await scene.bed({ speed: 2 });
  const page = await scene.open(here.address, { viewport: { width: 1280, height: 800 } });
  await join(page, here.address);
  await clear(page, here.address);
  account(here.data, "clinician", "ward", PHRASE);
  const onlooker = await comeInAsStaff(scene, here, "clinician", "ward", PHRASE);
  await page.goto(`${here.address}today`);
  await page.locator("button[name=program][value=relief]").click();
  await liesDown(page);
  await treated(page);
  await onlooker.goto(`${here.address}session`);
  await until(onlooker, "the rollers press", () => window.ondol?.picture?.live?.force_asked_n > 10);
  await onlooker.evaluate(watch);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await until(onlooker, "the bed's computer misses the page", () => window.seen.some((one) => one.lost));
  await page.locator("#lost").waitFor({ state: "visible" });
  await page.close();
  // The tablet is there again: the same person, and a page that says what is so.
  const back = await page.context().newPage();
  [back.scheme, back.scripted] = [page.scheme, true];
  await back.goto(`${here.address}session`);
  await back.locator("#lost").waitFor({ state: "visible" });
  assert.equal(await back.locator("[data-wish=firmer]").getAttribute("aria-disabled"), "true", "no wish is open");
  const asked = await wish(back, "firmer");
  await scene.check(back, "lost");
  await phase(onlooker, "over");
  const seen = await onlooker.evaluate(() => window.seen);
  falls(seen.filter((one) => one.lost), asked);
  await phase(back, "over");
  assert.match(await back.locator("#outcome").innerText(), scene.say(/page|tablet/i, /Seite|Tablet/i), "the page says why");
  await scene.check(back, "over-after-lost");
  released(journal(here.data), seen.find((one) => one.lost).time);
  here.standStill(true);
  await back.locator("#deaf").waitFor({ state: "visible" });
  await scene.check(back, "hears-nothing");
  here.standStill(false);
  await back.locator("#deaf").waitFor({ state: "hidden" });
}

/** Writes down what each new picture says. */
function watch() {
  window.seen = [];
  const look = () => {
    const { live } = window.ondol.picture;
    const last = window.seen.at(-1);
    if (live && live.time_s !== last?.time) {
      const force = live.heads.reduce((sum, head) => sum + Math.max(0, head.force_n ?? 0), 0);
      window.seen.push({ time: live.time_s, lost: live.lost, step: live.force_step, asked: live.force_asked_n, heat: live.heads_target_c ?? 0, force });
    }
    requestAnimationFrame(look);
  };
  look();
}

/** Says a wish as a program with the same rights would, past the page's own buttons. */
function wish(page, what) {
  return page.evaluate(async (it) => {
    const token = JSON.parse(document.getElementById("words").textContent).token;
    const headers = { "content-type": "application/json", "x-ondol-csrf": token };
    const answer = await fetch("/api/v1/session/wish", { method: "POST", headers, body: JSON.stringify({ wish: it }) });
    return answer.status;
  }, what);
}

/** From the moment at which the page was lost nothing that is asked of the bed rises. */
function falls(seen, asked) {
  assert.ok(seen.length > 20, `it was seen: ${seen.length} pictures`);
  for (const what of ["asked", "heat", "step"]) {
    seen.reduce((before, now) => {
      assert.ok(now[what] <= before[what] + 1e-6, `${what} only falls: ${before[what]} to ${now[what]} at ${now.time} s; the wish was answered with ${asked}`);
      return now;
    });
  }
  assert.equal(seen.at(-1).asked, 0, "nothing is asked at the end");
}

/** The bed's own account: it was released, and nothing began again. */
function released(told, lost_s) {
  const state = told.filter((entry) => entry.what === "state");
  const releasing = state.find((entry) => entry.to === "Releasing" && entry.now_us / 1e6 > lost_s);
  assert.ok(releasing, `the bed releases: ${JSON.stringify(state)}`);
  const after_s = releasing.now_us / 1e6 - lost_s;
  assert.ok(after_s > LOST_S - 5 && after_s < LOST_S + LATE_S, `a minute after the page was lost: ${after_s} s`);
  assert.ok(!told.some((entry) => entry.what === "presses" && entry.now_us > releasing.now_us + 5e6), "nothing presses again");
  assert.equal(state.at(-1).to, "Idle");
}
