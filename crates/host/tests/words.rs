//! What a person is told of endings, errors and sessions that do not begin stands in both languages.

use bed::SessionState;
use care::Words;
use care::diary::DiaryError;
use host::session::{Ended, SessionError, Unread};
use host::station::BeginError;
use host::store::StoreError;
use host::wire::WireError;
use scan::Refusal;
use std::io::{Error, ErrorKind};

fn check(whose: &str, words: &Words) {
    assert!(words.complete() && words.en != words.de, "{whose}: {words:?}");
    for text in [&words.en, &words.de] {
        assert!(!text.contains(['—', '{', '\n']), "{whose}: {text}");
        assert!(text.ends_with(['.', '?']), "{whose} is no sentence: {text}");
    }
}

fn broken() -> Error {
    Error::from(ErrorKind::BrokenPipe)
}

#[test]
fn every_ending_of_a_session_stands_in_both_languages() {
    let unread = Unread::of(&Refusal::OffCentre { aside_mm: 22.0 });
    let endings = [
        Ended::Complete,
        Ended::NotCleared,
        Ended::ScanRefused(Box::new(unread)),
        Ended::PlanRefused,
        Ended::Stopped,
        Ended::Finished,
        Ended::Declined,
        Ended::Unanswered,
        Ended::LinkLost("broken pipe".to_owned()),
        Ended::Unattended,
        Ended::Stalled(plan::shipped()[0].phases()[0].title.clone()),
    ];
    for ended in endings {
        check(&format!("{ended:?}"), &ended.words());
    }
    let waited = |state| SessionError::Waited(state, 120);
    let errors = [
        SessionError::Link("broken pipe".to_owned()),
        SessionError::Latched,
        waited(SessionState::AwaitingSwitch),
        waited(SessionState::AwaitingPerson),
    ];
    for error in errors {
        check(&format!("{error:?}"), &error.words());
        assert!(!error.words().de.contains("broken"), "{error:?}");
    }
}

#[test]
fn why_no_session_begins_stands_in_both_languages() {
    let errors = [
        BeginError::NoBed(WireError::Lost(broken()).words()),
        BeginError::Busy,
        BeginError::NotCleared,
        BeginError::NoProgram("nap".to_owned()),
        BeginError::Store(StoreError::SessionOpen(3)),
    ];
    for error in errors {
        check(&format!("{error:?}"), &error.words());
    }
}

#[test]
fn what_goes_wrong_with_a_record_stands_in_both_languages() {
    let path = || std::path::PathBuf::from("kim");
    let errors = [
        StoreError::Io { path: path(), error: broken() },
        StoreError::Form { path: path(), what: "a letter".to_owned() },
        StoreError::Damaged { path: path(), what: "a page".to_owned() },
        StoreError::Name(99),
        StoreError::Nobody { name: "Kim".to_owned(), there: "nobody".to_owned() },
        StoreError::NoSession(4),
        StoreError::Occupied(path()),
        StoreError::Diary(DiaryError::Future { day: care::Day(9), written: care::Day(8) }),
    ];
    for error in errors {
        check(&format!("{error:?}"), &error.words());
    }
}
