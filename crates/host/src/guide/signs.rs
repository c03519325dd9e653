//! The emergency signs of the screening table, in every language of the guide.
//!
//! The English words are the table's own. The German ones were read by no named reviewer yet: pages
//! show English beside them.

use care::Language;
use care::{Question, Tier};

/// One emergency sign in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Name of the question in the screening table.
    pub id: &'static str,
    /// The question.
    pub ask: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// All emergency signs in one language, in the table's order.
///
/// A sign that has no words in the language stands in English: it is never left out.
#[must_use]
pub fn signs(language: Language) -> Vec<Sign> {
    care::questions()
        .iter()
        .filter(|question| question.tier == Tier::Emergency)
        .map(|question| match language {
            Language::English => english(question),
            Language::German => {
                GERMAN.into_iter().find(|sign| sign.id == question.id).unwrap_or_else(|| english(question))
            }
        })
        .collect()
}

fn english(question: &'static Question) -> Sign {
    Sign { id: &question.id, ask: &question.ask, why: &question.why, advice: &question.advice }
}

const NOW: &str = "Wählen Sie den Notruf oder lassen Sie sich sofort in eine Notaufnahme bringen.";

const GERMAN: [Sign; 11] = [
    Sign {
        id: "bladder_or_bowel",
        ask: "Haben Sie neu die Kontrolle über Blase oder Darm verloren, oder fällt es Ihnen neu schwer, Wasser zu lassen oder den Drang zu spüren?",
        why: "Zusammen mit Rücken- oder Beinschmerz kann das heißen, dass die Nerven am Ende der Wirbelsäule gequetscht werden.",
        advice: "Wählen Sie den Notruf oder lassen Sie sich sofort in eine Notaufnahme bringen. Warten Sie nicht, und legen Sie sich nicht auf das Bett.",
    },
    Sign {
        id: "saddle_numbness",
        ask: "Ist es zwischen den Schenkeln, um die Genitalien oder um den After neu taub oder kribbelt es dort?",
        why: "Taubheit dort, wo ein Sattel anliegt, ist ein Zeichen, dass die Nerven am Ende der Wirbelsäule gequetscht werden.",
        advice: "Wählen Sie den Notruf oder lassen Sie sich sofort in eine Notaufnahme bringen. Warten Sie nicht, und legen Sie sich nicht auf das Bett.",
    },
    Sign {
        id: "sexual_function",
        ask: "Ist in den letzten zwei Wochen, zusammen mit Rücken- oder Beinschmerz, das Gefühl in den Genitalien oder die sexuelle Funktion neu verschwunden?",
        why: "Plötzlicher Verlust der sexuellen Funktion gehört zu den Zeichen gequetschter Nerven am Ende der Wirbelsäule.",
        advice: "Gehen Sie heute in eine Notaufnahme und sagen Sie, dass Sie Rückenschmerzen mit dieser Veränderung haben.",
    },
    Sign {
        id: "both_legs_weak",
        ask: "Haben Sie in beiden Beinen Schmerz, Kribbeln, Schwäche oder Taubheit, neu oder zunehmend?",
        why: "Beide Beine zugleich weisen auf den Wirbelkanal hin, nicht auf einen einzelnen Nerv oder Muskel.",
        advice: NOW,
    },
    Sign {
        id: "tearing_pain",
        ask: "Begann plötzlich ein reißender Schmerz in Rücken, Bauch oder Seite, oder spüren Sie ein Pochen im Bauch?",
        why: "Eine erweiterte Hauptschlagader kann reißen. Das wird oft für einen Nierenstein gehalten, vor allem bei Menschen über 60.",
        advice: "Wählen Sie jetzt den Notruf und bleiben Sie ruhig liegen.",
    },
    Sign {
        id: "chest_pain",
        ask: "Haben Sie Schmerz oder Druck in der Brust oder Atemnot?",
        why: "Herz, Lunge und Hauptschlagader können alle im Rücken zu spüren sein.",
        advice: "Wählen Sie jetzt den Notruf.",
    },
    Sign {
        id: "severe_accident",
        ask: "Begann der Schmerz nach einem schweren Unfall oder Sturz, oder schon nach einem kleinen Sturz, wenn Sie älter sind, dünne Knochen haben oder Kortison nehmen?",
        why: "Ein Wirbel kann gebrochen sein; Druck oder Dehnung könnten bleibend schaden.",
        advice: "Bleiben Sie ruhig liegen und wählen Sie den Notruf, oder lassen Sie sich in eine Notaufnahme bringen.",
    },
    Sign {
        id: "fever_with_back_pain",
        ask: "Haben Sie Rückenschmerzen zusammen mit Fieber, Schüttelfrost oder dem Gefühl, sehr krank zu sein?",
        why: "Die Wirbelsäule oder eine Niere kann entzündet sein; Wärme und Druck könnten das verbreiten.",
        advice: "Rufen Sie heute eine Arztpraxis oder den ärztlichen Bereitschaftsdienst an; wählen Sie den Notruf, wenn Sie verwirrt sind, sich einer Ohnmacht nahe fühlen oder es schnell schlimmer wird.",
    },
    Sign {
        id: "stroke_signs",
        ask: "Hängt Ihr Gesicht auf einer Seite, ist ein Arm schwach geworden oder die Sprache verwaschen, auch wenn es vorbei ist?",
        why: "Das sind Zeichen eines Schlaganfalls.",
        advice: "Wählen Sie jetzt den Notruf, auch wenn die Zeichen vergangen sind.",
    },
    Sign {
        id: "swollen_leg",
        ask: "Ist ein Bein neu geschwollen, warm, rot oder in der Wade schmerzhaft?",
        why: "Es kann ein Blutgerinnsel in einer tiefen Vene sein; Druck und Wärme könnten es lösen.",
        advice: "Gehen Sie heute zum Arzt; wählen Sie den Notruf, wenn Sie auch Atemnot oder Brustschmerz haben.",
    },
    Sign {
        id: "missed_period_pain",
        ask: "Könnten Sie schwanger sein und haben Schmerz im Unterbauch oder an der Schulterspitze, oder eine Blutung?",
        why: "Eine Schwangerschaft außerhalb der Gebärmutter kann im Rücken zu spüren sein und nach innen bluten.",
        advice: "Wählen Sie den Notruf oder lassen Sie sich sofort in eine Notaufnahme bringen.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emergency_question_has_german_words_and_nothing_else_has() {
        let english: Vec<&str> = signs(Language::English).iter().map(|sign| sign.id).collect();
        let german: Vec<&str> = GERMAN.iter().map(|sign| sign.id).collect();
        assert_eq!(english, german);
    }
}
