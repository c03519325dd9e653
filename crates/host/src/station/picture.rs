//! What there is to see of the bed and its session, as pages and programs get it.

use crate::session::{Alternative, Live};
use crate::store::SessionNumber;
use bed::{BedConfig, SpineScan};
use care::Words;
use plan::Plan;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// A bed that answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BedThere {
    /// Name in its description.
    pub name: String,
    /// A twin: nobody lies on it.
    pub simulated: bool,
    /// What must be told with everything that is shown; `None` for a bed.
    pub notice: Option<&'static str>,
    /// Version of what runs at its end.
    pub version: String,
    /// Number of this switching-on.
    pub boot: String,
    /// Checksum of the limits that its guard holds.
    pub limits_checksum: String,
    /// Checksum of its description.
    pub bed_checksum: String,
    /// Its description.
    #[serde(skip)]
    pub config: Arc<BedConfig>,
}

/// A plan that waits for an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Rises with each proposal of a session.
    pub number: u32,
    /// What the scan found.
    pub found: Option<SpineScan>,
    /// The plan.
    pub plan: Plan,
    /// It begins softer by so many steps, as the last session was left.
    pub softer: u8,
    /// What else there is.
    pub alternatives: Vec<Alternative>,
}

/// How the last session ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// In one line.
    pub words: Words,
    /// All of the plan was given.
    pub complete: bool,
    /// Number of the session on the person's record; `None` where it could not be kept.
    pub session: Option<SessionNumber>,
}

/// The picture of the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Picture {
    /// The bed, where one answers.
    pub bed: Option<BedThere>,
    /// What is wrong with the bed or the line to it.
    pub trouble: Option<Words>,
    /// A session is under way.
    pub under_way: bool,
    /// Bed and session.
    pub live: Option<Live>,
    /// The proposal that waits for an answer; its number alone stands in the JSON.
    #[serde(serialize_with = "number_of")]
    pub proposal: Option<Arc<Proposal>>,
    /// How the last session ended, until the next begins.
    pub outcome: Option<Outcome>,
}

fn number_of<S: Serializer>(proposal: &Option<Arc<Proposal>>, to: S) -> Result<S::Ok, S::Error> {
    proposal.as_ref().map(|proposal| proposal.number).serialize(to)
}

/// A picture that was written down once for everybody who looks.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Rises with each picture; a gap is a picture that was not looked at.
    pub number: u64,
    /// The picture.
    pub picture: Picture,
    /// Whose session it is, if one is under way or has just ended.
    pub whose: Option<String>,
    /// The picture as JSON, with its number.
    pub json: Arc<str>,
    /// The same for those whom the session does not concern: bed and trouble, that there is a session, and a bed
    /// at rest.
    pub plain: Arc<str>,
}

impl Shown {
    pub(super) fn of(picture: Picture, whose: Option<String>, number: u64) -> Self {
        let plain = Picture {
            bed: picture.bed.clone(),
            trouble: picture.trouble.clone(),
            under_way: picture.under_way,
            // A bed at rest is everybody's, but not who is heavy on it.
            live: picture
                .live
                .clone()
                .filter(|_| !picture.under_way)
                .map(|live| Live { weight: None, ..live }),
            ..Picture::default()
        };
        let (json, plain) = (json(number, &picture), json(number, &plain));
        Self { number, picture, whose, json, plain }
    }
}

fn json(number: u64, picture: &Picture) -> Arc<str> {
    #[derive(Serialize)]
    struct Numbered<'a> {
        number: u64,
        #[serde(flatten)]
        picture: &'a Picture,
    }
    serde_json::to_string(&Numbered { number, picture }).expect("plain data").into()
}
