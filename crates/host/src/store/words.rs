//! What a person is told when their record cannot be read or written, with the way out.

use super::StoreError;
use care::Words;
use care::diary::DiaryError;

impl StoreError {
    /// In plain words.
    #[must_use]
    pub fn words(&self) -> Words {
        let (en, de) = match self {
            Self::Io { .. } | Self::Record { .. } => (
                "Your record cannot be read or written just now. Check that the disk has room and that no other program holds the file, then try again.",
                "Ihre Aufzeichnungen lassen sich gerade nicht lesen oder schreiben. Prüfen Sie, ob die Platte Platz hat und kein anderes Programm die Datei hält; dann versuchen Sie es noch einmal.",
            ),
            Self::Form { .. } => (
                "Your record is damaged, or a newer version of this program wrote it. Nothing was changed. Make a copy of the file, then try a newer version.",
                "Ihre Aufzeichnungen sind beschädigt, oder eine neuere Version dieses Programms hat sie geschrieben. Nichts wurde geändert. Legen Sie eine Kopie der Datei an, dann versuchen Sie es mit einer neueren Version.",
            ),
            Self::Damaged { .. } => (
                "Your record is damaged. Nothing was changed. Take the last backup.",
                "Ihre Aufzeichnungen sind beschädigt. Nichts wurde geändert. Nehmen Sie die letzte Sicherung.",
            ),
            Self::SessionOpen(_) | Self::NoSession(_) | Self::Occupied(_) => (
                "That cannot be done just now. Wait until the session has ended, then try again.",
                "Das geht gerade nicht. Warten Sie, bis die Anwendung zu Ende ist, dann versuchen Sie es noch einmal.",
            ),
            Self::Name(_) => (
                "The name of this record cannot be used. Start the guide with another name.",
                "Der Name dieser Aufzeichnungen geht nicht. Starten Sie den Ratgeber mit einem anderen Namen.",
            ),
            Self::Nobody { .. } | Self::Diary(DiaryError::Unknown { .. }) => (
                "There is nothing of this number in your diary. It may have been erased in another window.",
                "Unter dieser Nummer steht nichts in Ihrem Tagebuch. Vielleicht wurde es in einem anderen Fenster gelöscht.",
            ),
            Self::Diary(DiaryError::Earlier { .. }) => (
                "The date of this computer lies before your last entry. Set the date right, then try again.",
                "Das Datum dieses Computers liegt vor Ihrem letzten Eintrag. Stellen Sie das Datum richtig, dann versuchen Sie es noch einmal.",
            ),
            Self::Diary(DiaryError::SecondDay { .. }) => (
                "Another entry holds this day. Withdraw that one first, or change it instead.",
                "Ein anderer Eintrag hat diesen Tag. Nehmen Sie zuerst jenen zurück, oder ändern Sie ihn stattdessen.",
            ),
            Self::Diary(DiaryError::Unchanged { .. }) => (
                "This entry was never changed. Withdraw it instead.",
                "Dieser Eintrag wurde nie geändert. Nehmen Sie ihn stattdessen zurück.",
            ),
            Self::Diary(
                DiaryError::Future { .. } | DiaryError::OtherKind { .. } | DiaryError::Range { .. },
            ) => (
                "The diary cannot take this. Check the days and the numbers.",
                "Das kann das Tagebuch nicht annehmen. Prüfen Sie Tage und Zahlen.",
            ),
        };
        Words::both(en, de)
    }
}
