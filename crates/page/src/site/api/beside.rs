//! Two scans beside each other, in numbers: of two sessions, or before and after one.

use crate::api::shapes;
use crate::site::after::eased_words;
use care::{Language, Words};
use host::course::{Beside, Difference, Eased, Place, assumed};
use serde::Serialize;
use utoipa::ToSchema;

/// Two scans beside each other, each with the smallest change that matters. What changed is told, not why.
#[derive(Serialize, ToSchema)]
pub(super) struct Compared {
    /// On the twin: what the model assumes, not evidence.
    #[schema(value_type = Option<shapes::Words>)]
    assumed: Option<Words>,
    /// Length and curve, lying.
    figures: Vec<FigureBeside>,
    /// Stiffness beside the spine, place by place; empty where not both scans have it.
    tension: Vec<PlaceBeside>,
    /// What those places say together.
    eased: EasedTold,
}

/// A figure of both scans.
#[derive(Serialize, ToSchema)]
struct FigureBeside {
    /// Its name in programs.
    quantity: &'static str,
    #[schema(value_type = shapes::Words)]
    name: Words,
    #[schema(value_type = shapes::Words)]
    unit: Words,
    one: Found,
    other: Found,
    /// The other less the one.
    change: f64,
    /// Smallest change that two scans with getting up between can tell apart; null where it is not known.
    mdc95: Option<f64>,
    /// changed, or what the course calls it.
    verdict: &'static str,
    #[schema(value_type = shapes::Words)]
    words: Words,
}

/// A value with the interval that holds the truth nine times in ten.
#[derive(Serialize, ToSchema)]
struct Found {
    value: f64,
    lo90: f64,
    hi90: f64,
}

/// Stiffness of one place in both scans, over what is expected there.
#[derive(Serialize, ToSchema)]
struct PlaceBeside {
    /// Such as L4.
    level: &'static str,
    #[schema(value_type = shapes::Side)]
    side: &'static str,
    one: f64,
    other: f64,
    /// The other less the one.
    change: f64,
    /// Smallest difference that the intervals of both can tell apart; getting up between is not in it.
    least: f64,
    /// The change is larger than that.
    beyond: bool,
}

/// What the places beside the spine say together.
#[derive(Serialize, ToSchema)]
struct EasedTold {
    /// Places that became softer by more than their intervals explain.
    softer: usize,
    /// Places that became tenser by more than that.
    tenser: usize,
    /// Of so many.
    of: usize,
    /// So many seem changed one way by chance alone.
    by_chance: usize,
    verdict: &'static str,
    #[schema(value_type = shapes::Words)]
    words: Words,
}

impl Compared {
    pub(super) fn of(beside: &Beside) -> Self {
        let sides = ["left", "right"];
        let places = beside.tension.iter().flat_map(|(level, places)| {
            let both = sides.into_iter().zip(places);
            both.filter_map(|(side, place)| Some(PlaceBeside::of(level, side, place.as_ref()?)))
        });
        Self {
            assumed: beside.simulated.then(assumed),
            figures: beside.figures.iter().map(FigureBeside::of).collect(),
            tension: places.collect(),
            eased: EasedTold::of(beside.eased()),
        }
    }
}

impl FigureBeside {
    fn of(figure: &Difference) -> Self {
        let [one, other] = figure.both.map(|(value, (lo90, hi90))| Found { value, lo90, hi90 });
        let (quantity, verdict) = (figure.quantity, figure.verdict());
        Self {
            quantity: quantity.code(),
            name: quantity.name(),
            unit: quantity.unit(),
            one,
            other,
            change: figure.change(),
            mdc95: figure.least,
            verdict: verdict.code(),
            words: verdict.words(),
        }
    }
}

impl PlaceBeside {
    fn of(level: &'static str, side: &'static str, place: &Place) -> Self {
        let [one, other] = place.both;
        let (change, least, beyond) = (place.change(), place.least, place.is_beyond());
        Self { level, side, one, other, change, least, beyond }
    }
}

impl EasedTold {
    fn of(eased: Eased) -> Self {
        let verdict = eased.verdict().code();
        let Eased { softer, tenser, of, by_chance } = eased;
        let words = Words::both(eased_words(eased, Language::English), eased_words(eased, Language::German));
        Self { softer, tenser, of, by_chance, verdict, words }
    }
}
