//! PINs and passphrases: which are taken, and how they are kept.
//!
//! Kept is an Argon2id hash with a random salt (PHC string), never the secret. A PIN of four digits is found
//! by trying ten thousand, which no hash prevents: what protects it is the [wait](super::wait) after wrong
//! tries and that the file can be read by its owner only.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use care::Language;
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// Memory of one hash, KiB.
///
/// Source: OWASP Password Storage Cheat Sheet (2025), Argon2id: at least 19 MiB with 2 passes and 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
///
/// Design: one more than OWASP's least, because a PIN is short; a sign-in still takes well below a second.
const PASSES: u32 = 3;

/// Digits of a PIN, fewest and most.
///
/// Design: four is what people know from cards; more than eight is a passphrase.
pub const PIN_DIGITS: (usize, usize) = (4, 8);

/// Characters of a passphrase, fewest and most.
///
/// Design: ten at least. Source of the upper bound: NIST SP 800-63B asks to take 64 at least; a bound keeps
/// the work of one try small.
pub const PASSPHRASE_CHARACTERS: (usize, usize) = (10, 128);

/// Fewest different characters of a passphrase.
///
/// Design: refuses "aaaaaaaaaa" and "1212121212" without a list.
const PASSPHRASE_DIFFERENT: usize = 5;

/// The commonest passphrases that are long enough, in lower case.
///
/// Design: chosen by hand after what public lists of leaked passwords begin with, and their German cousins.
const COMMON: [&str; 44] = [
    "0987654321",
    "1029384756",
    "1122334455",
    "123123123a",
    "1234567890",
    "12345678910",
    "123456789a",
    "123qwe123qwe",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghij",
    "abcdefghijk",
    "administrator",
    "asdfghjkl1",
    "basketball",
    "changeme123",
    "computer123",
    "fussball123",
    "football123",
    "geheim12345",
    "hallo12345",
    "hallohallo",
    "iloveyou123",
    "letmein123",
    "liverpool1",
    "manchester",
    "passw0rd123",
    "password01",
    "password12",
    "password123",
    "password1234",
    "passwort12",
    "passwort123",
    "passwort1234",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qwertyuiop",
    "qwertz1234",
    "qwertzuiop",
    "schatz12345",
    "sunshine12",
    "welcome123",
    "willkommen",
];

/// A PIN or passphrase that was found good enough to be kept as a hash. It prints as nothing.
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Why a secret is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// Not four to eight digits.
    #[error("a PIN has {} to {} digits", PIN_DIGITS.0, PIN_DIGITS.1)]
    PinForm,
    /// One of those that everybody tries first.
    #[error(
        "this PIN is one of the first that anybody tries; take digits that do not repeat and do not count up or down"
    )]
    PinCommon,
    /// Too short or too long.
    #[error("a passphrase has {} to {} characters; a few words are easy to keep in mind", PASSPHRASE_CHARACTERS.0, PASSPHRASE_CHARACTERS.1)]
    PassphraseLength,
    /// One of those that everybody tries first, or the account's own name.
    #[error(
        "this passphrase is one of the first that anybody tries; three or four words that do not belong together are better"
    )]
    PassphraseCommon,
}

impl SecretFault {
    /// The way out, for a page.
    #[must_use]
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match self {
            Self::PinForm => language.say("A PIN has 4 to 8 digits.", "Eine PIN hat 4 bis 8 Ziffern."),
            Self::PinCommon => language.say(
                "This PIN is one of the first that anybody tries. Take digits that do not repeat and do not count up or down.",
                "Diese PIN wird als eine der ersten probiert. Nehmen Sie Ziffern, die sich nicht wiederholen und nicht auf- oder abzählen.",
            ),
            Self::PassphraseLength => language.say(
                "A passphrase has 10 to 128 characters. A few words are easy to keep in mind.",
                "Ein Kennwort hat 10 bis 128 Zeichen. Ein paar Wörter merkt man sich leicht.",
            ),
            Self::PassphraseCommon => language.say(
                "This passphrase is one of the first that anybody tries. Take three or four words that do not belong together.",
                "Dieses Kennwort wird als einer der ersten probiert. Nehmen Sie drei oder vier Wörter, die nicht zusammengehören.",
            ),
        }
    }
}

impl Secret {
    /// A person's PIN.
    ///
    /// # Errors
    /// Not four to eight digits, one digit over and over, or digits that count up or down.
    pub fn pin(text: &str) -> Result<Self, SecretFault> {
        let digits = text.as_bytes();
        let length = (PIN_DIGITS.0..=PIN_DIGITS.1).contains(&digits.len());
        if !length || !digits.iter().all(u8::is_ascii_digit) {
            return Err(SecretFault::PinForm);
        }
        let runs = |step: i16| digits.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step);
        let pairs = digits.chunks(2).all(|pair| pair == &digits[..2]);
        if runs(0) || runs(1) || runs(-1) || pairs {
            return Err(SecretFault::PinCommon);
        }
        Ok(Self(text.to_owned()))
    }

    /// The passphrase of a clinician or of service, whose account is called `label`.
    ///
    /// # Errors
    /// Too short, too long, or one of the first that anybody tries.
    pub fn passphrase(text: &str, label: &str) -> Result<Self, SecretFault> {
        let length = text.chars().count();
        if !(PASSPHRASE_CHARACTERS.0..=PASSPHRASE_CHARACTERS.1).contains(&length) {
            return Err(SecretFault::PassphraseLength);
        }
        let plain = text.to_lowercase();
        let different: std::collections::BTreeSet<char> = plain.chars().collect();
        let common = COMMON.contains(&plain.as_str());
        if common || different.len() < PASSPHRASE_DIFFERENT || plain == label.to_lowercase() {
            return Err(SecretFault::PassphraseCommon);
        }
        Ok(Self(text.to_owned()))
    }

    /// Its hash, as a PHC string with a fresh salt. Takes a good part of a second on a small computer.
    pub(super) fn hash(&self) -> String {
        let salt = super::random::<16>();
        let hash = hasher().hash_password_with_salt(self.0.as_bytes(), &salt);
        hash.expect("a secret of bounded length has a hash").to_string()
    }
}

/// Whether `attempt` is the secret behind `hash`; without a hash the same work is done in vain, so that the
/// time does not tell whether there is an account.
pub(super) fn fits(attempt: &str, hash: Option<&str>) -> bool {
    static NOBODYS: LazyLock<String> =
        LazyLock::new(|| Secret(String::from_utf8_lossy(&super::random::<16>()).into_owned()).hash());
    // Longer than anything that was ever taken.
    let attempt = if attempt.chars().count() > PASSPHRASE_CHARACTERS.1 { "" } else { attempt };
    let parsed = PasswordHash::new(hash.unwrap_or(&NOBODYS));
    parsed.is_ok_and(|parsed| hasher().verify_password(attempt.as_bytes(), &parsed).is_ok()) && hash.is_some()
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_of_four_to_eight_digits_is_taken_unless_it_is_tried_first() {
        for good in ["2580", "8024", "19374", "83917264"] {
            assert!(Secret::pin(good).is_ok(), "{good}");
        }
        for bad in ["", "123", "123456789", "12a4", "١٢٣٤", "25 80"] {
            assert_eq!(Secret::pin(bad).err(), Some(SecretFault::PinForm), "{bad}");
        }
        for common in ["0000", "1234", "4321", "345678", "1212", "898989"] {
            assert_eq!(Secret::pin(common).err(), Some(SecretFault::PinCommon), "{common}");
        }
    }

    #[test]
    fn a_passphrase_is_long_and_not_one_of_the_commonest() {
        for good in ["river anvil moth", "blaue Gießkanne", "zq8-Lm2_vT4x"] {
            assert!(Secret::passphrase(good, "desk").is_ok(), "{good}");
        }
        for bad in ["short", "ninechars"] {
            assert_eq!(Secret::passphrase(bad, "desk").err(), Some(SecretFault::PassphraseLength), "{bad}");
        }
        let long = "ab1 ".repeat(40);
        assert_eq!(Secret::passphrase(&long, "desk").err(), Some(SecretFault::PassphraseLength));
        for common in ["Password123", "aaaaaaaaaaaa", "1212121212", "QWERTYUIOP", "Front Desk Two"] {
            let fault = Secret::passphrase(common, "front desk two").err();
            assert_eq!(fault, Some(SecretFault::PassphraseCommon), "{common}");
        }
    }

    #[test]
    fn a_hash_is_argon2id_of_at_least_the_advised_work_and_fits_its_own_secret_alone() {
        let secret = Secret::pin("8024").expect("a PIN");
        let (one, two) = (secret.hash(), secret.hash());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=3,p=1$"), "{one}");
        assert_ne!(one, two, "the same salt twice");
        assert!(fits("8024", Some(&one)) && fits("8024", Some(&two)));
        assert!(!fits("8025", Some(&one)) && !fits("", Some(&one)) && !fits("8024", None));
        assert!(!fits("8024", Some("$argon2id$broken")));
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
