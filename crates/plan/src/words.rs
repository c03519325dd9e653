//! What a person reads where a plan gives less than its program asks for, or nothing at all: one text a cause,
//! in every language. Reasons carry no full stop, since some are joined; whoever shows one alone asks for
//! [`Words::sentence`].

use bed::config::ConfigError;
use bed::{Level, limits};
use care::{Day, Language, Words};

use crate::history::Visit;

/// A number as each language writes it, English first.
fn number(value: f64, decimals: usize) -> [String; 2] {
    Language::ALL.map(|language| language.number(value, decimals))
}

/// A text with one number in it.
fn with(value: f64, decimals: usize, en: &str, de: &str) -> Words {
    let [value_en, value_de] = number(value, decimals);
    Words::both(en.replace("{}", &value_en), de.replace("{}", &value_de))
}

/// What a cap says, with what was wished and what is given.
pub(crate) fn capped(words: &Words, requested: (f64, usize), granted: f64, unit: &str) -> Words {
    let [wished_en, wished_de] = number(requested.0, requested.1);
    let [given_en, given_de] = number(granted, 1);
    Words::both(
        format!("{}: {wished_en} {unit} wished, {given_en} {unit} given", words.en),
        format!("{}: {wished_de} {unit} vorgesehen, {given_de} {unit} gegeben", words.de),
    )
}

/// A half sentence as the beginning of one.
fn begins(words: &Words) -> Words {
    let upper = |text: &str| {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    };
    Words::new(upper(&words.en), upper(&words.de))
}

// Before anything is placed.

pub(crate) fn bed_unfit(error: &ConfigError) -> (Words, Words) {
    let ConfigError { key, value, min, max } = error;
    (
        Words::both(
            format!("The bed is not set up well: {error}"),
            format!(
                "Das Bett ist nicht richtig eingerichtet: {key} ist {value}, erlaubt ist {min} bis {max}"
            ),
        ),
        Words::both("Correct the bed file", "Berichtigen Sie die Datei des Bettes"),
    )
}

/// A day as it is written by hand: German counts from the day up.
fn day(day: Day) -> [String; 2] {
    let iso = day.to_string();
    let german: Vec<&str> = iso.rsplit('-').collect();
    [iso.clone(), german.join(".")]
}

pub(crate) fn other_day(answered: Day, visit: &Visit) -> (Words, Words) {
    let ([then_en, then_de], [now_en, now_de]) = (day(answered), day(visit.day));
    (
        Words::both(
            format!("The answers are of {then_en}, not of {now_en}"),
            format!("Die Antworten sind vom {then_de}, nicht vom {now_de}"),
        ),
        Words::both("Answer the questions of today", "Beantworten Sie die Fragen für heute"),
    )
}

pub(crate) fn not_cleared() -> (Words, Words) {
    (
        Words::both("Your answers allow no session", "Ihre Antworten erlauben keine Anwendung"),
        Words::both("Ask a doctor", "Fragen Sie einen Arzt"),
    )
}

/// What of a person is measured against the bed's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measured {
    Age,
    Stature,
    Mass,
    Weighed,
}

pub(crate) fn size(of: Measured, value: f64, min: f64, max: f64) -> (Words, Words) {
    let ((en, de), (unit_en, unit_de), per) = match of {
        Measured::Age => (("Your age", "Ihr Alter"), ("years", "Jahre"), 1.0),
        Measured::Stature => (("Your height", "Ihre Größe"), ("cm", "cm"), 10.0),
        Measured::Mass => (("Your weight", "Ihr Gewicht"), ("kg", "kg"), 1.0),
        Measured::Weighed => (("Your weight on the bed", "Ihr Gewicht auf dem Bett"), ("kg", "kg"), 1.0),
    };
    let (value, min, max) = (value / per, min / per, max / per);
    let (allowed_en, allowed_de) = if max.is_finite() {
        (format!("{min:.0} to {max:.0}"), format!("{min:.0} bis {max:.0}"))
    } else {
        (format!("{min:.0} or more"), format!("{min:.0} und mehr"))
    };
    let words = if value.is_nan() {
        Words::both(
            format!("{en} is not known; the bed is made for {allowed_en} {unit_en}"),
            format!("{de} ist nicht bekannt; das Bett ist für {allowed_de} {unit_de} gemacht"),
        )
    } else {
        Words::both(
            format!("{en} is {value:.0} {unit_en}; the bed is made for {allowed_en}"),
            format!("{de}: {value:.0} {unit_de}; das Bett ist für {allowed_de} gemacht"),
        )
    };
    let way_out = Words::both(
        "The bed does not fit; correct the value if it is wrong",
        "Das Bett passt nicht; berichtigen Sie den Wert, wenn er falsch ist",
    );
    (words, way_out)
}

pub(crate) fn sessions_a_day(today: f64, limit: f64) -> (Words, Words) {
    (
        Words::both(
            format!("There were {today:.0} sessions today, allowed are {limit:.0}"),
            format!("Heute gab es schon {today:.0} Anwendungen, erlaubt sind {limit:.0}"),
        ),
        Words::both("Come back tomorrow", "Kommen Sie morgen wieder"),
    )
}

pub(crate) fn gap(gap_s: f64, left_s: f64) -> (Words, Words) {
    let hours = gap_s / 3600.0;
    let minutes = (left_s / 60.0).ceil();
    (
        with(
            hours,
            0,
            "Between two sessions lie at least {} hours",
            "Zwischen zwei Anwendungen liegen mindestens {} Stunden",
        ),
        with(minutes, 0, "Come back in {} minutes", "Kommen Sie in {} Minuten wieder"),
    )
}

pub(crate) fn minutes(minutes: f64, min: f64, max: f64) -> (Words, Words) {
    let words = if minutes.is_nan() {
        Words::both(
            "How long the session may take is not a number",
            "Wie lange die Anwendung dauern darf, ist keine Zahl",
        )
    } else {
        let decimals = usize::from(minutes.fract().abs() > 0.0);
        with(minutes, decimals, "No session fits into {} minutes", "In {} Minuten passt keine Anwendung")
    };
    let way_out = Words::both(
        format!("Ask for {min:.0} to {max:.0} minutes"),
        format!("Wählen Sie {min:.0} bis {max:.0} Minuten"),
    );
    (words, way_out)
}

pub(crate) fn nothing_left<'a>(causes: impl Iterator<Item = &'a Words>) -> (Words, Words) {
    let (en, de) = ("Nothing of this program is left for you", "Von diesem Programm bleibt nichts für Sie");
    let causes = Words::joined(causes, "; ");
    let words = if causes.en.is_empty() {
        Words::both(en, de)
    } else {
        Words::both(format!("{en} ({})", causes.en), format!("{de} ({})", causes.de))
    };
    let way_out = Words::both(
        "Choose another program, such as the one for the first time",
        "Wählen Sie ein anderes Programm, zum Beispiel das für das erste Mal",
    );
    (words, way_out)
}

// Where the back lies.

pub(crate) fn no_levels() -> (Words, Words) {
    (
        Words::both(
            "The scan did not find the vertebrae in order from head to foot",
            "Beim Abtasten waren die Wirbel nicht der Reihe nach zu finden",
        ),
        Words::both(
            "Lie still with the back on the bed and scan again",
            "Liegen Sie still, mit dem Rücken auf dem Bett, und lassen Sie noch einmal abtasten",
        ),
    )
}

/// A half sentence on what brings a spine at `y_mm` (left positive) between the rollers.
pub(crate) fn way_to_midline(y_mm: f64) -> Words {
    // Less than this nobody moves by intent.
    if y_mm.abs() < 3.0 {
        return Words::both(
            "lie still and scan again",
            "liegen Sie still und lassen Sie noch einmal abtasten",
        );
    }
    let (en, de) = if y_mm > 0.0 { ("right", "rechts") } else { ("left", "links") };
    let mm = y_mm.abs();
    Words::both(format!("move {mm:.0} mm to your {en}"), format!("rücken Sie {mm:.0} mm nach {de}"))
}

/// The same where left and right cannot be told apart.
pub(crate) fn no_way_to_midline() -> Words {
    Words::both(
        "no move helps, since one lift carries both heads and cannot feel left from right",
        "es hilft nicht, anders zu liegen: Ein Antrieb hebt beide Rollen und spürt links und rechts nicht getrennt",
    )
}

pub(crate) fn off_midline(way: &Words) -> Words {
    let aside = Words::both(
        "Here the spine does not surely lie between the rollers",
        "Hier liegt die Wirbelsäule nicht sicher zwischen den Rollen",
    );
    Words::joined([&aside, way], "; ")
}

/// The same where no level is left, with what to do.
pub(crate) fn all_off_midline(way: &Words) -> (Words, Words) {
    let words = Words::both(
        "The spine does not surely lie between the rollers",
        "Die Wirbelsäule liegt nicht sicher zwischen den Rollen",
    );
    (words, begins(way))
}

pub(crate) fn unsure(sd_mm: f64) -> Words {
    with(
        sd_mm,
        0,
        "Here the places of the vertebrae are known to {} mm only, so they are left out",
        "Hier ist die Lage der Wirbel nur auf {} mm genau bekannt, deshalb werden sie ausgelassen",
    )
}

pub(crate) fn searched(level: Level, sd_mm: f64) -> Words {
    let name = level.name();
    Words::both(
        format!("{name} is known to {sd_mm:.0} mm only, so the stroke travels over it slowly"),
        format!(
            "{name} ist nur auf {sd_mm:.0} mm genau bekannt, deshalb streichen die Rollen langsam darüber"
        ),
    )
}

pub(crate) fn not_found(level: Level) -> Words {
    let name = level.name();
    Words::both(
        format!("The scan found no {name} in this spine"),
        format!("In dieser Wirbelsäule wurde kein {name} gefunden"),
    )
}

pub(crate) fn point_out_of_reach(name: &str, mm: f64) -> Words {
    Words::both(
        format!("{name} lies {mm:.0} mm from where a roller touches"),
        format!("{name} liegt {mm:.0} mm neben der Stelle, die eine Rolle berührt"),
    )
}

pub(crate) fn before_level(mm: f64) -> Words {
    with(
        mm,
        0,
        "The carriage ends {} mm before this vertebra",
        "Die Rollen kommen nur bis {} mm vor diesen Wirbel",
    )
}

pub(crate) fn out_of_travel(mm: f64) -> Words {
    with(
        mm,
        0,
        "{} mm lie outside the carriage's travel",
        "{} mm liegen außerhalb dessen, was die Rollen erreichen",
    )
}

pub(crate) fn neck_line(mm: f64) -> Words {
    with(
        mm,
        0,
        "Firm travel ends at the neck line: {} mm are left out",
        "Festes Streichen endet vor dem Nacken: {} mm entfallen",
    )
}

pub(crate) fn avoided() -> Words {
    Words::both(
        "Because of your answers this region is left out",
        "Wegen Ihrer Antworten wird diese Gegend ausgelassen",
    )
}

// What is left out or changed.

pub(crate) fn no_stretching() -> Words {
    Words::both(
        "Your answers allow no stretching, so this part is left out",
        "Ihre Antworten erlauben kein Dehnen, deshalb entfällt dieser Teil",
    )
}

pub(crate) fn tension_unknown() -> Words {
    Words::both(
        "This scan could not tell tension, so tense sites are left out",
        "Verspannung ließ sich nicht messen, deshalb entfallen die verspannten Stellen",
    )
}

pub(crate) fn no_tense_site() -> Words {
    Words::both(
        "The scan found no tense site, so this part is left out",
        "Es wurde keine verspannte Stelle gefunden, deshalb entfällt dieser Teil",
    )
}

pub(crate) fn coupled() -> Words {
    Words::both(
        "This bed lifts both rollers together, so both sides are pressed alike",
        "Dieses Bett hebt beide Rollen gemeinsam, deshalb werden beide Seiten gleich gedrückt",
    )
}

pub(crate) fn speed(limit: f64, requested: f64) -> Words {
    Words::both(
        format!("The rollers travel at {limit:.0} mm/s at most: {requested:.0} wished"),
        format!("Die Rollen fahren höchstens {limit:.0} mm/s: {requested:.0} vorgesehen"),
    )
}

// Time.

pub(crate) fn site_time(limit_s: f64, wished_s: f64) -> Words {
    Words::both(
        format!("No site is pressed for longer than {limit_s:.0} s without a pause: {wished_s:.0} s wished"),
        format!(
            "Keine Stelle wird ohne Pause länger als {limit_s:.0} s gedrückt: {wished_s:.0} s vorgesehen"
        ),
    )
}

pub(crate) fn site_share(limit: f64, wished: f64) -> Words {
    let (limit, wished) = (100.0 * limit, 100.0 * wished);
    Words::both(
        format!("No site gets more than {limit:.0} % of the session: {wished:.0} % wished"),
        format!("Keine Stelle bekommt mehr als {limit:.0} % der Anwendung: {wished:.0} % vorgesehen"),
    )
}

pub(crate) fn too_long(limit_s: f64) -> Words {
    with(
        limit_s / 60.0,
        0,
        "A session takes at most {} minutes",
        "Eine Anwendung dauert höchstens {} Minuten",
    )
}

pub(crate) fn thinned() -> Words {
    Words::both(
        "The session is too short for all strokes, so some are left out evenly",
        "Die Zeit reicht nicht für alle Griffe, deshalb entfallen einige, gleichmäßig verteilt",
    )
}

// Caps on force; [`capped`] adds their numbers.

pub(crate) fn force_of_clearance(cap_n: f64) -> Words {
    with(
        cap_n,
        0,
        "Your answers allow {} N, and the bed stays a little under it",
        "Ihre Antworten erlauben {} N, und das Bett bleibt etwas darunter",
    )
}

pub(crate) fn intensity_of_clearance(cap: u8) -> Words {
    with(
        cap.into(),
        0,
        "Your answers allow intensity {} at most",
        "Ihre Antworten erlauben höchstens Stärke {}",
    )
}

pub(crate) fn first_session() -> Words {
    Words::both("The first session is a light one", "Die erste Anwendung ist eine leichte")
}

pub(crate) fn history_unknown() -> Words {
    Words::both(
        "Earlier sessions are not known, so this counts as the first one",
        "Frühere Anwendungen sind nicht bekannt, also zählt diese als erste",
    )
}

pub(crate) fn force_default() -> Words {
    Words::both(
        "More than the default force is given only when nothing in your answers speaks against it",
        "Mehr als die übliche Kraft gibt es nur, wenn nichts in Ihren Antworten dagegen spricht",
    )
}

pub(crate) fn body_weight() -> Words {
    with(
        f64::from(limits::FORCE_OF_WEIGHT) * 100.0,
        0,
        "Less than {} % of the body weight, with room to breathe",
        "Weniger als {} % des Körpergewichts, damit Sie frei atmen können",
    )
}

pub(crate) fn pelvis() -> Words {
    Words::both(
        "Over the pelvis more would lift it off the bed",
        "Unter dem Becken würde mehr Kraft es vom Bett abheben",
    )
}

pub(crate) fn eased_over_pelvis(given_n: f64) -> Words {
    with(
        given_n,
        1,
        "On its way over the pelvis the bed eases it to {} N",
        "Auf dem Weg unter dem Becken geht das Bett auf {} N zurück",
    )
}

pub(crate) fn neck() -> Words {
    Words::both("Near the neck the force is small", "Nahe am Nacken bleibt die Kraft klein")
}

pub(crate) fn contact_pressure() -> Words {
    with(
        limits::CONTACT_PRESSURE_KPA.into(),
        0,
        "Pressure under a roller stays within {} kPa",
        "Der Druck unter einer Rolle bleibt bei höchstens {} kPa",
    )
}

pub(crate) fn bed_thrust() -> Words {
    Words::both("The bed's lifts press no harder", "Dieses Bett drückt nicht fester")
}

pub(crate) fn blind_force() -> Words {
    Words::both(
        "This bed tells its force by the motor's current alone",
        "Dieses Bett misst die Kraft nur am Strom der Motoren",
    )
}

// Caps on warmth; [`capped`] adds the numbers of those that have some.

pub(crate) fn no_heated_rollers() -> Words {
    Words::both("This bed's rollers are not heated", "Die Rollen dieses Bettes sind nicht beheizt")
}

pub(crate) fn no_mats() -> Words {
    Words::both("This bed has no warm mats", "Dieses Bett hat keine warmen Matten")
}

pub(crate) fn no_heat() -> Words {
    Words::both("Your answers allow no heat", "Ihre Antworten erlauben keine Wärme")
}

pub(crate) fn bed_surface() -> Words {
    Words::both("The bed's heater allows less", "Die Heizung des Bettes erlaubt weniger")
}

pub(crate) fn less_warmth() -> Words {
    Words::both("Your answers allow less warmth", "Ihre Antworten erlauben weniger Wärme")
}

pub(crate) fn light_is_mild() -> Words {
    Words::both("The first session is mildly warm at most", "Die erste Anwendung ist höchstens mild warm")
}

pub(crate) fn cools_early() -> Words {
    Words::both(
        "Heat ends early, to let the body cool down",
        "Die Wärme endet früh, damit der Körper abkühlen kann",
    )
}

pub(crate) fn skin_mean(limit_c: f64) -> Words {
    with(
        limit_c,
        0,
        "Skin stays within {} °C as the mean of any ten minutes, so less warmth is given",
        "Im Mittel von je zehn Minuten bleibt die Haut bei höchstens {} °C, deshalb gibt es weniger Wärme",
    )
}

pub(crate) fn dose_program(limit: f64) -> Words {
    with(
        limit,
        0,
        "The heat dose of one program allows {} CEM43, so less warmth is given",
        "Die Wärmedosis eines Programms erlaubt {} CEM43, deshalb gibt es weniger Wärme",
    )
}

pub(crate) fn dose_day(limit: f64, had: f64) -> Words {
    Words::both(
        format!(
            "The heat dose of one day, {had:.0} CEM43 had today, allows {limit:.0} CEM43, so less warmth is given"
        ),
        format!(
            "Die Wärmedosis eines Tages, heute schon {had:.0} CEM43, erlaubt {limit:.0} CEM43, deshalb gibt es weniger Wärme"
        ),
    )
}
