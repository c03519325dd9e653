//! What somebody may wish of the product, by name.
//!
//! The list is closed: whoever adds a route first finds its deed here, and the compiler then asks for its line
//! in every table that decides about deeds. That table stands with the door (`page::door::may`).

macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident = $tag:literal,)*) => {
        /// Everything that somebody can do through a page, the API or a command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Deed {
            $($(#[$doc])* $deed,)*
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$deed),*];

            /// Its name in the audit log.
            #[must_use]
            pub fn tag(self) -> &'static str {
                match self {
                    $(Self::$deed => $tag,)*
                }
            }
        }
    };
}

deeds! {
    /// End the session that runs, whoever's it is.
    Stop = "stop",
    /// Ask whether the host and the bed are well.
    SeeHealth = "see health",
    /// Sign in.
    SignIn = "sign in",
    /// Sign out, here or everywhere.
    SignOut = "sign out",
    /// Begin a record of one's own.
    Join = "join",
    /// Set, change or remove one's own PIN or passphrase.
    SetSecret = "set secret",
    /// Read one's own record, or see one's own session.
    ReadOwn = "read own",
    /// Read somebody else's record, or see their session.
    ReadOthers = "read others",
    /// Write in one's own record: diary, answers, plans.
    WriteOwn = "write own",
    /// Write in somebody else's record.
    WriteOthers = "write others",
    /// Ask for a session for oneself. Only the hand switch begins it.
    BeginOwn = "begin own",
    /// Ask for a session for somebody else.
    BeginOthers = "begin others",
    /// Wish in one's own session: softer, warmer, skip, stay here.
    WishOwn = "wish own",
    /// Wish in somebody else's session.
    WishOthers = "wish others",
    /// Take a prescription for oneself.
    AcceptOwn = "accept own",
    /// Take a prescription for somebody else.
    AcceptOthers = "accept others",
    /// Take a copy of one's own record.
    ExportOwn = "export own",
    /// Take a copy of somebody else's record.
    ExportOthers = "export others",
    /// Erase one's own record.
    EraseOwn = "erase own",
    /// Erase somebody else's record.
    EraseOthers = "erase others",
    /// Choose and tighten a program for a person, who still has to take it.
    Prescribe = "prescribe",
    /// See readings, faults and versions of the bed, which tell nothing of a person.
    SeeService = "see service",
    /// Let the bed test itself.
    TestBed = "test bed",
    /// Take the bed's own logs, without anybody's record.
    TakeLogs = "take logs",
    /// Do what the twin's simulated person does: lie down, press its hand switch, get up.
    MoveTwin = "move twin",
    /// Switch faults of the twin on and off.
    PlayTwin = "play twin",
    /// Make an account for a clinician or for service.
    AddAccount = "add account",
    /// Give an account a new secret, or a person none.
    ResetAccount = "reset account",
    /// Remove an account.
    RemoveAccount = "remove account",
    /// Make a token for programs.
    AddToken = "add token",
    /// Make a token worthless.
    RevokeToken = "revoke token",
}

impl Deed {
    /// Whether the deed is written into the audit log when it is allowed; what is denied always is. Not
    /// written is what people do all day with what is their own.
    #[must_use]
    pub fn audited(self) -> bool {
        match self {
            Self::SeeHealth
            | Self::ReadOwn
            | Self::WriteOwn
            | Self::WishOwn
            | Self::SeeService
            | Self::MoveTwin => false,
            Self::Stop
            | Self::SignIn
            | Self::SignOut
            | Self::Join
            | Self::SetSecret
            | Self::ReadOthers
            | Self::WriteOthers
            | Self::BeginOwn
            | Self::BeginOthers
            | Self::WishOthers
            | Self::AcceptOwn
            | Self::AcceptOthers
            | Self::ExportOwn
            | Self::ExportOthers
            | Self::EraseOwn
            | Self::EraseOthers
            | Self::Prescribe
            | Self::TestBed
            | Self::TakeLogs
            | Self::PlayTwin
            | Self::AddAccount
            | Self::ResetAccount
            | Self::RemoveAccount
            | Self::AddToken
            | Self::RevokeToken => true,
        }
    }
}

/// A deed that concerns one person, before it is known whose record is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// [`Deed::ReadOwn`] or [`Deed::ReadOthers`].
    Read,
    /// [`Deed::WriteOwn`] or [`Deed::WriteOthers`].
    Write,
    /// [`Deed::BeginOwn`] or [`Deed::BeginOthers`].
    Begin,
    /// [`Deed::WishOwn`] or [`Deed::WishOthers`].
    Wish,
    /// [`Deed::AcceptOwn`] or [`Deed::AcceptOthers`].
    Accept,
    /// [`Deed::ExportOwn`] or [`Deed::ExportOthers`].
    Export,
    /// [`Deed::EraseOwn`] or [`Deed::EraseOthers`].
    Erase,
}

impl Task {
    /// The deed on one's own record (`own`) or on another's.
    #[must_use]
    pub fn deed(self, own: bool) -> Deed {
        let (mine, others) = match self {
            Self::Read => (Deed::ReadOwn, Deed::ReadOthers),
            Self::Write => (Deed::WriteOwn, Deed::WriteOthers),
            Self::Begin => (Deed::BeginOwn, Deed::BeginOthers),
            Self::Wish => (Deed::WishOwn, Deed::WishOthers),
            Self::Accept => (Deed::AcceptOwn, Deed::AcceptOthers),
            Self::Export => (Deed::ExportOwn, Deed::ExportOthers),
            Self::Erase => (Deed::EraseOwn, Deed::EraseOthers),
        };
        if own { mine } else { others }
    }
}
