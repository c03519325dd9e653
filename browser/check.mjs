// What must hold on every page that a story reaches: nothing that hinders people, in both themes; nothing cut off,
// on a tablet, a small tablet and a phone; and on the session's screen larger type, targets and contrast than
// elsewhere.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

/** Screens that people have: a tablet, one of 7 inches, a phone. */
export const SCREENS = [
  { width: 1280, height: 800 },
  { width: 1024, height: 600 },
  { width: 390, height: 844 },
];

/** On the session's screen nothing counts as large type that may be paler: everything has a contrast of 7. */
const PLAIN_CONTRAST = {
  ignoreUnicode: true, ignoreLength: false, ignorePseudo: false, boldValue: 700, boldTextPt: 1000, largeTextPt: 1000,
  shadowOutlineEmMax: 0.2, pseudoSizeThreshold: 0.25, contrastRatio: { normal: { expected: 7 }, large: { expected: 7 } },
};

/** What the checker finds on a page, as sentences. */
async function hinders(page, bed) {
  const options = bed
    ? { rules: { "color-contrast-enhanced": { enabled: true } }, checks: { "color-contrast-enhanced": { options: PLAIN_CONTRAST } } }
    : {};
  const found = await new AxeBuilder({ page }).options(options).setLegacyMode().analyze();
  return found.violations.map((one) => {
    const nodes = one.nodes.map((node) => `${node.target}: ${[...node.any, ...node.all].map((why) => why.message).join("; ")}`);
    return `${one.id}: ${one.help} (${nodes.join(" | ")})`;
  });
}

/** Whether a page is the session's own: the bed takes it for lost if it is silent for some seconds. */
export const atBed = (page) => new URL(page.url()).pathname === "/session";

/** What a page shows at this moment, without its script, to be looked at later. */
export async function snap(page, name) {
  const text = (await page.content()).replace(/<script\b[^>]*src=[^>]*><\/script>/g, "");
  const context = page.context();
  return {
    name, text, address: page.url(), browser: context.browser(), viewport: page.viewportSize(), scheme: page.scheme,
    storageState: atBed(page) ? undefined : await context.storageState(),
  };
}

/** A copy of a page in a window of its own, in a theme, with everything open that opens. */
async function copy(snapped, colorScheme) {
  const { browser, viewport, storageState, address, text } = snapped;
  const context = await browser.newContext({ viewport, storageState, colorScheme, ignoreHTTPSErrors: address.startsWith("https:") });
  const page = await context.newPage();
  await page.route(address, (route) => route.fulfill({ body: text, contentType: "text/html; charset=utf-8" }));
  await page.goto(address);
  await open(page, true);
  return page;
}

const open = (page, all) => page.evaluate((on) => {
  for (const one of document.querySelectorAll("details")) one.open = on;
}, all);

/** What is cut off or stands outside of the screen. */
const cut = (page) => page.evaluate(() => {
  const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
  const name = (one) => `${one.tagName}${one.id && `#${one.id}`} ${one.textContent.trim().slice(0, 30)}`;
  // A word that is broken to fit is cut as well.
  document.head.insertAdjacentHTML("beforeend", "<style>button,h1,h2,summary{overflow-wrap:normal!important}</style>");
  const wide = document.scrollingElement.scrollWidth - innerWidth;
  const scrolls = (one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
  const out = [...document.querySelectorAll("body *")].filter(shown)
    .filter((one) => !one.closest("svg, .skip") && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && !scrolls(one));
  const low = [...document.querySelectorAll("button")].filter(shown).filter((one) => one.scrollHeight > one.clientHeight + 1);
  return { wide: Math.max(0, wide), cut: [...new Set([...(wide > 0 ? out : out.filter((one) => one.matches("button, a, p, h1, h2, dd, dt, summary, label, li"))), ...low])].map(name) };
});

/** What the session's screen promises beyond that: large type, large targets, a Stop that nobody misses. */
const promises = (page) => page.evaluate(() => {
  const shown = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
  const small = [...document.querySelectorAll("body.bedside *")]
    .filter((one) => shown(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 24)
    .map((one) => `${one.tagName}#${one.id} ${one.textContent.slice(0, 20)}`);
  const targets = [...document.querySelectorAll("button, a:not(.skip), summary")].filter(shown)
    .filter((one) => one.getBoundingClientRect().height < 59.5 || one.getBoundingClientRect().width < 59.5)
    .map((one) => one.textContent.slice(0, 30));
  const stop = document.getElementById("stop").getBoundingClientRect();
  return { small, targets, share: (stop.width * stop.height) / (innerWidth * innerHeight), below: stop.bottom - innerHeight };
});

async function fits(copied, bed, name) {
  const { width, height } = copied.viewportSize();
  const at = `${name}, ${width} x ${height}`;
  assert.deepEqual(await cut(copied), { wide: 0, cut: [] }, `nothing is cut off: ${at}`);
  if (!bed) return;
  const found = await promises(copied);
  assert.deepEqual(found.small, [], `text of at least 24 px: ${at}`);
  assert.deepEqual(found.targets, [], `targets of at least 60 px: ${at}`);
  assert.ok(found.share >= 0.2 && found.below <= 0, `Stop is in sight and large: ${at}, ${JSON.stringify(found)}`);
}

const other = (scheme) => (scheme === "dark" ? "light" : "dark");

/** Looks at a page as it stands, and at a copy of it in the other theme, on every screen. */
export async function look(page, name) {
  if (page.scripted) assert.deepEqual(await hinders(page, false), [], `${name}: ${page.url()}`);
  const snapped = await snap(page, name);
  await lookAt(snapped, page.scripted ? [other(snapped.scheme)] : [snapped.scheme, other(snapped.scheme)], false);
}

/**
 * Looks at what the session's page showed, in both themes. The checker holds a page up for seconds, so the session
 * itself is only snapped.
 */
export const lookBack = (snapped) => lookAt(snapped, [snapped.scheme, other(snapped.scheme)], true);

async function lookAt(snapped, schemes, bed) {
  for (const scheme of schemes) {
    const copied = await copy(snapped, scheme);
    assert.deepEqual(await hinders(copied, bed), [], `${snapped.name}, ${scheme}: ${snapped.address}`);
    if (scheme !== snapped.scheme) {
      for (const screen of SCREENS) {
        await copied.setViewportSize(screen);
        await fits(copied, bed, snapped.name);
        if (!bed) continue;
        await open(copied, false);
        await fits(copied, bed, snapped.name);
        await open(copied, true);
      }
    }
    await copied.context().close();
  }
}
