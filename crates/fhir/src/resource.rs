//! The resources of FHIR R4 that a diary becomes. What they do not name is kept in `rest`.
//!
//! Source: HL7 FHIR R4 (4.0.1), Bundle, Observation, Condition, Procedure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::element::{CodeableConcept, Extension, Quantity, Reference};

/// A collection of resources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Bundle {
    pub resource_type: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<BundleEntry>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// One resource with its address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct BundleEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Value>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A time from and to; days here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Period {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<String>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// Something that was observed, measured or told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Observation {
    pub(crate) resource_type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) identifier: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extension: Vec<Extension>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) part_of: Vec<Reference>,
    pub(crate) status: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) category: Vec<CodeableConcept>,
    pub(crate) code: CodeableConcept,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) focus: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) effective_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) effective_period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value_quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) note: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) has_member: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) component: Vec<Component>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// One part of an observation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Component {
    pub(crate) code: CodeableConcept,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value_boolean: Option<bool>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// Something that a person has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    pub(crate) resource_type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) identifier: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extension: Vec<Extension>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clinical_status: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verification_status: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) body_site: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) onset_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) abatement_date_time: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) note: Vec<Value>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// What a condition rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) detail: Vec<Reference>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// Something that was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Procedure {
    pub(crate) resource_type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) identifier: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extension: Vec<Extension>,
    pub(crate) status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) performed_date_time: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) note: Vec<Value>,
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}
