//! The failsafe explorer: what may be done to a twin from a page, and when.

use super::both;
use crate::faults::classes;
use crate::seen::View;
use crate::station::Station;
use crate::wire::WireError;
use bed::SessionState;
use care::Words;
use link::TwinAct;

/// What is asked of the explorer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explore {
    /// Break something: the class's name and a seed.
    Break {
        /// Name of the class.
        class: String,
        /// What else is drawn.
        seed: u32,
    },
    /// Mend everything.
    Mend,
    /// Switch the twin off and on.
    Restart,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ExploreRefused {
    /// A bed is never broken on purpose.
    #[error("this is no twin: nothing is broken on purpose in a bed")]
    NoTwin,
    /// There is no such class.
    #[error("there is no such class of faults")]
    NoClass,
    /// Limits are promised for one broken part at a time.
    #[error("something is broken already: mend it first")]
    Broken,
    /// A press in place of the person's own could begin something.
    #[error("a stop needs a session that runs")]
    NoSession,
    /// The twin does not answer.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl ExploreRefused {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let de = match self {
            Self::NoTwin => "Das ist kein Zwilling: An einem Bett wird nichts mit Absicht gestört.",
            Self::NoClass => "Diese Art von Fehlern gibt es nicht.",
            Self::Broken => "Es ist schon etwas gestört: Reparieren Sie es zuerst.",
            Self::NoSession => "Ein Stopp braucht eine Anwendung, die läuft.",
            Self::Wire(error) => return error.words(),
        };
        both(self.to_string(), de)
    }
}

/// Does it to the twin.
///
/// # Errors
/// [`ExploreRefused`]: nothing was done.
pub fn explore(station: &Station, what: &Explore) -> Result<(), ExploreRefused> {
    let act = act_of(&station.seen().view(), what)?;
    Ok(station.act(act)?)
}

fn act_of(view: &View, what: &Explore) -> Result<TwinAct, ExploreRefused> {
    if !view.line.as_ref().is_some_and(|line| line.simulated) {
        return Err(ExploreRefused::NoTwin);
    }
    let (class, seed) = match what {
        Explore::Mend => return Ok(TwinAct::Mend),
        Explore::Restart => return Ok(TwinAct::Restart),
        Explore::Break { class, seed } => (class, *seed),
    };
    let number = classes().iter().position(|one| one.key == *class).ok_or(ExploreRefused::NoClass)?;
    if view.broken {
        return Err(ExploreRefused::Broken);
    }
    let runs = matches!(
        view.state,
        Some(SessionState::Armed | SessionState::Scanning | SessionState::Treating | SessionState::Releasing)
    );
    if class == "stop" && !runs {
        return Err(ExploreRefused::NoSession);
    }
    let class = u8::try_from(number).map_err(|_| ExploreRefused::NoClass)?;
    Ok(TwinAct::Break { class, seed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::LineUp;
    use std::sync::Arc;
    use std::time::Instant;

    fn at(simulated: bool, state: SessionState) -> View {
        let config = toml::from_str(include_str!("../../../../beds/reference.toml")).expect("a bed");
        let line = LineUp {
            since: Instant::now(),
            boot: 1,
            simulated,
            version: String::new(),
            limits_checksum: 0,
            config: Arc::new(config),
        };
        View { line: Some(line), state: Some(state), ..View::default() }
    }

    fn breaks(class: &str) -> Explore {
        Explore::Break { class: class.to_owned(), seed: 3 }
    }

    #[test]
    fn nothing_is_broken_on_purpose_in_a_bed() {
        let bed = at(false, SessionState::Treating);
        for what in [breaks("supply_lost"), Explore::Mend, Explore::Restart] {
            assert!(matches!(act_of(&bed, &what), Err(ExploreRefused::NoTwin)), "{what:?}");
        }
    }

    #[test]
    fn one_part_is_broken_at_a_time_and_mended_before_the_next() {
        let mut twin = at(true, SessionState::Treating);
        let class = classes().iter().position(|one| one.key == "supply_lost").expect("a class") as u8;
        assert_eq!(act_of(&twin, &breaks("supply_lost")).ok(), Some(TwinAct::Break { class, seed: 3 }));
        twin.broken = true;
        assert!(matches!(act_of(&twin, &breaks("supply_lost")), Err(ExploreRefused::Broken)));
        assert_eq!(act_of(&twin, &Explore::Mend).ok(), Some(TwinAct::Mend));
        assert!(matches!(act_of(&twin, &breaks("nothing")), Err(ExploreRefused::NoClass)));
    }

    #[test]
    fn a_stop_is_never_pressed_where_a_press_could_begin_something() {
        for state in [SessionState::Idle, SessionState::AwaitingPerson, SessionState::AwaitingSwitch] {
            let refused = act_of(&at(true, state), &breaks("stop"));
            assert!(matches!(refused, Err(ExploreRefused::NoSession)), "{state:?}");
        }
        assert!(act_of(&at(true, SessionState::Scanning), &breaks("stop")).is_ok());
    }
}
