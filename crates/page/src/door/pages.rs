//! The pages of the door: who are you, your PIN, I am new here, clinician or service, signed in.
//!
//! They stand in the guide's style sheet and one of their own with large targets. Every one carries Stop and
//! says where the hand switch is.

use std::time::Duration;

use care::Language;
use host::accounts::{PASSPHRASE_CHARACTERS, PIN_DIGITS, Role, SecretFault};
use host::store::NAME_CHARACTERS_MAX;
use maud::{DOCTYPE, Markup, html};

use super::Visitor;
use super::server::Asked;
use crate::bedside;

/// Where the door's own style sheet is.
pub(super) const STYLE_HERE: &str = "/door.css";

/// Served there. Targets are at least 60 px high.
pub(super) const STYLE: &str = r"
.door{display:grid;gap:1rem;margin:1.2rem 0;padding:0;list-style:none}
.door form{margin:0}
.door button,.door .way,.one button{display:block;width:100%;min-height:64px;padding:1rem 1.2rem;font:inherit;font-size:1.4rem;font-weight:650;line-height:1.3;text-align:left;color:var(--ink);background:var(--card);border:2px solid var(--rule);border-left:.5rem solid var(--accent);border-radius:.8rem;text-decoration:none;cursor:pointer;overflow-wrap:anywhere}
.door .way.other{border-left-color:var(--rule)}
.door small{display:block;font-weight:400}
.one label{display:block;font-weight:650;margin:1.2rem 0 .3rem}
.one input[type=text],.one input[type=password]{display:block;width:100%;max-width:24rem;min-height:64px;padding:.6rem 1rem;font:inherit;font-size:1.5rem;color:var(--ink);background:var(--card);border:2px solid var(--soft);border-radius:.6rem}
.one input[aria-invalid=true]{border-color:var(--alarm)}
.one button{margin-top:1.4rem;text-align:center;max-width:24rem}
.one .roles{display:flex;flex-wrap:wrap;gap:.8rem}
.one .roles label{display:flex;gap:.7rem;align-items:center;min-height:64px;margin:0;padding:.6rem 1.2rem;background:var(--card);border:2px solid var(--rule);border-radius:.6rem;cursor:pointer}
.one .roles input{width:1.5rem;height:1.5rem;margin:0;accent-color:var(--accent)}
.said{background:var(--alarm-ground);border-left:.5rem solid var(--alarm);border-radius:.6rem;padding:.8rem 1.1rem;margin:1rem 0}
.bar a,.back{display:inline-flex;align-items:center;min-height:60px}
";

/// What was wrong with what somebody sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trouble {
    /// A wrong secret; the next one is heard after this.
    Wrong(Duration),
    /// Too soon.
    Early(Duration),
    /// A secret that is not taken.
    Secret(SecretFault),
    /// A name that nobody can have.
    Name,
    /// Somebody has this name.
    Taken,
    /// No place for more people.
    Full,
}

impl Trouble {
    pub(super) fn say(self, language: Language) -> String {
        let seconds = |wait: Duration| wait.as_secs().max(1);
        match self {
            Self::Wrong(wait) if wait.is_zero() => {
                language.say("That was not right. Please try again.", "Das war nicht richtig. Bitte noch einmal.").into_owned()
            }
            Self::Wrong(wait) => language
                .say(
                    "That was not right. The next try is possible in {} seconds. Stop and the hand switch work without a PIN.",
                    "Das war nicht richtig. In {} Sekunden geht es wieder. Stopp und Handschalter wirken ohne PIN.",
                )
                .replace("{}", &seconds(wait).to_string()),
            Self::Early(wait) => language
                .say(
                    "Too many wrong tries. Please wait {} seconds, then try again. Stop and the hand switch work without a PIN.",
                    "Zu viele falsche Versuche. Bitte warten Sie {} Sekunden und versuchen Sie es dann noch einmal. Stopp und Handschalter wirken ohne PIN.",
                )
                .replace("{}", &seconds(wait).to_string()),
            Self::Secret(fault) => fault.say(language).into_owned(),
            Self::Name => language
                .say("A name has 1 to 60 characters.", "Ein Name hat 1 bis 60 Zeichen.")
                .into_owned(),
            Self::Taken => language
                .say(
                    "Somebody of this name is here already. If it is you, go back and choose your name; if not, add a letter.",
                    "Jemand mit diesem Namen ist schon hier. Sind Sie es, gehen Sie zurück und wählen Sie Ihren Namen; sonst fügen Sie einen Buchstaben hinzu.",
                )
                .into_owned(),
            Self::Full => language
                .say(
                    "No more people can begin here. Whoever looks after this computer can make room.",
                    "Hier kann niemand mehr beginnen. Wer diesen Computer betreut, kann Platz schaffen.",
                )
                .into_owned(),
        }
    }
}

/// One person to choose.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) pin: bool,
}

/// Who are you?
pub(super) fn choose(asked: &Asked, people: &[Choice]) -> Markup {
    let language = asked.language;
    let title = language.say("Who are you?", "Wer sind Sie?");
    let body = html! {
        h1 { (title) }
        @if !people.is_empty() {
            p { (language.say("Choose your name.", "Wählen Sie Ihren Namen.")) }
        }
        ul.door {
            @for person in people {
                li {
                    @if person.pin {
                        a.way href=(asked.link(&format!("/sign-in/pin?who={}", person.id))) {
                            (person.name) small { (language.say("with a PIN", "mit PIN")) }
                        }
                    } @else {
                        form method="post" action=(asked.link("/sign-in/person")) {
                            input type="hidden" name="who" value=(person.id);
                            button { (person.name) }
                        }
                    }
                }
            }
            li { a.way href=(asked.link("/sign-in/new")) { (language.say("I am new here", "Ich bin neu hier")) } }
            li {
                a.way.other href=(asked.link("/sign-in/staff")) {
                    (language.say("Clinician or service", "Behandelnde oder Wartung"))
                }
            }
        }
    };
    frame(&title, "/sign-in", asked, &body)
}

/// Your PIN.
pub(super) fn pin(asked: &Asked, person: &Choice, trouble: Option<Trouble>) -> Markup {
    let language = asked.language;
    let title = language.say("Your PIN", "Ihre PIN");
    let body = html! {
        h1 { (title) }
        p { strong { (person.name) } }
        (told(trouble, language))
        form.one method="post" action=(asked.link("/sign-in/person")) {
            input type="hidden" name="who" value=(person.id);
            (digits("secret", &language.say("PIN", "PIN"), "current-password", true, trouble.is_some()))
            button { (language.say("Come in", "Eintreten")) }
        }
        p { a.back href=(asked.link("/sign-in")) { (language.say("Choose another name", "Anderen Namen wählen")) } }
        p.quiet {
            (language.say(
                "Forgotten? Whoever looks after this computer can take the PIN away; nothing of yours is lost.",
                "Vergessen? Wer diesen Computer betreut, kann die PIN entfernen; von Ihren Daten geht nichts verloren.",
            ))
        }
    };
    frame(&title, &format!("/sign-in/pin?who={}", person.id), asked, &body)
}

/// I am new here.
pub(super) fn new(asked: &Asked, name: &str, trouble: Option<Trouble>) -> Markup {
    let language = asked.language;
    let title = language.say("I am new here", "Ich bin neu hier");
    let about_name = matches!(trouble, Some(Trouble::Name | Trouble::Taken));
    let about_pin = matches!(trouble, Some(Trouble::Secret(_)));
    let body = html! {
        h1 { (title) }
        (told(trouble, language))
        form.one method="post" action=(asked.link("/sign-in/new")) {
            label for="name" { (language.say("Your name", "Ihr Name")) }
            input type="text" id="name" name="name" value=(name) required maxlength=(NAME_CHARACTERS_MAX)
                autocomplete="off" aria-invalid=(about_name) aria-describedby=[about_name.then_some("said")];
            p.quiet {
                (language.say(
                    "Any name will do. It stays on this computer, in your own record, and is shown on this page.",
                    "Jeder Name ist recht. Er bleibt auf diesem Computer, in Ihrer eigenen Akte, und steht auf dieser Seite.",
                ))
            }
            (digits("secret", &language.say("A PIN, if you wish one", "Eine PIN, wenn Sie möchten"), "new-password", false, about_pin))
            p.quiet {
                (language.say(
                    "4 to 8 digits. Without one, anybody at this screen can open your record with one tap.",
                    "4 bis 8 Ziffern. Ohne PIN kann jeder an diesem Bildschirm Ihre Akte mit einem Tippen öffnen.",
                ))
            }
            button { (language.say("Begin", "Beginnen")) }
        }
        p { a.back href=(asked.link("/sign-in")) { (language.say("Back to the names", "Zurück zu den Namen")) } }
    };
    frame(&title, "/sign-in/new", asked, &body)
}

/// Clinician or service.
pub(super) fn staff(asked: &Asked, role: Role, label: &str, trouble: Option<Trouble>) -> Markup {
    let language = asked.language;
    let title = language.say("Clinician or service", "Behandelnde oder Wartung");
    let roles = [
        (Role::Clinician, language.say("Clinician", "Behandelnde")),
        (Role::Service, language.say("Service", "Wartung")),
    ];
    let wrong = trouble.is_some();
    let body = html! {
        h1 { (title) }
        (told(trouble, language))
        form.one method="post" action=(asked.link("/sign-in/staff")) {
            fieldset {
                legend { (language.say("As", "Als")) }
                div.roles {
                    @for (each, words) in &roles {
                        label { input type="radio" name="role" value=(each.tag()) checked[*each == role]; (words) }
                    }
                }
            }
            label for="label" { (language.say("Name of the account", "Name des Kontos")) }
            input type="text" id="label" name="label" value=(label) required autocomplete="username"
                autocapitalize="none" spellcheck="false";
            label for="secret" { (language.say("Passphrase", "Kennwort")) }
            input type="password" id="secret" name="secret" required autocomplete="current-password"
                maxlength=(PASSPHRASE_CHARACTERS.1) aria-invalid=(wrong) aria-describedby=[wrong.then_some("said")];
            button { (language.say("Come in", "Eintreten")) }
        }
        p { a.back href=(asked.link("/sign-in")) { (language.say("Back to the names", "Zurück zu den Namen")) } }
        p.quiet {
            (language.say(
                "There is no account yet, or the passphrase is lost? On the computer itself: ",
                "Noch kein Konto, oder das Kennwort ist verloren? Am Computer selbst: ",
            ))
            code { "ondol account add" } ", " code { "ondol account reset" }
        }
    };
    frame(&title, "/sign-in/staff", asked, &body)
}

/// Who is signed in, and the ways out.
pub(super) fn inside(
    asked: &Asked,
    name: &str,
    visitor: &Visitor,
    pin: bool,
    trouble: Option<Trouble>,
) -> Markup {
    let language = asked.language;
    let title = language.say("You are signed in", "Sie sind angemeldet");
    let body = html! {
        h1 { (title) }
        p { strong { (name) } }
        ul.door {
            li { a.way href=(asked.to()) { (language.say("Go on", "Weiter")) } }
            li {
                form method="post" action=(asked.link("/sign-out")) {
                    button { (language.say("Sign out", "Abmelden")) }
                }
            }
            li {
                form method="post" action=(asked.link("/sign-out/everywhere")) {
                    button {
                        (language.say("Sign out everywhere", "Überall abmelden"))
                        small { (language.say("on every tablet and computer", "auf jedem Tablet und Computer")) }
                    }
                }
            }
        }
        (change_secret(asked, matches!(visitor, Visitor::Person { .. }), pin, trouble))
    };
    frame(&title, "/sign-in", asked, &body)
}

fn change_secret(asked: &Asked, person: bool, pin: bool, trouble: Option<Trouble>) -> Markup {
    let language = asked.language;
    let current = matches!(trouble, Some(Trouble::Wrong(_) | Trouble::Early(_)));
    let fresh = matches!(trouble, Some(Trouble::Secret(_)));
    html! {
        h2 {
            @if !person { (language.say("Change the passphrase", "Kennwort ändern")) }
            @else if pin { (language.say("Change or remove the PIN", "PIN ändern oder entfernen")) }
            @else { (language.say("Set a PIN", "Eine PIN setzen")) }
        }
        (told(trouble, language))
        form.one method="post" action=(asked.link("/sign-in/secret")) {
            @if person {
                @if pin {
                    (digits("current", &language.say("Your PIN now", "Ihre jetzige PIN"), "current-password", true, current))
                }
                (digits("secret", &language.say("New PIN", "Neue PIN"), "new-password", !pin, fresh))
                @if pin {
                    p.quiet { (language.say("Leave it empty to have no PIN.", "Leer lassen, um keine PIN zu haben.")) }
                }
            } @else {
                (phrase("current", &language.say("Passphrase now", "Jetziges Kennwort"), "current-password", current))
                (phrase("secret", &language.say("New passphrase", "Neues Kennwort"), "new-password", fresh))
            }
            button { (language.say("Change it", "Ändern")) }
        }
        p.quiet {
            (language.say(
                "Every other tablet and computer is signed out, and tokens of this account end.",
                "Jedes andere Tablet und jeder Computer wird abgemeldet, und Token dieses Kontos enden.",
            ))
        }
    }
}

/// The form is of another sign-in, or of none.
pub(super) fn stale(asked: &Asked) -> Markup {
    let language = asked.language;
    let title = language.say("Nothing was done", "Nichts ist geschehen");
    let body = html! {
        h1 { (title) }
        p {
            (language.say(
                "The page was older than your sign-in. Open it again, then try once more.",
                "Die Seite war älter als Ihre Anmeldung. Öffnen Sie sie neu und versuchen Sie es noch einmal.",
            ))
        }
        ul.door {
            li { a.way href=(asked.link("/sign-in")) { (language.say("Who are you?", "Wer sind Sie?")) } }
        }
    };
    frame(&title, "/sign-in", asked, &body)
}

/// The role does not do this.
pub(super) fn not_yours(language: Language) -> Markup {
    note(
        language,
        ("This is not for this account", "Das ist nicht für dieses Konto"),
        (
            "You are signed in, but not as somebody who may see or do this. Sign in as somebody else, if you are.",
            "Sie sind angemeldet, aber nicht als jemand, der das sehen oder tun darf. Melden Sie sich anders an, wenn Sie es sind.",
        ),
    )
}

/// Accounts cannot be read, or what must be written down cannot be.
pub(super) fn broken(language: Language) -> Markup {
    note(
        language,
        ("This did not work", "Das hat nicht geklappt"),
        (
            "Accounts cannot be read or written just now. Perhaps the disk is full. Stop and the hand switch work all the same.",
            "Konten können gerade nicht gelesen oder geschrieben werden. Vielleicht ist der Speicher voll. Stopp und Handschalter wirken trotzdem.",
        ),
    )
}

fn note(language: Language, title: (&str, &str), words: (&str, &str)) -> Markup {
    let title = language.say(title.0, title.1).into_owned();
    let asked = Asked::plain(language);
    let body = html! {
        h1 { (title) }
        p { (language.say(words.0, words.1)) }
        ul.door {
            li { a.way href=(asked.link("/sign-in")) { (language.say("Who are you?", "Wer sind Sie?")) } }
        }
    };
    frame(&title, "/sign-in", &asked, &body)
}

/// A field for digits; shown as dots.
fn digits(name: &str, words: &str, complete: &str, required: bool, wrong: bool) -> Markup {
    html! {
        label for=(name) { (words) }
        input type="password" id=(name) name=(name) inputmode="numeric" autocomplete=(complete)
            maxlength=(PIN_DIGITS.1) required[required] aria-invalid=(wrong)
            aria-describedby=[wrong.then_some("said")];
    }
}

fn phrase(name: &str, words: &str, complete: &str, wrong: bool) -> Markup {
    html! {
        label for=(name) { (words) }
        input type="password" id=(name) name=(name) autocomplete=(complete) required
            maxlength=(PASSPHRASE_CHARACTERS.1) aria-invalid=(wrong) aria-describedby=[wrong.then_some("said")];
    }
}

fn told(trouble: Option<Trouble>, language: Language) -> Markup {
    html! {
        @if let Some(trouble) = trouble {
            p.said id="said" role="alert" { (trouble.say(language)) }
        }
    }
}

/// What stands around every page of the door.
fn frame(title: &str, here: &str, asked: &Asked, body: &Markup) -> Markup {
    let language = asked.language;
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Ondol" }
                link rel="stylesheet" href="/style.css";
                link rel="stylesheet" href=(STYLE_HERE);
                link rel="stylesheet" href="/bedside/stop.css";
            }
            body {
                a.skip href="#main" { (language.say("Skip to the text", "Zum Text springen")) }
                header {
                    nav.bar aria-label=(language.say("Pages", "Seiten")) {
                        a.brand href=(Asked::plain(language).link("/")) { "Ondol" }
                        @for other in Language::ALL.into_iter().filter(|&other| other != language) {
                            a.tongue href=(asked.spoken(other).link(here)) lang=(other.tag()) hreflang=(other.tag()) {
                                (other.say("English", "Deutsch"))
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" { (body) }
                (bedside::stop(language))
            }
        }
    }
}
