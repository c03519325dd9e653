use std::collections::BTreeSet;

use care::diary::{DayRecord, Episode, Session};
use care::triggers::{Analysis, Association, Trigger, Verdict};

use super::*;

const FROM: Day = Day(20_700);

fn rating(value: u32) -> Option<Nprs> {
    Nprs::try_from(value.min(10) as u8).ok()
}

fn episode(last: Option<Day>) -> Record {
    Record::Episode(Episode {
        last,
        pain: rating(7).expect("0 to 10"),
        places: BTreeSet::new(),
        radiating: None,
        set_off_by: BTreeSet::new(),
        notes: String::new(),
    })
}

/// A drawn diary of twelve weeks with gaps: days 20 to 25 and every eleventh day are missing.
fn drawn() -> Diary {
    let mut diary = Diary::default();
    let now = Day(FROM.0 + 90);
    let mut write = |day: u32, record: Record| {
        diary.write(now, Day(FROM.0 + day), record).expect("an ordinary entry");
    };
    for day in (0..84_u32).filter(|day| !(20..=25).contains(day) && day % 11 != 10) {
        let spasm = matches!(day, 8..=11 | 37..=39 | 60..=61);
        let pain = 6 - day / 18 + day * 7 % 3 + if spasm { 3 } else { 0 };
        write(
            day,
            Record::Day(DayRecord {
                pain: rating(pain.saturating_sub(1)),
                sleep_min: Some((390 + day * 37 % 90) as u16),
                activity_min: (day % 5 != 4).then_some((day * 13 % 50) as u16),
                stress: rating(3 + day * 5 % 5),
                ..DayRecord::default()
            }),
        );
    }
    for (from, last) in [(8, 11), (37, 39), (60, 61)] {
        write(from, episode(Some(Day(FROM.0 + last))));
    }
    for day in [10, 16, 23, 38, 45, 52, 62, 70] {
        let session = Session {
            program: "relief".to_owned(),
            minutes: 40,
            pain_before: None,
            pain_after: None,
            notes: String::new(),
        };
        write(day, Record::Session(session));
    }
    for (day, score) in [(2, 13), (16, 12), (30, 13), (44, 9), (58, 8), (72, 7), (83, 6)] {
        write(day, Record::Roland(Roland::try_from(score).expect("0 to 24")));
    }
    diary
}

fn association(trigger: Trigger, ratio: [Option<f64>; 3], verdict: Verdict) -> Association {
    let [odds_ratio, low, high] = ratio;
    Association {
        trigger,
        episodes: if verdict == Verdict::NotEnoughYet { 4 } else { 14 },
        control_days: 50,
        odds_ratio,
        low,
        high,
        p_corrected: None,
        verdict,
        together_with: Vec::new(),
    }
}

fn analysis() -> Analysis {
    let strain = |name: &str| Trigger::Strain(name.to_owned());
    Analysis {
        episodes: 14,
        episodes_late: 0,
        days_late: 3,
        associations: vec![
            association(strain("heavy lifting"), [Some(4.2), Some(1.4), Some(13.0)], Verdict::MoreSpasms),
            association(strain("gardening <in the rain>"), [None, Some(1.1), None], Verdict::MoreSpasms),
            association(Trigger::Activity, [Some(0.55), Some(0.31), Some(0.9)], Verdict::FewerSpasms),
            association(Trigger::Sleep, [Some(0.8), Some(0.5), Some(1.3)], Verdict::NothingClear),
            association(Trigger::Stress, [None; 3], Verdict::NoContrast),
            association(strain("a name that is far too long for one line"), [None; 3], Verdict::NotEnoughYet),
        ],
    }
}

fn all(language: Language) -> Vec<(&'static str, Plot)> {
    let diary = drawn();
    let days = Days::of(&diary, 366).expect("it is not empty");
    vec![
        ("pain", pain(&diary, days, language)),
        ("disability", disability(&diary, days, language)),
        ("habits", habits(&diary, days, language)),
        ("triggers", triggers(&analysis(), language)),
    ]
}

/// Colour, script or size that a page could not follow.
const FOREIGN: [&str; 8] =
    ["<script", "<style", "#01020", "rgb(", "onload", "http://www.w3.org/1999", "href", "<image"];

#[test]
fn every_plot_is_well_formed_speaks_and_holds_no_script_and_no_colour_of_its_own() {
    for language in Language::ALL {
        for (name, plot) in all(language) {
            for (class, svg) in [("wide", &plot.wide), ("narrow", &plot.narrow)] {
                assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{name}");
                assert!(
                    svg.contains("role=\"img\"")
                        && svg.contains(&format!("<title id=\"diary-{name}-{class}-title\">"))
                );
                assert!(svg.contains(&format!("<desc id=\"diary-{name}-{class}-desc\">")));
                assert!(svg.matches("<text").count() > 5, "{name}");
                for foreign in FOREIGN {
                    assert!(!svg.contains(foreign), "{name}: {foreign}");
                }
                assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count(), "{name}");
            }
        }
    }
}

#[test]
fn names_from_the_diary_are_escaped() {
    let plot = triggers(&analysis(), Language::English).html();
    assert!(plot.contains("gardening &lt;in the rain&gt;") && !plot.contains("<in the"));
    assert!(plot.contains("a name that is far too long…"));
}

#[test]
fn a_missing_day_is_a_gap_and_neither_zero_nor_crossed_by_a_line() {
    let day = |offset: u32, value: f64| (Day(FROM.0 + offset), value);
    let values = [day(0, 3.0), day(1, 4.0), day(3, 5.0), day(4, 0.0), day(9, 2.0)];
    let rows = rows(&values);
    assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(rows.iter().flatten().filter(|(_, value)| *value == 0.0).count(), 1);

    let diary = drawn();
    let days = Days::of(&diary, 366).expect("it is not empty");
    let written = super::values(&diary, days, pain_of).len();
    assert!(
        written < 80
            && pain(&diary, days, Language::English).wide.contains(&format!("on {written} of 84 days"))
    );
}

#[test]
fn the_average_of_a_week_needs_three_days() {
    let days = Days { from: FROM, to: Day(FROM.0 + 20) };
    let values: Vec<(Day, f64)> = [(0, 2.0), (1, 4.0), (2, 6.0), (12, 9.0), (13, 9.0)]
        .map(|(day, value)| (Day(FROM.0 + day), value))
        .to_vec();
    let weekly = weekly(&values, days);
    assert_eq!(weekly.first(), Some(&(Day(FROM.0 + 2), 4.0)));
    assert!(weekly.iter().all(|(day, _)| day.0 <= FROM.0 + 6));
}

#[test]
fn the_band_of_no_clear_change_is_that_of_the_scores() {
    for first in 0..=24_u8 {
        let first = Roland::try_from(first).expect("0 to 24");
        let (better, worse) = bounds(first);
        for now in 0..=24_u8 {
            let score = f64::from(now);
            let expected = match read_roland(first, Roland::try_from(now).expect("0 to 24")) {
                Reading::Better => better.is_some_and(|better| score <= better),
                Reading::Worse => score >= worse,
                Reading::NoClearChange => better.is_none_or(|better| score > better) && score < worse,
            };
            assert!(expected, "{first:?} {now}");
        }
    }
}

#[test]
fn an_empty_diary_has_no_days_and_an_empty_plot_is_still_one() {
    let diary = Diary::default();
    assert_eq!(Days::of(&diary, 366), None);
    let days = Days { from: FROM, to: FROM };
    for plot in [pain(&diary, days, Language::German), disability(&diary, days, Language::German)] {
        assert!(plot.html().ends_with("</svg>\n"));
    }
    assert!(habits(&diary, days, Language::English).wide.contains("nothing written down"));
    let nothing = Analysis { episodes: 0, episodes_late: 0, days_late: 0, associations: Vec::new() };
    assert!(triggers(&nothing, Language::English).wide.contains("Nothing written down yet"));
}

#[test]
fn days_are_named_on_mondays_and_never_too_many() {
    for span in 0..800 {
        let days = sheet::ticks(FROM, Day(FROM.0 + span), 8);
        assert!(days.len() <= 8 && (span < 14 || days.iter().all(|day| day.0 % 7 == 4)), "{span}");
        assert!(span < 20 || days.len() >= 2, "{span}");
    }
    assert_eq!(sheet::short(Day(20_779), Language::English), "22 Nov");
    assert_eq!(long(Day(20_779), Language::German), "22. Nov 2026");
}
