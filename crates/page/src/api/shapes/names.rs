//! Enums of other crates whose variants carry nothing. What stands in the document is read from the code that reads
//! them, so a variant that is added there cannot be forgotten here.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, IntoDeserializer};
use std::borrow::Cow;
use std::fmt;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// What the reader of an enum says to a name that it does not know: the names that it knows.
#[derive(Debug)]
struct Known(&'static [&'static str]);

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {:?}", self.0)
    }
}

impl std::error::Error for Known {}

impl de::Error for Known {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self(known)
    }
}

/// The names of an enum's variants, as they are sent.
///
/// # Panics
/// It is no enum; a test asks for the document.
pub(super) fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    let nobody: StrDeserializer<'_, Known> = "".into_deserializer();
    let known = T::deserialize(nobody).err().map_or(&[][..], |known| known.0);
    assert!(!known.is_empty(), "{} is no enum", std::any::type_name::<T>());
    known
}

fn schema<T: DeserializeOwned>(about: &str) -> RefOr<Schema> {
    let object =
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names::<T>().iter().copied()));
    object.description(Some(about)).into()
}

macro_rules! named {
    ($($name:ident: $of:ty, $about:literal;)*) => {$(
        #[doc = $about]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                schema::<$of>($about)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

named! {
    Action: host::session::Action, "What a stroke does.";
    Certainty: care::cause::Certainty, "How sure it is that something plays a part.";
    Evidence: care::Evidence, "How far the sources carry what is said.";
    Felt: host::next::Felt, "How strong a session was, as the person says.";
    Finding: host::service::Finding, "How a check came out.";
    First: care::thermal::First, "What to lay on first.";
    TriggerVerdict: care::triggers::Verdict, "What can be said of a trigger.";
    Hearsay: care::topic::Verdict, "What became of a statement when its sources were read.";
    Massage: care::week::Massage, "By whom a massage could be.";
    OnBed: care::thermal::OnBed, "What the bed may do.";
    Phase: host::session::live::Phase, "What a session is at.";
    Reading: care::scores::Reading, "What a change means.";
    SessionState: host::session::SessionState, "Where the machine's own session stands.";
    Side: host::session::Side, "A side of the person.";
    Standing: host::service::Standing, "How a reading stands.";
    Therapy: plan::Therapy, "To which therapy a stroke belongs.";
    Tier: care::Tier, "How long an answer holds.";
    Urgency: care::Urgency, "How soon somebody has to look.";
    Verdict: care::Verdict, "What is allowed.";
    Weekday: care::week::Weekday, "A day of the week.";
    Wish: host::session::Wish, "What the person wishes while the session goes on. No wish passes a limit.";
}
