// Somebody who uses no finger and no mouse: from the first page to a session under way and to Stop by Tab, Enter and
// Escape; where the keys go is always to be seen.

import assert from "node:assert/strict";
import { act, liesDown, phase, stops, treated, until } from "../bedside.mjs";
import { tabTo } from "../helper.mjs";
import { clear, join } from "../people.mjs";

export async function keyboardOnly(scene) {
  const here = await scene.bed();
  const first = await scene.open(here.address);
  await join(first, here.address);
  await clear(first, here.address);
  await first.context().close();
  const page = await scene.open(here.address, { viewport: { width: 1024, height: 600 } });
  const seen = new Set();
  const press = async (wanted, key = "Enter") => {
    await tabTo(page, wanted, () => isSeen(page, seen));
    await page.keyboard.press(key);
  };
  await press(page.locator("main a[href^='/today']").first());
  await page.waitForURL(/sign-in|today/);
  await press(page.getByRole("button", { name: /Kim/ }));
  await page.waitForURL(/today/);
  await press(page.locator("button[name=program][value=relief]"));
  await page.waitForURL(/session/);
  await liesDown(page, press);
  await treated(page, press);
  await press(page.locator("[data-wish=softer]"));
  await until(page, "it is softer", () => window.ondol.picture.live.force_step < 0);
  await stops(page, here, () => press(page.locator("#stop")));
  await phase(page, "stopped");
  await press(act(page));
  await phase(page, "over");
  await stops(page, here, () => page.keyboard.press("Escape"));
  assert.ok(seen.size > 20, `many things had the focus: ${seen.size}`);
}

/** What has the focus is drawn so, and neither hidden nor wholly under Stop. */
async function isSeen(page, seen) {
  const found = await page.evaluate(() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const [rect, stop] = [one.getBoundingClientRect(), document.getElementById("stop-form").getBoundingClientRect()];
    const inside = one.closest("#stop-form") !== null;
    return {
      what: `${location.pathname} ${one.tagName}#${one.id} ${one.textContent.trim().slice(0, 30)} ${one.getAttribute("value") ?? ""}`,
      drawn: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
      inSight: rect.bottom > 0 && rect.right > 0 && rect.left < innerWidth && rect.top < (inside ? innerHeight : stop.top) - 1,
    };
  });
  if (!found) return;
  seen.add(found.what);
  assert.ok(found.drawn && found.inSight, `the focus is to be seen: ${JSON.stringify(found)}`);
}
