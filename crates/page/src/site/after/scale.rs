//! The row of eleven numbers by which somebody says how much it hurts: one tap, nothing chosen beforehand, and never
//! needed.

use care::Language;
use host::store::SessionNumber;
use maud::{Markup, html};

use crate::guide::{link, say};

/// Name of the field that says of which session something is told.
pub(super) const SESSION: &str = "session";

/// What stands at the ends of the row.
fn ends(language: Language) -> Markup {
    html! {
        p.ends {
            span { (say(language, "0: no pain", "0: kein Schmerz")) }
            span { (say(language, "10: the worst you can think of", "10: der schlimmste, den Sie sich denken können")) }
        }
    }
}

/// Of which session it is said: a page's own number, or what its script writes in.
pub(super) fn of_session(session: Option<SessionNumber>) -> Markup {
    html! {
        @match session {
            Some(session) => input type="hidden" name=(SESSION) value=(session.0);,
            None => input type="hidden" name=(SESSION) id="after-session";,
        }
    }
}

/// After a session, as a form of its own: each number is the button that keeps it.
pub(crate) fn form(session: Option<SessionNumber>, language: Language) -> Markup {
    html! {
        form.after method="post" action=(link("/after", language)) {
            (of_session(session))
            fieldset {
                legend { (say(language, "How much does it hurt now?", "Wie weh tut es jetzt?")) }
                ol.pain role="list" {
                    @for rating in 0..=10 { li { button type="submit" name="pain_after" value=(rating) { (rating) } } }
                }
                (ends(language))
            }
        }
    }
}

/// Before a session, while the bed waits: a number is kept by the page's script, and nothing waits for it.
pub(crate) fn before(language: Language) -> Markup {
    html! {
        fieldset id="pain-before" {
            legend { (say(language, "How much does it hurt? Or leave it out.", "Wie weh tut es? Oder lassen Sie es aus.")) }
            ol.pain role="list" {
                @for rating in 0..=10 { li { button type="button" data-pain=(rating) aria-pressed="false" { (rating) } } }
            }
            (ends(language))
        }
    }
}
