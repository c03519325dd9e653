use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use bed_free::{interval, scan};
use care::Day;
use care::diary::{DayRecord, Record as Entry};
use care::scores::{Nprs, Roland};
use host::accounts::{AccountId, Accounts, Role, Secret};
use host::day::Moment;
use host::dose::BedSays;
use host::station::Station;
use host::store::{Brief, Ending, Pair, Store};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::door::{Door, Here};
use crate::guide::Guide;

const NAME: &str = "Planted Name 7391";
/// Nobody listens there.
const NOWHERE: &str = "127.0.0.1:9";

/// Scans as a session's record holds them.
mod bed_free {
    use super::*;

    pub(super) fn interval(value: f64) -> Value {
        json!({ "value": value, "lo90": value - 6.0, "hi90": value + 6.0 })
    }

    pub(super) fn scan(kyphosis_deg: f64) -> Value {
        let names = "T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12 L1 L2 L3 L4 L5".split(' ');
        let levels: Vec<Value> = names
            .zip(0_u32..)
            .map(|(level, index)| {
                let x = 500.0 + 26.0 * f64::from(index);
                let z = 80.0 + kyphosis_deg / 3.0 * (f64::from(index) / 5.0).sin();
                json!({ "level": level, "x_mm": x, "y_mm": 2.0, "z_mm": z, "sd_x_mm": 7.0, "sd_y_mm": 4.0, "sd_z_mm": 5.0 })
            })
            .collect();
        let tension =
            |side: &str| json!({ "level": "L4", "side": side, "ratio": 1.1, "lo90": 0.9, "hi90": 1.3 });
        json!({
            "levels": levels, "length_t1_l5_mm": interval(416.0), "kyphosis_deg": interval(kyphosis_deg),
            "lordosis_deg": interval(30.0), "lateral_deviation_mm": interval(-1.0),
            "tension": [tension("left"), tension("right")],
        })
    }
}

struct Clinic {
    _folder: TempDir,
    site: Site,
    clinician: AccountId,
    id: String,
}

struct Answer {
    code: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Clinic {
    /// A person with a diary of 60 days, whose pain fell, and nine sessions on the twin.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).expect("a store");
        let accounts = Accounts::open(folder.path()).expect("accounts");
        let secret = Secret::passphrase("river anvil planted moth", "desk").expect("a passphrase");
        let clinician = accounts.add(Role::Clinician, "desk", &secret).expect("an account");
        let here = Here::new("127.0.0.1:7000".parse().expect("an address"), false, &[]);
        let door = Door::new(accounts, store.clone(), here, Language::English);
        let station = Station::open(NOWHERE.parse().expect("an address"), store.clone()).expect("a thread");
        let id = plant(&store);
        let site =
            Site { guide: Guide::default(), door, store, station, bed_folder: None, length_mm: 1900.0 };
        Self { _folder: folder, site, clinician, id }
    }

    fn record(&self) -> Record {
        self.site.store.record(NAME).expect("the record")
    }

    fn ask(&self, visitor: Visitor, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let router = routes().with_state(self.site.clone()).layer(Extension(visitor));
            let response = router.oneshot(request).await.expect("an answer");
            let (code, headers) = (response.status(), response.headers().clone());
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            Answer { code, headers, text: String::from_utf8(body.to_vec()).expect("text") }
        })
    }

    fn own(&self) -> Visitor {
        Visitor::Clinician { account: self.clinician.clone() }
    }

    /// What the API says at this end of the record's address.
    fn api(&self, end: &str) -> (StatusCode, Value) {
        let request = Request::get(format!("/api/v1/clinic/people/{}{end}", self.id));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (router, _) = super::super::api::routes().with_state(self.site.clone()).split_for_parts();
            let router = router.layer(Extension(self.own()));
            let answer = router.oneshot(request.body(Body::empty()).expect("a request")).await;
            let answer = answer.expect("an answer");
            let code = answer.status();
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            (code, serde_json::from_slice(&body).expect("JSON"))
        })
    }

    fn get(&self, page: &str) -> Answer {
        let path = format!("{ROOT}/{}{page}", self.id);
        self.ask(self.own(), Request::get(path).body(Body::empty()).expect("a request"))
    }

    fn post(&self, form: &'static str) -> Answer {
        let path = format!("{ROOT}/{}/prescribe", self.id);
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(self.own(), request.body(Body::from(form)).expect("a request"))
    }
}

fn plant(store: &Store) -> String {
    let first = today().0 - 60;
    let mut record = store.record_or_new(NAME, Day(first)).expect("a record");
    let written = record.write(|diary| {
        for day in 0..60 {
            let pain = Nprs::try_from(if day < 30 { 7 } else { 3 }).ok();
            diary.write(today(), Day(first + day), Entry::Day(DayRecord { pain, ..DayRecord::default() }))?;
        }
        for (day, score) in [(0, 14), (59, 12)] {
            let score = Roland::try_from(score).expect("a score");
            diary.write(today(), Day(first + day), Entry::Roland(score))?;
        }
        Ok(())
    });
    written.expect("a diary");
    for (number, kyphosis_deg) in (0_u32..).zip([45.0, 44.0, 46.0, 45.0, 44.0, 46.0, 20.0, 21.0, 22.0]) {
        let moment = |seconds: i64| Moment {
            utc_s: i64::from(first + 6 * number) * 86_400 + 30_000 + seconds,
            zone_s: 3600,
            count_s: u64::from(number) * 518_400 + seconds.unsigned_abs(),
            house: 1,
        };
        let (session, _) =
            record.begin_session(&moment(0), "relief", true, &BedSays::default()).expect("a session");
        let pair = |value: f64| Pair { before: serde_json::from_value(interval(value)).ok(), after: None };
        let brief = Brief {
            minutes: Some(31.0),
            strokes: 14,
            kyphosis_deg: pair(kyphosis_deg),
            length_mm: pair(416.0),
            lordosis_deg: pair(30.0),
            lateral_mm: pair(-3.0),
            tension_mean: Pair { before: Some(1.1), after: Some(1.05) },
            ..Brief::default()
        };
        let told = json!({ "program": "relief", "scan": scan(kyphosis_deg) });
        let ending = Ending { record: told, brief, ..Ending::default() };
        record.end_session(session, &moment(1900), &BedSays::default(), Some(&ending)).expect("an end");
        record.tell_pain(session, Some(6.0), Some(4.0)).expect("kept");
    }
    record.id().to_owned()
}

const PAGES: [&str; 5] = ["", "/compare", "/compare?a=1&b=9", "/prescribe", "/compare?a=3&b=3"];

fn in_language(page: &str, language: &str) -> String {
    format!("{page}{}language={language}", if page.contains('?') { '&' } else { '?' })
}

#[test]
fn a_course_says_what_changed_and_what_is_only_assumed() {
    let clinic = Clinic::new();
    let page = clinic.get("").text;
    assert!(page.contains(&format!("<h1>{NAME}</h1>")) && !page.contains(&format!("<title>{NAME}")));
    for said in [
        "Pain: better; Kyphosis, lying: changed.",
        "7.0 → 3.0 of 10",
        "Down by 4.0; 2.1 or more matters.",
        "14.0 → 12.0 of 24",
        "Simulated: what the model assumes, not evidence.",
        "which change matters is not known",
        "A course tells what changed, not why.",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\"").count());
    assert_eq!(page.matches("<th scope=\"row\">").count(), 9);
}

#[test]
fn every_page_has_one_heading_each_mark_once_no_script_and_all_words_from_the_tables() {
    let clinic = Clinic::new();
    for page in PAGES {
        for language in ["en", "de", "qps"] {
            let answer = clinic.get(&in_language(page, language));
            assert_eq!(answer.code, StatusCode::OK, "{page}");
            let text = answer.text;
            assert_eq!(text.matches("<h1").count(), 1, "{page}");
            assert!(!text.contains("<script") && !text.contains(" style="), "{page}");
            let ids: Vec<&str> =
                text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
            assert_eq!(ids.len(), unique.len(), "{page}: {ids:?}");
            for (label, tag) in [("for=\"", "id=\""), ("aria-labelledby=\"", "id=\"")] {
                for rest in text.split(label).skip(1) {
                    for id in rest.split('"').next().unwrap_or_default().split(' ') {
                        assert!(text.contains(&format!("{tag}{id}\"")), "{page}: {id}");
                    }
                }
            }
            if language == "qps" {
                // What people and programs are called is no word of the pages.
                let names = [NAME, "relief", "CEM43", "MDC95", " T1", "L4", "desk"];
                let past = crate::guide::past_the_tables(&text);
                let past: Vec<String> = past
                    .into_iter()
                    .filter(|text| !names.iter().any(|name| text.contains(name.trim())))
                    .filter(|text| !plan::shipped().iter().any(|program| program.title().en == *text))
                    .filter(|text| !is_a_level(text) && !text.ends_with(" min") && !text.ends_with(" °C"))
                    .collect();
                assert_eq!(past, Vec::<String>::new(), "{page}");
            }
        }
    }
}

fn is_a_level(text: &str) -> bool {
    text.len() <= 3 && text.starts_with(['T', 'L'])
}

#[test]
fn only_a_clinician_sees_anything_and_an_unknown_record_is_nobodys() {
    let clinic = Clinic::new();
    let person = Visitor::Person { record: AccountId::of(&clinic.record()) };
    let service = Visitor::Service { account: clinic.clinician.clone() };
    let paths = ["", "/compare", "/prescribe", "/course.csv", "/bundle.json"];
    for (visitor, code) in [
        (Visitor::Nobody, StatusCode::UNAUTHORIZED),
        (person, StatusCode::FORBIDDEN),
        (service, StatusCode::FORBIDDEN),
    ] {
        for id in [&clinic.id, "person-ghost"] {
            for path in paths {
                let request =
                    Request::get(format!("{ROOT}/{id}{path}")).body(Body::empty()).expect("a request");
                let answer = clinic.ask(visitor.clone(), request);
                assert_eq!(answer.code, code, "{visitor:?} {path}");
                assert!(!answer.text.contains(NAME));
            }
        }
        let list = clinic.ask(visitor, Request::get(ROOT).body(Body::empty()).expect("a request"));
        assert_eq!(list.code, code);
        assert!(!list.text.contains(NAME));
    }
    let ghost = Request::get("/clinic/person-ghost").body(Body::empty()).expect("a request");
    assert_eq!(clinic.ask(clinic.own(), ghost).code, StatusCode::NOT_FOUND);
    let list = clinic.ask(clinic.own(), Request::get(ROOT).body(Body::empty()).expect("a request"));
    assert!(list.text.contains(NAME) && list.text.contains(&format!("/clinic/{}", clinic.id)));
}

#[test]
fn two_sessions_stand_beside_each_other_with_what_two_scans_can_tell() {
    let clinic = Clinic::new();
    let page = clinic.get("/compare?a=9&b=1").text;
    // The earlier one comes first, whichever was picked first.
    assert!(
        page.contains("45.0 (39.0 – 51.0)</td><td>22.0 (16.0 – 28.0)</td><td>−23.0</td><td>10.0</td>"),
        "{page}"
    );
    assert!(page.contains("<span class=\"marked\">changed</span>"));
    assert!(page.contains("may be chance"));
    assert_eq!(page.matches("polyline class=\"one\"").count(), 2);
    assert_eq!(page.matches("polyline class=\"two-of\"").count(), 2);
    assert!(clinic.get("/compare?a=1&b=99").text.contains("Choose two different sessions."));
    assert!(clinic.get("/compare?a=x&b=").text.contains("Choose two different sessions."));
}

#[test]
fn a_program_gets_the_numbers_of_the_comparison_page() {
    let clinic = Clinic::new();
    let (code, told) = clinic.api("/compare?a=9&b=1");
    assert_eq!(
        (code, &told["one"]["number"], &told["other"]["number"]),
        (StatusCode::OK, &json!(1), &json!(9))
    );
    let figures = told["compared"]["figures"].as_array().expect("figures");
    let kyphosis = figures.iter().find(|one| one["quantity"] == "kyphosis_lying_deg").expect("kyphosis");
    assert_eq!(kyphosis["one"], json!({ "value": 45.0, "lo90": 39.0, "hi90": 51.0 }));
    assert_eq!((&kyphosis["change"], &kyphosis["verdict"]), (&json!(-23.0), &json!("changed")));
    assert!(kyphosis["mdc95"].as_f64().is_some_and(|least| (least - 10.0).abs() < 0.05), "{kyphosis}");
    assert_eq!(told["compared"]["tension"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["compared"]["eased"]["verdict"], "no_change");
    assert!(told["compared"]["assumed"]["en"].as_str().is_some_and(|words| words.starts_with("Simulated")));
    // The first and the last, unless others are named.
    assert_eq!(clinic.api("/compare").1, told);
    for end in ["/compare?a=1&b=99", "/compare?a=3&b=3"] {
        assert_eq!(clinic.api(end).0, StatusCode::NOT_FOUND, "{end}");
    }
    assert_eq!(clinic.api("/compare?a=x").0, StatusCode::BAD_REQUEST);
    let (_, course) = clinic.api("/course");
    let pain = course["lines"]
        .as_array()
        .and_then(|lines| lines.iter().find(|line| line["quantity"] == "pain_nprs"));
    let pain = pain.expect("pain");
    assert_eq!(
        (&pain["first"], &pain["last"], &pain["rise_that_matters"]),
        (&json!(7.0), &json!(3.0), &json!(2.0))
    );
}

#[test]
fn files_are_named_after_the_record_and_never_after_the_person() {
    let clinic = Clinic::new();
    let csv = clinic.get("/course.csv");
    assert!(csv.text.starts_with("quantity,row,day,") && csv.text.contains("pain_nprs,verdict,"));
    let bundle = clinic.get("/bundle.json");
    let told: Value = serde_json::from_str(&bundle.text).expect("JSON");
    let kinds = |kind: &str| {
        let entries = told["entry"].as_array().expect("entries").iter();
        entries.filter(|entry| entry["resource"]["resourceType"] == kind).count()
    };
    assert_eq!((kinds("Patient"), kinds("Procedure")), (1, 9));
    assert!(bundle.text.contains("not a Cobb angle"));
    for answer in [csv, bundle] {
        let named = answer.headers[header::CONTENT_DISPOSITION].to_str().expect("text");
        assert!(named.starts_with("attachment; filename=\"person") && !named.contains("Planted"), "{named}");
        assert!(!answer.text.contains(NAME));
    }
}

#[test]
fn a_prescription_waits_for_the_person_and_what_cannot_be_is_said_in_place() {
    use host::prescription::{HeatMax, Prescription, Prescriptions};
    let clinic = Clinic::new();
    let kept = || Prescriptions::read(&clinic.record(), today()).expect("read");
    let nothing = clinic.post("by=Dr.+Drawn&program=&intensity_max=&heat_max=&minutes_max=&week_max=&note=");
    assert_eq!(nothing.code, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("Nothing was chosen.") && nothing.text.contains("value=\"Dr. Drawn\""));
    let wrong = clinic.post("by=&program=ghost&intensity_max=9&heat_max=99&minutes_max=x&week_max=0");
    assert_eq!(wrong.code, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong
            .text
            .split("role=\"alert\"")
            .nth(1)
            .expect("faults")
            .split("</ul>")
            .next()
            .expect("a list")
            .matches("<li>")
            .count(),
        6
    );
    assert_eq!(kept(), Prescriptions::default());

    let sound = clinic
        .post("by=Dr.+Drawn&program=warm&intensity_max=4&heat_max=38&minutes_max=20&week_max=3&note=Slowly");
    assert_eq!(sound.code, StatusCode::SEE_OTHER, "{}", sound.text);
    let expected = Prescription {
        program: Some("warm".to_owned()),
        intensity_max: Some(4),
        heat_max: HeatMax::Surface(38),
        minutes_max: Some(20),
        week_max: Some(3),
        note: "Slowly".to_owned(),
        ..Prescription::new("Dr. Drawn".to_owned(), today())
    };
    assert_eq!(kept(), Prescriptions { standing: None, waiting: Some(expected) });
    let page = clinic.get("").text;
    assert!(
        page.contains("waits for the person's yes") && page.contains("at most 3 sessions in 7 days"),
        "{page}"
    );
    assert_eq!(clinic.post("take_back=yes").code, StatusCode::SEE_OTHER);
    assert_eq!(kept(), Prescriptions::default());
}
