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
