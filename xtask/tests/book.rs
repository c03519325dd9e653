//! The book's made pages are what the data gives, and the guide stays easy to read.

use care::reading::{ARI_MAX, LIX_MAX};
use std::path::Path;
use xtask::book;

#[test]
fn the_made_pages_of_the_book_are_what_the_data_gives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    assert_eq!(book::run(root, true), Ok(()));
}

#[test]
fn no_text_of_the_guide_is_harder_than_age_twelve() {
    for (name, words) in book::texts() {
        let (english, german) = book::indices(&words);
        assert!(words.len() > 2, "{name}");
        assert!(english <= ARI_MAX, "{name}: English grade {english:.1}");
        assert!(german < LIX_MAX, "{name}: German LIX {german:.1}");
    }
}
