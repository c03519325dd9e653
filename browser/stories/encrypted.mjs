// A bed on a network, with the certificate that it made itself: a browser warns, and whoever trusts it has all of the
// page; nobody has it in plain.

import assert from "node:assert/strict";
import { phase, stops, until } from "../bedside.mjs";
import { join } from "../people.mjs";

export async function encrypted(scene) {
  const here = await scene.bed({ more: ["--tls-self-made"] });
  assert.match(here.address, /^https:/);
  await assert.rejects(fetch(here.address.replace("https:", "http:")), "no page in plain");
  await assert.rejects(scene.open(here.address), /ERR_CERT_AUTHORITY_INVALID/, "a browser warns of a maker that it does not know");
  const page = await scene.open(here.address, { ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } });
  await join(page, here.address);
  const cookies = await page.context().cookies();
  assert.ok(cookies.some((one) => one.name.startsWith("__Host-")), `signed in: ${cookies.map((one) => one.name)}`);
  for (const { name, secure, httpOnly, sameSite } of cookies) assert.deepEqual([secure, httpOnly, sameSite], [true, true, "Strict"], name);
  await page.goto(`${here.address}session`);
  await phase(page, "at_rest");
  await until(page, "the bed is seen live", () => window.ondol.counts.drawn > 20);
  await scene.check(page, "session");
  await stops(page, here, () => page.locator("#stop").click());
  await phase(page, "stopped");
}
