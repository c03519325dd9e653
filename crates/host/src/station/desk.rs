//! What pages leave for the thread that leads the bed.

use crate::session::{Answer, Wish};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A page that gave no sign of life for so long is lost. Source: design, "page lost"; pages give one each second,
/// and two may go astray.
pub const PAGE_LOST: Duration = Duration::from_millis(3000);

/// Wishes that wait; more are more than a person can mean. Guess.
const WISHES_MAX: usize = 8;

/// The desk of one bed.
#[derive(Debug, Default)]
pub(super) struct Desk {
    whose: Option<String>,
    /// Whose session was the last: its outcome is theirs alone.
    last: Option<String>,
    wishes: VecDeque<Wish>,
    answer: Option<Answer>,
    seen: Option<Instant>,
    /// No session may begin now.
    kept_free: bool,
}

impl Desk {
    /// Makes the bed somebody's, who is here; false where it is another session's already.
    pub fn claim(&mut self, name: &str) -> bool {
        let free = self.whose.is_none() && !self.kept_free;
        if free {
            let whose = Some(name.to_owned());
            *self = Self { last: whose.clone(), whose, seen: Some(Instant::now()), ..Self::default() };
        }
        free
    }

    /// The session is over.
    pub fn free(&mut self) {
        *self = Self { last: self.last.take(), kept_free: self.kept_free, ..Self::default() };
    }

    /// Keeps every session away; false where one is under way, or another already does.
    pub fn keep_free(&mut self) -> bool {
        let free = self.whose.is_none() && !self.kept_free;
        self.kept_free |= free;
        free
    }

    /// Lets sessions begin again.
    pub fn keep_free_no_more(&mut self) {
        self.kept_free = false;
    }

    /// Whose session is under way, or was the last.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    pub fn whose(&self) -> Option<&str> {
        self.whose.as_deref()
    }

    pub fn here(&mut self, name: &str) {
        if self.whose.as_deref() == Some(name) {
            self.seen = Some(Instant::now());
        }
    }

    /// Whether the person's page is here.
    pub fn is_here(&self) -> bool {
        self.seen.is_some_and(|seen| seen.elapsed() <= PAGE_LOST)
    }

    pub fn wish(&mut self, name: &str, wish: Wish) -> bool {
        let theirs = self.whose.as_deref() == Some(name);
        let takes = theirs && self.is_here() && self.wishes.len() < WISHES_MAX;
        if takes {
            self.wishes.push_back(wish);
        }
        takes
    }

    /// A stop comes first and needs nobody's leave.
    pub fn wish_stop(&mut self) {
        if self.wishes.front() != Some(&Wish::Stop) {
            self.wishes.push_front(Wish::Stop);
        }
    }

    pub fn answer(&mut self, name: &str, answer: Answer) -> bool {
        let theirs = self.whose.as_deref() == Some(name) && self.is_here();
        if theirs {
            self.answer = Some(answer);
        }
        theirs
    }

    pub fn next_wish(&mut self) -> Option<Wish> {
        self.wishes.pop_front()
    }

    pub fn take_answer(&mut self) -> Option<Answer> {
        self.answer.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whose_session_it_is_wishes_and_only_while_their_page_is_here() {
        let mut desk = Desk::default();
        assert!(!desk.wish("A", Wish::Firmer));
        assert!(desk.claim("A") && !desk.claim("B"));
        assert!(desk.wish("A", Wish::Firmer) && !desk.wish("B", Wish::Firmer));
        desk.seen = Instant::now().checked_sub(PAGE_LOST + Duration::from_millis(10));
        assert!(!desk.is_here() && !desk.wish("A", Wish::Softer));
        desk.here("B");
        assert!(!desk.is_here());
        desk.here("A");
        assert!(desk.is_here());
        assert_eq!((desk.next_wish(), desk.next_wish()), (Some(Wish::Firmer), None));
        desk.free();
        assert!(!desk.answer("A", Answer::Yes));
    }

    #[test]
    fn a_stop_is_taken_from_anybody_and_before_all_else() {
        let mut desk = Desk::default();
        assert!(desk.claim("A") && desk.wish("A", Wish::Softer));
        desk.seen = None;
        desk.wish_stop();
        assert_eq!(desk.next_wish(), Some(Wish::Stop));
    }

    #[test]
    fn however_often_stop_is_pressed_it_waits_once() {
        let mut desk = Desk::default();
        (0..100).for_each(|_| desk.wish_stop());
        assert_eq!((desk.next_wish(), desk.next_wish()), (Some(Wish::Stop), None));
    }

    #[test]
    fn a_bed_that_is_kept_free_is_nobodys_and_its_last_session_stays_whose_it_was() {
        let mut desk = Desk::default();
        assert!(desk.claim("A") && !desk.keep_free());
        desk.free();
        assert!(desk.keep_free() && !desk.keep_free() && !desk.claim("B"));
        desk.free();
        assert!(!desk.claim("B"), "a line that broke frees nothing that is kept free");
        desk.keep_free_no_more();
        assert_eq!(desk.last(), Some("A"));
        assert!(desk.claim("B"));
    }

    #[test]
    fn no_more_wishes_wait_than_somebody_can_mean() {
        let mut desk = Desk::default();
        assert!(desk.claim("A"));
        let taken = (0..100).filter(|_| desk.wish("A", Wish::Firmer)).count();
        assert_eq!(taken, WISHES_MAX);
    }
}
