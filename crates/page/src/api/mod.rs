//! What every route of the API shares: how trouble is told, how bodies are read, and the document that describes
//! all of it.
//!
//! Routes stand with the room that they belong to (`door::api`, `site::api`, `site::service::api`) and each carries
//! its own description; [`document`] gathers them, says what holds for every route, and is served beside a page
//! that shows it. `shapes` are the answers whose types belong to crates that know nothing of the web.

pub(crate) mod document;
mod page;
pub(crate) mod shapes;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use host::station::BeginError;
use host::store::StoreError;
use host::wire::WireError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::door::Denied;

/// Why something was not done, and the way out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trouble {
    #[serde(skip)]
    status: StatusCode,
    /// A word for programs.
    code: &'static str,
    /// For people: what is wrong, and the way out.
    message: String,
    #[serde(skip)]
    denied: Option<Denied>,
    #[serde(skip)]
    wait_s: Option<u64>,
}

impl Trouble {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl ToString) -> Self {
        Self { status, code, message: message.to_string(), denied: None, wait_s: None }
    }

    /// With so many seconds to wait, told as `Retry-After`.
    pub(crate) fn wait(self, seconds: u64) -> Self {
        Self { wait_s: Some(seconds), ..self }
    }

    /// There is none of what an address names.
    pub(crate) fn none(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "nothing_there", message)
    }

    /// The body can be read, but it says what cannot be.
    pub(crate) fn body(message: impl ToString) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "body", message)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = match self.denied {
            // The door says it, in its own words.
            Some(denied) => return denied.into_response(),
            None => (self.status, Json(&self)).into_response(),
        };
        if let Some(seconds) = self.wait_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        Self { denied: Some(denied), ..Self::new(denied.status(), "denied", "") }
    }
}

impl From<JsonRejection> for Trouble {
    fn from(error: JsonRejection) -> Self {
        Self::new(error.status(), "body", error.body_text())
    }
}

impl From<PathRejection> for Trouble {
    fn from(error: PathRejection) -> Self {
        Self::new(error.status(), "address", error.body_text())
    }
}

impl From<QueryRejection> for Trouble {
    fn from(error: QueryRejection) -> Self {
        Self::new(error.status(), "address", error.body_text())
    }
}

impl From<BeginError> for Trouble {
    fn from(error: BeginError) -> Self {
        let (status, code) = match error {
            BeginError::NoBed(_) => (StatusCode::CONFLICT, "no_bed"),
            BeginError::Busy => (StatusCode::CONFLICT, "busy"),
            BeginError::NotCleared => (StatusCode::FORBIDDEN, "not_cleared"),
            BeginError::Withheld(_) => (StatusCode::FORBIDDEN, "prescription"),
            BeginError::Refused(_) => (StatusCode::FORBIDDEN, "refused"),
            BeginError::NoProgram(_) => (StatusCode::NOT_FOUND, "no_program"),
            BeginError::Store(error) => return error.into(),
        };
        Self::new(status, code, error)
    }
}

impl From<WireError> for Trouble {
    fn from(error: WireError) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "no_bed", error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::new(crate::guide::diary::status_of(&error), "record", error.words().en)
    }
}

/// A body of JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// What an address names.
pub(crate) struct At<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let Path(named) = Path::<T>::from_request_parts(parts, state).await?;
        Ok(Self(named))
    }
}
