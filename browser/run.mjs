// Tells the stories in a real browser: `node run.mjs [STORY ...]`; without a name all of them.
//
// Each story is a file's function under `stories/`; a short one is told in English and bright, and in German and dark.
// Every check looks at the other theme as well. ONDOL and PEOPLE name the programs, PICTURES a folder for pictures.

import { browser as launch } from "./helper.mjs";
import { Scene } from "./scene.mjs";
import { clinician } from "./stories/clinician.mjs";
import { encrypted } from "./stories/encrypted.mjs";
import { firstTime } from "./stories/first_time.mjs";
import { emergency, hurtsNow, keepAway } from "./stories/guide.mjs";
import { keyboardOnly } from "./stories/keyboard_only.mjs";
import { lostPage } from "./stories/lost_page.mjs";
import { returning, stillTrue } from "./stories/returning.mjs";
import { service } from "./stories/service.mjs";
import { spoken } from "./stories/spoken.mjs";
import { stopEverywhere, wrongPin } from "./stories/stop_everywhere.mjs";

const ENGLISH = ["en", "light"];
const GERMAN = ["de", "dark"];
const BOTH = [ENGLISH, GERMAN];

/** In which languages and themes each story is told. A whole session is told once, with a page in either language. */
const STORIES = [
  [hurtsNow, BOTH], [emergency, BOTH], [keepAway, BOTH],
  [stopEverywhere, BOTH], [wrongPin, BOTH], [clinician, BOTH], [service, BOTH], [stillTrue, BOTH],
  [encrypted, BOTH], [spoken, [GERMAN]],
  [returning, [GERMAN]], [keyboardOnly, [ENGLISH]], [lostPage, [ENGLISH]], [firstTime, [ENGLISH]],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STORIES.some(([story]) => story.name === name));
if (unknown.length) {
  console.error(`no story is called ${unknown.join(", ")}; there are ${STORIES.map(([story]) => story.name).join(", ")}`);
  process.exit(2);
}
let failed = false;
const browser = await launch();
const begun = performance.now();
const since = (at) => `${Math.round((performance.now() - at) / 1000)} s`;

async function tell(story, language, scheme) {
  const [at, name] = [performance.now(), `${story.name} (${language}, ${scheme})`];
  const scene = new Scene(browser, story.name, language, scheme);
  try {
    await story(scene);
    await scene.lookBack();
    console.log(`told: ${name} in ${since(at)}`);
    return true;
  } catch (error) {
    console.error(`${name} broke off after ${since(at)}`);
    await scene.brokeOff();
    console.error(error);
    return false;
  } finally {
    await scene.end();
  }
}

for (const [story, pairs] of STORIES.filter(([story]) => !wanted.length || wanted.includes(story.name))) {
  // A busy machine can make a story miss its moment: what broke off is told once more, and both are printed.
  for (const [language, scheme] of pairs) {
    if (!((await tell(story, language, scheme)) || (await tell(story, language, scheme)))) failed = true;
  }
}
await browser.close();
console.log(`${failed ? "not all told" : "all told"}, ${since(begun)}`);
process.exitCode = failed ? 1 : 0;
