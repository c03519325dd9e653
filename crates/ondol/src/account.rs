//! `ondol account`: who may sign in, given on the computer itself.
//!
//! Whoever can run this has the computer's own account, and with it every file: no secret guards it. Secrets are
//! read from the terminal without showing them, or as one line of the input; never from the command line, where
//! every program of this computer could read them.

use crate::care;
use crate::fail::{Failure, print_json};
use clap::{Args, Subcommand, ValueEnum};
use host::accounts::{
    Account, AccountError, AccountId, Accounts, Actor, AuditState, Deed, Moment, Outcome, Role, Scope, Secret,
};
use host::store::Store;
use serde_json::json;
use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `ondol account`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    wish: Wish,
    /// Folder where people's records stand; by default the one this computer keeps for programs
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print JSON for machines
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Wish {
    /// Make an account for a clinician or for service; asks for its passphrase
    Add(Whose),
    /// List the accounts
    List,
    /// Give an account a new passphrase, or take a forgotten PIN away; signs it out everywhere
    Reset(Reset),
    /// Remove an account; a person's record stays, without a PIN
    Remove(Whose),
    /// Tokens for programs, which can only read or stop
    #[command(subcommand)]
    Token(TokenWish),
    /// Show who did what, to whose record, when
    Audit(Audit),
}

#[derive(Args, Clone)]
struct Whose {
    /// person, clinician or service
    #[arg(long)]
    role: RoleArgument,
    /// What the account is called; of a person, their name
    #[arg(long)]
    name: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArgument {
    Person,
    Clinician,
    Service,
}

#[derive(Args)]
struct Reset {
    #[command(flatten)]
    whose: Whose,
    /// Ask for a new PIN of a person, instead of taking it away
    #[arg(long)]
    pin: bool,
}

#[derive(Subcommand)]
enum TokenWish {
    /// Make one; it is shown this once
    Add(TokenAdd),
    /// List them
    List,
    /// Make one worthless
    Revoke {
        /// As `ondol account token list` shows it
        id: String,
    },
}

#[derive(Args)]
struct TokenAdd {
    #[command(flatten)]
    whose: Whose,
    /// What it is for
    #[arg(long, value_enum)]
    scope: ScopeArgument,
    /// It ends after so many days
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScopeArgument {
    /// Read what the account may read, and stop
    Read,
    /// Stop, and nothing else
    Stop,
}

#[derive(Args)]
struct Audit {
    /// Follow the chain of hashes and say whether a row was changed, removed or added
    #[arg(long)]
    check: bool,
    /// So many of the newest rows
    #[arg(long, default_value_t = 50)]
    count: u32,
}

/// Runs `ondol account`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = care::folder(arguments.data.as_deref())?;
    let store = care::store(&folder)?;
    let desk = Desk { accounts: Accounts::open(&folder).map_err(failed)?, store, json: arguments.json };
    match &arguments.wish {
        Wish::Add(whose) => desk.add(whose),
        Wish::List => desk.list(),
        Wish::Reset(reset) => desk.reset(reset),
        Wish::Remove(whose) => desk.remove(whose),
        Wish::Token(TokenWish::Add(add)) => desk.add_token(add),
        Wish::Token(TokenWish::List) => desk.tokens(),
        Wish::Token(TokenWish::Revoke { id }) => desk.revoke(id),
        Wish::Audit(audit) => desk.audit(audit),
    }
}

struct Desk {
    accounts: Accounts,
    store: Store,
    json: bool,
}

impl Desk {
    fn add(&self, whose: &Whose) -> Result<(), Failure> {
        let role = whose.role.role();
        if role == Role::Person {
            return Err(Failure::input(
                "a person begins on the page, or with `ondol care diary`; their account comes with their record",
            ));
        }
        let secret = passphrase(&whose.name)?;
        let id = self.accounts.add(role, &whose.name, &secret).map_err(failed)?;
        self.note(Deed::AddAccount, &id)?;
        self.say(json!({ "added": id.as_str() }), &format!("Added {role} \"{}\".", whose.name))
    }

    fn list(&self) -> Result<(), Failure> {
        let accounts = self.accounts.list().map_err(failed)?;
        if self.json {
            let row = |account: &Account| json!({ "id": account.id.as_str(), "role": account.role.tag(), "label": account.label, "secret": account.secret });
            return print_json(&accounts.iter().map(row).collect::<Vec<_>>());
        }
        let mut named: Vec<(String, String, bool)> = Vec::new();
        for account in accounts.into_iter().filter(|account| account.role != Role::Person) {
            named.push((account.role.to_string(), account.label.unwrap_or_default(), account.secret));
        }
        for name in self.store.names().map_err(Failure::work)? {
            let id = AccountId::of(&self.store.record(&name).map_err(Failure::work)?);
            named.push((Role::Person.to_string(), name, self.accounts.asks(&id).map_err(failed)?));
        }
        if named.is_empty() {
            println!("Nobody yet. `ondol account add --role service --name NAME` makes the first account.");
        }
        for (role, name, secret) in named {
            let asks = match (role.as_str(), secret) {
                ("person", true) => "PIN",
                ("person", false) => "no PIN",
                _ => "passphrase",
            };
            println!("{role:<10} {asks:<11} {name}");
        }
        Ok(())
    }

    fn reset(&self, reset: &Reset) -> Result<(), Failure> {
        let id = self.id(&reset.whose)?;
        let secret = match (reset.whose.role, reset.pin) {
            (RoleArgument::Person, true) => Some(pin()?),
            (RoleArgument::Person, false) => None,
            _ => Some(passphrase(&reset.whose.name)?),
        };
        let says = match &secret {
            Some(_) => "has a new secret and is signed out everywhere.",
            None => "has no PIN now and is signed out everywhere.",
        };
        self.accounts.set_secret(&id, secret.as_ref()).map_err(failed)?;
        self.note(Deed::ResetAccount, &id)?;
        self.say(json!({ "reset": id.as_str() }), &format!("\"{}\" {says}", reset.whose.name))
    }

    fn remove(&self, whose: &Whose) -> Result<(), Failure> {
        let id = self.id(whose)?;
        self.accounts.remove(&id).map_err(failed)?;
        self.note(Deed::RemoveAccount, &id)?;
        let kept = if whose.role.role() == Role::Person { " Their record stays." } else { "" };
        self.say(json!({ "removed": id.as_str() }), &format!("Removed \"{}\".{kept}", whose.name))
    }

    fn add_token(&self, add: &TokenAdd) -> Result<(), Failure> {
        let account = self.id(&add.whose)?;
        let scope = match add.scope {
            ScopeArgument::Read => Scope::Read,
            ScopeArgument::Stop => Scope::Stop,
        };
        let lasts = Duration::from_secs(u64::from(add.days) * 24 * 3600);
        let (id, token) = self.accounts.add_token(&account, scope, lasts, Moment::now()).map_err(failed)?;
        self.note(Deed::AddToken, &account)?;
        let says = format!(
            "{token}\nThis is token {id}. It is shown this once; a program sends it as\n  Authorization: Bearer {token}"
        );
        self.say(json!({ "id": id, "token": token }), &says)
    }

    fn tokens(&self) -> Result<(), Failure> {
        let tokens = self.accounts.tokens().map_err(failed)?;
        if self.json {
            let rows: Vec<_> = tokens
                .iter()
                .map(|token| {
                    json!({
                        "id": token.id, "account": token.account.as_str(), "role": token.role.tag(),
                        "scope": token.scope.tag(), "made": token.made.to_string(), "ends": token.ends.to_string(),
                    })
                })
                .collect();
            return print_json(&rows);
        }
        if tokens.is_empty() {
            println!("No tokens. `ondol account token add` makes one.");
        }
        for token in tokens {
            println!("{} {:<5} of {} until {}", token.id, token.scope.tag(), token.account, token.ends);
        }
        Ok(())
    }

    fn revoke(&self, id: &str) -> Result<(), Failure> {
        let account = self.accounts.revoke_token(id).map_err(failed)?;
        self.note(Deed::RevokeToken, &account)?;
        self.say(json!({ "revoked": id }), &format!("Token {id} is worthless now."))
    }

    fn audit(&self, audit: &Audit) -> Result<(), Failure> {
        if audit.check {
            let state = self.accounts.check_audit().map_err(failed)?;
            let broken = match &state {
                AuditState::Broken { number } => Some(Failure::work(format!(
                    "row {number} of the audit log is not as it was written, or is missing"
                ))),
                AuditState::Whole { .. } => None,
            };
            if self.json {
                print_json(&state)?;
            } else if let AuditState::Whole { rows, last } = &state {
                println!("The audit log is whole: {rows} rows, the last one {last}");
            }
            return broken.map_or(Ok(()), Err);
        }
        let rows = self.accounts.audit(audit.count).map_err(failed)?;
        if self.json {
            return print_json(&rows);
        }
        for row in rows {
            let whom = if row.whom.is_empty() { String::new() } else { format!(" on {}", row.whom) };
            let time = Moment::of_utc(row.utc_s);
            println!("{:>6} {time} {} {}: {}{whom}", row.number, row.outcome, row.who, row.deed);
        }
        Ok(())
    }

    /// The account of a role and name; a person's is begun if they have none yet.
    fn id(&self, whose: &Whose) -> Result<AccountId, Failure> {
        let role = whose.role.role();
        if role != Role::Person {
            return self.accounts.find(role, &whose.name).map_err(failed);
        }
        let id = AccountId::of(&self.store.record(&whose.name).map_err(Failure::input)?);
        self.accounts.person(&id).map_err(failed)?;
        Ok(id)
    }

    fn note(&self, deed: Deed, whom: &AccountId) -> Result<(), Failure> {
        self.accounts.note(&Actor::Console, deed, Some(whom), Outcome::Done, Moment::now()).map_err(failed)
    }

    fn say(&self, json: serde_json::Value, words: &str) -> Result<(), Failure> {
        if self.json {
            return print_json(&json);
        }
        println!("{words}");
        Ok(())
    }
}

impl RoleArgument {
    fn role(self) -> Role {
        match self {
            Self::Person => Role::Person,
            Self::Clinician => Role::Clinician,
            Self::Service => Role::Service,
        }
    }
}

fn passphrase(label: &str) -> Result<Secret, Failure> {
    Secret::passphrase(&asked("Passphrase")?, label).map_err(Failure::input)
}

fn pin() -> Result<Secret, Failure> {
    Secret::pin(&asked("PIN")?).map_err(Failure::input)
}

/// A secret from the terminal, asked twice and not shown, or one line of the input.
fn asked(what: &str) -> Result<String, Failure> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(Failure::input)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let once = rpassword::prompt_password(format!("{what}: ")).map_err(Failure::input)?;
    let twice = rpassword::prompt_password("The same again: ").map_err(Failure::input)?;
    if once == twice {
        Ok(once)
    } else {
        Err(Failure::input("the two are not the same; nothing was changed"))
    }
}

/// What names somebody or something wrongly is bad input; a file that fails is not.
fn failed(error: AccountError) -> Failure {
    match error {
        AccountError::Label | AccountError::Taken { .. } | AccountError::Unknown(_) | AccountError::Bare => {
            Failure::input(error)
        }
        AccountError::Io { .. } | AccountError::Database { .. } | AccountError::Version { .. } => {
            Failure::work(error)
        }
    }
}
