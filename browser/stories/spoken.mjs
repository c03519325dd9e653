// Eyes on the ceiling: what a session says, by a voice of the device or by chimes, and on the screen; the screen that
// stays on; and the bed seen from the other side, on which left is still the person's left.

import assert from "node:assert/strict";
import { act, phase, stops, treated, until } from "../bedside.mjs";
import { clear, join } from "../people.mjs";

/** By then a stroke's own line is said. The page's pause before a voice is half a second. */
const BEGUN_MS = 1000;

export async function spoken(scene) {
  // Slowly: whoever is asked to move is scanned twice, and a line that lapses meanwhile ends the session.
  const here = await scene.bed({ speed: 2 });
  const page = await scene.open(here.address, { viewport: { width: 1280, height: 800 } });
  await join(page, here.address);
  await clear(page, here.address);
  await page.addInitScript(device, { voices: true });
  await page.goto(`${here.address}today`);
  await page.locator("button[name=program][value=relief]").click();
  await phase(page, "waiting_person");
  await until(page, "the first line is said", () => window.told.lines.length);
  const [lying] = await page.evaluate(() => window.told.lines);
  assert.match(lying.text, scene.say(/shoulders at the mark/, /Schultern an die Marke/));
  assert.deepEqual([lying.lang, lying.far], [scene.say("en-GB", "de-DE"), false], "a voice of this device, in the page's language");
  assert.equal(await page.locator("#say").innerText(), lying.text, "it stands on the screen");
  assert.deepEqual(await page.evaluate(locks), [false], "the screen is held");
  await page.evaluate(hidden);
  await until(page, "the screen is held again", () => window.told.locks.length === 2);
  assert.equal(await page.locator("#dims").isVisible(), false);
  await otherSide(page);
  await scene.check(page, "other-side");
  const deaf = await silent(scene, here, page);
  await movesAside(scene, page);
  await treated(page);
  await changes([page, deaf], scene.say("Next", "Als Nächstes"));
  await scene.check(page, "treating");
  await scene.check(deaf, "treating-phone");
  await switchedOff(page, here);
  await deaf.close();
  await stops(page, here, () => page.locator("#stop").click());
  await until(page, "the screen may go dark", () => window.told.locks.length > 0 && window.told.locks.every((lock) => lock.released));
}

/** A device with voices or none, and with a screen that is held or refuses; it writes down what it is asked for. */
function device({ voices }) {
  window.told = { lines: [], notes: 0, locks: [] };
  const all = [["en-GB", false], ["de-DE", false], ["en-GB", true], ["de-DE", true]].map(([lang, localService]) => ({ lang, localService }));
  window.SpeechSynthesisUtterance = class {
    constructor(text) {
      this.text = text;
    }
  };
  const speak = (line) => window.told.lines.push({ text: line.text, lang: line.lang, far: !line.voice.localService, at: performance.now() });
  Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => (voices ? all : []), cancel() {}, speak } });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    window.told.notes += 1;
    return start.apply(this, at);
  };
  const request = async () => {
    if (!voices) throw new DOMException("not here", "NotAllowedError");
    const lock = { released: false, release: async () => void (lock.released = true) };
    window.told.locks.push(lock);
    return lock;
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
}

const locks = () => window.told.locks.map((lock) => lock.released);

/** The browser takes the screen back from a page that nobody sees; then the page is seen again. */
function hidden() {
  window.told.locks.at(-1).released = true;
  document.dispatchEvent(new Event("visibilitychange"));
}

/** The same session on a device without a voice whose screen goes dark by itself. */
async function silent(scene, here, page) {
  const deaf = await page.context().newPage();
  [deaf.scheme, deaf.scripted] = [page.scheme, true];
  await deaf.setViewportSize({ width: 390, height: 844 });
  await deaf.addInitScript(device, { voices: false });
  await deaf.goto(`${here.address}session`);
  await phase(deaf, "waiting_person");
  assert.equal(await deaf.locator("#mirror").getAttribute("aria-pressed"), "true", "what is set holds on every page");
  await deaf.locator("#dims").waitFor({ state: "visible" });
  // Most browsers let nothing be heard before the first touch: then the page asks for it.
  await scene.check(deaf, "dims-phone");
  if (await deaf.locator("#sound-blocked").isVisible()) await deaf.locator("h1").click();
  await until(deaf, "what was to be said is heard", () => window.told.notes);
  assert.equal(await deaf.locator("#sound-blocked").isVisible(), false);
  return deaf;
}

/** Where a roller is drawn that stands near the head end on the person's left: parts of the drawing's size. */
const drawn = (page, mirrored) => page.evaluate(async (on) => {
  const { Drawing } = await import("/bedside/draw.js");
  const canvases = [0, 1].map(() => document.body.appendChild(document.createElement("canvas")));
  for (const { style } of canvases) [style.position, style.width, style.height] = ["fixed", "400px", "200px"];
  const drawing = new Drawing(...canvases, JSON.parse(document.getElementById("words").textContent));
  drawing.mirror(on);
  drawing.show({ live: { time_s: 1, heads: [{ x_mm: 300, y_mm: 200, force_n: 50 }] } });
  const { width, height } = canvases[0];
  const { data } = canvases[0].getContext("2d").getImageData(0, 0, width, height);
  const inked = [...Array(width * height).keys()].filter((one) => data[4 * one + 3]);
  canvases.forEach((one) => one.remove());
  const mean = (of) => inked.reduce((sum, one) => sum + of(one), 0) / inked.length;
  return { across: mean((one) => one % width) / width, down: mean((one) => Math.floor(one / width)) / height };
}, mirrored);

/** From the other side all is turned by half a turn; the words stay. */
async function otherSide(page) {
  const [near, far] = [await drawn(page, false), await drawn(page, true)];
  assert.ok(near.across < 0.3 && near.down < 0.4, `the head end to the left, the person's left above: ${JSON.stringify(near)}`);
  assert.ok(far.across > 0.7 && far.down > 0.6, `and turned: ${JSON.stringify(far)}`);
  await page.locator("details.set summary").click();
  await page.locator("#mirror").click();
  assert.equal(await page.locator("#mirror").getAttribute("aria-pressed"), "true");
  await page.locator("details.set summary").click();
}

/** Somebody who lies too far to their left is sent to their right, from whichever side the bed is shown. */
async function movesAside(scene, page) {
  await act(page).click();
  await phase(page, "waiting_switch");
  await page.locator("details.twin summary").click();
  for (let times = 0; times < 2; times += 1) await page.locator("details.twin button[data-act*='\"left_mm\":10}']").click();
  await page.locator("details.twin summary").click();
  await act(page).click();
  await phase(page, "moving");
  assert.ok(await page.evaluate(() => window.ondol.picture.live.move_mm) < 0);
  const right = scene.say(/right/, /rechts/);
  await until(page, "it is said", (source) => new RegExp(source).test(window.told.lines.at(-1).text), right.source);
  assert.match(await page.locator("#move-words").innerText(), right);
  await scene.check(page, "moving-other-side");
  await page.locator("details.set summary").click();
  await page.locator("#mirror").click();
  assert.match(await page.locator("#move-words").innerText(), right);
  await page.locator("#mirror").click();
  await page.locator("details.set summary").click();
}

/** Writes down when which stroke begins, what is said, and what stands on the screen then. */
function watch() {
  Object.assign(window.told, { strokes: [], texts: [] });
  const look = () => {
    const { stroke } = window.ondol.picture.live;
    if (stroke && stroke.number !== window.told.strokes.at(-1)?.number) {
      window.told.strokes.push({ number: stroke.number, words: stroke.words, at: performance.now() });
    }
    requestAnimationFrame(look);
  };
  look();
  const say = document.getElementById("say");
  const heard = () => window.told.texts.push({ text: say.textContent, live: say.ariaLive, next: document.getElementById("next").innerText, at: performance.now() });
  new MutationObserver(heard).observe(say, { childList: true, characterData: true, subtree: true });
}

/** One short line before each change of stroke: said, and on the screen. */
async function changes(pages, next) {
  for (const page of pages) await page.evaluate(watch);
  for (const page of pages) await until(page, "a stroke follows", () => window.told.strokes.length > 1);
  for (const page of pages) {
    const { strokes, lines, texts, notes } = await page.evaluate(() => window.told);
    const language = await page.evaluate(() => document.documentElement.lang);
    const [before, after] = strokes;
    const between = (all) => all.filter((one) => one.at > before.at + BEGUN_MS && one.at < after.at);
    const wanted = `${next}: ${after.words[language]}`;
    assert.deepEqual(between(texts).map((one) => [one.text, one.live, one.next]), [[`${wanted}.`, "polite", wanted]]);
    if (page === pages[0]) assert.deepEqual(between(lines).map((one) => one.text), [`${wanted}.`]);
    assert.ok(notes > 4, "chimes go before the voice, and are alone where there is none");
    if (page !== pages[0]) assert.deepEqual(lines, []);
  }
}

/** Switched off, nothing is heard, and so it stays on the next page and after a reload. */
async function switchedOff(page, here) {
  await page.locator("details.set summary").click();
  await page.locator("#sound").click();
  for (const again of [[], [`${here.address}today`, `${here.address}session`]]) {
    for (const address of again) await page.goto(address);
    await phase(page, "treating");
    assert.equal(await page.locator("#sound").getAttribute("aria-pressed"), "false");
    assert.equal(await page.locator("#mirror").getAttribute("aria-pressed"), "true");
    const before = await page.evaluate(() => [window.told.lines.length, window.told.notes]);
    const [line, stroke] = await page.evaluate(() => [window.ondol.picture.live.say.number, window.ondol.picture.live.stroke.number]);
    await page.locator("[data-wish=skip][aria-disabled=false]").click();
    await until(page, "the next stroke is told of", ([said, number]) => {
      const { say, stroke } = window.ondol.picture.live;
      return say?.number > said && stroke?.number > number;
    }, [line, stroke]);
    await page.waitForTimeout(BEGUN_MS);
    assert.deepEqual(await page.evaluate(() => [window.told.lines.length, window.told.notes]), before, "nothing is heard");
    assert.equal(await page.locator("#sound-blocked").isVisible(), false, "nor asked for");
  }
}
