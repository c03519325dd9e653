//! The course in plain sentences. No sentence names a cause.

use care::Words;

use super::{
    COURSE_DAYS, COURSE_VALUES_MIN, Course, Ground, Line, Quantity, SCANS, SPASM_WINDOW_DAYS, Verdict,
};

/// What stands over every course.
#[must_use]
pub fn no_cause() -> Words {
    say(
        "A course tells what changed, not why. Pain comes and goes, and people seek care when it is worst: much of it eases by itself.",
        "Ein Verlauf sagt, was sich änderte, nicht warum. Schmerz kommt und geht, und Hilfe sucht man, wenn er am stärksten ist: Vieles gibt sich von selbst.",
    )
}

/// What stands in the row of everything that was scanned on the twin.
#[must_use]
pub fn assumed() -> Words {
    say("Simulated: what the model assumes, not evidence.", "Simuliert: was das Modell annimmt, kein Beleg.")
}

fn say(en: &str, de: &str) -> Words {
    Words::new(en.to_owned(), de.to_owned())
}

/// A number as each language writes it.
fn number(value: f64, places: usize) -> [String; 2] {
    // Adding zero turns -0 into 0.
    let scale = 10_f64.powi(places as i32);
    let text = format!("{:.places$}", (value * scale).round() / scale + 0.0).replace('-', "−");
    let german = text.replace('.', ",");
    [text, german]
}

impl Quantity {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> Words {
        match self {
            Self::Pain => say("Pain", "Schmerz"),
            Self::Function => {
                say("What the back stops (Roland-Morris)", "Was der Rücken verhindert (Roland-Morris)")
            }
            Self::Spasms => say("Days with a spasm", "Tage mit Verspannung"),
            Self::Tension => say("Tension beside the spine", "Spannung neben der Wirbelsäule"),
            Self::Length => say("Length T1 to L5, lying", "Länge T1 bis L5, liegend"),
            Self::Kyphosis => say("Kyphosis, lying", "Kyphose, liegend"),
            Self::Lordosis => say("Lordosis, lying", "Lordose, liegend"),
            Self::Lateral => say("Sideways, left is plus", "Seitwärts, links ist plus"),
        }
    }

    /// Its unit or scale, after a number; short enough for an axis.
    #[must_use]
    pub fn unit(self) -> Words {
        match self {
            Self::Pain => say("of 10", "von 10"),
            Self::Function => say("of 24", "von 24"),
            Self::Spasms => {
                Words::new(format!("of {SPASM_WINDOW_DAYS} days"), format!("von {SPASM_WINDOW_DAYS} Tagen"))
            }
            Self::Tension => say("(1 is as expected)", "(1 ist wie erwartet)"),
            Self::Length | Self::Lateral => say("mm", "mm"),
            Self::Kyphosis | Self::Lordosis => say("°", "°"),
        }
    }

    /// Places behind the point.
    #[must_use]
    pub fn places(self) -> usize {
        match self {
            Self::Spasms | Self::Length => 0,
            Self::Tension => 2,
            _ => 1,
        }
    }

    /// A value with as many places as mean something, as each language writes it.
    #[must_use]
    pub fn figure(self, value: f64) -> Words {
        let [en, de] = number(value, self.places());
        Words::new(en, de)
    }
}

impl Verdict {
    /// In a few words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Better => say("Better", "Besser"),
            Self::Worse => say("Worse", "Schlechter"),
            Self::Changed => say("Changed", "Verändert"),
            Self::NoChange => say("No change beyond what matters", "Keine Änderung, die zählt"),
            Self::TooLittle(_) => say("Too little known", "Zu wenig bekannt"),
        }
    }
}

impl Line {
    /// First and last stretch as figures; `None` where there are no two.
    #[must_use]
    pub fn figures(&self) -> Option<Words> {
        let (first, last) = self.ends?;
        let (first, last, unit) =
            (self.quantity.figure(first.value), self.quantity.figure(last.value), self.quantity.unit());
        let one = |first: &str, last: &str, unit: &str| {
            if unit == "°" {
                format!("{first}{unit} → {last}{unit}")
            } else {
                format!("{first} → {last} {unit}")
            }
        };
        Some(Words::new(one(&first.en, &last.en, &unit.en), one(&first.de, &last.de, &unit.de)))
    }

    /// Why the verdict is what it is, with the change and the smallest one that matters.
    #[must_use]
    pub fn why(&self) -> Words {
        let (Some(change), Some(_)) = (self.change(), self.ends) else { return self.missing() };
        let size = self.quantity.figure(change.abs());
        let moved = match change {
            up if up > 0.0 => Words::new(format!("up by {}", size.en), format!("mehr um {}", size.de)),
            down if down < 0.0 => {
                Words::new(format!("down by {}", size.en), format!("weniger um {}", size.de))
            }
            _ => say("no difference", "kein Unterschied"),
        };
        let Some(smallest) = self.smallest else {
            return Words::new(
                format!("{}; which change matters is not known, so there is no verdict.", moved.en),
                format!("{}; ab wann eine Änderung zählt, ist nicht bekannt, darum kein Urteil.", moved.de),
            );
        };
        let least = if change < 0.0 { smallest.fall } else { Some(smallest.rise) };
        let Some(least) = least.map(|least| self.quantity.figure(least)) else {
            return Words::new(
                format!("{}; from so low a start no improvement can be shown.", moved.en),
                format!("{}; von einem so niedrigen Beginn lässt sich keine Besserung zeigen.", moved.de),
            );
        };
        let (ground_en, ground_de) = match smallest.ground {
            Ground::Mcid => ("matters", "zählt"),
            Ground::OwnScatter => (
                "matters, since this person's days scatter that much",
                "zählt, denn so stark schwanken die Tage dieser Person",
            ),
            Ground::Mdc95 => (
                "counts (MDC95 of two scans with getting up between)",
                "zählt (MDC95 zweier Messungen mit Aufstehen dazwischen)",
            ),
        };
        Words::new(
            format!("{}; {} or more {ground_en}.", moved.en, least.en),
            format!("{}; {} oder mehr {ground_de}.", moved.de, least.de),
        )
    }

    /// What it would take.
    fn missing(&self) -> Words {
        match self.quantity {
            Quantity::Pain => Words::new(
                format!(
                    "it takes {COURSE_VALUES_MIN} days of pain in the first and in the last {COURSE_DAYS} days, without overlap."
                ),
                format!(
                    "nötig sind {COURSE_VALUES_MIN} Tage mit Schmerzwert in den ersten und in den letzten {COURSE_DAYS} Tagen, ohne Überschneidung."
                ),
            ),
            Quantity::Function => Words::new(
                format!("it takes a score in the first and in the last {COURSE_DAYS} days, without overlap."),
                format!(
                    "nötig ist ein Wert in den ersten und in den letzten {COURSE_DAYS} Tagen, ohne Überschneidung."
                ),
            ),
            Quantity::Spasms => Words::new(
                format!(
                    "it takes a diary of half of the first and of the last {SPASM_WINDOW_DAYS} days, without overlap."
                ),
                format!(
                    "nötig ist ein Tagebuch über die Hälfte der ersten und der letzten {SPASM_WINDOW_DAYS} Tage, ohne Überschneidung."
                ),
            ),
            _ => say("it takes two sessions with a scan.", "nötig sind zwei Anwendungen mit Messung."),
        }
    }

    /// Over what the ends were taken, such as "first week against last week".
    #[must_use]
    pub fn windows(&self) -> Words {
        match self.quantity {
            Quantity::Pain | Quantity::Function => Words::new(
                format!("median of the first {COURSE_DAYS} days → of the last {COURSE_DAYS} days"),
                format!("Median der ersten {COURSE_DAYS} Tage → der letzten {COURSE_DAYS} Tage"),
            ),
            Quantity::Spasms => Words::new(
                format!("first {SPASM_WINDOW_DAYS} days → last {SPASM_WINDOW_DAYS} days"),
                format!("erste {SPASM_WINDOW_DAYS} Tage → letzte {SPASM_WINDOW_DAYS} Tage"),
            ),
            _ => {
                let count = self.ends.map_or(SCANS, |(first, _)| first.count);
                Words::new(
                    format!("median of the first {count} → of the last {count} scans on arrival"),
                    format!("Median der ersten {count} → der letzten {count} Messungen bei Ankunft"),
                )
            }
        }
    }
}

impl Course {
    /// The whole course in a sentence or two, for whoever has thirty seconds.
    #[must_use]
    pub fn summary(&self) -> Words {
        let of = |wanted: fn(Verdict) -> bool| -> Vec<(Words, Words)> {
            let lines = self.lines.iter().filter(|line| wanted(line.verdict));
            lines.map(|line| (line.quantity.name(), line.verdict.words())).collect()
        };
        let beyond = of(|verdict| matches!(verdict, Verdict::Better | Verdict::Worse | Verdict::Changed));
        let (same, open) = (
            of(|verdict| verdict == Verdict::NoChange).len(),
            of(|verdict| matches!(verdict, Verdict::TooLittle(_))).len(),
        );
        let list = |text: fn(&Words) -> &str| -> String {
            let parts: Vec<String> = beyond
                .iter()
                .map(|(name, verdict)| format!("{}: {}", text(name), text(verdict).to_lowercase()))
                .collect();
            parts.join("; ")
        };
        let (en, de) = (list(|words| &words.en), list(|words| &words.de));
        let mut told = if beyond.is_empty() {
            (
                "Nothing changed beyond what matters.".to_owned(),
                "Nichts änderte sich so, dass es zählt.".to_owned(),
            )
        } else {
            (format!("{en}."), format!("{de}."))
        };
        if !beyond.is_empty() && same > 0 {
            told.0 += &format!(" In {same} more, no change that matters.");
            told.1 += &format!(" In {same} weiteren keine Änderung, die zählt.");
        }
        if open > 0 {
            told.0 += &format!(" In {open}, too little is known to judge.");
            told.1 += &format!(" In {open} ist zu wenig bekannt für ein Urteil.");
        }
        Words::new(told.0, told.1)
    }
}
