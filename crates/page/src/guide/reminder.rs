//! Somebody's break reminder with the record that keeps its settings and counts, for the page and for programs.

use care::breaks::{Counts, Settings, SettingsError};
use care::{Day, Language};
use host::breaks::{
    BreakDesk, EitherBell, PageBell, SystemBell, SystemClock, View, keep_counts, keep_settings, recall,
};
use host::clock::today;
use host::store::StoreError;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Guide, Keeper};

/// Settings and counts of every day.
pub(crate) type Kept = (Settings, BTreeMap<Day, Counts>);

/// The reminder of one person.
pub(crate) struct Reminder {
    keeper: Option<Keeper>,
    pub(crate) desk: BreakDesk,
}

impl Reminder {
    /// Whoever keeps a record has a reminder of their own.
    pub(crate) fn of(guide: &Guide, keeper: Option<Keeper>) -> Self {
        Self { desk: guide.breaks.of_person(keeper.as_ref().map_or("", |keeper| &keeper.name)), keeper }
    }

    /// What is to be shown while it runs, and what is kept.
    pub(crate) fn now(&self) -> Result<(Option<View>, Kept), StoreError> {
        self.desk.look();
        Ok(match self.desk.view() {
            Some((settings, view)) => {
                let counts = view.statistics.clone();
                (Some(view), (settings, counts))
            }
            None => (None, recalled(self.keeper.as_ref())?),
        })
    }

    /// Starts it, and keeps the settings; one that runs already goes on as it is. It rings in this language.
    pub(crate) fn start(
        &self,
        settings: Settings,
        language: Language,
    ) -> Result<Result<(), SettingsError>, StoreError> {
        if self.desk.view().is_some() {
            return Ok(Ok(()));
        }
        let (_, counts) = recalled(self.keeper.as_ref())?;
        let keeper = self.keeper.clone();
        let bell = move || EitherBell { first: SystemBell::new(language), second: PageBell };
        let keep = move |counts: &BTreeMap<Day, Counts>| keep(keeper.as_ref(), counts);
        if let Err(error) = self.desk.start(settings, counts, Arc::new(SystemClock::new()), bell, keep) {
            return Ok(Err(error));
        }
        if let Some(keeper) = &self.keeper {
            let record = keeper.store.record_or_new(&keeper.name, today())?;
            keep_settings(&record, today(), &settings)?;
        }
        Ok(Ok(()))
    }
}

/// What the record holds; the default where there is none.
fn recalled(keeper: Option<&Keeper>) -> Result<Kept, StoreError> {
    let Some(keeper) = keeper else { return Ok(Kept::default()) };
    match keeper.store.record(&keeper.name) {
        Ok(record) => recall(&record, today()),
        Err(StoreError::Nobody { .. }) => Ok(Kept::default()),
        Err(error) => Err(error),
    }
}

/// Keeps the counts. A record that was erased meanwhile is not begun again.
fn keep(keeper: Option<&Keeper>, counts: &BTreeMap<Day, Counts>) -> Result<(), StoreError> {
    let Some(keeper) = keeper else { return Ok(()) };
    match keeper.store.record(&keeper.name) {
        Ok(record) => keep_counts(&record, counts),
        Err(StoreError::Nobody { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
