use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use care::ask::{Row, next_screen};
use care::cause::{likely, next_cause_screen};
use care::facts::Choice;
use care::{Findings, Kind, Language, Urgency, Value, triage};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{Guide, link, router};

const HERE: &str = "127.0.0.1:7000";

fn ask(request: Request<Body>) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let response = router(Guide::default()).oneshot(request).await.expect("an answer");
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .is_ok_and(|p| p.contains("default-src 'none'"))
        );
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8(body.to_vec()).expect("text"))
    })
}

fn get(path: &str, host: &str) -> (StatusCode, String) {
    ask(Request::get(path).header(header::HOST, host).body(Body::empty()).expect("a request"))
}

fn post(form: &str, language: Language) -> String {
    send("/now", form, language)
}

/// Sends a form as a browser does.
fn send(path: &str, form: &str, language: Language) -> String {
    let request = Request::post(link(path, language))
        .header(header::HOST, HERE)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .expect("a request");
    let (status, text) = ask(request);
    assert_eq!(status, StatusCode::OK);
    text
}

/// Every address of the guide.
fn paths() -> Vec<String> {
    let fixed = [
        "/",
        "/now",
        "/now/sheet",
        "/why",
        "/keep",
        "/claims",
        "/exercises",
        "/diary",
        "/week",
        "/bed",
        "/breaks",
    ]
    .map(str::to_owned);
    let exercises = care::exercise::exercises().iter().map(|one| format!("/exercises/{}", one.id));
    let topics = care::topic::topics().iter().map(|topic| format!("/topic/{}", topic.id));
    fixed.into_iter().chain(topics).chain(exercises).collect()
}

fn check_page(text: &str, language: Language, what: &str) {
    assert!(text.contains(&format!("<html lang=\"{}\">", language.tag())), "{what}");
    assert!(!text.to_lowercase().contains("<script"), "{what}");
    assert!(!text.contains("src="), "{what}");
    assert_eq!(text.matches("<h1").count(), 1, "{what}");
    for part in ["class=\"skip\" href=\"#main\"", "<main id=\"main\"", "<nav", "<footer>"] {
        assert!(text.contains(part), "{what}: {part}");
    }
    for rest in text.split("href=\"").skip(1) {
        let (address, after) = rest.split_once('"').expect("an end");
        if address.contains("//") {
            let tag = after.split('>').next().unwrap_or_default();
            assert!(
                address.starts_with("https://doi.org/10.") && tag.contains("noreferrer"),
                "{what}: {address}"
            );
        }
    }
}

#[test]
fn every_page_stands_in_both_languages_without_script_or_anything_from_elsewhere() {
    for language in Language::ALL {
        for path in paths() {
            let (status, text) = get(&link(&path, language), HERE);
            assert_eq!(status, StatusCode::OK, "{path}");
            check_page(&text, language, &path);
        }
    }
}

/// What a person reads or hears of a page: text and labels, without what is marked as another language.
fn heard(page: &str) -> Vec<String> {
    let body = page.split_once("<body>").expect("a body").1;
    let mut texts = Vec::new();
    let mut foreign: Option<(String, u32)> = None;
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
        match &mut foreign {
            Some((outer, depth)) if *outer == name => {
                *depth = if tag.starts_with('/') { *depth - 1 } else { *depth + 1 };
                if *depth > 0 {
                    continue;
                }
                foreign = None;
            }
            Some(_) => continue,
            None if tag.contains(" lang=\"") => {
                foreign = Some((name, 1));
                continue;
            }
            None => {}
        }
        for label in tag.split("aria-label=\"").skip(1) {
            texts.push(label.split('"').next().unwrap_or_default().to_owned());
        }
        texts.push(text.to_owned());
    }
    texts
}

/// What a page in the pseudo-language says without its marks: words that were written past the tables.
pub(crate) fn past_the_tables(page: &str) -> Vec<String> {
    let bare = |text: &str| -> String {
        let outside: String =
            text.split('⟧').map(|part| part.split('⟦').next().unwrap_or_default()).collect();
        outside.replace("Ondol", "").replace("&quot;", "").replace("&amp;", "")
    };
    // A question's lines are one text of the tables.
    let lines = page.split("<span class=\"thing\">");
    let page: String =
        lines.enumerate().map(|(n, part)| part.replacen("</span>", "", usize::from(n > 0))).collect();
    heard(&page).into_iter().filter(|text| bare(text).chars().any(char::is_alphabetic)).collect()
}

#[test]
fn no_page_says_a_word_past_the_tables_which_a_pseudo_language_shows() {
    let pages = paths().into_iter().map(|path| (get(&link(&path, Language::Pseudo), HERE).1, path));
    let walked = [
        (walk(Language::Pseudo).1, "verdict".to_owned()),
        (post("press=some", Language::Pseudo), "emergency".to_owned()),
    ];
    for (page, path) in pages.chain(walked) {
        assert!(page.contains('⟦'), "{path}");
        assert_eq!(past_the_tables(&page), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn every_link_within_the_guide_leads_somewhere() {
    for path in paths() {
        let (_, text) = get(&path, HERE);
        for rest in text.split("href=\"").skip(1) {
            let address = rest.split('"').next().unwrap_or_default();
            if let Some(id) = address.strip_prefix('#') {
                assert!(text.contains(&format!("id=\"{id}\"")), "{path}: #{id}");
            } else if address.starts_with('/') {
                let (target, part) = address.split_once('#').unwrap_or((address, ""));
                let (status, there) = get(target, HERE);
                assert_eq!(status, StatusCode::OK, "{path}: {address}");
                assert!(part.is_empty() || there.contains(&format!("id=\"{part}\"")), "{path}: {address}");
            }
        }
    }
}

/// A form with these fields after what was told before.
fn told(findings: &Findings, fields: &str) -> String {
    let told = serde_json::to_string(findings).expect("plain data");
    let told: String = told.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("told={told}&{fields}")
}

/// The emergency tick list.
fn tick_list() -> Vec<Row> {
    next_screen(&Findings::new()).expect("the tick list").rows
}

/// What somebody of 35 with an everyday strain of the lower back answers to a question.
pub(super) fn everyday(row: &Row) -> Value {
    let first = |options: &[Choice]| options[0].id.clone();
    match row.kind {
        Kind::YesNo => Value::YesNo(row.id == "moving_changes_it"),
        Kind::Number { .. } if row.id == "age_years" => Value::Number(35.0),
        Kind::Number { min, max, .. } => Value::Number(1.0_f64.clamp(*min, *max)),
        Kind::Choice(options) => Value::Choice(first(options)),
        Kind::Many(_) if row.id == "regions" => Value::Many(["lumbar".to_owned()].into()),
        Kind::Many(_) => Value::Many([].into()),
    }
}

/// The field that a browser sends for an answer.
fn sent(id: &str, value: &Value) -> String {
    match value {
        Value::YesNo(true) => format!("&tick={id}"),
        Value::YesNo(false) => String::new(),
        Value::Number(number) => format!("&{id}={number}"),
        Value::Choice(one) => format!("&{id}={one}"),
        Value::Many(list) => list.iter().map(|one| format!("&{id}={one}")).collect(),
    }
}

/// Answers every screen as a browser would; returns what was answered and the last page.
fn walk(language: Language) -> (Findings, String) {
    let mut findings = Findings::new();
    let (_, mut page) = get(&link("/now", language), HERE);
    let mut press = "none";
    while let Some(screen) = next_screen(&findings) {
        let before = findings.clone();
        let mut fields = format!("press={press}");
        for row in &screen.rows {
            assert!(page.contains(&format!("\"{}\"", row.id)), "{} is not asked", row.id);
            let value = everyday(row);
            fields += &sent(row.id, &value);
            findings.set(row.id, value).expect("a fitting answer");
        }
        page = post(&told(&before, &fields), language);
        check_page(&page, language, screen.id);
        press = "on";
    }
    (findings, page)
}

#[test]
fn each_emergency_question_stands_on_the_list_and_a_tick_of_it_is_never_self_care() {
    for language in Language::ALL {
        let (_, list) = get(&link("/now", language), HERE);
        for row in tick_list() {
            assert!(list.contains(&format!("value=\"{}\"", row.id)), "{}", row.id);
            for press in ["none", "some"] {
                let text = post(&format!("tick={}&press={press}", row.id), language);
                check_page(&text, language, row.id);
                assert!(text.contains("tel:112") || text.contains("name=\"told\""), "{}", row.id);
            }
        }
    }
    assert!(post("tick=cauda&press=some", Language::German).contains("tel:112"));
}

#[test]
fn who_is_not_sure_is_told_to_call_and_who_says_nothing_is_asked_again() {
    assert!(post("press=some", Language::English).contains("tel:112"));
    for nothing in ["", "press=on+and+on", "told=%7B%22no_fact%22%3Atrue%7D&press=none"] {
        let again = post(nothing, Language::English);
        assert!(again.contains("value=\"cauda\"") && !again.contains("tel:112"), "{nothing}");
    }
}
#[test]
fn an_everyday_strain_is_answered_screen_by_screen_and_ends_with_the_next_hours() {
    for language in Language::ALL {
        let (findings, page) = walk(language);
        assert!(triage(&findings).urgency < Urgency::Today, "{:?}", triage(&findings));
        for line in &care::topic::topic("now").expect("the sheet").lines {
            let told = page.contains(&format!("id=\"{}\"", line.id));
            assert_eq!(told, line.part() != "stop", "{}", line.id);
        }
        for reason in triage(&findings).reasons {
            assert!(page.contains(&format!("id=\"{}\"", reason.rule.id)), "{}", reason.rule.id);
        }
    }
    assert_eq!(get("/now/steps", HERE).0, StatusCode::NOT_FOUND);
}

#[test]
fn causes_are_asked_after_the_signs_and_told_with_reasons_and_how_sure() {
    for language in [Language::English, Language::German, Language::Pseudo] {
        let before_the_signs = send("/why/causes", "press=begin", language);
        assert!(before_the_signs.contains("value=\"cauda\""));
        let (mut findings, _) = walk(language);
        let mut page = send("/why/causes", &told(&findings, "press=begin"), language);
        let mut screens = 0;
        while let Some(screen) = next_cause_screen(&findings) {
            check_page(&page, language, "causes");
            screens += 1;
            let before = findings.clone();
            let mut fields = String::from("press=on");
            for row in &screen.rows {
                let value = if row.id == "set_off_lifting" { Value::YesNo(true) } else { everyday(row) };
                fields += &sent(row.id, &value);
                findings.set(row.id, value).expect("a fitting answer");
            }
            page = send("/why/causes", &told(&before, &fields), language);
        }
        assert!((1..=3).contains(&screens), "{screens}");
        let first = &likely(&findings)[0];
        assert_eq!(first.cause.id, "overuse");
        assert!(page.contains("id=\"overuse\"") && page.contains(first.because[0].why.of(language).as_str()));
        assert!(page.contains(&first.certainty.name(language)));
    }
}

#[test]
fn heat_is_told_only_after_what_could_make_it_harm() {
    for language in [Language::English, Language::German] {
        let (findings, _) = walk(language);
        let asked = send("/now/heat", &told(&findings, "press=begin"), language);
        check_page(&asked, language, "heat");
        assert!(asked.contains("value=\"loss_of_feeling\"") && asked.contains("value=\"broken_skin\""));
        let hidden = |page: &str| {
            let value = page.split("name=\"told\" value=\"").nth(1).expect("what was told");
            let json = value.split('"').next().expect("an end").replace("&quot;", "\"");
            serde_json::from_str::<Findings>(&json).expect("our own text")
        };
        let warm = send("/now/heat", &told(&hidden(&asked), "press=on"), language);
        assert!(warm.contains("id=\"spasm_"), "{warm}");
        let numb = send("/now/heat", &told(&hidden(&asked), "press=on&tick=loss_of_feeling"), language);
        assert!(numb.contains(&*language.say("neither heat nor cold", "weder Wärme noch Kälte")), "{numb}");
        assert!(!warm.contains(&*language.say("neither heat nor cold", "weder Wärme noch Kälte")), "{warm}");
    }
    assert!(send("/now/heat", "press=on", Language::English).contains("value=\"cauda\""));
}

#[test]
fn who_must_see_a_doctor_today_is_told_no_steps_no_heat_and_no_plan() {
    let (harmless, _) = walk(Language::English);
    let mut walked = 0;
    for fact in care::facts::facts().iter().filter(|fact| fact.kind == Kind::YesNo) {
        let mut findings = harmless.clone();
        findings.set(&fact.id, Value::YesNo(true)).expect("a fact");
        while let Some(screen) = next_screen(&findings) {
            for row in screen.rows {
                findings.set(row.id, everyday(&row)).expect("a fitting answer");
            }
        }
        if triage(&findings).urgency != Urgency::Today {
            continue;
        }
        walked += 1;
        for path in ["/now", "/now/heat"] {
            let page = send(path, &told(&findings, "press=on"), Language::English);
            assert!(!page.contains("id=\"hour") && !page.contains("/week/begin"), "{}: {page}", fact.id);
            assert!(page.contains("See a doctor today"), "{}: {page}", fact.id);
        }
    }
    assert!(walked >= 3, "{walked}");
    let page = send("/now", &told(&unknown_age(&harmless), "press=unsure"), Language::English);
    assert!(!page.contains("id=\"hour"), "an unknown age counts as too young");
}

/// The same answers without an age.
fn unknown_age(findings: &Findings) -> Findings {
    let mut values: std::collections::BTreeMap<String, Value> = findings.clone().into();
    values.remove("age_years");
    Findings::try_from(values).expect("answers")
}

#[test]
fn under_18_or_pregnant_only_signs_and_a_doctor_are_told() {
    let (mut findings, _) = walk(Language::English);
    findings.set("age_years", Value::Number(15.0)).expect("an age");
    // A child is asked more than the adult was.
    while let Some(screen) = next_screen(&findings) {
        for row in &screen.rows {
            findings.set(row.id, everyday(row)).expect("a fitting answer");
        }
    }
    let page = post(&told(&findings, "press=on"), Language::English);
    assert!(page.contains("sends you to a doctor") && !page.contains("id=\"hour"), "{page}");
}

#[test]
fn a_number_that_cannot_be_is_asked_again_and_the_rest_is_kept() {
    let mut findings = Findings::new();
    for row in tick_list() {
        findings.set(row.id, Value::YesNo(false)).expect("a tick");
    }
    for (age, words) in [("", "Please give a number."), ("old", "in digits"), ("190", "from 0 to 110")] {
        let page = post(
            &told(&findings, &format!("press=on&regions=lumbar&days_since_start=2&age_years={age}")),
            Language::English,
        );
        assert!(page.contains(words) && page.contains("id=\"age_years-fault\""), "{age}: {page}");
        assert!(!page.contains("name=\"days_since_start\""), "what was answered is not asked again");
    }
}

#[test]
fn english_stands_beside_german_emergency_words() {
    let (_, list) = get("/now?language=de", HERE);
    for row in tick_list() {
        let english = maud::html! { span.beside lang="en" { (row.ask.en) } }.into_string();
        assert!(list.contains(&english), "{}", row.id);
    }
    let (_, sheet) = get("/now/sheet?language=de", HERE);
    assert!(sheet.contains("First: chest pain"));
    assert!(post("press=some", Language::German).contains("Call the emergency number now"));
}

#[test]
fn a_page_that_does_not_exist_says_so_in_plain_words() {
    for path in ["/nothing", "/topic/nothing", "/topic/..%2fnow"] {
        let (status, text) = get(path, HERE);
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(text.contains("There is no such page"), "{path}");
    }
}

#[test]
fn a_foreign_host_and_a_form_from_another_site_are_refused() {
    for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "evil.example:7000"] {
        assert_eq!(get("/now", host).0, StatusCode::FORBIDDEN, "{host}");
    }
    let bare = Request::get("/now").body(Body::empty()).expect("a request");
    assert_eq!(ask(bare).0, StatusCode::FORBIDDEN);
    assert_eq!(get("/", "localhost:7000").0, StatusCode::OK);
    let form = |origin: &str, site: &str| {
        let request = Request::post("/now").header(header::HOST, HERE).header(header::ORIGIN, origin);
        ask(request.header("sec-fetch-site", site).body(Body::empty()).expect("a request")).0
    };
    assert_eq!(form("http://evil.example", "cross-site"), StatusCode::FORBIDDEN);
    assert_eq!(form("null", "cross-site"), StatusCode::FORBIDDEN);
    assert_eq!(form("null", "same-origin"), StatusCode::OK);
}
