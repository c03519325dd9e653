//! The page that a session leaves behind: what must stand on it, and what must not break it.

mod content;

use bed::{Interval, Level};
use care::{Language, Words};
use host::report::{self, Content, DoseRow, Ended, PersonLine, PlanReason, PlanRow, TimedLine};

/// Renders in both languages, checks what holds for every page, and leaves the pages where they can be looked
/// at; the English one comes back.
fn check(name: &str, content: &Content) -> String {
    check_german(name, content);
    check_in(name, content, Language::English)
}

fn check_in(name: &str, content: &Content, language: Language) -> String {
    let page = report::render(content, language);
    let tag = language.tag();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}.{tag}.html"));
    std::fs::write(&file, &page).expect("the folder for tests' files can be written");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains(&format!("lang=\"{tag}\"")));
    assert_eq!(page.contains(&*host::notice(language)), content.simulated);
    for outside in ["http:", "https:", "<script", "<link", "<img", "url(", "@import", "src="] {
        assert!(!page.contains(outside), "{name} asks for something outside: {outside}");
    }
    for broken in ["NaN", "inf ", ">inf", "-inf", "null"] {
        assert!(!page.contains(broken), "{name} shows {broken}");
    }
    assert_ids_are_unique(&page);
    assert_tags_balance(&page);
    page
}

fn assert_ids_are_unique(page: &str) {
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    let named = page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for id in named.flat_map(str::split_whitespace) {
        assert!(ids.binary_search(&id).is_ok(), "nothing has the id {id}");
    }
}

fn assert_tags_balance(page: &str) {
    for tag in [
        "svg", "g", "path", "rect", "line", "circle", "ellipse", "text", "section", "figure", "table",
        "details", "li", "p",
    ] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "<{tag}> is not closed");
    }
}

/// Every heading and caption of the English page, and what people read beside them.
const ENGLISH: [&str; 66] = [
    "Session report",
    "session report",
    "simulated person",
    "Simulated person",
    "What is known of it",
    "How it went",
    "Why there was no session",
    "What to do",
    "What the guard reported",
    "The spine as found",
    "The spine from",
    "From the side",
    "From behind",
    "Measured lying",
    "All levels as numbers",
    "Centres of the vertebral",
    "Length, through",
    "Kyphosis",
    "Lordosis",
    "Sideways",
    "after the session",
    "Tension",
    "tension",
    "before and after",
    "There was no second scan",
    "Smallest change",
    "smallest change",
    "Stiffness",
    "expected",
    "Force",
    "force",
    "warmth over time",
    "measured",
    "asked",
    "Temperature of",
    "Surfaces",
    "Place along",
    "Head at the top",
    "time, ",
    "What happened when",
    "event",
    "The plan",
    "Where it gives less",
    "Why the plan",
    "The whole plan",
    "Stroke by stroke",
    "stroke",
    ">both<",
    ">left<",
    ">right<",
    "Nothing was reduced",
    "Doses against limits",
    "The highest value",
    "above the limit",
    "What was allowed",
    "A session",
    "Nothing else was refused",
    "Advice",
    "reasons",
    "What these figures are worth",
    "Where this page comes from",
    "Run the machine",
    "Make the same session",
    "not a medical device",
    "years",
    " of ",
];

/// The German page holds no English heading and no point in a number.
fn check_german(name: &str, content: &Content) {
    let page = check_in(name, content, Language::German);
    let head = page.find("</style>").expect("a style");
    let body = page[head..].to_owned();
    let texts: Vec<&str> =
        body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
    let commands = [&content.replay, &content.repeat].map(|command| command.clone().unwrap_or_default());
    let codes: Vec<&str> = content.plan_reasons.iter().map(|reason| reason.code.as_str()).collect();
    for text in texts.into_iter().map(str::trim) {
        // A command and a code are no language.
        if text.is_empty() || commands.iter().any(|command| command == text) || codes.contains(&text) {
            continue;
        }
        for english in ENGLISH {
            let bare = english.trim_matches(['<', '>']);
            let wrong = if bare == english { text.contains(english) } else { text == bare };
            assert!(!wrong, "{name}: {english:?} in {text:?}");
        }
        let digits = text
            .as_bytes()
            .windows(3)
            .any(|three| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit());
        assert!(!digits, "{name}: a point in {text:?}");
    }
}

#[test]
fn a_german_report_says_what_the_english_one_says() {
    let content = content::whole();
    check_german("whole", &content);
    let page = report::render(&content, Language::German);
    for part in [
        "Wie es ging",
        "Die Wirbelsäule, wie sie gefunden wurde",
        "Spannung der Muskeln, vorher und nachher",
        "Kraft beider Rollen zusammen",
        "Temperatur der Oberflächen",
        "Der Plan und seine Gründe",
        "Dosen und ihre Grenzen",
        "Was erlaubt war und was nicht",
        "Woher diese Seite kommt",
        "452 mm",
        "6 mm rechts",
        "keine Cobb-Winkel",
        "kein Beleg",
        "L3 links",
        "61,3 von 81,2 N",
        "24 Griffe",
        "kein Medizinprodukt",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let english = report::render(&content, Language::English);
    let headings = |page: &str| page.matches("<h2").count() + page.matches("<h3").count();
    assert_eq!(headings(&page), headings(&english));
}

#[test]
fn a_whole_session_shows_all_its_parts() {
    let content = content::whole();
    let page = check("whole", &content);
    for level in Level::REGULAR {
        assert!(page.contains(&format!(">{}</text>", level.name())), "{} is not drawn", level.name());
    }
    for part in [
        "How it went",
        "The spine as found",
        "Tension, before and after",
        "Force of both heads together",
        "Temperature of the surfaces",
        "The plan, and why",
        "Doses against limits",
        "What was allowed, and what was refused",
        "Where this page comes from",
        "452 mm",
        "6 mm right",
        "not Cobb angles",
        "not evidence",
        "L3 left",
        "ondol replay session.mcap",
        "not a medical device",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
}

#[test]
fn every_figure_has_a_title_and_a_description() {
    let page = check("figures", &content::whole());
    let drawings = page.matches("role=\"img\"").count();
    assert!(drawings >= 11, "{drawings}");
    assert_eq!(page.matches("<desc ").count(), drawings);
    assert_eq!(page.matches("<title ").count(), drawings);
}

#[test]
fn forty_minutes_make_a_small_page() {
    let content = Content { trace: content::trace(2400.0), ..content::whole() };
    let page = check("forty-minutes", &content);
    assert!(page.len() < 500_000, "{} bytes", page.len());
    let longer = Content { trace: content::trace(9600.0), ..content::whole() };
    let growth = check("longer", &longer).len() as f64 / page.len() as f64;
    assert!(growth < 1.1, "the page grows with the session: {growth}");
}

#[test]
fn markup_in_names_is_text() {
    let evil = "<b onclick=\"x\">&'";
    let mut content = content::whole();
    content.bed = evil.into();
    let words = Words::same(evil);
    content.program.title = words.clone();
    content.person =
        PersonLine { sex: Some(words.clone()), note: Some(words.clone()), ..PersonLine::default() };
    content.zones = vec![words.clone(); 4];
    content.plan = vec![PlanRow {
        title: words.clone(),
        levels: evil.into(),
        reach: words.clone(),
        ..PlanRow::default()
    }];
    content.plan_reasons =
        vec![PlanReason { words: words.clone(), unit: evil.into(), ..PlanReason::default() }];
    content.faults = vec![TimedLine { time_s: 5.0, words }];
    content.replay = Some(evil.into());
    let page = check("markup", &content);
    assert!(!page.contains("<b ") && !page.contains("<b>"));
    assert!(page.contains("&lt;b onclick=&quot;x&quot;&gt;&amp;"));
}

#[test]
fn a_refused_clearance_says_why_and_the_way_out() {
    let page = check("not-cleared", &content::not_cleared());
    assert!(page.contains("Why there was no session"));
    assert!(page.contains("Questions are not answered, which counts as yes."));
    assert!(page.contains("Answer all questions and begin again."));
    assert!(page.contains("No session was allowed today."));
    assert!(page.contains("Nobody was asked") || page.contains("Answers as given"));
    assert!(!page.contains("The spine as found"));
}

#[test]
fn a_refused_scan_says_why_and_the_way_out() {
    let page = check("bad-scan", &content::bad_scan());
    assert!(page.contains("The scan was not good enough to trust, so Relief was not given."));
    assert!(page.contains("Move 31 mm to your right and scan again."));
    assert!(!page.contains("Tension"));
}

#[test]
fn an_empty_session_is_a_page() {
    let page = check("empty", &Content::default());
    assert!(page.contains("No force, place or temperature was recorded."));
    assert!(page.contains("It did not begin"));
}

#[test]
fn a_living_person_is_not_called_simulated() {
    let page = check("living", &Content { simulated: false, ..content::whole() });
    assert!(page.contains("You lay on the bed, were scanned and were given Relief"));
    assert!(!page.contains("not evidence"));
}

#[test]
fn a_session_that_was_stopped_counts_the_strokes_that_began() {
    let mut content = Content { ended: Ended::Stopped, ..content::whole() };
    for row in &mut content.plan[9..] {
        row.start_s = None;
    }
    let page = check("stopped", &content);
    assert!(page.contains("9 of 24 planned strokes"));
    assert!(page.contains("It was stopped from the bed after 38 min 10 s"));
}

#[test]
fn a_bed_without_load_cells_says_that_it_cannot_tell_tension() {
    let mut content = content::whole();
    for scan in [&mut content.before, &mut content.after].into_iter().flatten() {
        scan.tension.clear();
    }
    let page = check("no-tension", &content);
    assert!(page.contains("this bed cannot measure tension"));
    assert!(!page.contains("not evidence"));
}

#[test]
fn one_scan_shows_no_change() {
    let page = check("one-scan", &Content { after: None, ..content::whole() });
    assert!(page.contains("There was no second scan, so nothing can be said about a change."));
}

#[test]
fn changes_below_the_smallest_that_can_be_told_are_said_to_be_chance() {
    let same = Content { after: Some(content::scan(0.05)), ..content::whole() };
    assert!(check("same", &same).contains("the differences below may be chance"));
    let changed = check("changed", &content::whole());
    assert!(changed.contains("the muscle was softer at L3 left and L4 left afterwards"));
}

#[test]
fn a_dose_above_its_limit_is_said_plainly() {
    let mut content = content::whole();
    content.doses =
        vec![DoseRow { what: Words::both("Heat", "Wärme"), value: 31.0, limit: 30.0, unit: "CEM43".into() }];
    let page = check("over", &content);
    assert!(page.contains("above its limit was: Heat"));
    assert!(page.contains(" above the limit</strong>"));
}

#[test]
fn broken_numbers_break_nothing() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308] {
        let mut content = content::whole();
        content.duration_s = bad;
        content.pad_top_mm = Some(bad);
        content.roller_reach_mm = Some((bad, bad));
        content.tension_change_min = Some(bad);
        content.person.mass_kg = Some(bad);
        if let Some(scan) = &mut content.before {
            scan.length_t1_l5_mm = Interval { value: bad, lo90: bad, hi90: bad };
            scan.levels[3].x_mm = bad;
            scan.levels[5].sd_z_mm = bad;
            scan.tension[2].ratio = bad;
            scan.tension[4].hi90 = bad;
        }
        for column in [
            &mut content.trace.force_n[0],
            &mut content.trace.carriage_mm[0],
            &mut content.trace.surface_c[1],
        ] {
            column[100] = bad;
        }
        content.trace.time_s[7] = bad;
        content.doses.push(DoseRow { value: bad, limit: bad, ..DoseRow::default() });
        content.plan[0].seconds = bad;
        content.plan[0].given_n = bad;
        content.faults.push(TimedLine { time_s: bad, words: Words::both("A fault.", "Ein Fehler.") });
        let page = check("broken", &content);
        assert!(page.len() < 800_000, "{} bytes for {bad}", page.len());
    }
}

#[test]
fn columns_of_unequal_length_break_nothing() {
    let mut content = content::whole();
    content.trace.force_n[1].truncate(10);
    content.trace.target_c.clear();
    content.trace.asked_n.push(1.0);
    content.trace.carriage_mm.clear();
    let page = check("unequal", &content);
    assert!(page.contains("Force of the right head"));
    assert!(!page.contains("Place along the spine"));
}

#[test]
fn content_survives_storage() {
    let content = content::whole();
    let text = serde_json::to_string(&content).expect("content is data");
    let back: Content = serde_json::from_str(&text).expect("what was written can be read");
    for language in Language::ALL {
        assert_eq!(report::render(&back, language), report::render(&content, language));
    }
}
