use axum::http::StatusCode;
use care::week::{Tick, What};
use care::{Day, Findings, Value};

use crate::guide::room::everyday;
use crate::guide::room::{Answer, NAME, Room};
use host::breaks::recall;
use host::planner::{Planner, Running, Stage};

impl Room {
    fn begin(&self, told: &Findings) -> Answer {
        let told = serde_json::to_string(told).expect("plain data");
        self.post("/week/begin", &[("told", &told)])
    }

    /// Sends the form that the page shows, with these ticks, as a browser does.
    fn plan(&self, ticks: &[&str], wishes: &[(&str, &str)]) -> Answer {
        let page = self.get("/week").text;
        let mut fields: Vec<(&str, &str)> = page
            .split("name=\"row\" value=\"")
            .skip(1)
            .filter_map(|rest| Some(("row", rest.split('"').next()?)))
            .collect();
        fields.extend(ticks.iter().map(|tick| ("tick", *tick)));
        fields.extend(wishes);
        self.kept("/week/plan", &fields)
    }

    fn planned() -> Self {
        let room = Self::new();
        assert_eq!(room.begin(&everyday()).code, StatusCode::SEE_OTHER);
        room.plan(&[], &[("minutes", "15")]);
        room
    }

    fn planner(&self, day: Day) -> Planner {
        Planner::new(self.store().clone(), NAME.to_owned(), day)
    }

    fn running(&self) -> Running {
        match self.planner(host::clock::today()).stage().expect("a stage") {
            Stage::Running(running) => running,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_stage_of_the_week_speaks_only_from_the_tables_and_leads_somewhere() {
    let asked = Room::new();
    asked.begin(&everyday());
    let refused = Room::new();
    refused.begin(&everyday());
    refused.plan(&["pregnant"], &[("minutes", "15")]);
    let breaks = Room::planned();
    breaks.post("/breaks/start", &[("every", "30"), ("from", "22:00"), ("until", "7:00")]);
    for room in [Room::new(), asked, refused, breaks] {
        room.holds(&["/week", "/week/wishes", "/breaks"]);
        let _ = room.guide.end();
    }
}

#[test]
fn the_verdict_page_offers_the_plan_only_where_it_may_be_made() {
    let page = |told: &Findings| {
        let told = serde_json::to_string(told).expect("plain data");
        Room::new().post("/now", &[("told", &told), ("press", "on")]).text
    };
    assert!(page(&everyday()).contains("action=\"/week/begin?language=en\""));
    for (fact, value) in [
        ("saddle_numbness", Value::YesNo(true)),
        ("pregnant", Value::YesNo(true)),
        ("age_years", Value::Number(16.0)),
    ] {
        let mut told = everyday();
        told.set(fact, value).expect("a fact");
        assert!(!page(&told).contains("/week/begin"), "{fact}");
        // Nor does a form that is sent all the same keep anything.
        let room = Room::new();
        assert_eq!(room.begin(&told).code, StatusCode::OK, "{fact}");
        assert!(room.get("/week").text.contains("Answer the questions"), "{fact}");
    }
    let room = Room::new();
    assert!(room.begin(&Findings::new()).text.contains("value=\"cauda\""));
}

#[test]
fn answers_and_wishes_become_a_week_with_reasons() {
    let room = Room::new();
    let asked = room.begin(&everyday());
    assert_eq!(asked.to, "/week?language=en&done=begun");
    let asked = room.get(&asked.to).text;
    assert!(
        asked.contains("name=\"row\"")
            && asked.contains("name=\"minutes\"")
            && asked.contains("Your answers are kept")
    );
    let page = room.plan(&[], &[("minutes", "10"), ("quiet", "0"), ("quiet", "3")]).text;
    assert!(page.contains("Your week is made.") && page.contains("This is your first week"));
    let running = room.running();
    assert_eq!(running.past.week.days.iter().filter(|day| day.is_empty()).count(), 2);
    assert!((0..7).all(|day| running.past.week.minutes(day) <= 10));
    for what in running.past.week.days.iter().flatten().map(|item| &item.what) {
        if let What::Exercise { id, .. } = what {
            assert!(page.contains(&format!("/exercises/{id}?language=en")), "{id}");
        }
    }
    // A form that is none of ours changes nothing.
    for wrong in [&[("minutes", "99")][..], &[("minutes", "5"), ("quiet", "9")], &[]] {
        assert!(room.kept("/week/plan", wrong).text.contains("could not be understood"));
    }
    assert_eq!(room.running(), running);
}

#[test]
fn ticks_are_kept_day_by_day_and_taken_back_by_unticking() {
    let room = Room::planned();
    let first = room.running().past.week.first.to_string();
    let day = [("first", first.as_str())];
    let page = room.kept("/week/day/0", &[day[0], ("tick", "0")]);
    assert!(page.text.contains("Your ticks are kept.") && page.text.contains(" value=\"0\" checked"));
    assert_eq!(room.running().past.ticked, [Tick { day: 0, item: 0 }].into());
    for (path, fields, says) in [
        ("/week/day/1", vec![day[0], ("tick", "0")], "has not come yet"),
        ("/week/day/0", vec![("first", "2020-01-01"), ("tick", "0")], "the plan has changed"),
        ("/week/day/0", vec![day[0], ("tick", "77")], "the plan has changed"),
    ] {
        assert!(room.kept(path, &fields).text.contains(says), "{says}");
    }
    for fields in [vec![("tick", "0")], vec![day[0], ("tick", "<script>")], vec![day[0], ("tick", "-1")]] {
        assert_eq!(room.post("/week/day/0", &fields).code, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(room.running().past.ticked.len(), 1);
    room.kept("/week/day/0", &day);
    assert!(room.running().past.ticked.is_empty());
}

#[test]
fn a_begun_week_keeps_its_size_when_the_wishes_change() {
    let room = Room::planned();
    let week = room.running().past.week;
    assert!(room.kept("/week/plan", &[("minutes", "5")]).text.contains("Your week is made."));
    assert_ne!(room.running().past.week, week);
    let first = room.running().past.week.first.to_string();
    room.kept("/week/day/0", &[("first", &first), ("tick", "0")]);
    let week = room.running().past.week;
    assert!(room.kept("/week/plan", &[("minutes", "20")]).text.contains("counts for the next week"));
    assert_eq!(room.running().past.week, week);
}

#[test]
fn a_week_that_is_over_is_followed_by_the_next() {
    let room = Room::new();
    let before = Day(host::clock::today().0 - 8);
    let planner = room.planner(before);
    planner.begin(&everyday()).expect("kept");
    if let Stage::Ready(ready) = planner.stage().expect("a stage") {
        let rows = ready.open.iter().map(|row| ((*row).to_owned(), false)).collect();
        planner.answer(&rows).expect("kept");
    }
    planner.make().expect("made");
    let page = room.get("/week").text;
    assert!(page.contains("Your week is over.") && page.contains("The week before"));
    // Forgotten ticks still count.
    room.kept("/week/day/2", &[("first", &before.to_string()), ("tick", "0")]);
    let page = room.plan(&[], &[("minutes", "20")]).text;
    assert!(page.contains("Your week is made.") && page.contains("You did part of it"), "{page}");
    assert_eq!(room.running().past.week.first, host::clock::today());
}

#[test]
fn the_reminder_is_off_until_it_is_started_and_keeps_its_settings() {
    let room = Room::new();
    assert!(room.get("/breaks").text.contains("action=\"/breaks/start?language=en\""));
    for wrong in [
        vec![("every", "4")],
        vec![("every", "soon")],
        vec![("every", "30"), ("from", "22:00")],
        vec![("every", "30"), ("from", "22:00"), ("until", "22:00")],
    ] {
        let answer = room.post("/breaks/start", &wrong);
        assert_eq!(answer.code, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(
            answer.text.contains("Choose 5 to 240 minutes")
                && room.guide.breaks.of_person(NAME).view().is_none()
        );
    }
    let page = room.kept("/breaks/start", &[("every", "45"), ("from", "22:00"), ("until", "07:00")]).text;
    assert!(
        page.contains("Next break in ") && page.contains("45 minutes") && page.contains("quiet from "),
        "{page}"
    );
    assert!(room.kept("/breaks/reply", &[("press", "taken")]).text.contains("nothing to answer"));
    assert!(room.kept("/breaks/sitting", &[("press", "away")]).text.contains("I am sitting again"));
    assert!(room.kept("/breaks/sitting", &[("press", "back")]).text.contains("I am getting up"));
    assert!(room.get("/breaks").refresh.is_none());
    let anew = room.get("/breaks?language=de&anew=1");
    assert_eq!(anew.refresh.as_deref(), Some("60; url=/breaks?language=de&anew=1"));
    assert!(room.kept("/breaks/stop", &[]).text.contains("value=\"45\""));
    let record = room.store().record(NAME).expect("a record");
    let (settings, counts) = recall(&record, host::clock::today()).expect("kept");
    assert_eq!((settings.interval_min, settings.quiet.map(|quiet| quiet.from_min)), (45, Some(22 * 60)));
    assert!(counts.is_empty());
}

#[test]
fn who_erases_everything_ends_the_reminder_too_and_nothing_comes_back() {
    let room = Room::planned();
    room.kept("/breaks/start", &[("every", "30")]);
    room.kept("/diary/erase", &[("sure", "yes")]);
    assert!(room.guide.breaks.of_person(NAME).view().is_none());
    room.guide.end().expect("nothing to keep");
    assert!(room.store().names().expect("readable").is_empty());
    assert!(room.get("/week").text.contains("Answer the questions"));
}
