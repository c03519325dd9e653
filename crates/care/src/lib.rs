//! What a person with back pain should be asked and told; the only maker of a Clearance.
