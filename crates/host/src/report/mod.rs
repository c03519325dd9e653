//! The page that a session leaves behind.
