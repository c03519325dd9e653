//! The page's tables and bars: plan, reasons, doses, and the numbers behind the figures.

use bed::SpineScan;
use maud::{Markup, html};

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
pub(super) fn levels(scan: &SpineScan) -> Markup {
    let half = |sd: f64| text::number(1.645 * sd, 0);
    let table = html! {
        table {
            caption { "Centres of the vertebral bodies in the bed's frame, mm; ± holds nine times in ten" }
            thead { tr { th scope="col" { "level" } th.n scope="col" { "along (x)" } th.n scope="col" { "to the left (y)" } th.n scope="col" { "up (z)" } } }
            tbody {
                @for level in &scan.levels {
                    tr {
                        th scope="row" { (level.level.name()) }
                        @for (mm, sd) in [(level.x_mm, level.sd_x_mm), (level.y_mm, level.sd_y_mm), (level.z_mm, level.sd_z_mm)] {
                            td.n { (text::number(mm, 0)) " ± " (half(sd)) }
                        }
                    }
                }
            }
        }
    };
    html! {
        @if !scan.levels.is_empty() {
            details { summary { "All levels as numbers" } (scrolling("All levels as numbers", &table)) }
        }
    }
}

/// All tensions, before and after.
pub(super) fn tensions(before: &SpineScan, after: Option<&SpineScan>) -> Markup {
    let cell = |tension: &bed::Tension| {
        format!(
            "{} ({} to {})",
            text::number(tension.ratio, 2),
            text::number(tension.lo90, 2),
            text::number(tension.hi90, 2)
        )
    };
    let then = |first: &bed::Tension| {
        let found = after?.tension.iter().find(|t| t.level == first.level && t.side == first.side)?;
        Some(cell(found))
    };
    let table = html! {
        table {
            caption { "Stiffness over what is expected there, with 90 % interval" }
            thead { tr {
                th scope="col" { "place" } th.n scope="col" { "before" }
                @if after.is_some() { th.n scope="col" { "after" } }
                th scope="col" { "found" }
            } }
            tbody {
                @for tension in &before.tension {
                    tr {
                        th scope="row" { (text::place(tension)) }
                        td.n { (cell(tension)) }
                        @if after.is_some() { td.n { (then(tension).unwrap_or_else(|| "–".to_owned())) } }
                        td { @if tension.is_tense() { "tense" } }
                    }
                }
            }
        }
    };
    html! { details { summary { "All tensions as numbers" } (scrolling("All tensions as numbers", &table)) } }
}

/// One kind of stroke, summed up.
#[derive(Debug, PartialEq)]
struct Kind<'a> {
    therapy: &'a str,
    strokes: usize,
    seconds: f64,
    most_n: f64,
}

fn kinds(plan: &[PlanRow]) -> Vec<Kind<'_>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for row in plan {
        let place = kinds.iter().position(|kind| kind.therapy == row.therapy).unwrap_or_else(|| {
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
pub(super) fn plan(content: &Content) -> Markup {
    let start = content.trace.time_s.first().copied().unwrap_or(0.0);
    let table = html! {
        table.plan {
            caption { "Stroke by stroke; force is of both heads together" }
            thead { tr {
                @for name in ["at", "what", "levels", "side"] { th scope="col" { (name) } }
                @for name in ["asked", "given", "lasting"] { th.n scope="col" { (name) } }
                th scope="col" { "reach" }
            } }
            tbody { @for row in &content.plan { (stroke(row, start)) } }
        }
    };
    html! {
        ul.kinds {
            @for kind in kinds(&content.plan) {
                li {
                    strong { (if kind.therapy.is_empty() { "other" } else { kind.therapy }) }
                    span { (text::count(kind.strokes, "stroke")) ", " (text::duration(kind.seconds)) }
                    span { "at most " (text::number(kind.most_n, 0)) " N" }
                }
            }
        }
        (folded(content.plan.len(), &format!("The whole plan, {}", text::count(content.plan.len(), "stroke")), &scrolling("The plan", &table)))
    }
}

fn stroke(row: &PlanRow, start_s: f64) -> Markup {
    let less = row.given_n < row.asked_n - 0.5;
    html! {
        tr {
            td.n.at { (row.start_s.map_or_else(|| "–".to_owned(), |s| text::clock(s - start_s))) }
            th scope="row" { (row.title) @if !row.therapy.is_empty() { small { (row.therapy) } } }
            td { (row.levels) }
            td { (row.side) }
            td.n { (text::number(row.asked_n, 0)) " N" }
            td.n.less[less] { (text::number(row.given_n, 0)) " N" }
            td.n { (text::duration(row.seconds)) }
            td { (row.reach) }
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
pub(super) fn reasons(reasons: &[PlanReason]) -> Markup {
    let groups = grouped(reasons);
    let list = html! {
        ul.reasons {
            @for (reason, times) in &groups {
                li {
                    p { (reason.words) @if *times > 1 { span.quiet { " (" (times) " times)" } } }
                    p.quiet { (numbers(reason)) code { (reason.code) } }
                }
            }
        }
    };
    html! {
        @if reasons.is_empty() {
            p { "Nothing was reduced or left out." }
        } @else { (folded(groups.len(), &text::count(groups.len(), "reason"), &list)) }
    }
}

/// `asked 60 N, given 40 N, limit 40 N`.
fn numbers(reason: &PlanReason) -> Markup {
    let parts = [("asked", reason.requested), ("given", reason.granted), ("limit", reason.limit)];
    let said: Vec<String> = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {} {}", text::short(value?), reason.unit)))
        .collect();
    html! { @if !said.is_empty() { (said.join(", ")) " · " } }
}

/// Each quantity as a bar against its limit.
pub(super) fn doses(rows: &[DoseRow]) -> Markup {
    html! {
        ul.doses {
            @for row in rows {
                @let share = row.value / row.limit;
                @let width = if share.is_finite() { (share * 100.0).clamp(0.0, 100.0) } else { 0.0 };
                li.over[!row.is_within()] {
                    span.what { (row.what) }
                    span.value {
                        (text::short(row.value)) " of " (text::short(row.limit)) " " (row.unit)
                        @if !row.is_within() { strong { " above the limit" } }
                    }
                    div.bar aria-hidden="true" { div style=(format!("width:{width:.1}%")) {} }
                }
            }
        }
    }
}

/// Lines with their time.
pub(super) fn timed(lines: &[TimedLine], start_s: f64, summary: &str) -> Markup {
    let list = html! {
        ol.timeline {
            @for line in lines { li { span.n { (text::clock(line.time_s - start_s)) } " " (line.words) } }
        }
    };
    folded(lines.len(), summary, &list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_reasons_are_said_once_with_a_count() {
        let reason =
            PlanReason { code: "neck".into(), words: "Gentler at the neck.".into(), ..PlanReason::default() };
        let other = PlanReason { code: "site".into(), ..reason.clone() };
        let all = [reason.clone(), other, reason];
        let counts: Vec<usize> = grouped(&all).into_iter().map(|(_, times)| times).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn a_broken_dose_is_not_within_its_limit() {
        let row = DoseRow { value: f64::NAN, limit: 30.0, ..DoseRow::default() };
        assert!(!row.is_within());
        assert!(doses(&[row]).into_string().contains("above the limit"));
    }
}
