//! The course as a table for other programs.

use std::fmt::Write as _;

use super::{Course, Line, Point, Quantity, TooLittle, Verdict};

impl Quantity {
    /// Its name for programs, with its unit.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pain => "pain_nprs",
            Self::Function => "roland_morris",
            Self::Spasms => "spasm_day",
            Self::Tension => "tension_mean_ratio",
            Self::Length => "length_t1_l5_mm",
            Self::Kyphosis => "kyphosis_lying_deg",
            Self::Lordosis => "lordosis_lying_deg",
            Self::Lateral => "lateral_mm",
        }
    }
}

impl Verdict {
    /// Its name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Changed => "changed",
            Self::NoChange => "no_change",
            Self::TooLittle(TooLittle::Values) => "too_few_values",
            Self::TooLittle(TooLittle::Smallest) => "smallest_change_not_known",
        }
    }
}

impl Course {
    /// Every value in a row, and for each quantity one row `verdict`, whose value is the change from the first to
    /// the last stretch. What is not known is empty.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::from("quantity,row,day,value,lo90,hi90,session,simulated,verdict\n");
        for line in &self.lines {
            for at in &line.points {
                value(&mut text, line.quantity.code(), at, self.simulated(line, at));
            }
            verdict(&mut text, line);
        }
        for at in &self.doses {
            let of = self.sessions.iter().find(|line| Some(line.number) == at.session);
            value(&mut text, "heat_dose_cem43", at, of.is_some_and(|line| line.simulated));
        }
        text
    }

    fn simulated(&self, line: &Line, at: &Point) -> bool {
        line.simulated && at.session.is_some()
    }
}

fn value(text: &mut String, quantity: &str, at: &Point, simulated: bool) {
    let bound = |bound: Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    let (low, high) = (bound(at.interval.map(|it| it.0)), bound(at.interval.map(|it| it.1)));
    let session = at.session.map(|number| number.0.to_string()).unwrap_or_default();
    let (day, value) = (at.day, at.value);
    let written = writeln!(text, "{quantity},value,{day},{value},{low},{high},{session},{simulated},");
    assert!(written.is_ok(), "a text in memory takes what is written");
}

fn verdict(text: &mut String, line: &Line) {
    let change = line.change().map(|change| change.to_string()).unwrap_or_default();
    let day = line.ends.map(|(_, last)| last.to.to_string()).unwrap_or_default();
    let (quantity, simulated, code) = (line.quantity.code(), line.simulated, line.verdict.code());
    let written = writeln!(text, "{quantity},verdict,{day},{change},,,,{simulated},{code}");
    assert!(written.is_ok(), "a text in memory takes what is written");
}
