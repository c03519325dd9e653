// The page beside the bed: shows what the bed does, and says what the person wishes.
//
// The newest picture wins: one that came while the last was being drawn is drawn, those between are dropped and
// counted. A page that hears nothing from the bed's computer says so, and wishes nothing.

import { Drawing } from "/bedside/draw.js";
import { Voice } from "/bedside/voice.js";

const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];

/** Counted for whoever measures: pictures heard, drawn, superseded before they were drawn, missed on the way. */
const counts = { heard: 0, drawn: 0, superseded: 0, missed: 0, since: performance.now() };
window.ondol = { counts, picture: null };

const drawing = new Drawing($("above"), $("beside"), words);
const voice = new Voice(language, (blocked) => ($("sound-blocked").hidden = !blocked));

let newest = null;
let drawn = true;
let heardAt = 0;
let lastNumber = null;

function hear(event) {
  const picture = JSON.parse(event.data);
  if (lastNumber !== null && picture.number > lastNumber + 1) counts.missed += picture.number - lastNumber - 1;
  lastNumber = picture.number;
  counts.heard += 1;
  heardAt = performance.now();
  if (!drawn) counts.superseded += 1;
  else requestAnimationFrame(show);
  drawn = false;
  if (picture.under_way && !newest?.under_way) here();
  newest = picture;
}

function show() {
  drawn = true;
  counts.drawn += 1;
  const picture = newest;
  window.ondol.picture = picture;
  drawing.show(picture);
  tell(picture);
}

/** Sets a text only where it differs: a screen reader must not hear the same again. */
function put(id, text) {
  const place = $(id);
  if (place && place.textContent !== text) place.textContent = text;
}

const of = (text) => (text ? (text[language] ?? text.en) : "");
const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function phaseOf(picture) {
  if (picture.trouble || !picture.bed) return "no_bed";
  if (!picture.live) return "others";
  const live = picture.live;
  if (live.machine === "Safe") return "stopped";
  if (!picture.under_way) return picture.outcome ? "over" : "at_rest";
  return live.phase;
}

let phase = null;

function tell(picture) {
  const now = phaseOf(picture);
  if (now !== phase) {
    phase = now;
    document.body.dataset.phase = now;
    all(".phase").forEach((one) => (one.hidden = !one.dataset.phases.split(" ").includes(now)));
    put("phase", words.phases[now] ?? now);
    document.title = `${words.phases[now] ?? now} – Ondol`;
    if (now === "proposed") propose();
    if (now === "waiting_person") feels(null);
    // Once it was told, there is nothing left but the hand switch.
    if (now === "waiting_switch") $("pain-before").hidden = felt;
  }
  if (picture.under_way !== awaken) awake(picture.under_way);
  $("lost").hidden = !picture.live?.lost;
  put("trouble-words", of(picture.trouble));
  const live = picture.live;
  if (!live) return;
  if (live.say) {
    put("say", of(live.say.words));
    voice.say(live.say);
  }
  news(of(live.news));
  figures(live);
  if (now === "scanning" || now === "scanning_again") {
    const share = Math.round(100 * (live.scanned ?? 0));
    $("scan-bar").style.width = `${share}%`;
    $("scan-progress").setAttribute("aria-valuenow", share);
  }
  if (now === "moving") move(live.move_mm ?? 0);
  if (now === "treating" || now === "resting") stroke(live);
  if (now === "over") {
    put("outcome", of(picture.outcome?.words));
    // The outcome comes a moment after the end: only then is it known of which session is told.
    tellOf(picture.outcome?.session);
  }
  wishes(live);
}

// News grows old: what was said a while ago no longer stands there.
let told = { text: "", at: 0 };
function news(text) {
  if (text !== told.text) told = { text, at: performance.now() };
  put("news", performance.now() - told.at < 12_000 ? text : "");
}

const TENTH = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
function figures(live) {
  const force = live.heads.reduce((sum, head) => sum + Math.max(0, head.force_n ?? 0), 0);
  put("force", `${Math.round(force)} N`);
  const surfaces = live.heads.map((head) => head.surface_c).filter((one) => one !== null);
  put("heat", surfaces.length ? `${Math.max(...surfaces).toLocaleString(language, TENTH)} °C` : "");
  put("weight", live.weight ? `${Math.round(live.weight.weight_n / 9.80665)} kg` : "");
  put("left", live.left_s === null ? "" : clock(live.left_s));
}

function move(mm) {
  const side = mm > 0 ? words.left : words.right;
  put("move-words", fill(words.move, { mm: Math.abs(Math.round(mm)), side }));
  const act = $("move-act");
  if (act) act.dataset.act = JSON.stringify({ act: { Move: { foot_mm: 0, left_mm: Math.round(mm) } } });
}

function stroke(live) {
  put("stroke", live.stroke ? of(live.stroke.words) : words.phases.resting);
  put("stroke-left", live.stroke ? clock(live.stroke.left_s) : "");
  put("stroke-number", live.stroke ? fill(words.number, { number: live.stroke.number, of: live.stroke.of }) : "");
  put("next", live.next ? fill(words.next, { next: of(live.next) }) : "");
}

function wishes(live) {
  for (const button of all("button[data-wish]")) {
    const held = live.wishes.find((one) => one.wish === button.dataset.wish)?.held;
    button.setAttribute("aria-disabled", String(Boolean(held)));
    button.title = held ? of(held.words) : "";
  }
}

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-ondol-csrf": words.token },
    body: JSON.stringify(body ?? {}),
    keepalive: true,
  });
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    throw new Error(words.troubles[said.code] ?? words.failed);
  }
  return answer.status === 204 ? null : answer.json();
}

const attempt = (path, body) => send(path, body).catch((error) => put("news", error.message));

// Stop: at the first touch, before the finger lifts; said again until it is heard.
let stopping = 0;
let pressedAt = -Infinity;
async function stop() {
  const mine = ++stopping;
  document.body.classList.add("stopping");
  for (let times = 0; times < 20 && mine === stopping; times += 1) {
    try {
      const answer = await fetch("/api/v1/stop", { method: "POST", keepalive: true, priority: "high" });
      if (answer.ok) return;
    } catch {
      // Said again below; the hand switch works without this page.
    }
    await new Promise((wake) => setTimeout(wake, 150));
  }
  put("news", words.stop_failed);
}
$("stop").addEventListener("pointerdown", () => {
  pressedAt = performance.now();
  stop();
});
$("stop-form").addEventListener("submit", (event) => {
  event.preventDefault();
  // The finger that lifts says nothing new; a key always does.
  if (performance.now() - pressedAt > 1000) stop();
  pressedAt = -Infinity;
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") stop();
  // A key that is held down is one press: the second would stop.
  const bare = !(event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
  if (words.switch_key && bare && event.key === words.switch_key) {
    event.preventDefault();
    attempt("/api/v1/twin", { act: "PressHandSwitch" });
  }
});

for (const button of all("button[data-wish]")) {
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") put("news", button.title);
    else attempt("/api/v1/session/wish", { wish: button.dataset.wish });
  });
}
for (const button of all("button[data-act]")) {
  button.addEventListener("click", () => attempt("/api/v1/twin", JSON.parse(button.dataset.act)));
}

// How much it hurts: before the session while the bed waits, and nothing waits for it; afterwards by a form.
let felt = false;
function feels(said) {
  felt = Boolean(said);
  $("pain-before").hidden = false;
  for (const button of all("button[data-pain]")) button.setAttribute("aria-pressed", String(button === said));
}
function tellOf(session) {
  $("after-session").value = session ?? "";
  document.querySelector("form.after").hidden = !session;
}
for (const button of all("button[data-pain]")) {
  button.addEventListener("click", () =>
    send("/api/v1/session/pain", { before: Number(button.dataset.pain) })
      .then(() => feels(button))
      .catch((error) => put("news", error.message)),
  );
}

// The proposal: fetched once, read in peace.
async function propose() {
  const proposal = await fetch("/api/v1/session/proposal").then((answer) => (answer.ok ? answer.json() : null));
  if (!proposal) return;
  const { plan, alternatives, found } = proposal;
  put("found", foundWords(found));
  put("plan-title", of(plan.title));
  put("plan-minutes", fill(words.minutes, { minutes: Math.round(plan.totals.session_seconds / 60) }));
  put("plan-force", fill(words.most, { force: Math.round(plan.totals.force_max_n) }));
  $("plan-softer").hidden = !proposal.softer;
  const reasons = $("plan-reasons");
  reasons.replaceChildren(...plan.reasons.slice(0, 4).map((reason) => item("li", because(reason))));
  // What differs by nothing that a person would notice is one choice.
  const others = alternatives.filter((one, index) => !one.refusal && alternatives.findIndex((other) => same(one, other)) === index);
  $("others").replaceChildren(
    ...others.map((one) => {
      const button = item("button", of(one.title));
      button.className = "other";
      button.type = "button";
      const minutes = fill(words.minutes, { minutes: Math.round(one.minutes) });
      button.append(item("small", one.gentler ? `${minutes} · ${words.gentler}` : minutes));
      button.addEventListener("click", () => attempt("/api/v1/session/answer", { answer: { other: one.key } }));
      return button;
    }),
  );
  const refused = alternatives.filter((one) => one.refusal);
  $("refused").hidden = refused.length === 0;
  $("refused-list").replaceChildren(
    ...refused.map((one) => item("li", `${of(one.title)}: ${of(one.refusal.words)}. ${of(one.refusal.way_out)}.`)),
  );
}

/** A reason as a sentence, with the levels before it where it speaks of "here". */
function because(reason) {
  const text = of(reason.words);
  const here = ["off_midline", "level_uncertain", "clearance_avoid"].includes(reason.code);
  const levels = here ? reason.levels.filter((level) => !text.includes(level)) : [];
  return `${levels.length ? `${levels.join(", ")}: ` : ""}${text}.`;
}

/** The scan in plain words: how long, how sure, and where the muscle is surely tenser than expected. */
function foundWords(found) {
  if (!found) return "";
  const length = found.length_t1_l5_mm;
  const tense = found.tension.filter((site) => site.tense).map((site) => `${site.level} ${words[site.side.toLowerCase()]}`);
  const values = { mm: Math.round(length.value), sure: Math.round((length.hi90 - length.lo90) / 2) };
  const where = tense.length ? fill(words.tense, { where: tense.join(", ") }) : found.tension.length ? words.not_tense : "";
  return `${fill(words.found, values)} ${where}`;
}

const same = (one, other) =>
  !other.refusal && one.program === other.program && one.gentler === other.gentler && Math.round(one.minutes) === Math.round(other.minutes);

function item(kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}

$("yes").addEventListener("click", () => attempt("/api/v1/session/answer", { answer: "yes" }));
$("no").addEventListener("click", () => attempt("/api/v1/session/answer", { answer: "no" }));

// A sign of life each second, while a session is under way; the first at once.
const here = () => send("/api/v1/session/here").catch(() => {});
setInterval(() => {
  if (newest?.under_way) here();
  listen();
  const silent = line !== null && performance.now() - heardAt > 2000;
  $("deaf").hidden = !silent;
}, 1000);

// The screen stays on while somebody lies there; the browser takes that back from a page that nobody sees. A browser
// that refuses is told of while there is time to set the tablet: the session does not hang on it, but a page in the
// dark is lost to the bed.
let awaken = false;
let lock = null;
async function awake(wanted) {
  awaken = wanted;
  if (wanted && (!lock || lock.released)) {
    const got = await navigator.wakeLock?.request("screen").catch(() => null);
    if (got && (!awaken || (lock && !lock.released))) got.release();
    else lock = got;
    $("dims").hidden = Boolean(got);
  } else if (!wanted) {
    lock?.release();
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && awaken) awake(true);
  listen();
});

// What the person sets for this screen stays on this screen.
const kept = (name, fallback) => localStorage.getItem(`ondol.${name}`) ?? fallback;
const keep = (name, value) => localStorage.setItem(`ondol.${name}`, value);

function theme(value) {
  if (value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  drawing.colours();
}
function toggle(id, name, apply) {
  const set = (on) => {
    $(id).setAttribute("aria-pressed", String(on));
    keep(name, on ? "on" : "off");
    apply(on);
  };
  set(kept(name, id === "sound" ? "on" : "off") === "on");
  $(id).addEventListener("click", () => set($(id).getAttribute("aria-pressed") !== "true"));
}
toggle("sound", "sound", (on) => voice.turn(on));
toggle("mirror", "mirror", (on) => drawing.mirror(on));
toggle("dark", "dark", (on) => theme(on ? "dark" : kept("dark.asked", "no") === "yes" ? "bright" : "auto"));
$("dark").addEventListener("click", () => {
  keep("dark.asked", "yes");
  theme($("dark").getAttribute("aria-pressed") === "true" ? "dark" : "bright");
});
// Any touch will do; whoever stops has heard enough.
addEventListener("click", (event) => event.target.closest("#stop-form") || voice.unlock());
matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => drawing.colours());

// A browser keeps six lines to one place, and each page that listens holds one: forgotten pages behind this one
// must not be what a Stop waits for. So a page that nobody sees listens only while a session is under way.
let line = null;
function listen() {
  const wanted = document.visibilityState === "visible" || newest?.under_way;
  if (wanted && !line) {
    heardAt = performance.now();
    lastNumber = null;
    line = new EventSource("/api/v1/live/stream");
    line.addEventListener("picture", hear);
  } else if (!wanted && line) {
    line.close();
    line = null;
  }
}
listen();
