//! Judges a value by a schema of the API's document. It knows the words that stand there and refuses any other, so
//! that none is passed over; the clients of `ci/` judge the same document by a validator that others wrote.

use serde_json::Value;

/// Everything that is wrong with a value.
pub fn wrong(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Judge { document, found: &mut found }.judge(schema, value, "");
    found
}

struct Judge<'a> {
    document: &'a Value,
    found: &'a mut Vec<String>,
}

impl Judge<'_> {
    fn judge(&mut self, schema: &Value, value: &Value, place: &str) {
        for (word, told) in schema.as_object().unwrap_or_else(|| panic!("no schema: {schema}")) {
            let fine = match word.as_str() {
                "$ref" => {
                    let path = told.as_str().and_then(|path| path.strip_prefix('#')).expect("a place here");
                    let named = self.document.pointer(path).unwrap_or_else(|| panic!("no {path}"));
                    self.judge(named, value, place);
                    true
                }
                "type" => match told {
                    Value::Array(kinds) => kinds.iter().any(|kind| is(value, kind)),
                    kind => is(value, kind),
                },
                "enum" => told.as_array().is_some_and(|all| all.contains(value)),
                "required" => {
                    let names = told.as_array().expect("names");
                    let there = |name: &Value| value.get(name.as_str().unwrap_or_default()).is_some();
                    !value.is_object() || names.iter().all(there)
                }
                "properties" => {
                    for (name, schema) in told.as_object().expect("properties") {
                        if let Some(value) = value.get(name) {
                            self.judge(schema, value, &format!("{place}/{name}"));
                        }
                    }
                    true
                }
                "additionalProperties" => self.others(schema, told, value, place),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.judge(told, item, &format!("{place}/{index}"));
                    }
                    true
                }
                "oneOf" => {
                    let judged = |schema: &&Value| wrong(self.document, schema, value).is_empty();
                    told.as_array().is_some_and(|all| all.iter().filter(judged).count() == 1)
                }
                "minimum" => value.as_f64().is_none_or(|value| Some(value) >= told.as_f64()),
                "maximum" => value.as_f64().is_none_or(|value| Some(value) <= told.as_f64()),
                "minItems" => value.as_array().is_none_or(|all| Some(all.len() as u64) >= told.as_u64()),
                "maxItems" => value.as_array().is_none_or(|all| Some(all.len() as u64) <= told.as_u64()),
                "uniqueItems" => {
                    let mut seen = value.as_array().into_iter().flatten().enumerate();
                    let twice = |(index, one)| value.as_array().is_some_and(|all| all[..index].contains(one));
                    told == false || !seen.any(twice)
                }
                "propertyNames" | "description" | "format" | "default" => true,
                other => panic!("this judge does not know the word {other}: {schema}"),
            };
            if !fine {
                self.found.push(format!("{place}: {word} {told}, and is {value}"));
            }
        }
    }

    /// What an object holds beside its properties.
    fn others(&mut self, schema: &Value, told: &Value, value: &Value, place: &str) -> bool {
        let own = |name: &&String| schema["properties"].get(name.as_str()).is_some();
        let others: Vec<_> = value.as_object().into_iter().flatten().filter(|(name, _)| !own(name)).collect();
        match told {
            Value::Bool(free) => *free || others.is_empty(),
            schema => {
                for (name, value) in others {
                    self.judge(schema, value, &format!("{place}/{name}"));
                }
                true
            }
        }
    }
}

/// Whether a value is of a kind.
fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str().expect("a kind") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no kind {other}"),
    }
}
