//! `ondol serve` with a twin of its own, and browsers before it.

use crate::api::Call;
use care::ask::next_screen;
use care::facts::Choice;
use care::{Answer, Findings, Kind, Value};
use host::bed_today::{BedToday, Reply, Stage};
use host::clock::today;
use host::planner::Planner;
use host::store::Store;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const PHRASE: &str = "river anvil planted moth";

/// One house at a time: beds that hurry need a core each.
static TURN: Mutex<()> = Mutex::new(());

/// A house with a bed.
pub struct House {
    pub folder: TempDir,
    _turn: MutexGuard<'static, ()>,
    child: Child,
    pub host: String,
}

/// An answer of the house.
#[derive(Debug)]
pub struct Told {
    pub code: u16,
    pub head: String,
    pub text: String,
}

/// What somebody sends with every request.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub bearer: Option<String>,
}

impl House {
    /// With these people, who may all use the bed today.
    pub fn with(people: &[&str], speed: f64) -> Self {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a folder");
        for name in people {
            clear(folder.path(), name);
        }
        let (child, host) = start(folder.path(), speed);
        let house = Self { folder, _turn, child, host };
        house.until("a bed", |picture| picture["bed"].is_object());
        house
    }

    /// The host is killed (kill -9 where there is one), and started again with another twin.
    pub fn killed_and_started(&mut self, speed: f64) {
        self.child.kill().expect("killed");
        self.child.wait().expect("its end");
        (self.child, self.host) = start(self.folder.path(), speed);
        self.until("a bed", |picture| picture["bed"].is_object());
    }

    /// Asks for something.
    pub fn ask(&self, method: &str, path: &str, whom: &Visitor, kind: &str, body: &str) -> Told {
        let mut line = TcpStream::connect(&self.host).expect("a line");
        line.set_read_timeout(Some(Duration::from_secs(20))).expect("a patience");
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.host);
        let told = [
            ("Cookie", whom.cookie.clone()),
            ("x-ondol-csrf", whom.csrf.clone()),
            ("Authorization", whom.bearer.as_ref().map(|token| format!("Bearer {token}"))),
        ];
        for (name, value) in told {
            head += &value.map(|value| format!("{name}: {value}\r\n")).unwrap_or_default();
        }
        if method != "GET" {
            head += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        line.write_all(format!("{head}\r\n{body}").as_bytes()).expect("sent");
        let mut all = Vec::new();
        // A house that closes the line early has said all it says.
        let _ = line.read_to_end(&mut all);
        let all = String::from_utf8_lossy(&all).into_owned();
        let (head, text) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
        let code = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        Told { code, head: head.to_owned(), text: text.to_owned() }
    }

    /// The first event of a stream: its name and what it says.
    pub fn event(&self, path: &str, whom: &Visitor) -> (String, Json) {
        let mut line = TcpStream::connect(&self.host).expect("a line");
        line.set_read_timeout(Some(Duration::from_secs(20))).expect("a patience");
        let cookie = whom.cookie.as_ref().map(|value| format!("Cookie: {value}\r\n")).unwrap_or_default();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", self.host);
        line.write_all(head.as_bytes()).expect("sent");
        let mut name = String::new();
        for line in BufReader::new(line).lines() {
            let line = line.expect("a line of the stream");
            match line.split_once(": ") {
                Some(("event", told)) => name = told.to_owned(),
                Some(("data", told)) => return (name, serde_json::from_str(told).expect("JSON")),
                _ => {}
            }
        }
        panic!("{path}: the stream ended")
    }

    pub fn get(&self, path: &str, whom: &Visitor) -> Told {
        self.ask("GET", path, whom, "", "")
    }

    pub fn post(&self, path: &str, whom: &Visitor, body: &Json) -> Told {
        self.ask("POST", path, whom, "application/json", &body.to_string())
    }

    pub fn form(&self, path: &str, whom: &Visitor, body: &str) -> Told {
        self.ask("POST", path, whom, "application/x-www-form-urlencoded", body)
    }

    /// Signs a person in, who has no PIN.
    pub fn person(&self, name: &str) -> Visitor {
        self.person_with(name, "")
    }

    /// Signs a person in with their PIN, if they have one.
    pub fn person_with(&self, name: &str, pin: &str) -> Visitor {
        let fields = format!("who={}&secret={pin}", self.id(name));
        self.signed_in(&self.form("/sign-in/person", &Visitor::default(), &fields))
    }

    /// The id of a person's record.
    pub fn id(&self, name: &str) -> String {
        let store = Store::open(self.folder.path()).expect("a store");
        store.record(name).expect("a record").id().to_owned()
    }

    /// Sends what the API's document shows.
    pub fn call(&self, call: &Call, whom: &Visitor) -> Told {
        match &call.body {
            Some(body) => self.ask(&call.method, &call.path, whom, "application/json", &body.to_string()),
            None => self.ask(&call.method, &call.path, whom, "", ""),
        }
    }

    /// Signs somebody of the staff in, whose account is made first.
    pub fn staff(&self, role: &str) -> Visitor {
        self.run(&["account", "add", "--role", role, "--name", "planted"], PHRASE);
        let fields = format!("role={role}&label=planted&secret={}", PHRASE.replace(' ', "+"));
        self.signed_in(&self.form("/sign-in/staff", &Visitor::default(), &fields))
    }

    /// A program with a token of this person.
    pub fn program(&self, name: &str, scope: &str) -> Visitor {
        let told =
            self.run(&["account", "token", "add", "--scope", scope, "--role", "person", "--name", name], "");
        let bearer = told.lines().find(|line| line.starts_with("ondol_")).expect("a token").to_owned();
        Visitor { bearer: Some(bearer), ..Visitor::default() }
    }

    fn signed_in(&self, reply: &Told) -> Visitor {
        let cookie = reply.head.lines().find_map(|line| {
            line.to_lowercase()
                .starts_with("set-cookie: ")
                .then(|| line[12..].split(';').next().unwrap_or_default())
        });
        let cookie = cookie.unwrap_or_else(|| panic!("no cookie: {reply:?}")).to_owned();
        let visitor = Visitor { cookie: Some(cookie), ..Visitor::default() };
        let page = self.get("/sign-in", &visitor).text;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Visitor { csrf: csrf.map(str::to_owned), ..visitor }
    }

    fn run(&self, words: &[&str], input: &str) -> String {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
            .args(words)
            .arg("--data")
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let _ = child.stdin.take().expect("an input").write_all(format!("{input}\n").as_bytes());
        let output = child.wait_with_output().expect("ended");
        assert!(output.status.success(), "{words:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The picture as somebody sees it.
    pub fn picture(&self, whom: &Visitor) -> Json {
        serde_json::from_str(&self.get("/api/v1/live", whom).text).expect("a picture")
    }

    /// Waits until the picture that everybody may see is so.
    pub fn until(&self, what: &str, so: impl Fn(&Json) -> bool) -> Json {
        self.until_for(what, &Visitor::default(), so)
    }

    /// The same for somebody, whose page gives its sign of life.
    pub fn until_for(&self, what: &str, whom: &Visitor, so: impl Fn(&Json) -> bool) -> Json {
        let end = Instant::now() + Duration::from_secs(90);
        loop {
            let picture = self.picture(whom);
            if so(&picture) {
                return picture;
            }
            assert!(Instant::now() < end, "waited for {what}: {picture}\n{}", self.journal_text());
            if whom.cookie.is_some() {
                self.post("/api/v1/session/here", whom, &Json::Null);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn journal_text(&self) -> String {
        let lines: Vec<String> = self.journal().iter().map(Json::to_string).collect();
        lines.join("\n")
    }

    /// The bed's own journal.
    pub fn journal(&self) -> Vec<Json> {
        let text = std::fs::read_to_string(self.folder.path().join("bed/bed.jsonl")).expect("a journal");
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// A host on this folder, and its address.
fn start(folder: &Path, speed: f64) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ondol"))
        .args(["serve", "--port", "0", "--no-open", "--speed", &speed.to_string(), "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut first = String::new();
    let told = child.stdout.take().expect("its words");
    BufReader::new(told).read_line(&mut first).expect("a line");
    let host = first.split("http://").nth(1).expect("an address").trim().trim_end_matches('/').to_owned();
    (child, host)
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps for somebody all that the bed wants to know: an everyday strain, no to every row, a body that fits.
fn clear(folder: &Path, name: &str) {
    let store = Store::open(folder).expect("a store");
    let mut told = Findings::new();
    while let Some(screen) = next_screen(&told) {
        for row in screen.rows {
            let first = |options: &[Choice]| options[0].id.clone();
            let value = match row.kind {
                Kind::YesNo => Value::YesNo(row.id == "moving_changes_it"),
                Kind::Number { .. } if row.id == "age_years" => Value::Number(38.0),
                Kind::Number { .. } if row.id == "days_since_start" => Value::Number(10.0),
                Kind::Number { min, max, .. } => Value::Number(1.0_f64.clamp(*min, *max)),
                Kind::Choice(options) => Value::Choice(first(options)),
                Kind::Many(_) if row.id == "regions" => Value::Many(["lumbar".to_owned()].into()),
                Kind::Many(_) => Value::Many(BTreeSet::new()),
            };
            told.set(row.id, value).expect("a fitting answer");
        }
    }
    Planner::new(store.clone(), name.to_owned(), today()).begin(&told).expect("kept");
    let bed = BedToday::new(store, name.to_owned(), today());
    for _ in 0..3 {
        let Stage::Ask(ask) = bed.stage().expect("a stage") else { break };
        let rows = ask.open.questions.iter().map(|row| (row.id.clone(), Answer::No)).collect();
        let mut facts = Findings::new();
        for id in &ask.open.facts {
            if let Some(fact) = care::facts::fact(id) {
                let value = match &fact.kind {
                    Kind::YesNo => Value::YesNo(false),
                    Kind::Number { min, .. } => Value::Number(*min),
                    Kind::Choice(options) => Value::Choice(options[0].id.clone()),
                    Kind::Many(_) => Value::Many(BTreeSet::new()),
                };
                facts.set(id, value).expect("a fitting answer");
            }
        }
        let person = care::Person::new(38.0, 1720.0, 70.0);
        bed.keep(&Reply { rows, facts, person, still_true: true }).expect("kept");
    }
    match bed.stage().expect("a stage") {
        Stage::Said(said) => assert_ne!(said.summary.verdict, care::Verdict::Refuse, "{said:?}"),
        other => panic!("{other:?}"),
    }
}
