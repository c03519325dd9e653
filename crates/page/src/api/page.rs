//! The document as a page: what each route is, who may use it, and how it is asked with curl.

use axum::extract::{Query, State};
use axum::response::Html;
use care::Language;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::document::{DOCUMENT, PAGE, WHO};
use crate::guide::{self, say};

pub(super) async fn show(
    State(document): State<Arc<Value>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Html<String> {
    let language = asked.get("language").and_then(|tag| tag.parse().ok()).unwrap_or(Language::English);
    let title = say(language, "For programs", "Für Programme");
    let body = html! {
        h1 { (title) }
        p lang="en" { (text(&document["info"]["description"])) }
        p {
            a href=(DOCUMENT) { (say(language, "All of it for machines: OpenAPI", "Alles für Maschinen: OpenAPI")) }
            " · Ondol " (text(&document["info"]["version"]))
        }
        @for (tag, routes) in by_tag(&document) {
            h2 lang="en" { (tag) }
            @for route in routes { (one(&route)) }
        }
    };
    Html(guide::page(title, PAGE, body).whole(language).into_string())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

struct Route<'a> {
    method: &'a str,
    path: &'a str,
    told: &'a Value,
}

/// The routes of each tag, in the order of their addresses.
fn by_tag(document: &Value) -> BTreeMap<&str, Vec<Route<'_>>> {
    let mut tags: BTreeMap<&str, Vec<Route<'_>>> = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, told) in methods.as_object().into_iter().flatten() {
            tags.entry(text(&told["tags"][0])).or_default().push(Route { method, path, told });
        }
    }
    tags
}

fn one(route: &Route<'_>) -> Markup {
    let who: Vec<&str> = route.told[WHO].as_array().into_iter().flatten().map(text).collect();
    html! {
        section.card lang="en" {
            h3 { code { (route.method.to_uppercase()) " " (route.path) } }
            p { strong { (text(&route.told["summary"])) "." } " " (text(&route.told["description"])) }
            p.quiet { "For: " (who.join(", ")) }
            pre.scroll tabindex="0" { code { (curl(route)) } }
            details { summary { "Answers" } ul {
                @for (code, answer) in route.told["responses"].as_object().into_iter().flatten() {
                    li { code { (code) } " " (text(&answer["description"])) }
                }
            } }
        }
    }
}

/// How the route is asked: with a cookie jar and the secret of the sign-in, as far as it needs them.
fn curl(route: &Route<'_>) -> String {
    let mut line = "curl".to_owned();
    if route.told["responses"]["200"]["content"]["text/event-stream"].is_object() {
        line += " --no-buffer";
    }
    if route.told["security"].is_array() {
        line += " -b jar";
    }
    if route.method == "post" {
        line += " -X POST";
        if route.told["security"].is_array() {
            line += " -H \"x-ondol-csrf: $SECRET\"";
        }
    }
    if let Some(example) = example(route.told) {
        line += &format!(" --json '{example}'");
    }
    format!("{line} \"$ONDOL{}\"", route.path)
}

/// The first example of what is sent.
fn example(told: &Value) -> Option<String> {
    let body = &told["requestBody"]["content"]["application/json"];
    let first = body["examples"].as_object().and_then(|all| all.values().next()).map(|one| &one["value"]);
    first.or_else(|| body.get("example")).map(Value::to_string)
}
