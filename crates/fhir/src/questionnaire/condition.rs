//! Is an item asked, given the answers so far?
//!
//! An item is asked when the item above it is and its own conditions hold. An answer to a question that
//! is itself not asked counts as none. `!=` holds when no answer is equal, so also when there is none;
//! the other comparisons need one answer for which they hold. Source: FHIR R4, QuestionnaireItemOperator.

use core::cmp::Ordering;
use std::collections::BTreeMap;

use super::{EnableBehavior, EnableWhen, Item, Operator, Questionnaire};
use crate::answer::Answer;

/// The items that are asked, in the order of the form, each with its depth.
pub(crate) fn enabled<'a>(
    form: &'a Questionnaire,
    answers: &BTreeMap<String, Vec<Answer>>,
) -> Vec<(usize, &'a Item)> {
    let mut above: BTreeMap<&str, &str> = BTreeMap::new();
    let mut items: BTreeMap<&str, &Item> = BTreeMap::new();
    for (_, item) in form.items() {
        items.insert(&item.link_id, item);
        above.extend(item.item.iter().map(|inner| (inner.link_id.as_str(), item.link_id.as_str())));
    }
    let mut known = Known { items, above, answers, asked: BTreeMap::new() };
    form.items().filter(|(_, item)| known.asks(&item.link_id)).collect()
}

struct Known<'a, 'b> {
    items: BTreeMap<&'a str, &'a Item>,
    above: BTreeMap<&'a str, &'a str>,
    answers: &'b BTreeMap<String, Vec<Answer>>,
    asked: BTreeMap<&'a str, bool>,
}

impl<'a> Known<'a, '_> {
    /// Ends, since the check of the form refuses circles.
    fn asks(&mut self, link_id: &str) -> bool {
        if let Some(asked) = self.asked.get(link_id) {
            return *asked;
        }
        let Some(item) = self.items.get(link_id).copied() else { return false };
        let asked = self.above.get(link_id).copied().is_none_or(|above| self.asks(above)) && self.holds(item);
        self.asked.insert(&item.link_id, asked);
        asked
    }

    fn holds(&mut self, item: &'a Item) -> bool {
        let any = item.enable_behavior == Some(EnableBehavior::Any);
        let met: Vec<bool> = item.enable_when.iter().map(|when| self.meets(when)).collect();
        met.is_empty() || if any { met.contains(&true) } else { !met.contains(&false) }
    }

    fn meets(&mut self, when: &EnableWhen) -> bool {
        let given: &[Answer] = if self.asks(&when.question) {
            self.answers.get(&when.question).map_or(&[], Vec::as_slice)
        } else {
            &[]
        };
        let Ok(wanted) = Answer::read("answer", &when.rest) else { return false };
        let some = |allowed: &[Ordering]| {
            given.iter().any(|answer| answer.order(&wanted).is_some_and(|order| allowed.contains(&order)))
        };
        match when.operator {
            Operator::Exists => wanted == Answer::Boolean(!given.is_empty()),
            Operator::Equal => given.iter().any(|answer| answer.same(&wanted)),
            Operator::NotEqual => !given.iter().any(|answer| answer.same(&wanted)),
            Operator::Greater => some(&[Ordering::Greater]),
            Operator::Less => some(&[Ordering::Less]),
            Operator::GreaterOrEqual => some(&[Ordering::Greater, Ordering::Equal]),
            Operator::LessOrEqual => some(&[Ordering::Less, Ordering::Equal]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Whether a question is asked that hangs on another one with these answers.
    fn asks(operator: &str, wanted: Answer, given: Vec<Answer>) -> bool {
        let kind = wanted.kind().to_lowercase();
        let mut when = wanted.element("answer");
        when.insert("question".to_owned(), json!("a"));
        when.insert("operator".to_owned(), json!(operator));
        let kind = if operator == "exists" { "integer".to_owned() } else { kind };
        let form = json!({ "resourceType": "Questionnaire", "status": "draft", "item": [
            { "linkId": "a", "type": kind, "repeats": true },
            { "linkId": "b", "type": "string", "enableWhen": [when] }
        ]});
        let form = Questionnaire::parse(&form.to_string()).expect("a form");
        enabled(&form, &BTreeMap::from([("a".to_owned(), given)])).len() == 2
    }

    #[test]
    fn every_comparison_holds_where_the_standard_says_so() {
        let numbers = |numbers: &[i32]| numbers.iter().copied().map(Answer::Integer).collect::<Vec<_>>();
        for (operator, with) in [
            // Answers: none, 2, 3, 4, 2 and 4.
            ("=", [false, false, true, false, false]),
            ("!=", [true, true, false, true, true]),
            (">", [false, false, false, true, true]),
            ("<", [false, true, false, false, true]),
            (">=", [false, false, true, true, true]),
            ("<=", [false, true, true, false, true]),
        ] {
            let given = [&[][..], &[2], &[3], &[4], &[2, 4]];
            assert_eq!(
                given.map(|given| asks(operator, Answer::Integer(3), numbers(given))),
                with,
                "{operator}"
            );
        }
        for (wanted, with) in [(true, [false, true]), (false, [true, false])] {
            let given = [&[][..], &[2]];
            assert_eq!(given.map(|given| asks("exists", Answer::Boolean(wanted), numbers(given))), with);
        }
        let day = |text: &str| Answer::Date(text.to_owned());
        assert!(asks(">", day("2026-11-01"), vec![day("2026-11-02")]));
        assert!(!asks(">", day("2026-11-01"), vec![day("2026-10-31")]));
    }
}
