//! Answers as people tell them: a text typed after a question, or a plain JSON value.

use serde_json::{Number, Value};

use crate::answer::Answer;
use crate::element::{Coding, Quantity, is_date};
use crate::error::{FhirError, short};
use crate::fill::{Filling, Row};
use crate::questionnaire::{Choices, EnableBehavior, EnableWhen, Item, ItemKind, Operator, Questionnaire};

impl Answer {
    /// What it says, for people to read.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::Integer(value) => value.to_string(),
            Self::Decimal(value) => value.to_string(),
            Self::Date(text) | Self::DateTime(text) | Self::Time(text) => text.clone(),
            Self::String(text) | Self::Uri(text) => text.clone(),
            Self::Coding(coding) => {
                coding.display.as_ref().or(coding.code.as_ref()).cloned().unwrap_or_default()
            }
            Self::Quantity(quantity) => {
                let value = quantity.value.as_ref().map(ToString::to_string).unwrap_or_default();
                let unit = quantity.unit.as_ref().or(quantity.code.as_ref());
                format!("{value} {}", unit.map_or("", String::as_str)).trim_end().to_owned()
            }
        }
    }
}

impl Row<'_> {
    /// The answer that a text tells; whether the form takes it is checked by [`Filling::answer`].
    ///
    /// An option is named by its words or its code. A comma may stand for the point of a number.
    ///
    /// # Errors
    /// What would be understood, on one line.
    pub fn hear(&self, text: &str) -> Result<Answer, String> {
        hear(self.item, &self.choices, text.trim())
    }
}

fn hear(item: &Item, choices: &Choices, text: &str) -> Result<Answer, String> {
    let wrong = || format!("wants {}, and has \"{}\"", item.kind.wants(), short(text));
    let words = text.to_owned();
    Ok(match item.kind {
        ItemKind::Boolean => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "ja" | "j" => Answer::Boolean(true),
            "no" | "n" | "false" | "nein" => Answer::Boolean(false),
            _ => return Err(wrong()),
        },
        ItemKind::Integer => Answer::Integer(text.parse().map_err(|_| wrong())?),
        ItemKind::Decimal => {
            let number: f64 = text.replace(',', ".").parse().map_err(|_| wrong())?;
            Answer::Decimal(Some(number).filter(|number| number.is_finite()).ok_or_else(wrong)?)
        }
        ItemKind::Date => Answer::Date(words),
        ItemKind::DateTime if is_date_time(text) => Answer::DateTime(words),
        ItemKind::DateTime => return Err(format!("{}, such as 2026-11-22T18:30:00+01:00", wrong())),
        ItemKind::Time => match clock(text) {
            Some(time) => Answer::Time(time),
            None => return Err(format!("{}, such as 18:30", wrong())),
        },
        ItemKind::String | ItemKind::Text => Answer::String(words),
        ItemKind::Url => Answer::Uri(words),
        ItemKind::Quantity => Answer::Quantity(quantity(item, text).ok_or_else(wrong)?),
        ItemKind::Choice | ItemKind::OpenChoice => return option(item, choices, text),
        ItemKind::Group | ItemKind::Display | ItemKind::Attachment | ItemKind::Reference => {
            return Err(format!("wants {}", item.kind.wants()));
        }
    })
}

/// The option that a text names by its words or its code.
fn option(item: &Item, choices: &Choices, text: &str) -> Result<Answer, String> {
    let open = item.kind == ItemKind::OpenChoice;
    let Choices::Listed { choices, .. } = choices else {
        // A list that stands elsewhere takes any code, an open one any words.
        let coding = Coding { code: Some(text.to_owned()), ..Coding::default() };
        return Ok(if open { Answer::String(text.to_owned()) } else { Answer::Coding(coding) });
    };
    let says = |choice: &&Answer| choice.label().to_lowercase() == text.to_lowercase();
    let codes = |choice: &&Answer| matches!(choice, Answer::Coding(one) if one.code.as_deref() == Some(text));
    match (choices.iter().find(says), choices.iter().find(codes)) {
        (Some(one), Some(other)) if !one.same(other) => {
            Err(format!("\"{}\" is the name of one option and the code of another", short(text)))
        }
        (Some(one), _) | (None, Some(one)) => Ok(one.clone()),
        (None, None) => Ok(Answer::String(text.to_owned())),
    }
}

/// A number in the unit of the question, or with a unit of its own behind it.
fn quantity(item: &Item, text: &str) -> Option<Quantity> {
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || "+-.,eE".contains(letter)));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let value: Number = serde_json::from_str(&number.trim().replace(',', ".")).ok()?;
    let unit = unit.trim();
    let own = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
    let own = item.extension.iter().find(|extension| extension.url == own);
    let own = own.and_then(|own| serde_json::from_value::<Coding>(own.rest.get("valueCoding")?.clone()).ok());
    match own {
        Some(own) if unit.is_empty() || [&own.display, &own.code].contains(&&Some(unit.to_owned())) => {
            Some(Quantity {
                value: Some(value),
                unit: own.display.or(own.code.clone()),
                system: own.system,
                code: own.code,
                ..Quantity::default()
            })
        }
        Some(_) => None,
        None => {
            let unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
            Some(Quantity { value: Some(value), unit, ..Quantity::default() })
        }
    }
}

/// A date, or a date with a time to the second and its distance from UTC.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return is_date(text) };
    let zone = time.find(['Z', '+', '-']).map(|at| time.split_at(at));
    let Some((time, zone)) = zone else { return false };
    let away = zone == "Z" || zone.get(1..).is_some_and(|away| away.len() == 5 && clock(away).is_some());
    let whole = time.split('.').next().unwrap_or_default();
    let part = time.get(whole.len()..).unwrap_or_default();
    let fraction = part.is_empty() || part.len() > 1 && part[1..].bytes().all(|byte| byte.is_ascii_digit());
    date.len() == 10 && is_date(date) && whole.len() == 8 && clock(whole).is_some() && fraction && away
}

/// A time of day to the second.
fn clock(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &&str, below: u32| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && part.parse::<u32>().is_ok_and(|number| number < below)
    };
    let [hour, minute, second @ ..] = &parts[..] else { return None };
    let fits = number(hour, 24) && number(minute, 60) && second.len() < 2;
    let fits = fits && second.iter().all(|second| number(second, 60));
    fits.then(|| format!("{hour}:{minute}:{}", second.first().unwrap_or(&"00")))
}

impl Filling<'_> {
    /// Answers a question with a plain JSON value: a text as for [`Row::hear`], a number, a truth value, a
    /// `Coding` or `Quantity` as FHIR writes it, a list of these, or null for no answer.
    ///
    /// # Errors
    /// As [`Filling::answer`], or the value cannot be understood; nothing is changed.
    pub fn tell(&mut self, link_id: &str, value: &Value) -> Result<(), FhirError> {
        let rows = self.rows();
        let Some(row) = rows.iter().find(|row| row.item.link_id == link_id && row.item.kind.is_question())
        else {
            // It says which of the two it is: no such question, or not asked now.
            return self.answer(link_id, Vec::new());
        };
        let list = match value {
            Value::Null => Vec::new(),
            Value::Array(list) => list.iter().map(|one| row.read(one)).collect(),
            one => vec![row.read(one)],
        };
        let answers: Result<Vec<Answer>, String> = list.into_iter().collect();
        let answers = answers.map_err(|what| FhirError::answer(link_id, what))?;
        self.answer(link_id, answers)
    }
}

impl Row<'_> {
    fn read(&self, value: &Value) -> Result<Answer, String> {
        let unknown = || format!("{} is no answer", short(&value.to_string()));
        match value {
            Value::String(text) => self.hear(text),
            Value::Bool(yes) => self.hear(if *yes { "yes" } else { "no" }),
            Value::Number(number) => self.hear(&number.to_string()),
            Value::Object(_) if self.item.kind == ItemKind::Quantity => {
                serde_json::from_value(value.clone()).map(Answer::Quantity).map_err(|_| unknown())
            }
            Value::Object(_) if self.item.kind.has_options() => {
                serde_json::from_value(value.clone()).map(Answer::Coding).map_err(|_| unknown())
            }
            _ => Err(unknown()),
        }
    }
}

impl Questionnaire {
    /// Expressions and rules of the form that are not evaluated here, as the item's link id (empty for the
    /// whole form) and the name of the extension: a total that the form would compute, a condition that it
    /// would weigh.
    #[must_use]
    pub fn not_evaluated(&self) -> Vec<(String, String)> {
        let name = |url: &str| {
            let name = url.rsplit('/').next().unwrap_or_default().to_owned();
            let means = ["xpression", "onstraint", "variable"].iter().any(|end| name.ends_with(end));
            means.then_some(name)
        };
        let whole = self.rest.get("extension").and_then(Value::as_array).into_iter().flatten();
        let whole = whole.filter_map(|extension| name(extension.get("url")?.as_str()?));
        let mut found: Vec<(String, String)> = whole.map(|name| (String::new(), name)).collect();
        for (_, item) in self.items() {
            let names = item.extension.iter().filter_map(|extension| name(&extension.url));
            found.extend(names.map(|name| (item.link_id.clone(), name)));
        }
        found
    }

    /// On which answers it hangs whether an item is asked, as in `spasm = yes`; none if it always is.
    #[must_use]
    pub fn condition(&self, item: &Item) -> Option<String> {
        let all: Vec<String> = item.enable_when.iter().map(|when| self.condition_words(when)).collect();
        let any = item.enable_behavior == Some(EnableBehavior::Any);
        (!all.is_empty()).then(|| all.join(if any { " or " } else { " and " }))
    }

    fn condition_words(&self, when: &EnableWhen) -> String {
        let wanted = Answer::read("answer", &when.rest).unwrap_or(Answer::Boolean(true));
        let operator = match when.operator {
            Operator::Exists if wanted == Answer::Boolean(false) => {
                return format!("{} is not answered", when.question);
            }
            Operator::Exists => return format!("{} is answered", when.question),
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Greater => ">",
            Operator::Less => "<",
            Operator::GreaterOrEqual => ">=",
            Operator::LessOrEqual => "<=",
        };
        // The form's own words for a code stand with the question.
        let asked = self.find(&when.question).map(|item| Choices::read(self, item));
        let wanted = match asked {
            Some(Ok(Choices::Listed { choices, .. })) => {
                choices.into_iter().find(|choice| choice.same(&wanted)).unwrap_or(wanted)
            }
            _ => wanted,
        };
        format!("{} {operator} {}", when.question, wanted.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(item: Value) -> Questionnaire {
        let form = json!({ "resourceType": "Questionnaire", "status": "draft", "item": [item] });
        Questionnaire::parse(&form.to_string()).expect("a form")
    }

    fn tell(item: Value, value: Value) -> Result<Vec<Answer>, String> {
        let form = form(item);
        let mut sheet = form.fill();
        sheet.tell("a", &value).map_err(|error| error.to_string())?;
        Ok(sheet.given("a").to_vec())
    }

    fn plain(kind: &str, value: Value) -> Result<Vec<Answer>, String> {
        tell(json!({ "linkId": "a", "type": kind }), value)
    }

    #[test]
    fn every_kind_of_question_hears_what_a_person_types_and_refuses_what_it_is_not() {
        let text = |text: &str| text.to_owned();
        for (kind, told, heard) in [
            ("boolean", json!("Ja"), Answer::Boolean(true)),
            ("boolean", json!(false), Answer::Boolean(false)),
            ("integer", json!(" 7 "), Answer::Integer(7)),
            ("decimal", json!("7,5"), Answer::Decimal(7.5)),
            ("decimal", json!(7), Answer::Decimal(7.0)),
            ("date", json!("2026-11"), Answer::Date(text("2026-11"))),
            (
                "dateTime",
                json!("2026-11-22T18:30:00+01:00"),
                Answer::DateTime(text("2026-11-22T18:30:00+01:00")),
            ),
            ("dateTime", json!("2026-11-22T18:30:00.5Z"), Answer::DateTime(text("2026-11-22T18:30:00.5Z"))),
            ("time", json!("18:30"), Answer::Time(text("18:30:00"))),
            ("text", json!("words"), Answer::String(text("words"))),
            ("url", json!("urn:a"), Answer::Uri(text("urn:a"))),
        ] {
            assert_eq!(plain(kind, told.clone()), Ok(vec![heard]), "{kind} {told}");
        }
        assert_eq!(plain("integer", json!(null)), Ok(vec![]));
        for (kind, told) in [
            ("boolean", json!("perhaps")),
            ("integer", json!("7.5")),
            ("integer", json!(99_999_999_999_i64)),
            ("decimal", json!("NaN")),
            ("date", json!("22.11.2026")),
            ("dateTime", json!("2026-11-22T18:30:00")),
            ("dateTime", json!("2026-11-22T18:30Z")),
            ("time", json!("24:00")),
            ("text", json!("  ")),
            ("text", json!(["a", "b"])),
            ("integer", json!({ "value": 1 })),
            ("attachment", json!("a file")),
        ] {
            let error = plain(kind, told.clone()).expect_err(&format!("{kind} {told}"));
            assert!(error.starts_with("\"a\": ") && error.lines().count() == 1, "{error}");
        }
    }

    #[test]
    fn an_option_is_named_by_its_words_or_its_code_but_not_by_what_means_two() {
        let item = |open: &str| {
            let options = json!([
                { "valueCoding": { "system": "s", "code": "1", "display": "0" } },
                { "valueCoding": { "system": "s", "code": "2", "display": "1" } },
                { "valueCoding": { "system": "s", "code": "x", "display": "Never" } }
            ]);
            json!({ "linkId": "a", "type": open, "repeats": true, "answerOption": options })
        };
        let code = |told| match &tell(item("choice"), told)?[..] {
            [Answer::Coding(coding)] => Ok(coding.code.clone().unwrap_or_default()),
            other => Err(format!("{other:?}")),
        };
        assert_eq!(code(json!("never")), Ok("x".to_owned()));
        assert_eq!(code(json!(0)), Ok("1".to_owned()));
        assert_eq!(code(json!("2")), Ok("2".to_owned()));
        assert_eq!(code(json!({ "system": "s", "code": "2" })), Ok("2".to_owned()));
        assert!(code(json!("1")).is_err_and(|error| error.contains("the code of another")));
        assert!(code(json!("often")).is_err_and(|error| error.contains("has no option")));
        assert_eq!(tell(item("choice"), json!(["never", "2"])).map(|list| list.len()), Ok(2));
        assert_eq!(tell(item("open-choice"), json!("often")), Ok(vec![Answer::String("often".to_owned())]));
    }

    #[test]
    fn a_number_has_the_unit_of_its_question() {
        let url = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit";
        let unit = json!({ "system": crate::UCUM, "code": "kg", "display": "kilograms" });
        let item =
            json!({ "linkId": "a", "type": "quantity", "extension": [{ "url": url, "valueCoding": unit }] });
        let told = |value| tell(item.clone(), value).map(|list| list[0].label());
        for value in [json!(72.5), json!("72,5"), json!("72.5 kg"), json!("72.5 kilograms")] {
            assert_eq!(told(value), Ok("72.5 kilograms".to_owned()));
        }
        assert!(told(json!("72.5 lb")).is_err());
        assert_eq!(plain("quantity", json!("3 steps")).map(|list| list[0].label()), Ok("3 steps".to_owned()));
    }

    #[test]
    fn what_the_form_would_compute_is_named_and_a_condition_is_said_in_the_words_of_the_form() {
        let url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
        let total = json!({ "linkId": "a", "type": "integer", "extension": [{ "url": url, "valueExpression": { "language": "text/fhirpath" } }] });
        let form = form(total);
        assert_eq!(
            form.not_evaluated(),
            [("a".to_owned(), "sdc-questionnaire-calculatedExpression".to_owned())]
        );
        let ours = Questionnaire::parse(include_str!("../forms/back-today.json")).expect("our form");
        assert_eq!(ours.not_evaluated(), []);
        let condition = |id: &str| ours.condition(ours.find(id).expect("an item"));
        assert_eq!(condition("cramp").as_deref(), Some("spasm = yes"));
        assert_eq!(condition("better").as_deref(), Some("pain >= 4 or spasm = yes"));
        assert_eq!(condition("pain"), None);
    }
}
