//! The page's tables and bars: plan, reasons, doses, and the numbers behind the figures.

use bed::SpineScan;
use care::{Language, Words};
use maud::{Markup, html};

use super::text::Noun;
use super::{Content, DoseRow, PlanReason, PlanRow, TimedLine, text};

/// Rows that stand open; longer tables are folded.
const OPEN_ROWS: usize = 14;

/// A table that scrolls sideways by itself where the page is too narrow.
fn scrolling(name: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(name) tabindex="0" { (table) } }
}

/// Folds what has many rows.
fn folded(rows: usize, summary: &str, inside: &Markup) -> Markup {
    html! {
        @if rows > OPEN_ROWS {
            details { summary { (summary) } (inside) }
        } @else { (inside) }
    }
}

/// Places of all levels with 90 % half widths.
pub(super) fn levels(scan: &SpineScan, language: Language) -> Markup {
    let half = |sd: f64| text::number(1.645 * sd, 0, language);
    let table = html! {
        table {
            caption { (language.say("Centres of the vertebral bodies in the bed's frame, mm; ± holds nine times in ten", "Mitten der Wirbelkörper auf dem Bett, mm; ± gilt in neun von zehn Fällen")) }
            thead { tr { th scope="col" { (language.say("level", "Wirbel")) } th.n scope="col" { (language.say("along (x)", "entlang (x)")) } th.n scope="col" { (language.say("to the left (y)", "nach links (y)")) } th.n scope="col" { (language.say("up (z)", "nach oben (z)")) } } }
            tbody {
                @for level in &scan.levels {
                    tr {
                        th scope="row" { (level.level.name()) }
                        @for (mm, sd) in [(level.x_mm, level.sd_x_mm), (level.y_mm, level.sd_y_mm), (level.z_mm, level.sd_z_mm)] {
                            td.n { (text::number(mm, 0, language)) " ± " (half(sd)) }
                        }
                    }
                }
            }
        }
    };
    let name = language.say("All levels as numbers", "Alle Wirbel in Zahlen");
    html! {
        @if !scan.levels.is_empty() {
            details { summary { (name) } (scrolling(&name, &table)) }
        }
    }
}

/// All tensions, before and after.
pub(super) fn tensions(before: &SpineScan, after: Option<&SpineScan>, language: Language) -> Markup {
    let cell = |tension: &bed::Tension| {
        let [ratio, lo, hi] =
            [tension.ratio, tension.lo90, tension.hi90].map(|value| text::number(value, 2, language));
        format!("{ratio} ({lo} {} {hi})", language.say("to", "bis"))
    };
    let then = |first: &bed::Tension| {
        let found = after?.tension.iter().find(|t| t.level == first.level && t.side == first.side)?;
        Some(cell(found))
    };
    let table = html! {
        table {
            caption { (language.say("Stiffness over what is expected there, with 90 % interval", "Festigkeit im Verhältnis zu dem, was dort zu erwarten ist; die Spanne gilt in neun von zehn Fällen")) }
            thead { tr {
                th scope="col" { (language.say("place", "Stelle")) } th.n scope="col" { (language.say("before", "vorher")) }
                @if after.is_some() { th.n scope="col" { (language.say("after", "nachher")) } }
                th scope="col" { (language.say("found", "Befund")) }
            } }
            tbody {
                @for tension in &before.tension {
                    tr {
                        th scope="row" { (text::place(tension, language)) }
                        td.n { (cell(tension)) }
                        @if after.is_some() { td.n { (then(tension).unwrap_or_else(|| "–".to_owned())) } }
                        td { @if tension.tense { (language.say("tense", "verspannt")) } }
                    }
                }
            }
        }
    };
    let name = language.say("All tensions as numbers", "Alle Spannungen in Zahlen");
    html! { details { summary { (name) } (scrolling(&name, &table)) } }
}

/// One kind of stroke, summed up.
#[derive(Debug, PartialEq)]
struct Kind<'a> {
    therapy: &'a Words,
    strokes: usize,
    seconds: f64,
    most_n: f64,
}

fn kinds(plan: &[PlanRow]) -> Vec<Kind<'_>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for row in plan {
        let place = kinds.iter().position(|kind| *kind.therapy == row.therapy).unwrap_or_else(|| {
            kinds.push(Kind { therapy: &row.therapy, strokes: 0, seconds: 0.0, most_n: 0.0 });
            kinds.len() - 1
        });
        let kind = &mut kinds[place];
        kind.strokes += 1;
        kind.seconds += if row.seconds.is_finite() { row.seconds } else { 0.0 };
        kind.most_n = kind.most_n.max(row.given_n);
    }
    kinds
}

/// The plan: what it consists of, then stroke by stroke.
pub(super) fn plan(content: &Content, language: Language) -> Markup {
    let start = content.trace.time_s.first().copied().unwrap_or(0.0);
    let table = html! {
        table.plan {
            caption { (language.say("Stroke by stroke; force is of both heads together", "Griff für Griff; die Kraft ist die beider Rollen zusammen")) }
            thead { tr {
                @for (en, de) in [("at", "um"), ("what", "was"), ("levels", "Wirbel"), ("side", "Seite")] {
                    th scope="col" { (language.say(en, de)) }
                }
                @for (en, de) in [("asked", "vorgesehen"), ("given", "gegeben"), ("lasting", "Dauer")] {
                    th.n scope="col" { (language.say(en, de)) }
                }
                th scope="col" { (language.say("reach", "Erreichbarkeit")) }
            } }
            tbody { @for row in &content.plan { (stroke(row, start, language)) } }
        }
    };
    let strokes = text::count(content.plan.len(), &Noun::STROKE, language);
    let whole = format!("{}, {strokes}", language.say("The whole plan", "Der ganze Plan"));
    html! {
        ul.kinds {
            @for kind in kinds(&content.plan) {
                li {
                    @let therapy = kind.therapy.of(language);
                    strong { @if therapy.is_empty() { (language.say("other", "anderes")) } @else { (therapy) } }
                    span { (text::count(kind.strokes, &Noun::STROKE, language)) ", " (text::duration(kind.seconds)) }
                    span { (language.say("at most ", "höchstens ")) (text::number(kind.most_n, 0, language)) " N" }
                }
            }
        }
        (folded(content.plan.len(), &whole, &scrolling(&language.say("The plan", "Der Plan"), &table)))
    }
}

fn stroke(row: &PlanRow, start_s: f64, language: Language) -> Markup {
    let less = row.given_n < row.asked_n - 0.5;
    let therapy = row.therapy.of(language);
    let side = row
        .side
        .map_or_else(|| language.say("both", "beide").into_owned(), |side| text::side(side, language));
    html! {
        tr {
            td.n.at { (row.start_s.map_or_else(|| "–".to_owned(), |s| text::clock(s - start_s))) }
            th scope="row" { (row.title.of(language)) @if !therapy.is_empty() { small { (therapy) } } }
            td { (row.levels) }
            td { (side) }
            td.n { (text::number(row.asked_n, 0, language)) " N" }
            td.n.less[less] { (text::number(row.given_n, 0, language)) " N" }
            td.n { (text::duration(row.seconds)) }
            td { (row.reach.of(language)) }
        }
    }
}

/// A reason and how often it was given in the same words.
fn grouped(reasons: &[PlanReason]) -> Vec<(&PlanReason, usize)> {
    let mut groups: Vec<(&PlanReason, usize)> = Vec::new();
    for reason in reasons {
        match groups.iter_mut().find(|(first, _)| first.code == reason.code && first.words == reason.words) {
            Some((_, times)) => *times += 1,
            None => groups.push((reason, 1)),
        }
    }
    groups
}

/// Where less is given than was asked for, each with its numbers.
pub(super) fn reasons(reasons: &[PlanReason], language: Language) -> Markup {
    let groups = grouped(reasons);
    let list = html! {
        ul.reasons {
            @for (reason, times) in &groups {
                li {
                    p { (reason.words.of(language)) @if *times > 1 { span.quiet { " (" (times) (language.say(" times", "-mal")) ")" } } }
                    p.quiet { (numbers(reason, language)) code { (reason.code) } }
                }
            }
        }
    };
    html! {
        @if reasons.is_empty() {
            p { (language.say("Nothing was reduced or left out.", "Nichts wurde verringert oder ausgelassen.")) }
        } @else { (folded(groups.len(), &text::count(groups.len(), &Noun::REASON, language), &list)) }
    }
}

/// `asked 60 N, given 40 N, limit 40 N`.
fn numbers(reason: &PlanReason, language: Language) -> Markup {
    let parts = [
        (language.say("asked", "vorgesehen"), reason.requested),
        (language.say("given", "gegeben"), reason.granted),
        (language.say("limit", "Grenze"), reason.limit),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter_map(|(name, value)| {
            Some(format!("{name} {} {}", text::short(value?, language), reason.unit).trim_end().to_owned())
        })
        .collect();
    html! { @if !said.is_empty() { (said.join(", ")) " · " } }
}

/// Each quantity as a bar against its limit.
pub(super) fn doses(rows: &[DoseRow], language: Language) -> Markup {
    html! {
        ul.doses {
            @for row in rows {
                @let share = row.value / row.limit;
                @let width = if share.is_finite() { (share * 100.0).clamp(0.0, 100.0) } else { 0.0 };
                li.over[!row.is_within()] {
                    span.what { (row.what.of(language)) }
                    span.value {
                        (text::short(row.value, language)) (language.say(" of ", " von ")) (text::short(row.limit, language)) " " (row.unit)
                        @if !row.is_within() { strong { (language.say(" above the limit", " über der Grenze")) } }
                    }
                    div.bar aria-hidden="true" { div style=(format!("width:{width:.1}%")) {} }
                }
            }
        }
    }
}

/// Lines with their time.
pub(super) fn timed(lines: &[TimedLine], start_s: f64, what: &Noun, language: Language) -> Markup {
    let list = html! {
        ol.timeline {
            @for line in lines { li { span.n { (text::clock(line.time_s - start_s)) } " " (line.words.of(language)) } }
        }
    };
    folded(lines.len(), &text::count(lines.len(), what, language), &list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_reasons_are_said_once_with_a_count() {
        let reason = PlanReason {
            code: "neck".into(),
            words: Words::both("Gentler at the neck.", "Sanfter am Nacken."),
            ..PlanReason::default()
        };
        let other = PlanReason { code: "site".into(), ..reason.clone() };
        let all = [reason.clone(), other, reason];
        let counts: Vec<usize> = grouped(&all).into_iter().map(|(_, times)| times).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn a_broken_dose_is_not_within_its_limit() {
        let row = DoseRow { value: f64::NAN, limit: 30.0, ..DoseRow::default() };
        assert!(!row.is_within());
        assert!(doses(&[row], Language::English).into_string().contains("above the limit"));
    }
}
