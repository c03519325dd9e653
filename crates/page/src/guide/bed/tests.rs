use axum::http::StatusCode;
use care::{Day, Findings, Language, Value};

use crate::guide::link;
use crate::guide::room::{Answer, NAME, Room};
use crate::guide::room::{everyday, everyday_since};
use host::planner::Planner;

impl Room {
    fn told(told: &Findings, days_ago: u32) -> Self {
        let room = Self::new();
        let day = Day(host::clock::today().0 - days_ago);
        Planner::new(room.store().clone(), NAME.to_owned(), day).begin(told).expect("kept");
        room
    }

    /// Sends the form that the page shows, with these ticks and fields, as a browser does.
    fn bed(&self, ticks: &[&str], fields: &[(&str, &str)]) -> Answer {
        let page = self.get("/bed").text;
        let mut sent: Vec<(&str, &str)> = Vec::new();
        for name in ["row", "fact", "still"] {
            let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
            sent.extend(page.split(&mark).skip(1).filter_map(|rest| Some((name, rest.split('"').next()?))));
        }
        sent.extend(ticks.iter().map(|tick| ("tick", *tick)));
        for name in ["age_years", "stature", "mass"] {
            let there = page.contains(&format!("name=\"{name}\""));
            let given = fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
            sent.extend(there.then_some((name, given.unwrap_or_default())));
        }
        sent.extend(fields.iter().filter(|(name, _)| *name == "still"));
        self.post("/bed", &sent)
    }

    fn answered(&self, ticks: &[&str], fields: &[(&str, &str)]) -> String {
        let answer = self.bed(ticks, fields);
        assert_eq!(answer.code, StatusCode::SEE_OTHER, "{}", answer.text);
        self.get(&answer.to).text
    }
}

const BODY: [(&str, &str); 2] = [("stature", "172"), ("mass", "74")];

#[test]
fn the_way_to_an_answer_is_told_where_no_interview_is_kept() {
    let room = Room::new();
    let page = room.get("/bed").text;
    assert!(page.contains("href=\"/now?language=en\"") && page.contains("Answer the questions"));
    // The end of the interview leads here.
    let told = serde_json::to_string(&everyday()).expect("plain data");
    let end = room.post("/now", &[("told", &told), ("press", "on")]).text;
    assert!(end.contains("action=\"/bed/begin?language=en\""));
    assert_eq!(room.post("/bed/begin", &[("told", &told)]).to, "/bed?language=en&done=begun");
    assert!(room.get("/bed").text.contains("name=\"stature\""));
}

#[test]
fn one_list_ends_in_yes_gently_or_not_today_with_every_reason() {
    let later = everyday_since(10.0);
    for (ticks, says, takes) in [
        (&[][..], "Yes.", "speaks against an ordinary session"),
        (&["hot_bath"], "Yes, but gently.", "only mild warmth: at most 40 °C"),
        (&["medicine_patch"], "Yes, but gently.", "no heat"),
        (&["neck_arteries"], "Yes, but gently.", "left out: neck"),
        (&["hard_objects"], "Not today.", "Take off what may be taken off"),
    ] {
        let room = Room::told(&later, 0);
        let asked = room.get("/bed").text;
        assert!(
            asked.contains("value=\"hot_bath\"") && !asked.contains(" checked"),
            "a tick was there before"
        );
        let page = room.answered(ticks, &BODY);
        assert!(page.contains(says) && page.contains(takes), "{ticks:?}: {page}");
        for tick in ticks {
            assert!(page.contains(&format!("<li id=\"{tick}\"")), "{tick}");
        }
    }
    let fresh = Room::told(&everyday(), 0).answered(&[], &BODY);
    assert!(
        fresh.contains("intensity at most 3 of 9") && fresh.contains("id=\"thermal_spasm_first_three_days\"")
    );
}

#[test]
fn a_sign_of_an_emergency_does_not_wait_for_a_number() {
    let room = Room::told(&everyday(), 3);
    let page = room.answered(&["chest_pain"], &[("stature", "a lot")]);
    assert!(page.contains("tel:112") && page.contains("id=\"chest_pain\""), "{page}");
    let german = room.get(&link("/bed", Language::German)).text;
    assert!(german.contains("class=\"beside\" lang=\"en\""));
}

#[test]
fn numbers_that_cannot_be_are_marked_and_the_ticks_are_kept() {
    let room = Room::told(&everyday(), 0);
    let answer = room.bed(&["hot_bath"], &[("stature", "17200"), ("mass", "many")]);
    assert_eq!(answer.code, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["That cannot be: it must lie from 50 to 250", "in digits", "value=\"17200\"", "aria-invalid"]
    {
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    assert!(!answer.text.contains("name=\"row\""), "what was answered is asked again");
    let page = room.answered(&[], &[("stature", "1,72 m"), ("mass", "74,5 kg")]);
    assert!(page.contains("id=\"hot_bath\""));
    let far = Room::told(&everyday(), 0);
    let page = far.answered(&[], &[("stature", "205"), ("mass", "74")]);
    assert!(page.contains("Not today.") && page.contains("id=\"stature_in_reach\""), "{page}");
}

#[test]
fn what_was_told_before_takes_one_word_that_it_is_still_true() {
    let room = Room::told(&everyday(), 2);
    let page = room.get("/bed").text;
    assert!(page.contains("What you told on ") && page.contains("It began about "), "{page}");
    let answer = room.bed(&[], &BODY);
    assert_eq!(answer.code, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Tick this if it is so"));
    let page = room.answered(&[], &[("still", "true")]);
    assert!(page.contains("Yes, but gently."), "{page}");
    // Asked again, all questions stand there, and no "no" is ticked before.
    let again = room.get("/bed/again").text;
    assert!(again.contains("value=\"diabetes\"") || again.contains("value=\"hot_bath\""));
    assert!(again.contains("value=\"172\"") && !again.contains(" checked"));
}

#[test]
fn a_doctor_s_word_is_offered_where_it_counts() {
    let room = Room::told(&everyday(), 0);
    let page = room.answered(&["spine_metal"], &BODY);
    assert!(page.contains("Not today.") && page.contains("Yes, a doctor agreed"), "{page}");
    let page = room.kept("/bed/doctor", &[("row", "spine_metal"), ("agreed", "yes")]).text;
    assert!(page.contains("Yes, but gently.") && page.contains("No doctor agreed"), "{page}");
    let page = room.kept("/bed/doctor", &[("row", "spine_metal"), ("agreed", "no")]).text;
    assert!(page.contains("Not today."));
    // No doctor's word opens what refuses outright.
    let room = Room::told(&everyday(), 0);
    let page = room.answered(&["hard_objects"], &BODY);
    assert!(!page.contains("a doctor agreed"));
    assert!(
        room.kept("/bed/doctor", &[("row", "hard_objects"), ("agreed", "yes")]).text.contains("Not today.")
    );
}

#[test]
fn a_massage_is_wished_in_the_week_and_follows_from_the_bed() {
    let room = Room::told(&everyday(), 0);
    let week = |wish: &str| {
        let page = room.get("/week").text;
        let rows = page.split("name=\"row\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut fields: Vec<(&str, &str)> = rows.map(|row| ("row", row)).collect();
        fields.extend([("minutes", "20"), ("massage", wish)]);
        room.kept("/week/plan", &fields).text
    };
    assert!(week("bed").contains("Answer “May I use the bed today?” first"));
    room.answered(&[], &BODY);
    let page = week("bed");
    assert!(page.contains("Session on the bed") && page.contains("href=\"/bed?language=en\""), "{page}");
    assert!(page.contains("The questions before a session are asked each time"));
    assert!(week("hand").contains("Massage by hand"));
    assert!(!week("none").contains("Massage by hand"));
    assert!(week("by a bear").contains("could not be understood"));
}

#[test]
fn every_stage_of_the_bed_speaks_only_from_the_tables_and_leads_somewhere() {
    let unfinished = {
        let mut told = Findings::new();
        told.set("age_years", Value::Number(40.0)).expect("a fact");
        Room::told(&told, 0)
    };
    let answered = Room::told(&everyday(), 0);
    answered.answered(&["hot_bath"], &BODY);
    let refused = Room::told(&everyday(), 0);
    refused.answered(&["spine_metal", "hot_bath"], &BODY);
    let emergency = Room::told(&everyday(), 0);
    emergency.answered(&["chest_pain"], &BODY);
    let asked = Room::told(&everyday(), 1);
    for room in [Room::new(), unfinished, Room::told(&everyday(), 40), asked, answered, refused, emergency] {
        room.holds(&["/bed", "/bed/again"]);
    }
}
