//! The nouns of the bed: quantities, geometry, spine, readings, requests, events, limits.
