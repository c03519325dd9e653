use axum::Extension;
use axum::body::Body;
use axum::http::Request;
use host::accounts::{AccountId, Accounts};
use host::day::Moment;
use host::dose::BedSays;
use host::station::Station;
use host::store::{Brief, Ending, Store};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::door::{Door, Here, Visitor};
use crate::guide::{Guide, Keeper};

const NAME: &str = "Planted Name 7391";
/// Nobody listens there.
const NOWHERE: &str = "127.0.0.1:9";

/// A scan as a session's record holds it, with the first `softer` places on the left easier by a half.
fn scan(kyphosis_deg: f64, softer: usize) -> Value {
    let interval = |value: f64| json!({ "value": value, "lo90": value - 6.0, "hi90": value + 6.0 });
    let names: Vec<&str> = "T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5".split(' ').collect();
    let level = |(index, level): (usize, &&str)| {
        let x = 500.0 + 26.0 * index as f64;
        json!({ "level": level, "x_mm": x, "y_mm": 2.0, "z_mm": 90.0, "sd_x_mm": 7.0, "sd_y_mm": 4.0, "sd_z_mm": 5.0 })
    };
    let tension = |(index, level): (usize, &&str)| {
        ["left", "right"].map(|side| {
            let ratio = if side == "left" && index < softer { 0.9 } else { 1.4 };
            json!({ "level": level, "side": side, "ratio": ratio, "lo90": ratio - 0.1, "hi90": ratio + 0.1 })
        })
    };
    json!({
        "levels": names.iter().enumerate().map(level).collect::<Vec<_>>(), "length_t1_l5_mm": interval(416.0),
        "kyphosis_deg": interval(kyphosis_deg), "lordosis_deg": interval(30.0),
        "lateral_deviation_mm": interval(-1.0),
        "tension": names.iter().enumerate().flat_map(tension).collect::<Vec<_>>(),
    })
}

struct Home {
    _folder: TempDir,
    site: Site,
}

impl Home {
    /// Somebody whose session has just ended, in which so many places became softer.
    fn after(pain_before: Option<f64>, softer: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let accounts = Accounts::open(folder.path()).expect("accounts");
        let here = Here::new("127.0.0.1:7000".parse().expect("an address"), false, &[]);
        let door = Door::new(accounts, store.clone(), here, Language::English);
        let station = Station::open(NOWHERE.parse().expect("an address"), store.clone()).expect("a thread");
        let now = station.moment().expect("a moment");
        let mut record = store.record_or_new(NAME, today()).expect("a record");
        let begun = Moment { utc_s: now.utc_s - 1900, ..now };
        let (session, _) = record.begin_session(&begun, "relief", true, &BedSays::default()).expect("begun");
        let told = json!({
            "softer": 0, "wishes": [], "plan": {}, "scan": scan(45.0, 0), "after": scan(43.0, softer),
        });
        let brief = Brief { minutes: Some(31.0), strokes: 14, ..Brief::default() };
        let ending = Ending { record: told, brief, ..Ending::default() };
        record.end_session(session, &now, &BedSays::default(), Some(&ending)).expect("an end");
        record.tell_pain(session, pain_before, None).expect("kept");
        let site =
            Site { guide: Guide::default(), door, store, station, length_mm: 1900.0, bed_folder: None };
        Self { _folder: folder, site }
    }

    fn record(&self) -> Record {
        self.site.store.record(NAME).expect("the record")
    }

    fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let keeper = Keeper { store: self.site.store.clone(), name: NAME.to_owned() };
        let visitor = Visitor::Person { record: AccountId::of(&self.record()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let router =
                routes().with_state(self.site.clone()).layer(Extension(keeper)).layer(Extension(visitor));
            let response = router.oneshot(request).await.expect("an answer");
            let code = response.status();
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            (code, String::from_utf8(body.to_vec()).expect("text"))
        })
    }

    fn page(&self, language: &str) -> String {
        let request = Request::get(format!("/after?language={language}")).body(Body::empty());
        let (code, text) = self.ask(request.expect("a request"));
        assert_eq!(code, StatusCode::OK, "{text}");
        text
    }

    fn say(&self, form: &'static str) {
        let request =
            Request::post("/after").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        assert_eq!(self.ask(request.body(Body::from(form)).expect("a request")).0, StatusCode::SEE_OTHER);
    }
}

#[test]
fn before_and_after_stand_beside_each_other_and_what_chance_explains_is_no_change() {
    let home = Home::after(Some(6.0), 7);
    home.say("session=1&pain_after=3");
    let page = home.page("en");
    for said in [
        "6 → 3",
        "Less, by enough to matter.",
        "Softer at 7 of 34 places: more than chance explains, which is 3.",
        "No change that counts: every difference is smaller than what two scans can tell apart.",
        "45.0 (39.0 – 51.0)",
        "Simulated: what the model assumes, not evidence.",
        "not why",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let few = Home::after(Some(6.0), 3);
    few.say("pain_after=5");
    let page = few.page("en");
    assert!(page.contains("No change that counts: softer at 3 of 34 places, tenser at 0."), "{page}");
    assert!(page.contains("No clear change") && !page.contains("by enough to matter"), "{page}");
}

#[test]
fn what_was_not_told_before_stays_unknown() {
    let home = Home::after(None, 0);
    let page = home.page("en");
    assert!(page.contains("How much does it hurt now?") && page.matches("name=\"pain_after\"").count() >= 11);
    assert!(!page.contains("checked") && !page.contains("pain_before"));
    home.say("session=1&pain_after=3");
    assert!(home.page("en").contains("Before the session it was not told"));
    assert_eq!(home.record().sessions().expect("sessions")[0].pain_before, None);
}

#[test]
fn one_tap_keeps_pain_with_the_session_and_in_the_diary_and_a_note_changes_the_same_entry() {
    let home = Home::after(Some(6.0), 0);
    home.say("session=1&pain_after=4");
    home.say("session=1&notes=warm+hands");
    home.say("session=1&pain_after=3");
    let record = home.record();
    assert_eq!(record.sessions().expect("sessions")[0].pain_after, Some(3.0));
    let diary = record.diary().expect("a diary");
    let told: Vec<&Session> = diary
        .current()
        .filter_map(|entry| if let Some(Entry::Session(one)) = &entry.record { Some(one) } else { None })
        .collect();
    let [one] = told[..] else { panic!("{told:?}") };
    assert_eq!((one.pain_before.map(u8::from), one.pain_after.map(u8::from)), (Some(6), Some(3)));
    assert_eq!((one.notes.as_str(), one.minutes), ("warm hands", 31));
}

#[test]
fn what_is_said_of_another_session_than_the_last_is_not_kept_with_it() {
    let home = Home::after(Some(6.0), 0);
    for form in ["session=2&pain_after=9", "session=&pain_after=9", "pain_after=11", "felt=hotter"] {
        home.say(form);
    }
    let record = home.record();
    assert_eq!(record.sessions().expect("sessions")[0].pain_after, None);
    assert!(record.diary().expect("a diary").entries().is_empty());
}

#[test]
fn too_strong_is_one_tap_and_the_page_says_what_the_next_session_makes_of_it() {
    let home = Home::after(Some(6.0), 0);
    assert!(home.page("en").contains("nothing you said asks for less"));
    home.say("session=1&felt=too_strong");
    let page = home.page("en");
    assert!(page.contains("by 1 of nine steps, because it was too strong"), "{page}");
    assert!(page.contains("value=\"too_strong\" aria-pressed=\"true\""), "{page}");
    assert!(page.contains("three hours lie between two") || page.contains("can be tomorrow"), "{page}");
    assert_eq!(host::next::softer(&home.record()).expect("read"), 1);
}

#[test]
fn the_page_has_one_heading_each_mark_once_no_script_and_all_words_in_every_language() {
    let home = Home::after(Some(6.0), 7);
    home.say("session=1&pain_after=3");
    for language in ["en", "de", "qps"] {
        let text = home.page(language);
        assert_eq!(text.matches("<h1").count(), 1);
        assert!(!text.contains("<script") && !text.contains(" style="));
        let ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{ids:?}");
        if language == "qps" {
            let is_level =
                |text: &String| text.len() <= 3 && text.chars().skip(1).all(|c| c.is_ascii_digit());
            let past: Vec<String> =
                crate::guide::past_the_tables(&text).into_iter().filter(|text| !is_level(text)).collect();
            assert_eq!(past, Vec::<String>::new());
        }
    }
}
