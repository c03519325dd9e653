//! Sessions, logs, reports: everything that knows a bed only through its port.

pub mod accounts;
pub mod bed_today;
pub mod breaks;
pub mod carry;
pub mod clock;
pub mod course;
pub mod day;
pub mod diary_plot;
pub mod dose;
pub mod entry_form;
pub mod faults;
pub mod log;
pub mod next;
pub mod planner;
pub mod prescription;
pub mod report;
pub mod seen;
pub mod service;
pub mod session;
pub mod station;
pub mod store;
pub mod told;
pub mod wire;

/// What every output of the twin says.
pub const NOTICE: &str = "Simulated person. Not a measurement of you.";

/// The same in a person's language.
#[must_use]
pub fn notice(language: care::Language) -> std::borrow::Cow<'static, str> {
    language.say(NOTICE, "Simulierte Person. Keine Messung an Ihnen.")
}

/// The folder with data measured by others, if it is on this computer: `ONDOL_DATA`, or `../shared/data`
/// beside the working folder.
#[must_use]
pub fn data_folder() -> Option<std::path::PathBuf> {
    let named = std::env::var_os("ONDOL_DATA").map(std::path::PathBuf::from);
    let beside = std::path::PathBuf::from("../shared/data");
    named.into_iter().chain([beside]).find(|path| path.join("spines").is_dir())
}
