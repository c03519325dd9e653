use super::*;
use crate::store::Store;
use care::Day;
use tempfile::TempDir;

const NAME: &str = "Planted Name 7391";
const PIN: &str = "83917264";
const PHRASE: &str = "river anvil planted moth";
const HERE: &str = "127.0.0.1";

struct Room {
    folder: TempDir,
    accounts: Accounts,
    person: AccountId,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let record = store.record_or_new(NAME, Day(20_000)).expect("a record");
        let accounts = Accounts::open(folder.path()).expect("accounts");
        Self { person: AccountId::of(&record), accounts, folder }
    }

    fn with_pin() -> Self {
        let room = Self::new();
        room.accounts.person(&room.person).expect("an account");
        let pin = Secret::pin(PIN).expect("a PIN");
        room.accounts.set_secret(&room.person, Some(&pin)).expect("kept");
        room
    }

    fn enter(&self, attempt: &str, now: Moment) -> SignIn {
        self.accounts.sign_in(&Claim::Person(self.person.clone()), attempt, HERE, now).expect("an answer")
    }

    fn desk(&self) -> AccountId {
        let secret = Secret::passphrase(PHRASE, "desk").expect("a passphrase");
        self.accounts.add(Role::Clinician, "desk", &secret).expect("an account")
    }

    fn raw(&self) -> Connection {
        Connection::open(self.folder.path().join(FILE)).expect("the file")
    }
}

fn at(seconds: i64) -> Moment {
    Moment::of_utc(1_800_000_000 + seconds)
}

fn token(sign_in: SignIn) -> String {
    match sign_in {
        SignIn::In(browser) => browser.token,
        other => panic!("not in: {other:?}"),
    }
}

fn wait(sign_in: &SignIn) -> u64 {
    match sign_in {
        SignIn::Wrong(wait) | SignIn::Early(wait) => wait.as_secs(),
        SignIn::In(_) => panic!("in"),
    }
}

#[test]
fn a_person_without_a_pin_is_in_at_once_and_one_with_a_pin_only_with_it() {
    let room = Room::new();
    assert!(matches!(room.enter("", at(0)), SignIn::In(_)));
    let pin = Secret::pin(PIN).expect("a PIN");
    room.accounts.set_secret(&room.person, Some(&pin)).expect("kept");
    assert!(matches!(room.enter("", at(1)), SignIn::Wrong(_)));
    assert!(matches!(room.enter(PIN, at(2)), SignIn::In(_)));
}

#[test]
fn wrong_tries_wait_longer_and_longer_even_for_the_right_secret_and_across_a_restart() {
    let mut room = Room::with_pin();
    let mut now = 0;
    for expected in [0, 0, 5, 10, 20, 40, 80, 160, 300, 300] {
        let sign_in = room.enter("2580", at(now));
        assert!(matches!(sign_in, SignIn::Wrong(_)), "{sign_in:?}");
        assert_eq!(wait(&sign_in), expected);
        now += i64::try_from(expected).expect("small");
    }
    now -= 1;
    room.accounts = Accounts::open(room.folder.path()).expect("accounts");
    let early = room.enter(PIN, at(now));
    assert!(matches!(early, SignIn::Early(_)) && wait(&early) == 1, "{early:?}");
    // A clock that is set back makes nobody wait longer than the table says.
    assert_eq!(wait(&room.enter(PIN, at(-90 * 24 * 3600))), 300);
    assert!(matches!(room.enter(PIN, at(now + 1)), SignIn::In(_)));
    assert_eq!(wait(&room.enter("2580", at(now + 2))), 0, "a success clears");
}

#[test]
fn many_tries_at_once_are_each_counted_before_they_are_looked_at() {
    let room = Room::with_pin();
    let tries: Vec<SignIn> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| room.enter("2580", at(0)))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let looked_at = tries.iter().filter(|sign_in| matches!(sign_in, SignIn::Wrong(_))).count();
    assert_eq!(looked_at, 3, "{tries:?}");
}

#[test]
fn one_place_cannot_try_everybody_and_a_right_secret_there_forgives_only_itself() {
    let room = Room::with_pin();
    let unknown = |n: u32, now| {
        let claim = Claim::Staff { role: Role::Service, label: format!("desk {n}") };
        room.accounts.sign_in(&claim, "anything at all", "10.0.0.9", now).expect("an answer")
    };
    for n in 0..20 {
        assert!(matches!(unknown(n, at(0)), SignIn::Wrong(Duration::ZERO)), "{n}");
    }
    let claim = Claim::Person(room.person.clone());
    let own = room.accounts.sign_in(&claim, PIN, "10.0.0.9", at(0)).expect("an answer");
    assert!(matches!(own, SignIn::In(_)), "{own:?}");
    assert_eq!(wait(&unknown(20, at(0))), 5);
    assert!(matches!(unknown(21, at(1)), SignIn::Early(_)));
    assert!(matches!(room.enter(PIN, at(1)), SignIn::In(_)), "another place is not kept out");
}

#[test]
fn an_unknown_label_is_answered_like_a_wrong_passphrase() {
    let room = Room::new();
    room.desk();
    for label in ["desk", "nobody's"] {
        let claim = Claim::Staff { role: Role::Clinician, label: label.to_owned() };
        let waits: Vec<u64> = (0..3)
            .map(|_| {
                wait(&room.accounts.sign_in(&claim, "wrong words here", HERE, at(0)).expect("an answer"))
            })
            .collect();
        assert_eq!(waits, [0, 0, 5], "{label}");
    }
}

#[test]
fn a_browser_is_signed_out_when_unused_when_old_and_when_the_clock_was_set_back() {
    let room = Room::new();
    let start = token(room.enter("", at(0)));
    let known = |token: &str, now| room.accounts.browser(token, now).expect("an answer").is_some();
    let (idle, longest) = (idle(Role::Person), longest(Role::Person));
    assert!(known(&start, at(0).after(idle)));
    assert!(!known(&start, at(0).after(idle).after(idle).after(Duration::from_secs(1))));
    assert!(!known(&start, at(1)), "what has ended stays ended");

    let busy = token(room.enter("", at(0)));
    let mut now = at(0);
    while now.after(idle) <= at(0).after(longest) {
        now = now.after(idle);
        assert!(known(&busy, now), "{now}");
    }
    assert!(!known(&busy, at(1).after(longest)));

    let ahead = token(room.enter("", at(1000)));
    assert!(!known(&ahead, at(0)));
    assert!(!known("", at(0)) && !known(&"0".repeat(64), at(0)));
}

#[test]
fn signing_out_ends_one_browser_everywhere_ends_all_and_a_new_secret_ends_all() {
    let room = Room::with_pin();
    let desk = room.desk();
    let enter = || token(room.enter(PIN, at(0)));
    let known = |token: &str| room.accounts.browser(token, at(1)).expect("an answer").is_some();
    let (one, two) = (enter(), enter());
    assert_ne!(one, two);
    room.accounts.end_browser(&one).expect("ended");
    assert!(!known(&one) && known(&two));
    room.accounts.end_browsers(&room.person).expect("ended");
    assert!(!known(&two));

    let three = enter();
    let (_, program) =
        room.accounts.add_token(&room.person, Scope::Read, TOKEN_LASTS, at(0)).expect("a token");
    room.accounts.set_secret(&room.person, None).expect("reset");
    assert!(!known(&three));
    assert_eq!(room.accounts.token(&program, at(1)).expect("an answer"), None);
    assert!(matches!(room.accounts.set_secret(&desk, None), Err(AccountError::Bare)));
}

#[test]
fn an_account_keeps_no_more_than_twenty_browsers() {
    let room = Room::new();
    let tokens: Vec<String> = (0..25).map(|n| token(room.enter("", at(n)))).collect();
    let known = |token: &String| room.accounts.browser(token, at(30)).expect("an answer").is_some();
    assert_eq!(tokens.iter().filter(|token| known(token)).count(), 20);
    assert!(known(&tokens[24]) && !known(&tokens[0]));
}

#[test]
fn a_token_lasts_until_its_end_or_until_it_is_revoked() {
    let room = Room::new();
    let desk = room.desk();
    let hour = Duration::from_secs(3600);
    let (id, text) = room.accounts.add_token(&desk, Scope::Stop, hour, at(0)).expect("a token");
    assert!(text.starts_with(TOKEN_PREFIX) && text.len() == TOKEN_PREFIX.len() + 64);
    let found = room.accounts.token(&text, at(3599)).expect("an answer").expect("it counts");
    assert_eq!((found.id.as_str(), found.scope, found.role), (id.as_str(), Scope::Stop, Role::Clinician));
    assert_eq!(room.accounts.token(&text, at(3600)).expect("an answer"), None);
    assert_eq!(room.accounts.revoke_token(&id).expect("revoked"), desk);
    assert_eq!(room.accounts.token(&text, at(1)).expect("an answer"), None);
    assert!(matches!(room.accounts.revoke_token(&id), Err(AccountError::Unknown(_))));
    let stranger = AccountId("nobody".to_owned());
    let refused = room.accounts.add_token(&stranger, Scope::Read, hour, at(0));
    assert!(matches!(refused, Err(AccountError::Unknown(_))));
}

#[test]
fn an_account_is_made_once_listed_and_removed_with_all_that_it_opened() {
    let room = Room::with_pin();
    let desk = room.desk();
    let secret = Secret::passphrase(PHRASE, "desk").expect("a passphrase");
    assert!(matches!(room.accounts.add(Role::Clinician, "desk", &secret), Err(AccountError::Taken { .. })));
    for bad in ["", " desk", "two\nlines", &"x".repeat(61)] {
        assert!(matches!(room.accounts.add(Role::Service, bad, &secret), Err(AccountError::Label)), "{bad}");
    }
    assert!(matches!(room.accounts.add(Role::Person, "Ann", &secret), Err(AccountError::Label)));
    let listed = room.accounts.list().expect("a list");
    let roles: Vec<_> = listed.iter().map(|account| (account.role, account.label.as_deref())).collect();
    assert_eq!(roles, [(Role::Clinician, Some("desk")), (Role::Person, None)]);
    let inside = token(room.enter(PIN, at(0)));
    room.accounts.remove(&room.person).expect("removed");
    assert_eq!(room.accounts.browser(&inside, at(1)).expect("an answer"), None);
    room.accounts.remove(&desk).expect("removed");
    assert_eq!(room.accounts.list().expect("a list"), []);
}

#[test]
fn the_chain_of_the_audit_log_finds_a_changed_a_removed_and_an_added_row() {
    let spoil = |sql: &str| {
        let room = Room::new();
        let me = Actor::Account(room.person.clone());
        for (second, deed) in
            [Deed::SignIn, Deed::ReadOwn, Deed::WriteOwn, Deed::Stop].into_iter().enumerate()
        {
            let now = at(i64::try_from(second).expect("small"));
            room.accounts.note(&me, deed, Some(&room.person), Outcome::Done, now).expect("written");
        }
        let whole = room.accounts.check_audit().expect("a look");
        assert!(matches!(whole, AuditState::Whole { rows: 4, .. }), "{whole:?}");
        let raw = room.raw();
        raw.execute_batch("DROP TRIGGER audit_keeps; DROP TRIGGER audit_stays;").expect("no triggers");
        raw.execute_batch(sql).expect("spoiled");
        room.accounts.check_audit().expect("a look")
    };
    let broken = |number| AuditState::Broken { number };
    assert_eq!(spoil("UPDATE audit SET outcome = 'denied' WHERE number = 3"), broken(3));
    assert_eq!(spoil("UPDATE audit SET utc_s = utc_s + 1 WHERE number = 1"), broken(1));
    assert_eq!(spoil("DELETE FROM audit WHERE number = 2"), broken(2));
    assert_eq!(spoil("DELETE FROM audit WHERE number = 4"), broken(4));
    assert_eq!(
        spoil(
            "INSERT INTO audit SELECT 5, utc_s, who, deed, whom, outcome, hash FROM audit WHERE number = 4"
        ),
        broken(5)
    );
}

#[test]
fn the_audit_log_refuses_changes_and_forgets_only_what_is_old() {
    let room = Room::new();
    for day in [0, 1, 399] {
        room.accounts
            .note(&Actor::Nobody, Deed::Stop, None, Outcome::Done, at(day * 24 * 3600))
            .expect("written");
    }
    let raw = room.raw();
    assert!(raw.execute("UPDATE audit SET who = 'x'", []).is_err());
    assert!(raw.execute("DELETE FROM audit WHERE number = 3", []).is_err());
    room.accounts.sweep(at(10).after(AUDIT_LASTS)).expect("swept");
    let rows = room.accounts.audit(10).expect("rows");
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3]);
    assert!(matches!(room.accounts.check_audit().expect("a look"), AuditState::Whole { rows: 2, .. }));
    room.accounts.sweep(at(0).after(AUDIT_LASTS).after(AUDIT_LASTS)).expect("swept");
    room.accounts.note(&Actor::Console, Deed::AddAccount, None, Outcome::Done, at(5)).expect("written");
    assert!(matches!(room.accounts.check_audit().expect("a look"), AuditState::Whole { rows: 1, .. }));
}

#[test]
fn no_secret_token_or_name_stands_in_the_file_which_only_its_owner_reads() {
    let room = Room::with_pin();
    room.desk();
    let browser = token(room.enter(PIN, at(0)));
    let (_, program) =
        room.accounts.add_token(&room.person, Scope::Read, TOKEN_LASTS, at(0)).expect("a token");
    let _ = room.enter("24680135", at(1));
    let path = room.folder.path().join(FILE);
    let bytes = fs::read(&path).expect("the file");
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$argon2id$") && holds("desk"), "the search itself works");
    for secret in [PIN, PHRASE, NAME, "24680135", browser.as_str(), program.as_str(), &program[6..]] {
        assert!(!holds(secret), "{secret}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn tables_of_a_newer_version_are_left_alone() {
    let room = Room::new();
    room.raw().pragma_update(None, "user_version", 2).expect("newer");
    let refused = Accounts::open(room.folder.path());
    assert!(matches!(refused, Err(AccountError::Version { found: 2, .. })), "{refused:?}");
}

#[test]
fn every_deed_has_a_tag_of_its_own() {
    let tags: std::collections::BTreeSet<&str> = Deed::ALL.iter().map(|deed| deed.tag()).collect();
    assert_eq!(tags.len(), Deed::ALL.len());
}

#[test]
fn a_backup_holds_the_file_of_the_accounts_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("a store");
    let accounts = Accounts::open(folder.path()).expect("accounts");
    let before = accounts.list().expect("a list").len();
    let copy = folder.path().join("copy");
    store.backup(&copy).expect("a copy");
    let restored = Accounts::open(&copy).expect("the copied accounts");
    assert!(copy.join(FILE).is_file());
    assert_eq!(restored.list().expect("a list").len(), before);
}
