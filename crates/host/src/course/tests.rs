use bed::Interval;
use care::diary::{DayRecord, Episode, Record};
use care::scores::{Nprs, Roland};
use proptest::prelude::*;

use super::*;
use crate::day::Moment;
use crate::store::{Brief, Pair};

const FIRST: u32 = 20_700;
const TODAY: Day = Day(20_900);

fn pain(value: u8) -> Record {
    let pain = Nprs::try_from(value).ok();
    Record::Day(DayRecord { pain, ..DayRecord::default() })
}

fn roland(value: u8) -> Record {
    Record::Roland(Roland::try_from(value).expect("0 to 24"))
}

/// A diary, written in this order, of days counted from the first one.
fn diary(records: impl IntoIterator<Item = (u32, Record)>) -> Diary {
    let mut diary = Diary::default();
    for (day, record) in records {
        diary.write(TODAY, Day(FIRST + day), record).expect("a sound entry");
    }
    diary
}

/// A session so many days after the first day, whose scan on arrival found this kyphosis and tension.
fn session(number: i64, day: u32, kyphosis_deg: f64, simulated: bool) -> SessionLine {
    let begun =
        Moment { utc_s: i64::from(FIRST + day) * 86_400 + 30_000, zone_s: 3600, count_s: 1, house: 1 };
    let before = Some(Interval::normal(kyphosis_deg, 4.0));
    let brief = Brief {
        kyphosis_deg: Pair { before, after: None },
        tension_mean: Pair { before: Some(1.1), after: Some(1.0) },
        ..Brief::default()
    };
    SessionLine {
        number: SessionNumber(number),
        state: SessionStanding::Ended,
        program: "relief".to_owned(),
        simulated,
        begun,
        ended: Some(begun),
        pain_before: None,
        pain_after: None,
        dose_cem43: 9.0,
        brief: Some(brief),
    }
}

fn days(from: u32, values: &[u8]) -> Vec<(u32, Record)> {
    (from..).zip(values).map(|(day, value)| (day, pain(*value))).collect()
}

fn pain_verdict(first: &[u8], last: &[u8]) -> Verdict {
    let all = [days(0, first), days(40, last)].concat();
    Course::of(&diary(all), &[]).line(Quantity::Pain).verdict
}

#[test]
fn pain_just_below_the_smallest_change_is_none_and_just_at_it_is_one() {
    assert_eq!(pain_verdict(&[6; 7], &[5; 7]), Verdict::NoChange);
    assert_eq!(pain_verdict(&[6; 7], &[4; 7]), Verdict::Better);
    // From 8 on two points are less than 30 %.
    assert_eq!(pain_verdict(&[8; 7], &[6; 7]), Verdict::NoChange);
    assert_eq!(pain_verdict(&[8; 7], &[5; 7]), Verdict::Better);
    assert_eq!(pain_verdict(&[3; 7], &[5; 7]), Verdict::Worse);
    assert_eq!(pain_verdict(&[3; 7], &[4; 7]), Verdict::NoChange);
    // Halves of a point, by even counts: 6 to 4.5 and 6.5 to 4.5.
    assert_eq!(pain_verdict(&[6; 6], &[4, 4, 5, 5]), Verdict::NoChange);
    assert_eq!(pain_verdict(&[6, 6, 7, 7, 6, 7], &[4, 4, 5, 5, 4, 5]), Verdict::Better);
}

#[test]
fn who_swings_from_day_to_day_needs_more_than_two_points() {
    let swings = [2, 9, 3, 8, 5, 9, 2];
    let course = Course::of(&diary([days(0, &swings), days(40, &[3, 0, 6, 1, 7, 3, 5])].concat()), &[]);
    let line = course.line(Quantity::Pain);
    assert_eq!(line.verdict, Verdict::NoChange);
    assert_eq!(line.smallest.map(|smallest| smallest.ground), Some(Ground::OwnScatter));
    assert_eq!(line.change(), Some(-2.0));
}

#[test]
fn missing_values_are_no_zero_and_too_few_are_no_verdict() {
    let too_few = Verdict::TooLittle(TooLittle::Values);
    assert_eq!(pain_verdict(&[6, 6], &[2; 7]), too_few);
    assert_eq!(pain_verdict(&[], &[]), too_few);
    // Days without pain told in between count for nothing.
    let empty = (1..7).map(|day| (day, Record::Day(DayRecord::default())));
    let all: Vec<_> = [days(0, &[6]), empty.collect(), days(40, &[1; 7])].concat();
    assert_eq!(Course::of(&diary(all), &[]).line(Quantity::Pain).verdict, too_few);
    // Two weeks that overlap by a day are one.
    assert_eq!(Course::of(&diary(days(0, &[6; 13])), &[]).line(Quantity::Pain).verdict, too_few);
    assert_eq!(Course::of(&diary(days(0, &[6; 14])), &[]).line(Quantity::Pain).verdict, Verdict::NoChange);
    let nothing = Course::of(&Diary::default(), &[]);
    assert!(nothing.lines.iter().all(|line| line.verdict == too_few) && nothing.days().is_none());
}

#[test]
fn function_is_read_by_the_first_score() {
    let verdict = |first: u8, last: u8| {
        let course = Course::of(&diary([(0, roland(first)), (30, roland(last))]), &[]);
        course.line(Quantity::Function).verdict
    };
    assert_eq!(verdict(8, 5), Verdict::NoChange);
    assert_eq!(verdict(8, 4), Verdict::Better);
    assert_eq!(verdict(20, 13), Verdict::NoChange);
    assert_eq!(verdict(20, 12), Verdict::Better);
    assert_eq!(verdict(10, 14), Verdict::NoChange);
    assert_eq!(verdict(10, 15), Verdict::Worse);
    assert_eq!(verdict(3, 0), Verdict::NoChange);
}

#[test]
fn spasms_are_counted_by_days_and_get_no_verdict() {
    let kept = (0..60).map(|day| (day, pain(3)));
    let spasm = |from: u32, last: Option<u32>| {
        let episode = Episode {
            last: last.map(|day| Day(FIRST + day)),
            pain: Nprs::try_from(7).expect("a rating"),
            places: [care::diary::Place::LowerBack].into(),
            radiating: None,
            set_off_by: [].into(),
            notes: String::new(),
        };
        (from, Record::Episode(episode))
    };
    let spasms = [spasm(2, Some(4)), spasm(4, Some(5)), spasm(58, None)];
    let course = Course::of(&diary(kept.chain(spasms)), &[]);
    let line = course.line(Quantity::Spasms);
    let (first, last) = line.ends.expect("two windows");
    assert_eq!((first.value, last.value, line.points.len()), (4.0, 2.0, 6));
    assert_eq!(line.verdict, Verdict::TooLittle(TooLittle::Smallest));
    let sparse = diary([(0, pain(3)), spasm(2, Some(3)), (59, pain(3))]);
    assert_eq!(Course::of(&sparse, &[]).line(Quantity::Spasms).ends, None);
}

#[test]
fn a_curve_changes_at_the_smallest_change_of_two_scans_and_is_never_better() {
    let least = mdc95(Quantity::Kyphosis, true).expect("measured on the twin");
    let verdict = |change: f64| {
        let sessions = [session(1, 0, 45.0, true), session(2, 9, 45.0 + change, true)];
        Course::of(&Diary::default(), &sessions).line(Quantity::Kyphosis).verdict
    };
    for sign in [-1.0, 1.0] {
        assert_eq!(verdict(sign * (least - 0.01)), Verdict::NoChange);
        assert_eq!(verdict(sign * (least + 0.01)), Verdict::Changed);
    }
}

#[test]
fn a_real_bed_has_no_smallest_change_and_the_twins_scans_are_left_out_beside_it() {
    let twin = [session(1, 0, 45.0, true), session(2, 9, 10.0, true)];
    let course = Course::of(&Diary::default(), &twin);
    assert!(course.line(Quantity::Kyphosis).simulated);
    let real = [session(3, 10, 45.0, false), session(4, 19, 10.0, false)];
    let course = Course::of(&Diary::default(), &[twin, real].concat());
    let line = course.line(Quantity::Kyphosis);
    assert_eq!((line.verdict, line.simulated), (Verdict::TooLittle(TooLittle::Smallest), false));
    assert_eq!((line.points.len(), course.simulated_left_out, course.sessions.len()), (2, 2, 4));
}

#[test]
fn an_end_of_many_scans_is_the_middle_one_of_three() {
    let sessions: Vec<SessionLine> = [45.0, 90.0, 44.0, 10.0, 43.0, 44.0, 99.0]
        .into_iter()
        .zip(0_u32..)
        .map(|(deg, day)| session(i64::from(day), day, deg, true))
        .collect();
    let course = Course::of(&Diary::default(), &sessions);
    let (first, last) = course.line(Quantity::Kyphosis).ends.expect("ends");
    assert_eq!((first.value, last.value, first.count), (45.0, 44.0, 3));
    let void = SessionLine { state: SessionStanding::Void, ..session(9, 90, 0.0, true) };
    let with = [sessions.clone(), vec![void]].concat();
    assert_eq!(Course::of(&Diary::default(), &with), course);
}

#[test]
fn the_table_for_programs_has_a_row_for_each_value_and_a_verdict_for_each_quantity() {
    let all = diary([days(0, &[6; 7]), days(40, &[3; 7])].concat());
    let course = Course::of(&all, &[session(1, 0, 45.0, true), session(2, 9, 44.0, true)]);
    let csv = course.csv();
    let rows: Vec<Vec<&str>> = csv.lines().map(|row| row.split(',').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == 9), "{csv}");
    assert_eq!(rows.iter().filter(|row| row[1] == "verdict").count(), Quantity::ALL.len());
    assert!(csv.contains("pain_nprs,verdict,2026-10-20,-3,,,,false,better"), "{csv}");
    assert!(csv.contains("kyphosis_lying_deg,verdict,2026-09-13,-1,,,,true,no_change"), "{csv}");
    assert!(csv.contains("heat_dose_cem43,value,2026-09-04,9,,,1,true,"), "{csv}");
}

#[test]
fn every_sentence_stands_in_both_languages_and_names_no_cause() {
    let courses = [
        Course::of(&Diary::default(), &[]),
        Course::of(
            &diary([days(0, &[6; 7]), days(40, &[3; 7]), vec![(0, roland(3)), (30, roland(1))]].concat()),
            &[session(1, 0, 45.0, true), session(2, 9, 4.0, true)],
        ),
        Course::of(
            &diary([days(0, &[2, 9, 3, 8, 5, 9, 2]), days(40, &[5; 7])].concat()),
            &[session(1, 0, 45.0, false), session(2, 9, 4.0, false)],
        ),
    ];
    let mut said = vec![no_cause(), assumed()];
    for course in &courses {
        said.push(course.summary());
        for line in &course.lines {
            said.extend([line.quantity.name(), line.verdict.words(), line.why(), line.windows()]);
            said.extend(line.figures());
        }
    }
    assert!(courses[1].summary().en.starts_with("Pain: better; Kyphosis, lying: changed."));
    for words in said {
        assert!(words.complete() && (words.en != words.de || !words.en.contains(' ')), "{words:?}");
        for cause in
            ["because of", "thanks to", "caused", "helped", "due to", "wegen", "dank ", "geholfen", "bewirkt"]
        {
            assert!(!words.en.contains(cause) && !words.de.contains(cause), "{words:?}");
        }
    }
}

/// SplitMix64. Source: Steele, Lea and Flood 2014.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    /// Normal, from twelve uniform ones.
    fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        mean + sd * ((0..12).map(|_| self.unit()).sum::<f64>() - 6.0)
    }

    fn rating(&mut self, mean: f64, sd: f64) -> u8 {
        self.normal(mean, sd).round().clamp(0.0, 10.0) as u8
    }
}

#[test]
fn noise_alone_is_no_change_in_nine_of_ten_courses() {
    let mut draw = Draw(4);
    for (mean, sd) in [(3.0, 1.0), (5.0, 1.0), (5.0, 2.0), (7.0, 3.0), (2.0, 2.0)] {
        let (rounds, mut same) = (400, 0);
        for _ in 0..rounds {
            // Each day is written down two times in three.
            let mut all: Vec<(u32, Record)> = Vec::new();
            for day in 0..40 {
                let value = draw.rating(mean, sd);
                if draw.unit() < 0.67 {
                    all.push((day, pain(value)));
                }
            }
            let verdict = Course::of(&diary(all), &[]).line(Quantity::Pain).verdict;
            same += u32::from(!matches!(verdict, Verdict::Better | Verdict::Worse));
        }
        assert!(same * 10 >= rounds * 9, "pain {mean} with SD {sd}: {same} of {rounds}");
    }
    // The standard deviation of one scan, as the smallest change knows it.
    let sd = mdc95(Quantity::Kyphosis, true).expect("measured") / (1.96 * 2.0_f64.sqrt());
    for scans in [2, 3, 6, 12] {
        let (rounds, mut same) = (1000, 0);
        for _ in 0..rounds {
            let sessions: Vec<SessionLine> = (0..scans)
                .map(|day: u32| session(i64::from(day), day, draw.normal(45.0, sd), true))
                .collect();
            let verdict = Course::of(&Diary::default(), &sessions).line(Quantity::Kyphosis).verdict;
            same += u32::from(verdict == Verdict::NoChange);
        }
        assert!(same * 10 >= rounds * 9, "{scans} scans: {same} of {rounds}");
    }
}

proptest! {
    #[test]
    fn the_order_in_which_things_were_written_does_not_matter(
        values in proptest::collection::btree_map(0..60_u32, (0..=10_u8, 0..=24_u8), 0..40),
        degrees in proptest::collection::vec(20.0..70.0_f64, 0..9),
        seed in any::<u64>(),
    ) {
        let mut draw = Draw(seed);
        let mut shuffled = |count: usize| {
            let mut order: Vec<(u64, usize)> = (0..count).map(|index| (draw.unit().to_bits(), index)).collect();
            order.sort_unstable();
            order.into_iter().map(|(_, index)| index).collect::<Vec<usize>>()
        };
        let records: Vec<(u32, Record)> = values
            .iter()
            .flat_map(|(day, (rating, score))| [(*day, pain(*rating)), (*day, roland(*score))])
            .collect();
        let sessions: Vec<SessionLine> =
            (0_u32..).zip(&degrees).map(|(day, deg)| session(i64::from(day), day, *deg, true)).collect();
        let in_order = Course::of(&diary(records.clone()), &sessions);
        let other = diary(shuffled(records.len()).into_iter().map(|index| records[index].clone()));
        let sessions: Vec<SessionLine> =
            shuffled(sessions.len()).into_iter().map(|index| sessions[index].clone()).collect();
        prop_assert_eq!(Course::of(&other, &sessions), in_order);
    }
}
