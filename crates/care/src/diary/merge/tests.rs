use super::*;
use crate::diary::{DayRecord, Episode, Session, from_csv, to_csv};
use crate::scores::{Nprs, Roland};
use proptest::prelude::*;

const TODAY: Day = Day(20_779);

fn back(days: u32) -> Day {
    Day(TODAY.0 - days)
}

fn rating(value: u8) -> Nprs {
    Nprs::try_from(value).expect("a rating")
}

fn day(pain: u8) -> Record {
    Record::Day(DayRecord { pain: Some(rating(pain)), ..DayRecord::default() })
}

fn spasm(pain: u8) -> Record {
    Record::Episode(Episode {
        last: None,
        pain: rating(pain),
        places: BTreeSet::new(),
        radiating: None,
        set_off_by: BTreeSet::new(),
        notes: String::new(),
    })
}

fn session(minutes: u16) -> Record {
    let program = "relief".to_owned();
    Record::Session(Session { program, minutes, pain_before: None, pain_after: None, notes: String::new() })
}

fn score(value: u8) -> Record {
    Record::Roland(Roland::try_from(value).expect("a score"))
}

/// A diary with one of each, each written on its day.
fn base() -> Diary {
    let mut diary = Diary::default();
    for (days, record) in [(9, day(3)), (8, spasm(6)), (7, session(20)), (6, score(12)), (5, day(4))] {
        diary.write(back(days), back(days), record).expect("in order");
    }
    diary
}

/// What stands, as it can be compared across diaries.
fn standing(diary: &Diary) -> Vec<String> {
    let mut all: Vec<String> =
        diary.current().map(|entry| format!("{} {:?}", entry.day, entry.record)).collect();
    all.sort();
    all
}

fn bring(diary: &mut Diary, told: &Diary, replace: bool) -> Brought {
    diary.bring(told, TODAY, replace).expect("it can be brought in")
}

#[test]
fn a_copy_of_what_is_here_changes_nothing_and_an_empty_diary_takes_it_whole() {
    let mut diary = base();
    diary.correct(0, back(4), back(9), day(2)).expect("a correction");
    diary.withdraw(2, back(4)).expect("a withdrawal");
    let copy = diary.clone();
    let brought = bring(&mut diary, &copy, true);
    assert_eq!((brought.already, brought.anything(), brought.left.len()), (5, false, 0));
    assert_eq!(diary, copy);
    let mut empty = Diary::default();
    assert_eq!(bring(&mut empty, &copy, false).added, 4);
    assert_eq!(empty, copy, "with its history, and in its order");
}

#[test]
fn a_file_that_goes_on_from_here_is_followed_and_an_older_copy_undoes_nothing() {
    let mut later = base();
    later.correct(0, back(4), back(9), day(2)).expect("a correction");
    later.withdraw(1, back(4)).expect("a withdrawal");
    later.write(back(3), back(3), day(5)).expect("a day");
    let mut here = base();
    let brought = bring(&mut here, &later, false);
    assert_eq!((brought.added, brought.changed, brought.already), (1, 2, 3));
    assert_eq!(here, later);
    let brought = bring(&mut here, &base(), false);
    assert_eq!(here, later);
    let whys: Vec<LeftWhy> = brought.left.iter().map(|left| left.why).collect();
    assert_eq!(whys, [LeftWhy::Later(0), LeftWhy::WithdrawnHere(1)]);
}

#[test]
fn two_that_parted_become_one_without_doubling_and_each_keeps_its_own_words() {
    let (mut one, mut two) = (base(), base());
    for (diary, pain) in [(&mut one, 7), (&mut two, 8)] {
        diary.write(back(2), back(2), day(pain)).expect("a day");
        diary.write(back(2), back(2), score(pain)).expect("a score");
        diary.write(back(2), back(2), session(pain.into())).expect("a session");
        diary.write(back(1), back(1), day(1)).expect("a day");
    }
    two.write(TODAY, back(3), spasm(9)).expect("a spasm");
    let before = standing(&one);
    let brought = bring(&mut one, &two, false);
    // The spasm, and the other session; the same day told twice is one day.
    assert_eq!((brought.added, brought.already), (2, 6));
    let whys: Vec<LeftWhy> = brought.left.iter().map(|left| left.why).collect();
    assert_eq!(whys, [LeftWhy::Otherwise(5), LeftWhy::Otherwise(6)]);
    assert_eq!(brought.left[0].record, day(8));
    assert!(before.iter().all(|item| standing(&one).contains(item)));
    let again = bring(&mut one, &two, false);
    assert_eq!((again.added, again.already, again.left), (0, 8, brought.left));
}

#[test]
fn where_the_file_shall_win_the_earlier_version_stays_in_the_history_and_comes_back() {
    let mut here = base();
    here.write(back(2), back(2), day(7)).expect("a day");
    here.withdraw(3, back(1)).expect("a withdrawal");
    let mut there = base();
    there.write(back(2), back(2), day(8)).expect("a day");
    let before = here.clone();
    let brought = bring(&mut here, &there, true);
    assert_eq!((brought.replaced, brought.added, brought.left.len()), (2, 0, 0));
    assert_eq!(standing(&here), standing(&there));
    assert_eq!(here.entries()[..before.entries().len()], *before.entries());
    let entries = before.entries().len() as u32..here.entries().len() as u32;
    assert_eq!(here.can_take_back(&entries), 2);
    assert_eq!(here.take_back(&entries, TODAY), Ok(2));
    assert_eq!(standing(&here), standing(&before));
    assert_eq!((here.can_take_back(&entries), here.take_back(&entries, TODAY)), (0, Ok(0)));
}

#[test]
fn what_was_changed_after_an_import_stays_when_the_import_is_taken_back() {
    let mut here = base();
    let mut there = base();
    there.write(back(2), back(2), day(8)).expect("a day");
    there.write(back(2), back(2), session(5)).expect("a session");
    let first = here.entries().len() as u32;
    bring(&mut here, &there, false);
    let entries = first..here.entries().len() as u32;
    here.correct(first, TODAY, back(2), day(9)).expect("a correction");
    assert_eq!(here.take_back(&entries, TODAY), Ok(1));
    assert!(here.days().any(|(day, record)| day == back(2) && record.pain == Some(rating(9))));
}

#[test]
fn an_earlier_mistake_in_the_file_that_stands_in_the_way_keeps_only_its_item_away() {
    let mut here = base();
    here.write(back(2), back(2), day(7)).expect("a day");
    let mut there = Diary::default();
    // Written for the wrong day first, then moved.
    let moved = there.write(back(2), back(2), day(1)).expect("a day");
    there.correct(moved, back(2), back(20), day(1)).expect("moved");
    there.write(back(1), back(21), day(2)).expect("a day");
    let brought = bring(&mut here, &there, false);
    assert_eq!((brought.added, brought.left.len()), (1, 1));
    assert_eq!(brought.left[0].why, LeftWhy::DayTaken(5));
    // Twice the same session is two sessions, once only.
    let mut twice = Diary::default();
    for _ in 0..2 {
        twice.write(back(1), back(1), session(20)).expect("a session");
    }
    assert_eq!((bring(&mut here, &twice, false).added, bring(&mut here, &twice, false).added), (2, 0));
}

#[test]
fn days_keep_the_day_on_which_they_were_written_and_a_clock_set_back_is_refused() {
    let mut here = Diary::default();
    here.write(TODAY, TODAY, day(5)).expect("a day");
    bring(&mut here, &base(), false);
    assert_eq!(here.entries().len(), 6);
    assert!(here.entries().iter().all(|entry| entry.written == entry.day));
    assert_eq!(from_csv(&to_csv(&here)), Ok(here.clone()));
    let json = serde_json::to_string(&here).expect("plain data");
    assert_eq!(serde_json::from_str::<Diary>(&json).expect("its own text"), here);
    let kept = here.clone();
    assert!(matches!(here.bring(&base(), back(1), false), Err(DiaryError::Earlier { .. })));
    assert!(matches!(here.write(back(1), back(1), day(1)), Err(DiaryError::Earlier { .. })));
    assert_eq!(here, kept);
}

#[test]
fn of_two_alike_the_one_that_was_withdrawn_stays_so_and_the_other_comes_once() {
    let (mut here, mut there) = (Diary::default(), Diary::default());
    for diary in [&mut here, &mut there] {
        diary.write(back(3), back(3), session(20)).expect("a session");
    }
    here.withdraw(0, back(2)).expect("a withdrawal");
    there.write(back(1), back(3), session(20)).expect("another of that day");
    for added in [1, 0, 0] {
        let brought = bring(&mut here, &there, false);
        assert_eq!((brought.added, brought.left.len()), (added, 1));
        assert_eq!(brought.left[0].why, LeftWhy::WithdrawnHere(0));
    }
    let unknown = here.next_number();
    let refused = here.correct(unknown, TODAY, TODAY, day(1));
    assert_eq!(refused, Err(DiaryError::Unknown { item: unknown }));
}

/// What a person may do to a diary, from numbers.
fn act(diary: &mut Diary, (what, which, about, value): (u8, u8, u8, u8)) {
    let written = diary.last_written().unwrap_or(back(30)).max(Day(back(30).0 + u32::from(about)));
    let about = Day(written.0 - u32::from(about) % 4);
    let record = match which % 4 {
        0 => day(value % 4),
        1 => spasm(value % 4),
        2 => session(u16::from(value % 3)),
        _ => score(value % 3),
    };
    let item = u32::from(value) % (diary.entries().len().max(1) as u32);
    // Much of it is refused, as it should be.
    let _ = match what % 8 {
        0 => diary.withdraw(item, written),
        1 => diary.undo(item, written),
        2 | 3 => diary.correct(item, written, about, record),
        _ => diary.write(written, about, record).map(|_| ()),
    };
}

fn acts(most: usize) -> impl Strategy<Value = Vec<(u8, u8, u8, u8)>> {
    prop::collection::vec((any::<u8>(), any::<u8>(), 0_u8..12, any::<u8>()), 0..most)
}

proptest! {
    #[test]
    fn any_two_diaries_merge_once_lose_nothing_and_part_again(
        common in acts(12), mine in acts(12), yours in acts(12), replace in any::<bool>(),
    ) {
        let mut here = Diary::default();
        common.into_iter().for_each(|one| act(&mut here, one));
        let mut there = here.clone();
        mine.into_iter().for_each(|one| act(&mut here, one));
        yours.into_iter().for_each(|one| act(&mut there, one));
        let before = here.clone();

        let brought = bring(&mut here, &there, replace);
        let told = brought.added + brought.changed + brought.replaced + brought.already + brought.left.len();
        prop_assert!(told >= there.current().count(), "{brought:?}");
        // Nothing that was here is overwritten, and the diary is one that can be read.
        prop_assert_eq!(&here.entries()[..before.entries().len()], before.entries());
        prop_assert_eq!(from_csv(&to_csv(&here)), Ok(here.clone()));
        prop_assert!(!brought.anything() || here.entries().len() > before.entries().len());

        // Taken back it stands as before.
        let mut undone = here.clone();
        undone.take_back(&(before.entries().len() as u32..here.entries().len() as u32), TODAY).expect("undone");
        prop_assert_eq!(standing(&undone), standing(&before));

        // Of nothing there is more than one of the two had, however often it is brought in.
        let most = |item: &String| {
            let of = |diary: &Diary| standing(diary).iter().filter(|other| *other == item).count();
            of(&before).max(of(&there))
        };
        for _ in 0..2 {
            let all = standing(&here);
            for item in &all {
                prop_assert!(all.iter().filter(|other| *other == item).count() <= most(item), "{item}");
            }
            bring(&mut here, &there, false);
        }
    }
}
