// Keeps the service pages fresh: readings by their row, and the twin's timeline. Without it they are pages of the
// moment with a link to read again.

const language = document.documentElement.lang;
const $ = (id) => document.getElementById(id);
const of = (words) => (words ? (words[language] ?? words.en) : "");

/** Sets a text only where it differs: a screen reader must not hear the same again. */
function put(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

const standings = {
  en: { fine: "fine", silent: "SILENT", missing: "not there", faulty: "FAULTY" },
  de: { fine: "in Ordnung", silent: "STUMM", missing: "nicht vorhanden", faulty: "GESTÖRT" },
};
const names = standings[language] ?? standings.en;

function row(one) {
  const place = $(`r-${one.id}`);
  if (!place) return;
  put(place.querySelector(".value"), of(one.value));
  put(place.querySelector(".unit"), one.unit);
  put(place.querySelector(".age"), one.age_ms === null ? "–" : `${Math.round(one.age_ms)} ms`);
  put(place.querySelector(".standing"), names[one.standing]);
  place.dataset.standing = one.standing;
}

const timeline = $("timeline");
const LINES_MAX = 200;
let newest = Math.max(0, ...[...(timeline?.children ?? [])].map((line) => Number(line.dataset.number)));

function line(one) {
  if (!timeline) return;
  if (one.number === 1 && newest > 1) timeline.replaceChildren();
  else if (one.number <= newest) return;
  newest = one.number;
  const item = document.createElement("li");
  item.dataset.kind = one.kind;
  item.dataset.number = one.number;
  if (one.bad) item.dataset.bad = "";
  const at = document.createElement("span");
  at.className = "at";
  at.textContent = `${one.at_s.toFixed(2)} s`;
  item.append(at, ` ${of(one.words)}`);
  timeline.prepend(item);
  while (timeline.children.length > LINES_MAX) timeline.lastChild.remove();
}

const labels = {
  en: { seed: "seed", closed: "closed", title: "Do the limits hold?" },
  de: { seed: "Startzahl", closed: "abgeschlossen", title: "Halten die Grenzen?" },
};
const label = labels[language] ?? labels.en;

function verdict(judged) {
  const place = $("verdict");
  if (!place || !judged) return;
  const said = place.querySelector(".verdict");
  if (!said) return location.reload();
  put(said, [of(judged.words), ...judged.crossed.map((limit) => `${of(limit)}.`)].join(" "));
  said.dataset.holds = judged.holds;
  const closed = judged.open ? "" : `, ${label.closed}`;
  put(said.nextElementSibling, `${of(judged.class)}, ${label.seed} ${judged.seed}, ${Math.round(judged.after_s)} s${closed}`);
  const worst = [...place.querySelectorAll("li")];
  judged.worst.forEach(([name, value, unit], n) => put(worst[n], `${of(name)}: ${of(value)} ${unit}`));
}

function hear(event) {
  const { service, lines, verdict: judged } = JSON.parse(event.data);
  put($("state"), of(service.state));
  put($("guard"), of(service.guard));
  [...service.readings, ...service.outputs, ...service.line].forEach(row);
  lines.forEach(line);
  verdict(judged);
}

// A browser keeps six lines to one place: a page that nobody sees leaves them to Stop.
let stream = null;
function listen() {
  const wanted = document.visibilityState === "visible";
  if (wanted && !stream) {
    stream = new EventSource("/api/v1/service/live");
    stream.addEventListener("service", hear);
  } else if (!wanted) {
    stream?.close();
    stream = null;
  }
}
if (document.querySelector("table.live") || timeline) {
  listen();
  document.addEventListener("visibilitychange", listen);
}
