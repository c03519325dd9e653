//! Writes exports of every kind into a folder, for a validator that others wrote:
//! `cargo run -p fhir --example export -- DIR [FORM.json ...]`.
//!
//! The diaries, people and answers are drawn: nobody kept them.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use care::diary::{DayRecord, Diary, Episode, Place, Record, Session};
use care::{Day, Findings, Kind, Language, Nprs, Person, Roland, Value};
use fhir::{
    About, Answer, Answered, BedSession, Choices, Figure, Filling, ItemKind, Measured, Questionnaire,
};
use serde::Serialize;

const TODAY: Day = Day(20_779);

/// SplitMix64. Source: Steele, Lea and Flood 2014.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.below(3) > 0 { Some(value(self)) } else { None }
    }

    fn rating(&mut self) -> Nprs {
        Nprs::try_from(u8::try_from(self.below(11)).expect("small")).expect("0 to 10")
    }

    fn minutes(&mut self) -> u16 {
        u16::try_from(self.below(1441)).expect("small")
    }

    fn words(&mut self) -> String {
        let words = ["", "Said \"ouch\".\nThen slept.", "Nach dem Heben, 10 kg <schwer> & schief", "🙂 \\ /"];
        words[self.below(4) as usize].to_owned()
    }
}

fn diary(draw: &mut Draw, days: u32) -> Result<Diary, Box<dyn Error>> {
    let mut diary = Diary::default();
    for back in (0..days).rev() {
        let day = Day(TODAY.0 - back);
        let record = DayRecord {
            pain: draw.maybe(Draw::rating),
            sleep_min: draw.maybe(Draw::minutes),
            sitting_min: draw.maybe(Draw::minutes),
            activity_min: draw.maybe(Draw::minutes),
            stress: draw.maybe(Draw::rating),
            strains: [("lifting".to_owned(), draw.below(2) == 0), ("langes Sitzen".to_owned(), false)].into(),
            notes: draw.words(),
        };
        let item = diary.write(day, day, Record::Day(record.clone()))?;
        match draw.below(8) {
            0 => diary.withdraw(item, day)?,
            1 => diary.correct(item, day, day, Record::Day(DayRecord { pain: None, ..record }))?,
            2 | 3 => {
                let last = draw.maybe(|_| day);
                let places = [[Place::LowerBack, Place::Buttock], [Place::Calf, Place::Neck]];
                let places = BTreeSet::from(places[draw.below(2) as usize]);
                let radiating = draw.maybe(|draw| draw.below(2) == 0);
                let set_off_by = ["lifting".to_owned()].into();
                let (pain, notes) = (draw.rating(), draw.words());
                let episode = Episode { last, pain, places, radiating, set_off_by, notes };
                diary.write(day, day, Record::Episode(episode))?;
            }
            4 => {
                let session = Session {
                    program: "relief".to_owned(),
                    minutes: draw.minutes(),
                    pain_before: draw.maybe(Draw::rating),
                    pain_after: draw.maybe(Draw::rating),
                    notes: draw.words(),
                };
                diary.write(day, day, Record::Session(session))?;
            }
            5 => {
                let score = u8::try_from(draw.below(25))?;
                diary.write(day, day, Record::Roland(Roland::try_from(score)?))?;
            }
            _ => {}
        }
    }
    Ok(diary)
}

/// Sessions of a bed, of which some were given on a twin and some have no end.
fn sessions(draw: &mut Draw, count: i64) -> Vec<BedSession> {
    let measured =
        [Measured::Length, Measured::Kyphosis, Measured::Lordosis, Measured::Lateral, Measured::Tension];
    let session = |number| {
        let begun = Day(TODAY.0 - (count - number) as u32);
        let mut figures = Vec::new();
        for (of, after) in measured.into_iter().flat_map(|of| [(of, false), (of, true)]) {
            let value = draw.below(90_000) as f64 / 1000.0 - 20.0;
            let interval = draw.maybe(|draw| (value - draw.below(9) as f64, value + 3.0));
            figures.extend(draw.maybe(|_| Figure { of, after, value, interval }));
        }
        BedSession {
            number,
            begun: format!("{begun}T07:05:00+01:00"),
            ended: draw.maybe(|_| format!("{begun}T07:41:09+01:00")),
            program: "relief".to_owned(),
            simulated: draw.below(2) == 0,
            dose_cem43: draw.below(40_000) as f64 / 1000.0,
            figures,
        }
    };
    (0..count).map(session).collect()
}

fn findings(draw: &mut Draw) -> Result<Findings, Box<dyn Error>> {
    let mut findings = Findings::new();
    for fact in care::facts::facts() {
        let value = match &fact.kind {
            Kind::YesNo => Value::YesNo(draw.below(2) == 0),
            Kind::Number { min, max, .. } => {
                Value::Number((min + (max - min) * draw.below(100) as f64 / 99.0).round())
            }
            Kind::Choice(of) => Value::Choice(of[draw.below(of.len() as u64) as usize].id.clone()),
            Kind::Many(of) => {
                Value::Many(of.iter().filter(|_| draw.below(4) == 0).map(|one| one.id.clone()).collect())
            }
        };
        if draw.below(2) == 0 {
            findings.set(&fact.id, value)?;
        }
    }
    Ok(findings)
}

/// Answers whatever is asked, until nothing more opens.
fn fill(sheet: &mut Filling<'_>, draw: &mut Draw) -> Result<(), Box<dyn Error>> {
    let mut done = BTreeSet::new();
    loop {
        let rows = sheet.rows();
        let next = rows.iter().find(|row| row.item.kind.is_question() && !done.contains(&row.item.link_id));
        let Some(row) = next else { return Ok(()) };
        let link_id = row.item.link_id.clone();
        let answer = match (&row.choices, row.item.kind) {
            (Choices::Listed { choices, .. }, _) => {
                choices[draw.below(choices.len() as u64) as usize].clone()
            }
            (_, ItemKind::Boolean) => Answer::Boolean(draw.below(2) == 0),
            (_, ItemKind::Integer) => Answer::Integer(i32::try_from(draw.below(11))?),
            (_, ItemKind::Decimal) => Answer::Decimal(draw.below(1000) as f64 / 10.0),
            (_, ItemKind::Date) => Answer::Date("2026-11-20".to_owned()),
            _ => Answer::String("words".to_owned()),
        };
        sheet.answer(&link_id, vec![answer])?;
        done.insert(link_id);
    }
}

fn write(folder: &Path, name: &str, value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join(format!("{name}.json")), format!("{:#}\n", serde_json::to_value(value)?))?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("usage: export DIR [FORM.json ...]")?;
    fs::create_dir_all(&folder)?;
    for (seed, days) in [(0, 0), (1, 1), (2, 60), (3, 400)] {
        let mut draw = Draw(seed);
        let language = Language::ALL[seed as usize % 2];
        let person = if days > 0 { Person::new(45.0, 1723.5, 74.2) } else { Person::default() };
        let answered = match days {
            0 => Answered::default(),
            _ => Answered {
                findings: Some((TODAY, findings(&mut draw)?)),
                answers: care::draw_answers(seed, TODAY),
            },
        };
        let name = format!("drawn-{seed}");
        let about = About { diary: &name, today: TODAY, language };
        let mut bundle = fhir::bundle(&person, &diary(&mut draw, days)?, &answered, &about);
        bundle.add_sessions(&name, &sessions(&mut draw, i64::from(days.min(60))));
        write(&folder, &name, &bundle)?;
    }
    for language in Language::ALL {
        write(&folder, &format!("form-facts-{}", language.tag()), &fhir::facts_form(language))?;
        write(&folder, &format!("form-screening-{}", language.tag()), &fhir::screening_form(language))?;
    }

    let ours = ("back-today".to_owned(), include_str!("../forms/back-today.json").to_owned());
    let mut forms = vec![ours];
    for path in arguments {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        forms.push((name, fs::read_to_string(path)?));
    }
    for (name, text) in forms {
        let form = Questionnaire::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        write(&folder, &format!("form-{name}"), &form)?;
        for seed in 0..3 {
            let mut sheet = form.fill();
            fill(&mut sheet, &mut Draw(seed))?;
            write(&folder, &format!("sheet-{name}-{seed}"), &sheet.response(TODAY))?;
        }
    }
    Ok(())
}
