//! Real people as distributions: spine shape, size, tissue.
