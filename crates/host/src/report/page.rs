//! The page's order: what it is, how it went, the spine, tension, the course of the session, the plan,
//! the limits, what was refused, and how to check it all.

use bed::SpineScan;
use care::{Reason, Summary, Verdict};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    Content, NOTICE, PersonLine, RefusalLine, RefusedBy, spine_figure, style, tables, tension_figure, text,
    trace_figure,
};

/// What the angles are, said beside them.
const DEFINITION: &str = "Measured lying on the back. Length runs through the centres of the vertebral bodies. Kyphosis and lordosis are angles between chords through body centres; they are not Cobb angles of a standing X-ray and must not be compared with them. Each interval holds the true value nine times in ten, as far as the model behind the scan is right.";

/// Reasons of screening that stand open; the rest is folded.
const REASONS_OPEN: usize = 6;

/// What a change on the twin is.
const ASSUMED: &str =
    "On a simulated person the difference between before and after is what the model assumes, not evidence.";

/// The whole page.
pub(super) fn page(content: &Content) -> Markup {
    let whose = if content.simulated { " (simulated person)" } else { "" };
    let title = format!("Session report: {}{whose}", text::program(content));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(style::CSS)) }
                @if content.simulated { style { (PreEscaped(style::SIMULATED_ON_PAPER)) } }
            }
            body {
                (header(content))
                main {
                    (story(content))
                    @if let Some(scan) = &content.before {
                        (spine(content, scan))
                        (tension(content, scan))
                    }
                    (course(content))
                    (plan(content))
                    (limits(content))
                    (screening(content))
                    (worth(content))
                    (origin(content))
                }
                (footer())
            }
        }
    }
}

fn header(content: &Content) -> Markup {
    html! {
        header {
            p.brand { "Ondol" span { "session report" } @if let Some(when) = &content.when { span { (when) } } }
            @if content.simulated { p.notice role="note" { (NOTICE) } }
            h1 { (text::program(content)) }
            @if !content.program.does.is_empty() { p.lead { (content.program.does) } }
            @if !content.program.evidence.is_empty() {
                p.quiet { strong { "What is known of it: " } (content.program.evidence) }
            }
            (person(content))
        }
    }
}

fn person_words(person: &PersonLine) -> String {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let parts = [
        person.sex.clone(),
        finite(person.age_years).map(|years| format!("{} years", text::number(years, 0))),
        finite(person.stature_mm).map(|mm| format!("{} cm", text::number(mm / 10.0, 0))),
        finite(person.mass_kg).map(|kg| format!("{} kg", text::number(kg, 0))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn person(content: &Content) -> Markup {
    let words = person_words(&content.person);
    html! {
        dl.facts {
            @if !words.is_empty() { div { dt { "person" } dd { (words) } } }
            @if !content.bed.is_empty() { div { dt { "bed" } dd { (content.bed) } } }
            @if content.duration_s > 0.0 { div { dt { "lasting" } dd { (text::duration(content.duration_s)) } } }
            @if let Some(seed) = content.seed { div { dt { "seed" } dd { (seed) } } }
        }
        @if let Some(note) = &content.person.note { p.quiet { (note) } }
    }
}

fn story(content: &Content) -> Markup {
    let refused = content.refusal.is_some();
    let [first, second, third] = text::story(content);
    html! {
        section.story.refused[refused] aria-labelledby="story" {
            h2 id="story" { @if refused { "Why there was no session" } @else { "How it went" } }
            p { (first) }
            p { (second) }
            p { @if refused { strong { "What to do: " } } (third) }
            @if !content.faults.is_empty() {
                h3 { "What the guard reported" }
                (tables::timed(&content.faults, start(content), &text::count(content.faults.len(), "report")))
            }
        }
    }
}

/// The first moment of the record, from which the page counts.
fn start(content: &Content) -> f64 {
    content.trace.time_s.first().copied().filter(|s| s.is_finite()).unwrap_or(0.0)
}

fn spine(content: &Content, scan: &SpineScan) -> Markup {
    html! {
        section aria-labelledby="spine" {
            h2 id="spine" { "The spine as found" }
            (spine_figure::side_view(scan, content.pad_top_mm))
            div.beside {
                (spine_figure::back_view(scan, content.roller_reach_mm))
                div { (measures(scan, content.after.as_ref())) p.quiet { (DEFINITION) } (tables::levels(scan)) }
            }
        }
    }
}

fn measures(scan: &SpineScan, after: Option<&SpineScan>) -> Markup {
    let plain = |name: &'static str, unit: &'static str, pick: fn(&SpineScan) -> bed::Interval| {
        let interval = pick(scan);
        let after = after.map(|scan| format!("{}{unit}", text::number(pick(scan).value, 0)));
        (name, format!("{}{unit}", text::number(interval.value, 0)), text::from_to(&interval, 0, unit), after)
    };
    let aside = &scan.lateral_deviation_mm;
    let rows = [
        plain("Length, through the centres", " mm", |scan| scan.length_t1_l5_mm),
        plain("Kyphosis, upper back", "°", |scan| scan.kyphosis_deg),
        plain("Lordosis, lower back", "°", |scan| scan.lordosis_deg),
        (
            "Sideways, at most",
            text::sideways(aside.value),
            text::sideways_from_to(aside),
            after.map(|scan| text::sideways(scan.lateral_deviation_mm.value)),
        ),
    ];
    html! {
        dl.measures {
            @for (name, value, interval, after) in &rows {
                div {
                    dt { (name) }
                    dd { span.big { (value) } span.quiet { (interval) } @if let Some(after) = after { span.quiet { "after the session: " (after) } } }
                }
            }
        }
    }
}

fn tension(content: &Content, scan: &SpineScan) -> Markup {
    let after = content.after.as_ref();
    html! {
        section aria-labelledby="tension-of" {
            h2 id="tension-of" { "Tension" @if after.is_some() { ", before and after" } }
            @if scan.tension.is_empty() {
                p { "This bed has no load cells, so it cannot tell how tense the muscle is." }
            } @else {
                @if let Some(after) = after { (change(content, scan, after)) }
                @else { p { "There was no second scan, so nothing can be said about a change." } }
                (tension_figure::chart(scan, after))
                (tables::tensions(scan, after))
            }
        }
    }
}

fn change(content: &Content, before: &SpineScan, after: &SpineScan) -> Markup {
    let least = content.tension_change_min.filter(|least| least.is_finite() && *least > 0.0);
    let changes = text::changes(before, after, least);
    html! {
        p { (text::changes_in_words(&changes)) }
        @if content.simulated { p.assumed { (ASSUMED) } }
        p.quiet {
            @match least {
                Some(least) => { "Smallest change of the ratio that two scans with getting up between can tell (MDC95): " (text::number(least, 2)) "." }
                None => { "Smallest change taken from the intervals of both scans, place by place; getting up between the scans is not in it." }
            }
        }
    }
}

fn course(content: &Content) -> Markup {
    let nothing = content.trace.time_s.is_empty() && content.events.is_empty();
    html! {
        @if !nothing || content.refusal.is_none() {
            section aria-labelledby="course" {
                h2 id="course" { "Force and warmth over time" }
                (trace_figure::panels(content))
                @if !content.events.is_empty() {
                    h3 { "What happened when" }
                    (tables::timed(&content.events, start(content), &text::count(content.events.len(), "event")))
                }
            }
        }
    }
}

fn plan(content: &Content) -> Markup {
    html! {
        @if !content.plan.is_empty() {
            section aria-labelledby="plan" {
                h2 id="plan" { "The plan, and why" }
                (tables::plan(content))
                h3 { "Where it gives less than the program asks for" }
                (tables::reasons(&content.plan_reasons))
            }
        } @else if !content.plan_reasons.is_empty() {
            section aria-labelledby="plan" {
                h2 id="plan" { "Why the plan gives nothing" }
                (tables::reasons(&content.plan_reasons))
            }
        }
    }
}

fn limits(content: &Content) -> Markup {
    html! {
        @if !content.doses.is_empty() {
            section aria-labelledby="limits" {
                h2 id="limits" { "Doses against limits" }
                (tables::doses(&content.doses))
                p.quiet { "The highest value of the whole session. CEM43: minutes at 43 °C that would heat the skin as much." }
            }
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "A session within the ordinary limits was allowed.",
        Verdict::Soften => "A session was allowed, with less than the ordinary limits.",
        Verdict::Refuse => "No session was allowed today.",
    }
}

fn screening(content: &Content) -> Markup {
    html! {
        section aria-labelledby="screening" {
            h2 id="screening" { "What was allowed, and what was refused" }
            @if let Some(refusal) = &content.refusal { (refused(refusal)) }
            @match &content.clearance {
                Some(summary) => { (clearance(summary)) }
                None => { p { "Nobody was screened: the session did not come that far." } }
            }
            @if content.refusal.is_none() { p { "Nothing else was refused." } }
        }
    }
}

fn refused(refusal: &RefusalLine) -> Markup {
    let by = match refusal.by {
        RefusedBy::Clearance => "The questions before the session",
        RefusedBy::Bed => "The bed",
        RefusedBy::Scan => "The scan",
        RefusedBy::Plan => "The plan",
    };
    html! { p.refusal { (by) " refused the session, for the reason at the top of this page." } }
}

fn clearance(summary: &Summary) -> Markup {
    html! {
        p { (verdict(summary.verdict)) " " (summary.origin()) }
        @if summary.verdict == Verdict::Soften {
            ul.plain {
                @if let Some(force) = summary.force_cap_n { li { "At most " (text::number(force, 0)) " N from both heads." } }
                @if let Some(cap) = summary.intensity_cap { li { "Intensity at most " (cap) "." } }
                @if !summary.heat_allowed { li { "No heat." } }
                @else if let Some(cap) = summary.surface_cap_c { li { "Surfaces at most " (text::number(cap, 0)) " °C." } }
                @if !summary.stretch_allowed { li { "No stretching." } }
                @if !summary.avoided_regions.is_empty() {
                    @let regions: Vec<String> = summary.avoided_regions.iter().map(ToString::to_string).collect();
                    li { "Left out: " (text::list(&regions, 9)) "." }
                }
            }
        }
        (reasons(&summary.reasons))
    }
}

/// The reasons of screening, the gravest first as screening sorts them; many are folded.
fn reasons(reasons: &[Reason]) -> Markup {
    let (open, folded) = reasons.split_at(reasons.len().min(REASONS_OPEN));
    let list = |reasons: &[Reason]| {
        html! {
            ul.reasons {
                @for reason in reasons {
                    li {
                        p { (reason.words.en) }
                        p.quiet { (reason.why.en) }
                        p { strong { "Advice: " } (reason.advice.en) }
                    }
                }
            }
        }
    };
    html! {
        @if !open.is_empty() { (list(open)) }
        @if !folded.is_empty() {
            details { summary { (text::count(folded.len(), "more reason")) } (list(folded)) }
        }
    }
}

fn worth(content: &Content) -> Markup {
    html! {
        @if !content.worth.is_empty() {
            section aria-labelledby="worth" {
                h2 id="worth" { "What these figures are worth" }
                @for paragraph in &content.worth { p { (paragraph) } }
            }
        }
    }
}

fn origin(content: &Content) -> Markup {
    html! {
        section aria-labelledby="origin" {
            h2 id="origin" { "Where this page comes from" }
            @if content.simulated { p { (NOTICE) " Body, bed and sensors were computed; the control that ran is the same as on a bed." } }
            dl.versions {
                @for line in &content.versions { div { dt { (line.what) } dd { code { (line.version) } } } }
                @if let Some(seed) = content.seed { div { dt { "seed" } dd { code { (seed) } } } }
            }
            @if let Some(command) = &content.replay { p { "Run the machine again from the log, bit for bit:" } pre { code { (command) } } }
            @if let Some(command) = &content.repeat { p { "Make the same session again:" } pre { code { (command) } } }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer {
            p { "Ondol is not a medical device, is cleared by nobody, and is not connected with any maker. This page is no diagnosis and promises no effect." }
        }
    }
}
