//! The self-test: nobody on the bed, no session, nothing moves or heats. It reads, and asks nothing of a bed.
//!
//! Of a twin it presses each switch as a person would, to see that the press arrives, and switches it off and on
//! afterwards.

use super::both;
use super::readings::{Standing, is_heard, measured, told};
use crate::seen::View;
use crate::station::Station;
use bed::{BedConfig, SessionState};
use care::Words;
use link::TwinAct;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant as Wall};

/// The empty bed's heads press with no more than this, N. Guess: five times a load cell's drift in ten minutes.
const EMPTY_N: f64 = 20.0;
/// Corner cells together show no more when nobody lies there, N. Source: as in a session's picture.
const NOBODY_N: f64 = 50.0;
/// A bed in a house is within these, degrees C. Guess.
const ROOM_C: std::ops::RangeInclusive<f64> = 5.0..=60.0;
/// A supply is no higher than this share of its nominal voltage. Guess: common supplies trip at 1.15 to 1.25.
const SUPPLY_HIGH: f64 = 1.15;
/// A press is waited for so long. Guess: five times as long as a twin presses.
const PRESS: Duration = Duration::from_millis(1500);
/// A bed that was switched off and on is back within this. Source: the station looks again after 0.5 s.
const BACK: Duration = Duration::from_secs(10);

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It works.
    Fine,
    /// It works; something should be known.
    Note,
    /// It does not work.
    Bad,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Its name in programs.
    pub id: &'static str,
    /// What was looked at.
    pub what: Words,
    /// How it came out.
    pub finding: Finding,
    /// What was found.
    pub says: Words,
    /// What to do.
    pub way_out: Option<Words>,
}

/// What the self-test found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTest {
    /// What must be told with everything that a twin shows.
    pub notice: Option<&'static str>,
    /// Nothing is bad.
    pub fine: bool,
    /// The checks.
    pub checks: Vec<Check>,
}

/// Why no self-test is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestRefused {
    /// One is under way.
    #[error("a session is under way: end it first")]
    Session,
    /// Somebody lies there, or it cannot be told.
    #[error("somebody lies on the bed: the self-test is for an empty bed")]
    Occupied,
    /// The bed is not at rest.
    #[error("the bed is not at rest: wait, or switch it off and on")]
    NotAtRest,
}

impl TestRefused {
    /// The same in both languages.
    #[must_use]
    pub fn words(self) -> Words {
        let de = match self {
            Self::Session => "Eine Anwendung läuft: Beenden Sie sie zuerst.",
            Self::Occupied => "Jemand liegt auf dem Bett: Der Selbsttest ist für ein leeres Bett.",
            Self::NotAtRest => "Das Bett ist nicht in Ruhe: Warten Sie, oder schalten Sie es aus und ein.",
        };
        both(self.to_string(), de)
    }
}

/// Tests the bed. Waits for some seconds; not to be called from a thread that serves others.
///
/// # Errors
/// [`TestRefused`]: nothing was tested.
pub fn run(station: &Station) -> Result<SelfTest, TestRefused> {
    let _rest = station.rest().ok_or(TestRefused::Session)?;
    let view = station.seen().view();
    if is_heard(&view) {
        allowed(&view)?;
    }
    let mut checks = vec![line(&view)];
    if is_heard(&view) {
        checks.extend([sensors(&view), forces(&view), warmth(&view), supply(&view)]);
        checks.extend([switch(&view, false), switch(&view, true), outputs(&view)]);
    }
    checks.push(stop_line(station));
    checks.push(folder(station));
    let simulated = view.line.as_ref().is_some_and(|line| line.simulated);
    if simulated && is_heard(&view) {
        checks.extend(presses(station));
    }
    let fine = checks.iter().all(|check| check.finding != Finding::Bad);
    Ok(SelfTest { notice: simulated.then_some(crate::NOTICE), fine, checks })
}

/// Only an empty bed at rest is tested.
fn allowed(view: &View) -> Result<(), TestRefused> {
    if view.state != Some(SessionState::Idle) {
        return Err(TestRefused::NotAtRest);
    }
    let weight: f64 = numbers(view, "corner_").sum();
    if weight > NOBODY_N { Err(TestRefused::Occupied) } else { Ok(()) }
}

/// The numbers of all rows whose name begins so.
fn numbers<'a>(view: &View, id: &'a str) -> impl Iterator<Item = f64> + use<'a> {
    measured(view).into_iter().filter(move |row| row.id.starts_with(id)).filter_map(|row| row.number)
}

fn check(id: &'static str, what: Words, fine: bool, says: Words, way_out: Words) -> Check {
    let (finding, way_out) = if fine { (Finding::Fine, None) } else { (Finding::Bad, Some(way_out)) };
    Check { id, what, finding, says, way_out }
}

fn line(view: &View) -> Check {
    let heard = is_heard(view);
    let says = if heard {
        both("Reports come.", "Meldungen kommen.")
    } else {
        both("Nothing comes.", "Nichts kommt.")
    };
    let way = both(
        "Switch the bed on and check its cable; `ondol doctor` looks further.",
        "Schalten Sie das Bett ein und prüfen Sie das Kabel; `ondol doctor` sieht weiter nach.",
    );
    check("line", both("Line to the bed", "Leitung zum Bett"), heard, says, way)
}

/// Every sensor that the bed has speaks.
fn sensors(view: &View) -> Check {
    let rows = measured(view);
    let fitted = rows.iter().filter(|row| row.standing != Standing::Missing).count();
    let wrong: Vec<_> =
        rows.iter().filter(|row| matches!(row.standing, Standing::Silent | Standing::Faulty)).collect();
    let names = |of: fn(&Words) -> &str| wrong.iter().map(|row| of(&row.name)).collect::<Vec<_>>().join("; ");
    let says = if wrong.is_empty() {
        both(format!("All {fitted} speak."), format!("Alle {fitted} sprechen."))
    } else {
        both(
            format!("Silent or faulty: {}", names(|words| &words.en)),
            format!("Stumm oder gestört: {}", names(|words| &words.de)),
        )
    };
    let way = both("Check plug and cable of what is named.", "Prüfen Sie Stecker und Kabel des Genannten.");
    check("sensors", both("Sensors and drives", "Sensoren und Antriebe"), wrong.is_empty(), says, way)
}

/// Nothing presses on nobody.
fn forces(view: &View) -> Check {
    let most =
        numbers(view, "force_").chain(numbers(view, "thrust_")).fold(0.0_f64, |most, n| most.max(n.abs()));
    let config = view.line.as_ref().map(|line| &*line.config);
    let noise = config.map_or(0.0, |bed: &BedConfig| 4.0 * f64::from(bed.lift.thrust_noise_n));
    let fine = most <= EMPTY_N.max(noise);
    let says = both(
        format!("At most {most:.0} N with nobody on the bed."),
        format!("Höchstens {most:.0} N ohne jemanden auf dem Bett."),
    );
    let way = both(
        "Set the zero of the load cells anew; look for what lies on the heads.",
        "Stellen Sie die Kraftmessdosen neu auf null; sehen Sie nach, was auf den Köpfen liegt.",
    );
    check("forces", both("Forces of the empty bed", "Kräfte des leeren Bettes"), fine, says, way)
}

fn warmth(view: &View) -> Check {
    let all: Vec<f64> = numbers(view, "element_").chain(numbers(view, "surface_")).collect();
    let what = both("Temperatures", "Temperaturen");
    let (Some(low), Some(high)) =
        (all.iter().copied().reduce(f64::min), all.iter().copied().reduce(f64::max))
    else {
        let says = both("This bed does not heat.", "Dieses Bett heizt nicht.");
        return Check { id: "warmth", what, finding: Finding::Note, says, way_out: None };
    };
    let fine = ROOM_C.contains(&low) && ROOM_C.contains(&high);
    let says = both(format!("{low:.0} to {high:.0} °C."), format!("{low:.0} bis {high:.0} °C."));
    let way = both(
        "Let the bed cool. A thermometer that still differs is loose or broken.",
        "Lassen Sie das Bett abkühlen. Ein Thermometer, das dann noch abweicht, ist lose oder defekt.",
    );
    check("warmth", what, fine, says, way)
}

fn supply(view: &View) -> Check {
    let volts = numbers(view, "supply").next();
    let range = view.line.as_ref().map(|line| {
        (f64::from(line.config.supply_min_v), SUPPLY_HIGH * f64::from(line.config.supply_nominal_v))
    });
    let (low, high) = range.unwrap_or_default();
    let fine = volts.is_some_and(|volts| (low..=high).contains(&volts));
    let volts = volts.unwrap_or_default();
    let says = both(
        format!("{volts:.1} V of {low:.1} to {high:.1} V."),
        format!("{volts:.1} V von {low:.1} bis {high:.1} V.").replace('.', ","),
    );
    let way = both(
        "Measure the supply itself; exchange one that is out of range.",
        "Messen Sie das Netzteil selbst; tauschen Sie eines, das außerhalb liegt.",
    );
    check("supply", both("Supply", "Versorgung"), fine, says, way)
}

/// A switch's line speaks, and it is not pressed.
fn switch(view: &View, emergency: bool) -> Check {
    let report = view.report.as_ref().map(|(report, _)| report);
    let reading =
        report.and_then(
            |report| {
                if emergency { report.readings.emergency_stop } else { report.readings.hand_switch }
            },
        );
    let fine = reading.is_some_and(|pressed| !pressed.value);
    let says = match reading {
        None => both("Its line says nothing.", "Die Leitung sagt nichts."),
        Some(pressed) if pressed.value => both("It is pressed.", "Er ist gedrückt."),
        Some(_) => both("Its line speaks; it is not pressed.", "Die Leitung spricht; er ist nicht gedrückt."),
    };
    let way = both(
        "Let it go or pull it out; else check plug and cable.",
        "Lassen Sie ihn los oder ziehen Sie ihn heraus; sonst prüfen Sie Stecker und Kabel.",
    );
    let (id, what) = if emergency {
        ("emergency_stop", both("Emergency stop", "Not-Halt"))
    } else {
        ("hand_switch", both("Hand switch", "Handschalter"))
    };
    check(id, what, fine, says, way)
}

/// Nothing is told to rise or to heat.
fn outputs(view: &View) -> Check {
    let on: Vec<Words> = told(view)
        .into_iter()
        .filter(|row| row.id.starts_with("told_lift") || row.id.starts_with("told_heater"))
        .filter(|row| row.number.is_some_and(|number| number > 0.0))
        .map(|row| row.name)
        .collect();
    let says = if on.is_empty() {
        both("Nothing is told to rise or to heat.", "Nichts soll steigen oder heizen.")
    } else {
        let names = |of: fn(&Words) -> &str| on.iter().map(of).collect::<Vec<_>>().join("; ");
        both(format!("Told to: {}", names(|words| &words.en)), format!("Soll: {}", names(|words| &words.de)))
    };
    let way = both(
        "Press Stop, switch the bed off and keep its journal.",
        "Drücken Sie Stopp, schalten Sie das Bett aus und bewahren Sie das Protokoll auf.",
    );
    check("outputs", both("Outputs at rest", "Ausgänge in Ruhe"), on.is_empty(), says, way)
}

fn stop_line(station: &Station) -> Check {
    let fine = station.stop_line_answers();
    let says = if fine {
        both("It stands. Nothing was stopped.", "Sie steht. Es wurde nichts gestoppt.")
    } else {
        both(
            "It does not stand. The hand switch works all the same.",
            "Sie steht nicht. Der Handschalter geht trotzdem.",
        )
    };
    let way = both(
        "Check the cable to the bed; do not begin a session.",
        "Prüfen Sie das Kabel zum Bett; beginnen Sie keine Anwendung.",
    );
    check("stop_line", both("Line for Stop", "Leitung für Stopp"), fine, says, way)
}

fn folder(station: &Station) -> Check {
    let tried = tempfile::NamedTempFile::new_in(station.folder());
    let says = match &tried {
        Ok(_) => both("It can be written.", "Er ist beschreibbar."),
        Err(error) => {
            both(format!("It cannot be written: {error}"), format!("Er ist nicht beschreibbar: {error}"))
        }
    };
    let way =
        both("Free the disk; `ondol doctor` says more.", "Schaffen Sie Platz; `ondol doctor` sagt mehr.");
    check("folder", both("Folder of records and logs", "Ordner für Aufzeichnungen"), tried.is_ok(), says, way)
}

/// Presses both switches of a twin, then switches it off and on.
fn presses(station: &Station) -> Vec<Check> {
    let acts = [
        (
            "press_hand_switch",
            TwinAct::PressHandSwitch,
            both("A press of the hand switch (twin)", "Ein Druck auf den Handschalter (Zwilling)"),
        ),
        (
            "press_emergency_stop",
            TwinAct::EmergencyStop { pressed: true },
            both("A press of the emergency stop (twin)", "Ein Druck auf den Not-Halt (Zwilling)"),
        ),
    ];
    let mut checks = Vec::new();
    for (id, act, what) in acts {
        let begun = Wall::now();
        let emergency = matches!(act, TwinAct::EmergencyStop { .. });
        let seen = station.act(act).is_ok()
            && wait(PRESS, || {
                let view = station.seen().view();
                let pressed = if emergency { view.emergency_stop } else { view.hand_switch };
                pressed.is_some_and(|at| at >= begun)
            });
        let says = if seen {
            both("It was seen.", "Er wurde gesehen.")
        } else {
            both("It was not seen.", "Er wurde nicht gesehen.")
        };
        let way = both(
            "Mend the twin and switch it off and on.",
            "Reparieren Sie den Zwilling und schalten Sie ihn aus und ein.",
        );
        checks.push(check(id, what, seen, says, way));
    }
    let boot = |view: &View| view.line.as_ref().map(|line| line.boot);
    let before = boot(&station.seen().view());
    let told =
        [TwinAct::EmergencyStop { pressed: false }, TwinAct::Restart].map(|act| station.act(act).is_ok());
    let back = told == [true; 2]
        && wait(BACK, || {
            let view = station.seen().view();
            boot(&view) != before && view.state == Some(SessionState::Idle) && is_heard(&view)
        });
    let says = if back {
        both("It is at rest again.", "Er ist wieder in Ruhe.")
    } else {
        both("It is not back at rest yet.", "Er ist noch nicht wieder in Ruhe.")
    };
    let way = both("Switch it off and on.", "Schalten Sie ihn aus und ein.");
    checks.push(check(
        "restart",
        both("Switched off and on (twin)", "Aus- und eingeschaltet (Zwilling)"),
        back,
        says,
        way,
    ));
    checks
}

/// Waits until something is so; false where it is not within a span.
fn wait(most: Duration, is_so: impl Fn() -> bool) -> bool {
    let begun = Wall::now();
    while begun.elapsed() < most {
        if is_so() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    is_so()
}
