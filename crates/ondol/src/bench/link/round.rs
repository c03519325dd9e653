//! One round: a session under way, something happens to host or line, and what the bed made of it.

use super::line::{Line, Manner};
use crate::fail::Failure;
use crate::serve::Twin;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// The host is killed.
    Killed,
    /// The host stands still, and goes on later.
    Stopped,
    /// The line is cut.
    Cut,
    /// The line is silent, and speaks again later.
    Silent,
    /// The line holds everything up.
    Late,
}

impl Loss {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::Killed, Self::Stopped, Self::Cut, Self::Silent, Self::Late];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Killed => "host killed (SIGKILL)",
            Self::Stopped => "host stopped for 5 s (SIGSTOP)",
            Self::Cut => "line cut",
            Self::Silent => "line silent for 5 s",
            Self::Late => "line 1 s late for 5 s",
        }
    }
}

/// What became of it.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What happened.
    pub loss: Loss,
    /// Seconds of the bed's after the hand switch.
    pub after_s: f64,
    /// Where the session stood.
    pub state: String,
    /// Force of both heads when the wish lapsed, N.
    pub from_n: f64,
    /// From what happened to the lapse of the last wish, s of the bed's.
    pub unasked_s: f64,
    /// From the lapse until nothing pressed any more, s.
    pub released_s: f64,
    /// Within what is allowed.
    pub in_time: bool,
    /// Heads pressed again afterwards.
    pub came_back: bool,
}

/// The longest wait for anything, in life. Guess: three times the longest seen.
const PATIENCE: Duration = Duration::from_secs(120);
/// What does not last goes on so long, s of the bed's. Design: longer than a silent host may lead.
const LASTS_S: f64 = 5.0;
/// So long after it the bed is watched, s of the bed's. Guess: time for heads to come back, if they would.
const WATCHED_S: f64 = 8.0;

/// Lives one round; the inner error says that the session was over before anything happened to it.
pub fn live(loss: Loss, after_s: f64, speed: f64) -> Result<Result<Outcome, String>, Failure> {
    let folder = tempfile::tempdir().map_err(Failure::work)?;
    let journal = folder.path().join("bed.jsonl");
    let words = ["--willing", "--speed", &speed.to_string()].map(str::to_owned);
    let twin = Twin::start(&words, folder.path())?;
    let line = Line::to(twin.address).map_err(Failure::work)?;
    let mut host = host(&line, &folder.path().join("out"))?;
    let armed = wait(&journal, |entry| entry["what"] == "state" && entry["to"] == "Armed")?;
    let due_us = number(&armed, "unix_us") + after_s / speed * 1e6;
    sleep_until(due_us);
    let at_us = unix_us();
    let lasting = Duration::from_secs_f64(LASTS_S / speed);
    match loss {
        Loss::Killed => host.kill().map_err(Failure::work)?,
        Loss::Stopped => signal(&host, "-STOP")?,
        Loss::Cut => line.set(Manner::Cut),
        Loss::Silent => line.set(Manner::Silent),
        Loss::Late => line.set(Manner::Late),
    }
    std::thread::sleep(lasting);
    match loss {
        Loss::Stopped => signal(&host, "-CONT")?,
        Loss::Silent | Loss::Late => line.set(Manner::Open),
        Loss::Killed | Loss::Cut => {}
    }
    std::thread::sleep(Duration::from_secs_f64(WATCHED_S / speed));
    let _ = host.kill();
    let _ = host.wait();
    drop(twin);
    judge(&read(&journal)?, loss, after_s, speed, at_us)
}

/// Reads the journal for what followed.
fn judge(
    entries: &[Value],
    loss: Loss,
    after_s: f64,
    speed: f64,
    at_us: f64,
) -> Result<Result<Outcome, String>, Failure> {
    let is = |entry: &Value, what: &str| entry["what"] == what;
    let after = |entry: &&Value| number(entry, "unix_us") >= at_us;
    let state = entries
        .iter()
        .take_while(|entry| number(entry, "unix_us") < at_us)
        .filter(|entry| is(entry, "state"));
    let state =
        state.last().map(|entry| entry["to"].as_str().unwrap_or_default().to_owned()).unwrap_or_default();
    let lapse = entries.iter().filter(after).find(|entry| is(entry, "lapsed"));
    let Some(lapse) = lapse else {
        let words =
            format!("{}, {after_s:.1} s after the hand switch: nothing lapsed after it", loss.words());
        let over = matches!(state.as_str(), "Idle" | "Releasing" | "Safe");
        return if over { Ok(Err(words)) } else { Err(Failure::work(format!("{words}, in {state}"))) };
    };
    let released = entries.iter().filter(after).find(|entry| is(entry, "released"));
    let released =
        released.ok_or_else(|| Failure::work(format!("{}: no release was judged", loss.words())))?;
    let free_us = number(released, "edge_us") + number(released, "allowed_s") * 1e6;
    let came_back = entries.iter().any(|entry| is(entry, "presses") && number(entry, "now_us") > free_us);
    Ok(Ok(Outcome {
        loss,
        after_s,
        state,
        from_n: number(released, "from_n"),
        unasked_s: (number(lapse, "unix_us") - at_us) * 1e-6 * speed,
        released_s: number(released, "released_s"),
        in_time: released["in_time"] == true,
        came_back,
    }))
}

fn host(line: &Line, out: &Path) -> Result<Child, Failure> {
    let own = std::env::current_exe().map_err(Failure::work)?;
    Command::new(own)
        .args([
            "session",
            "--healthy",
            "--json",
            "--program",
            "relief",
            "--at",
            &line.address.to_string(),
            "--out",
        ])
        .arg(out)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Failure::work)
}

fn signal(child: &Child, which: &str) -> Result<(), Failure> {
    let sent = Command::new("kill").args([which, &child.id().to_string()]).status().map_err(Failure::work)?;
    if sent.success() {
        Ok(())
    } else {
        Err(Failure::work("the host is gone before anything happened to it"))
    }
}

/// The first entry that fits, as soon as it is there.
fn wait(journal: &Path, fits: impl Fn(&Value) -> bool) -> Result<Value, Failure> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(entry) = read(journal)?.into_iter().find(|entry| fits(entry)) {
            return Ok(entry);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(Failure::work(format!("no session came about within {} s", PATIENCE.as_secs())))
}

/// The journal's whole lines.
fn read(journal: &Path) -> Result<Vec<Value>, Failure> {
    let text = std::fs::read_to_string(journal).map_err(Failure::work)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn number(entry: &Value, name: &str) -> f64 {
    entry[name].as_f64().unwrap_or(f64::NAN)
}

fn unix_us() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64() * 1e6)
}

fn sleep_until(due_us: f64) {
    let left = (due_us - unix_us()).max(0.0);
    std::thread::sleep(Duration::from_secs_f64(left * 1e-6));
}
