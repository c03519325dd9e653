//! The document that describes the API, served where programs look for it, and what holds for every route.
//!
//! A route says what it is, what goes in and out, and by `x-deed` which deed of the door's table it is; without one it
//! is everybody's. From that deed follow here who may use it (`x-who`), what has to be sent along, and the refusals
//! that stand before it: nobody writes them twice, and none can be forgotten.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, extract::State};
use host::accounts::{Deed, Role, Scope};
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, InfoBuilder, License, OpenApi, Paths, Ref, RefOr, Response as Answer, ResponseBuilder, Schema,
};

use super::{Trouble, page};
use crate::door::{CSRF_HEADER, allowed};

/// Where the document is served.
pub(crate) const DOCUMENT: &str = "/api/openapi.json";

/// Where the same stands as a page.
pub(crate) const PAGE: &str = "/api";

/// Extension that names the deed of a route.
pub(crate) const DEED: &str = "x-deed";

/// Extension that says who may use a route.
pub(super) const WHO: &str = "x-who";

/// What is said first.
const ABOUT: &str = "Everything that the pages can do. Nothing here starts the bed: a session begins when its hand \
switch is pressed. Stop is everybody's and waits for nobody. A browser or program that signs in sends its cookie, and \
with whatever changes something the secret of its sign-in as x-ondol-csrf; a token (made on the computer itself with \
`ondol account token add`) reads and stops, and does nothing else. Trouble comes as JSON with a code for programs and \
a message for people. Times are seconds, places millimetres in the bed's frame; what is not known is null. What stands \
under /api/v1 is only added to; what would break a program gets another number.";

/// The document with what holds for every route; `cookie` is the name of a sign-in's.
///
/// # Panics
/// A route names a deed that there is none of; a test asks for the document.
pub(crate) fn finished(mut document: OpenApi, cookie: &str) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("Ondol")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(License::new("MIT OR Apache-2.0")))
        .build();
    document.servers = None;
    let components = document.components.get_or_insert_default();
    for schema in components.schemas.values_mut() {
        close(schema);
    }
    for (name, scheme) in schemes(cookie) {
        components.security_schemes.insert(name.to_owned(), RefOr::T(scheme));
    }
    for (method, path, operation) in operations(&mut document.paths) {
        describe(operation, method, path);
    }
    document
}

/// Every operation with its method and path.
fn operations(paths: &mut Paths) -> Vec<(HttpMethod, &str, &mut Operation)> {
    let all = paths.paths.iter_mut().flat_map(|(path, item)| {
        let of = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Delete, &mut item.delete),
            (HttpMethod::Patch, &mut item.patch),
        ];
        of.into_iter().filter_map(|(method, of)| of.as_mut().map(|of| (method, path.as_str(), of)))
    });
    all.collect()
}

/// What we answer has all of its fields and no other; what we hear says itself what it takes.
fn close(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    if !object.properties.is_empty() && object.additional_properties.is_none() {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        object.required = object.properties.keys().cloned().collect();
    }
}

fn schemes(cookie: &str) -> [(&'static str, SecurityScheme); 3] {
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    [
        ("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookie)))),
        ("form_secret", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(CSRF_HEADER)))),
        ("token", SecurityScheme::Http(token)),
    ]
}

/// The deed of a route; `None` is everybody's.
fn deed(operation: &Operation) -> Option<Deed> {
    let tag = operation.extensions.as_ref()?.get(DEED)?.as_str()?;
    let deed = Deed::ALL.iter().find(|deed| deed.tag() == tag);
    Some(*deed.unwrap_or_else(|| panic!("{tag} is no deed")))
}

fn describe(operation: &mut Operation, method: HttpMethod, path: &str) {
    let deed = deed(operation);
    let open = deed.is_none_or(|deed| allowed(None, deed));
    let who = deed.map_or_else(|| vec!["everybody".to_owned()], who);
    operation.extensions.get_or_insert_default().insert(WHO.to_owned(), json!(who));
    let none = || Vec::<String>::new();
    if let (Some(deed), false) = (deed, open) {
        let session = SecurityRequirement::new("session", none());
        let mut ways = match method {
            HttpMethod::Get => vec![session],
            _ => vec![session.add("form_secret", none())],
        };
        if Scope::ALL.into_iter().any(|scope| scope.covers(deed)) {
            ways.push(SecurityRequirement::new("token", none()));
        }
        operation.security = Some(ways);
    }
    // Before Stop stands no door.
    let behind = deed != Some(Deed::Stop);
    let mut refusals: Vec<(&str, &str)> = Vec::new();
    if behind {
        refusals.push(("401", "A token that does not count, or nobody is signed in."));
        refusals.push(("403", "Not for this account, or the request was not meant for here."));
        refusals.push(("500", "Records or accounts cannot be read or written."));
        refusals.push(("503", "What must be written down cannot be."));
    }
    if path.contains('{') {
        refusals.push(("400", "The address cannot be read."));
        refusals.push(("404", "There is none of that name."));
    }
    if operation.request_body.is_some() {
        refusals.push(("400", "The body is no JSON."));
        refusals.push(("413", "The body is too long."));
        refusals.push(("415", "The body does not say that it is JSON."));
        refusals.push(("422", "The body says what cannot be."));
    }
    for (code, words) in refusals {
        let answers = &mut operation.responses.responses;
        answers.entry(code.to_owned()).or_insert_with(|| RefOr::T(trouble(words)));
    }
}

/// Who may do a deed, in words.
fn who(deed: Deed) -> Vec<String> {
    let roles = Role::ALL.into_iter().filter(|role| allowed(Some(*role), deed));
    let mut who: Vec<String> = roles.clone().map(|role| role.to_string()).collect();
    for scope in Scope::ALL.into_iter().filter(|scope| scope.covers(deed)) {
        who.push(format!("a token to {}", scope.tag()));
    }
    if allowed(None, deed) { vec!["everybody".to_owned()] } else { who }
}

fn trouble(words: &str) -> Answer {
    let body = Content::new(Some(Ref::from_schema_name("Trouble")));
    ResponseBuilder::new().description(words).content("application/json", body).build()
}

/// The document, its page, and what is said where there is no route.
pub(crate) fn routes(api: Router, document: OpenApi) -> Router {
    let document = Arc::new(serde_json::to_value(document).expect("a document is plain data"));
    let served = Router::new()
        .route(DOCUMENT, get(whole))
        .route(PAGE, get(page::show))
        .with_state(document)
        .route("/api/{*rest}", any(unknown));
    api.merge(served).method_not_allowed_fallback(not_so)
}

async fn whole(State(document): State<Arc<Value>>) -> Json<Value> {
    Json(Value::clone(&document))
}

async fn unknown() -> Trouble {
    Trouble::none("There is no such route. GET /api/openapi.json names them all.")
}

async fn not_so() -> Response {
    let words = "This route is not asked like that. GET /api/openapi.json says how.";
    Trouble::new(StatusCode::METHOD_NOT_ALLOWED, "method", words).into_response()
}
