//! The bill of materials of the binary, CycloneDX 1.6 as JSON: what it is made of, by whom it is kept,
//! under which licence, with which checksum, and what needs what.
//!
//! The same lock file gives the same bytes: the serial number comes from the parts, the time from
//! `SOURCE_DATE_EPOCH` (left out where it is not set).

use crate::parts::Part;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The bill of these parts, of which the first is the product; `seconds` since 1970 is when it was made.
///
/// # Errors
/// There is no part, or the time is none.
pub fn bill(parts: &[Part], seconds: Option<i64>) -> Result<Value, String> {
    let (product, rest) = parts.split_first().ok_or("there are no parts")?;
    let mut metadata = json!({
        "tools": { "components": [{ "type": "application", "name": "xtask sbom", "version": product.version }] },
        "component": component(product, "application"),
    });
    if let Some(seconds) = seconds {
        let time = jiff::Timestamp::from_second(seconds).map_err(|error| error.to_string())?;
        metadata["timestamp"] = json!(time.to_string());
    }
    let known = |purl: &&String| parts.iter().any(|part| part.purl == **purl);
    let dependencies: Vec<Value> = parts
        .iter()
        .map(|part| json!({ "ref": part.purl, "dependsOn": part.needs.iter().filter(known).collect::<Vec<_>>() }))
        .collect();
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial(parts),
        "version": 1,
        "metadata": metadata,
        "components": rest.iter().map(|part| component(part, "library")).collect::<Vec<_>>(),
        "dependencies": dependencies,
    }))
}

fn component(part: &Part, kind: &str) -> Value {
    let mut value = json!({
        "type": kind,
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "description": part.description,
        "purl": part.purl,
        "licenses": [{ "expression": part.licence }],
    });
    if kind == "library" {
        // "excluded" is the format's word for what was used on the way and is not delivered.
        value["scope"] = json!(if part.shipped { "required" } else { "excluded" });
    }
    if let Some(sha256) = &part.sha256 {
        value["hashes"] = json!([{ "alg": "SHA-256", "content": sha256 }]);
    }
    if let Some(repository) = &part.repository {
        value["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    value
}

/// A UUID (version 8, RFC 9562: of one's own making) from what the parts are.
fn serial(parts: &[Part]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.purl.as_bytes());
        sum.update(part.sha256.as_deref().unwrap_or_default().as_bytes());
        sum.update([0]);
    }
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&sum.finalize()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::from("urn:uuid:");
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
