//! How easy a text is to read, by two old and simple indices that need no dictionary.
//!
//! English: the automated readability index ([`ari`]), a school grade; grade 7 is age twelve to thirteen.
//! Source: Senter and Smith 1967, Automated readability index, AMRL-TR-66-220.
//! German: the readability index ([`lix`]); under 40 are books for children and the young, 40 to 50
//! novels, 50 to 60 newspapers and non-fiction.
//! Source: Björnsson 1968, Läsbarhet; scale for German as in Lenhard and Lenhard, LIX calculator.
//!
//! Both count letters and words, not meaning: a short text can still be hard. They guard against
//! sentences that grow, no more.

/// Highest grade of the guide's English. Design: age twelve.
pub const ARI_MAX: f64 = 7.0;

/// Highest index of the guide's German. Design: the level of books for the young.
pub const LIX_MAX: f64 = 40.0;

/// What was counted in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Letters and digits.
    pub letters: u32,
    /// Words.
    pub words: u32,
    /// Words of more than six letters.
    pub long_words: u32,
    /// Sentences.
    pub sentences: u32,
}

impl Counts {
    /// Counts in texts; each ends a sentence where it ends.
    #[must_use]
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for text in texts {
            counts.add(text);
        }
        counts
    }

    fn add(&mut self, text: &str) {
        let mut open = false;
        for word in text.split_whitespace() {
            let length = word.chars().filter(|letter| letter.is_alphanumeric()).count();
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            self.letters += length;
            self.words += u32::from(length > 0);
            self.long_words += u32::from(length > 6);
            open |= length > 0;
            if open && word.trim_end_matches(['"', ')', '”', '“']).ends_with(['.', '!', '?', ':']) {
                self.sentences += 1;
                open = false;
            }
        }
        self.sentences += u32::from(open);
    }

    fn per(part: u32, whole: u32) -> f64 {
        f64::from(part) / f64::from(whole.max(1))
    }
}

/// The automated readability index of an English text, a school grade.
///
/// ```
/// let counts = care::reading::Counts::of(["The cat sat on the mat. It was warm."]);
/// assert!(care::reading::ari(counts) < 1.0);
/// ```
#[must_use]
pub fn ari(counts: Counts) -> f64 {
    4.71 * Counts::per(counts.letters, counts.words) + 0.5 * Counts::per(counts.words, counts.sentences)
        - 21.43
}

/// The readability index of a German text.
#[must_use]
pub fn lix(counts: Counts) -> f64 {
    Counts::per(counts.words, counts.sentences) + 100.0 * Counts::per(counts.long_words, counts.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_words_and_sentences_are_counted_as_a_reader_would() {
        let counts = Counts::of(["Lie down. Your back (lower) rests!", "Well?", ""]);
        let expected = Counts { letters: 29, words: 7, long_words: 0, sentences: 3 };
        assert_eq!(counts, expected);
    }

    #[test]
    fn long_words_in_long_sentences_are_harder_in_both_indices() {
        let easy = Counts::of(["We sit. We lie down. It is warm."]);
        let hard = Counts::of([
            "Intervertebral degeneration frequently accompanies musculoskeletal impairment without symptoms",
        ]);
        assert!(ari(easy) < 2.0 && ari(hard) > 15.0, "{} {}", ari(easy), ari(hard));
        assert!(lix(easy) < 15.0 && lix(hard) > 80.0, "{} {}", lix(easy), lix(hard));
    }
}
