// A session asked for as programs ask for it, from within a page that is signed in.

/** Waits until something is found, looking again every few milliseconds. */
export async function until(page, what, found, patience = 30_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const it = await found();
    if (it) return it;
    await new Promise((wake) => setTimeout(wake, 5));
  }
  const [last, picture] = await page.evaluate(() => [window.last, JSON.stringify(window.ondol.picture)]);
  throw new Error(`waited for ${what}; the last answer was ${last}, the page shows ${picture}`);
}

/** Asks the API as the page's own script does; the status it answers with. */
export const post = (page, path, body = {}) =>
  page.evaluate(async ([where, what]) => {
    const token = JSON.parse(document.getElementById("words").textContent).token;
    const answer = await fetch(where, {
      method: "POST",
      headers: { "content-type": "application/json", "x-ondol-csrf": token },
      body: JSON.stringify(what),
    });
    window.last = await answer.text();
    return answer.status;
  }, [path, body]).catch((error) => String(error));

/** What the machine does, as the page knows it. */
export const machine = (page) => page.evaluate(() => window.ondol?.picture?.live?.machine);
const phase = (page, ...names) => page.evaluate((all) => all.includes(document.body.dataset.phase), names);

/** Begins a session of a program; the bed waits for its person. */
export async function begin(page, program = "first-time") {
  // A bed that was just switched on seeks its ends first.
  await until(page, "a bed at rest", async () => (await machine(page)) === "Idle", 120_000);
  await until(page, "a session", async () => (await post(page, "/api/v1/session", { program })) === 202);
  await until(page, "the bed's answer", async () => (await machine(page)) === "AwaitingPerson");
}

/** The simulated person lies down and presses; the way up to a proposal. */
export async function scan(page) {
  await post(page, "/api/v1/twin", { act: "LieDown" });
  await until(page, "a person at rest", async () => (await machine(page)) === "AwaitingSwitch");
  await post(page, "/api/v1/twin", { act: "PressHandSwitch" });
  await until(page, "a proposal", () => phase(page, "proposed", "moving"), 180_000);
  if (await phase(page, "moving")) {
    await page.locator("#move-act").click();
    await until(page, "a proposal", () => phase(page, "proposed"), 180_000);
  }
}

/** Says yes, and waits for the first stroke. */
export async function treat(page) {
  await until(page, "a yes", async () => (await post(page, "/api/v1/session/answer", { answer: "yes" })) === 204);
  await until(page, "the first stroke", () => phase(page, "treating"), 60_000);
}

/** Says no, and waits for the bed at rest. */
export async function decline(page) {
  await until(page, "a no", async () => (await post(page, "/api/v1/session/answer", { answer: "no" })) === 204);
  await until(page, "the end", () => phase(page, "over"), 120_000);
  await post(page, "/api/v1/twin", { act: "GetUp" });
}
