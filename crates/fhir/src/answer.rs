//! An answer: the `value[x]`, `answer[x]` of a form.

use core::cmp::Ordering;

use serde_json::{Map, Value, json};

use crate::element::{Coding, Quantity, is_date};
use crate::error::short;

/// One answer to one question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i32),
    /// A number; finite.
    Decimal(f64),
    /// A year, a month or a day, as in `2026-11`.
    Date(String),
    /// A point in time as FHIR writes it; not checked beyond its date.
    DateTime(String),
    /// A time of day, `HH:MM:SS`; not checked.
    Time(String),
    /// Words.
    String(String),
    /// An address.
    Uri(String),
    /// A code.
    Coding(Coding),
    /// A number with a unit.
    Quantity(Quantity),
}

impl Answer {
    /// The name of its type, as it stands behind `value`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::Date(_) => "Date",
            Self::DateTime(_) => "DateTime",
            Self::Time(_) => "Time",
            Self::String(_) => "String",
            Self::Uri(_) => "Uri",
            Self::Coding(_) => "Coding",
            Self::Quantity(_) => "Quantity",
        }
    }

    /// The element that holds it, for a prefix `value` or `answer`.
    pub(crate) fn element(&self, prefix: &str) -> Map<String, Value> {
        let value = match self {
            Self::Boolean(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Decimal(value) => json!(value),
            Self::Date(text)
            | Self::DateTime(text)
            | Self::Time(text)
            | Self::String(text)
            | Self::Uri(text) => json!(text),
            Self::Coding(coding) => json!(coding),
            Self::Quantity(quantity) => json!(quantity),
        };
        Map::from_iter([(format!("{prefix}{}", self.kind()), value)])
    }

    /// Reads the one element with this prefix.
    pub(crate) fn read(prefix: &str, fields: &Map<String, Value>) -> Result<Self, String> {
        let mut found = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
        let Some((kind, value)) = found.next() else {
            return Err(format!("{prefix}[x] is missing"));
        };
        if found.next().is_some() {
            return Err(format!("{prefix}[x] stands there twice"));
        }
        let wrong = || format!("{prefix}{kind} holds {}", short(&value.to_string()));
        let text = || value.as_str().filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(wrong);
        Ok(match kind {
            "Boolean" => Self::Boolean(value.as_bool().ok_or_else(wrong)?),
            "Integer" => {
                let whole = value.as_i64().and_then(|number| i32::try_from(number).ok());
                Self::Integer(whole.ok_or_else(wrong)?)
            }
            "Decimal" => Self::Decimal(value.as_f64().ok_or_else(wrong)?),
            "Date" => Self::Date(text().ok().filter(|text| is_date(text)).ok_or_else(wrong)?),
            "DateTime" => Self::DateTime(text()?),
            "Time" => Self::Time(text()?),
            "String" => Self::String(text()?),
            "Uri" => Self::Uri(text()?),
            "Coding" => Self::Coding(serde_json::from_value(value.clone()).map_err(|_| wrong())?),
            "Quantity" => Self::Quantity(serde_json::from_value(value.clone()).map_err(|_| wrong())?),
            _ => return Err(format!("{prefix}{} is of no type that can be used here", short(kind))),
        })
    }

    /// Whether both say the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Coding(left), Self::Coding(right)) => left.same(right),
            _ => self.order(other) == Some(Ordering::Equal) || self == other,
        }
    }

    /// How two answers of one type compare, where they do; quantities in one unit, times as text.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            (Self::Decimal(left), Self::Decimal(right)) => left.partial_cmp(right),
            (Self::Date(left), Self::Date(right))
            | (Self::DateTime(left), Self::DateTime(right))
            | (Self::Time(left), Self::Time(right)) => Some(left.cmp(right)),
            (Self::Quantity(left), Self::Quantity(right))
                if left.system == right.system && left.code == right.code =>
            {
                left.value.as_ref()?.as_f64()?.partial_cmp(&right.value.as_ref()?.as_f64()?)
            }
            _ => None,
        }
    }
}
