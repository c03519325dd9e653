//! The rows of a report: each sensor with value, unit and age, what drives were told, and the line.

use super::both;
use crate::seen::View;
use bed::{BedConfig, Report, SessionState};
use care::Words;
use counts::{AxisTarget, CORNERS, DriveState, Instant, Reading};
use serde::{Deserialize, Serialize};

/// A sensor, switch or drive older than this is silent, ms. Source: measures, "silent for 100 ms".
const SILENT_MS: f64 = 100.0;
/// A thermometer older than this is silent, ms. Source: the guard's own, an eighth of its lag of 8 s.
const SILENT_HEAT_MS: f64 = 1000.0;
/// No report for so long: the line is silent, s. Source: `wire::SILENCE`.
const HEARD_S: f64 = 1.0;

/// How it stands with a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It speaks.
    Fine,
    /// It has fallen silent, or never spoke.
    Silent,
    /// The bed has none.
    Missing,
    /// It says of itself that it is wrong.
    Faulty,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// A name for programs, the same from report to report.
    pub id: String,
    /// A name for people.
    pub name: Words,
    /// What it says.
    pub value: Words,
    /// The value as a number in the unit, where it is one.
    pub number: Option<f64>,
    /// Unit.
    pub unit: &'static str,
    /// How old it is, ms.
    pub age_ms: Option<f64>,
    /// How it stands.
    pub standing: Standing,
}

/// What a row is about.
struct About {
    id: String,
    name: Words,
    unit: &'static str,
    fitted: bool,
    silent_ms: f64,
}

impl About {
    fn new(id: String, en: impl Into<String>, de: impl Into<String>, unit: &'static str) -> Self {
        Self { id, name: both(en, de), unit, fitted: true, silent_ms: SILENT_MS }
    }

    fn fitted(mut self, fitted: bool) -> Self {
        self.fitted = fitted;
        self
    }

    fn thermometer(mut self) -> Self {
        self.silent_ms = SILENT_HEAT_MS;
        self
    }

    /// The row of a reading; `says` gives its words, its number and whether it says of itself that it is fine.
    fn row<T: Copy>(
        self,
        reading: Reading<T>,
        now: Instant,
        says: impl FnOnce(T) -> (Words, Option<f64>, bool),
    ) -> Row {
        let empty = |value: Words, standing| (value, None, None, standing);
        let (value, number, age_ms, standing) = match reading {
            _ if !self.fitted => empty(both("this bed has none", "hat dieses Bett nicht"), Standing::Missing),
            None => empty(both("never spoke", "hat nie gesprochen"), Standing::Silent),
            Some(sample) => {
                let (value, number, fine) = says(sample.value);
                let age_ms = sample.age(now).map(|age| age.raw() as f64 * 1e-3);
                let speaks = age_ms.is_some_and(|age_ms| age_ms <= self.silent_ms);
                let standing = match (speaks, fine) {
                    (false, _) => Standing::Silent,
                    (true, false) => Standing::Faulty,
                    (true, true) => Standing::Fine,
                };
                (value, number, age_ms, standing)
            }
        };
        Row { id: self.id, name: self.name, value, number, unit: self.unit, age_ms, standing }
    }
}

/// A number with so many decimals, as it is written in both languages; what rounds to nothing has no sign.
pub(super) fn figure(value: f64, decimals: usize) -> Words {
    let mut en = format!("{value:.decimals$}");
    if en.starts_with("-0") && en.parse() == Ok(0.0) {
        en.remove(0);
    }
    let de = en.replace('.', ",");
    both(en, de)
}

fn number(value: f64, decimals: usize) -> (Words, Option<f64>, bool) {
    (figure(value, decimals), Some(value), true)
}

/// Whether reports come.
pub(super) fn is_heard(view: &View) -> bool {
    view.report.as_ref().is_some_and(|(_, at)| at.elapsed().as_secs_f64() <= HEARD_S)
}

fn sides(head: usize) -> (&'static str, &'static str) {
    if head.is_multiple_of(2) { ("left", "links") } else { ("right", "rechts") }
}

/// Name of a head: its carriage where there are several, and its side.
fn head_name(bed: &BedConfig, head: usize) -> (String, String) {
    let (en, de) = sides(head);
    match bed.carriages.len() {
        1 => (en.to_owned(), de.to_owned()),
        _ => (format!("{en} of carriage {}", head / 2 + 1), format!("{de} an Schlitten {}", head / 2 + 1)),
    }
}

/// All that was measured.
pub(super) fn measured(view: &View) -> Vec<Row> {
    let (Some(line), Some((report, _))) = (&view.line, &view.report) else { return Vec::new() };
    let bed = &*line.config;
    let mut rows = switches(report, bed);
    rows.extend(axes(report, bed));
    rows.extend(heaters(report, bed));
    rows.extend(corners(report, bed));
    if !line.simulated && view.state.is_some_and(in_session) {
        rows.iter_mut().for_each(withhold);
    }
    rows
}

/// Whether somebody's session is under way.
fn in_session(state: SessionState) -> bool {
    !matches!(state, SessionState::Homing | SessionState::Idle | SessionState::Safe)
}

/// Weight, force and height tell of the person who lies there: whoever looks after the bed sees that the sensors
/// speak, not what they say.
fn withhold(row: &mut Row) {
    let tells = ["corner_", "force_", "thrust_", "height_"].iter().any(|id| row.id.starts_with(id));
    if tells && row.number.take().is_some() {
        row.value = both("not shown in a session", "während einer Anwendung nicht gezeigt");
        row.unit = "";
    }
}

fn switches(report: &Report, bed: &BedConfig) -> Vec<Row> {
    let (now, readings) = (report.now, &report.readings);
    let pressed = |pressed: bool| {
        let words =
            if pressed { both("pressed", "gedrückt") } else { both("not pressed", "nicht gedrückt") };
        (words, None, true)
    };
    let supply = About::new("supply".into(), "Supply", "Versorgung", "V");
    vec![
        About::new("hand_switch".into(), "Hand switch", "Handschalter", "").row(
            readings.hand_switch,
            now,
            pressed,
        ),
        About::new("emergency_stop".into(), "Emergency stop", "Not-Halt", "").row(
            readings.emergency_stop,
            now,
            pressed,
        ),
        supply.row(readings.supply, now, |voltage| {
            let volts = f64::from(voltage.raw()) * 1e-3;
            let (words, value, _) = number(volts, 1);
            (words, value, volts >= f64::from(bed.supply_min_v))
        }),
    ]
}

fn drive(state: DriveState) -> (Words, Option<f64>, bool) {
    match state {
        DriveState::Off => (both("without power", "ohne Strom"), None, true),
        DriveState::Enabled => (both("on", "an"), None, true),
        DriveState::Fault => (both("a fault of its own", "eigener Fehler"), None, false),
    }
}

fn axes(report: &Report, bed: &BedConfig) -> Vec<Row> {
    let (now, readings) = (report.now, &report.readings);
    let mut rows = Vec::new();
    for (index, carriage) in readings.carriages.iter().enumerate().take(bed.carriages.len()) {
        let n = index + 1;
        let about = About::new(
            format!("carriage_{index}"),
            format!("Carriage {n}, position"),
            format!("Schlitten {n}, Lage"),
            "mm",
        );
        rows.push(about.row(carriage.position, now, |value| number(f64::from(value.raw()) * 1e-3, 1)));
        let about = About::new(
            format!("carriage_drive_{index}"),
            format!("Carriage {n}, drive"),
            format!("Schlitten {n}, Antrieb"),
            "",
        );
        rows.push(about.row(carriage.drive, now, drive));
    }
    for (index, head) in readings.heads.iter().enumerate().take(bed.heads()) {
        let (en, de) = head_name(bed, index);
        let about = |what: &str, words: (&str, &str), unit| {
            let (name, name_de) = (format!("Head {en}, {}", words.0), format!("Kopf {de}, {}", words.1));
            About::new(format!("{what}_{index}"), name, name_de, unit)
        };
        let newtons = |force: counts::DeciNewtons| number(f64::from(force.raw()) * 0.1, 1);
        let height = about("height", ("height", "Höhe"), "mm");
        rows.push(height.row(head.height, now, |value| number(f64::from(value.raw()) * 1e-3, 1)));
        let cell = about("force", ("load cell", "Kraftmessdose"), "N").fitted(bed.load_cell.is_some());
        rows.push(cell.row(head.force, now, newtons));
        let thrust = about("thrust", ("force by motor current", "Kraft nach Motorstrom"), "N");
        rows.push(thrust.row(head.thrust, now, newtons));
        rows.push(about("lift_drive", ("drive", "Antrieb"), "").row(head.drive, now, drive));
    }
    rows
}

/// The name of a heater zone.
fn zone_name(bed: &BedConfig, zone: usize) -> (String, String) {
    if zone < bed.heads() {
        let (en, de) = head_name(bed, zone);
        return (format!("Head {en}"), format!("Kopf {de}"));
    }
    let mat = bed.mats.get(zone - bed.heads()).map_or("", |mat| mat.name.as_str());
    (format!("Mat {mat}"), format!("Matte {mat}"))
}

fn heaters(report: &Report, bed: &BedConfig) -> Vec<Row> {
    let degrees = |value: counts::DeciCelsius| number(f64::from(value.raw()) * 0.1, 1);
    let mut rows = Vec::new();
    for (zone, heater) in report.readings.heaters.iter().enumerate().take(bed.zones()) {
        let (en, de) = zone_name(bed, zone);
        let fitted = bed.heater(zone).is_some();
        let element =
            About::new(format!("element_{zone}"), format!("{en}, element"), format!("{de}, Element"), "°C");
        rows.push(element.fitted(fitted).thermometer().row(heater.element, report.now, degrees));
        let surface = About::new(
            format!("surface_{zone}"),
            format!("{en}, surface"),
            format!("{de}, Oberfläche"),
            "°C",
        );
        rows.push(surface.fitted(fitted).thermometer().row(heater.surface, report.now, degrees));
    }
    rows
}

fn corners(report: &Report, bed: &BedConfig) -> Vec<Row> {
    const NAMES: [(&str, &str); CORNERS] = [
        ("head end left", "Kopfende links"),
        ("head end right", "Kopfende rechts"),
        ("foot end left", "Fußende links"),
        ("foot end right", "Fußende rechts"),
    ];
    let rows = report.readings.corners.iter().zip(NAMES).enumerate().map(|(index, (force, (en, de)))| {
        let about = About::new(format!("corner_{index}"), format!("Corner {en}"), format!("Ecke {de}"), "N");
        about
            .fitted(bed.corners.is_some())
            .row(*force, report.now, |force| number(f64::from(force.raw()) * 0.1, 1))
    });
    rows.collect()
}

/// What drives and heaters were told.
pub(super) fn told(view: &View) -> Vec<Row> {
    let (Some(line), Some((report, _))) = (&view.line, &view.report) else { return Vec::new() };
    let (bed, outputs) = (&*line.config, &report.outputs);
    let row = |id: String, name: Words, value: Words, number: Option<f64>, unit| Row {
        id,
        name,
        value,
        number,
        unit,
        age_ms: None,
        standing: Standing::Fine,
    };
    let axis = |target: AxisTarget| match target {
        AxisTarget::Released => (both("without power", "ohne Strom"), None, ""),
        AxisTarget::Velocity(speed) => {
            let mm_s = f64::from(speed.raw()) * 1e-3;
            (figure(mm_s, 1), Some(mm_s), "mm/s")
        }
    };
    let power = if outputs.power { both("on", "an") } else { both("off", "aus") };
    let mut rows = vec![row(
        "told_power".into(),
        both("Power of drives and heaters", "Strom für Antriebe und Heizungen"),
        power,
        None,
        "",
    )];
    for (index, target) in outputs.carriages.iter().enumerate().take(bed.carriages.len()) {
        let name = both(format!("Carriage {}", index + 1), format!("Schlitten {}", index + 1));
        let (value, number, unit) = axis(*target);
        rows.push(row(format!("told_carriage_{index}"), name, value, number, unit));
    }
    for (index, target) in outputs.lifts.iter().enumerate().take(bed.heads()) {
        let (en, de) = head_name(bed, index);
        let (value, number, unit) = axis(*target);
        let name = both(format!("Lift {en}"), format!("Hubantrieb {de}"));
        rows.push(row(format!("told_lift_{index}"), name, value, number, unit));
    }
    for (zone, watts) in outputs.heaters.iter().enumerate().take(bed.zones()) {
        let (en, de) = zone_name(bed, zone);
        let watts = f64::from(watts.raw()) * 0.1;
        rows.push(row(format!("told_heater_{zone}"), both(en, de), figure(watts, 1), Some(watts), "W"));
    }
    rows
}

/// The line between host and bed, and who stands at both ends.
pub(super) fn line(view: &View) -> Vec<Row> {
    let Some(line) = &view.line else { return Vec::new() };
    let heard = is_heard(view);
    let standing = if heard { Standing::Fine } else { Standing::Silent };
    let row = |id: &str, en: &str, de: &str, value: Words, number: Option<f64>, unit| Row {
        id: id.to_owned(),
        name: both(en, de),
        value,
        number,
        unit,
        age_ms: None,
        standing,
    };
    let plain = |text: String| both(text.clone(), text);
    let count = |count: u64| (plain(count.to_string()), Some(count as f64));
    let up_s = line.since.elapsed().as_secs_f64();
    let (missed, late) = (count(view.lost.0), count(view.lost.1));
    let own = crate::log::limits_checksum();
    let same = if own == line.limits_checksum {
        both("the same as here", "dieselben wie hier")
    } else {
        both("OTHER THAN HERE", "ANDERE ALS HIER")
    };
    let limits = |said: &str| format!("{:08x}, {said}", line.limits_checksum);
    vec![
        row("line_up", "Line up since", "Leitung steht seit", figure(up_s, 0), Some(up_s.round()), "s"),
        row("missed", "Reports missed", "Verpasste Meldungen", missed.0, missed.1, ""),
        row("late", "Wishes that came late", "Zu späte Wünsche", late.0, late.1, ""),
        row("boot", "Switched on as", "Eingeschaltet als", plain(format!("{:016x}", line.boot)), None, ""),
        row("version_bed", "Version at the bed", "Version am Bett", plain(line.version.clone()), None, ""),
        row(
            "version_host",
            "Version here",
            "Version hier",
            plain(env!("CARGO_PKG_VERSION").to_owned()),
            None,
            "",
        ),
        row(
            "limits_checksum",
            "Limits of its guard",
            "Grenzen seines Wächters",
            both(limits(&same.en), limits(&same.de)),
            None,
            "",
        ),
        row(
            "bed_checksum",
            "Bed's description",
            "Beschreibung des Bettes",
            plain(format!("{}, {:08x}", line.config.name, line.config.checksum())),
            None,
            "",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::LineUp;
    use counts::{DeciNewtons, Sample};
    use std::sync::Arc;
    use std::time::Instant as Wall;

    #[test]
    fn nothing_is_neither_below_nor_above_nothing() {
        for (value, said) in
            [(-0.04, "0.0"), (-0.05, "-0.1"), (0.04, "0.0"), (-0.6, "-0.6"), (f64::NAN, "NaN")]
        {
            assert_eq!(figure(value, 1).en, said, "{value}");
        }
        assert_eq!(figure(-0.4, 0).de, "0");
    }

    fn seen(change: impl FnOnce(&mut BedConfig), state: SessionState) -> View {
        let mut config: BedConfig =
            toml::from_str(include_str!("../../../../beds/reference.toml")).expect("the reference bed");
        change(&mut config);
        let mut report = Report { now: Instant::from_micros(2_000_000), ..Report::default() };
        let young = Instant::from_micros(1_995_000);
        let old = Instant::from_micros(1_000_000);
        report.readings.heads[0].force = Some(Sample { value: DeciNewtons::new(123), taken: young });
        report.readings.heads[1].force = Some(Sample { value: DeciNewtons::new(7), taken: old });
        View {
            line: Some(LineUp {
                since: Wall::now(),
                boot: 7,
                simulated: false,
                version: "1".to_owned(),
                limits_checksum: 0,
                config: Arc::new(config),
            }),
            report: Some((report, Wall::now())),
            state: Some(state),
            ..View::default()
        }
    }

    fn row(view: &View, id: &str) -> Row {
        measured(view).into_iter().find(|row| row.id == id).expect("a row")
    }

    #[test]
    fn a_sensor_is_fine_silent_or_missing_and_says_so() {
        let view = seen(|_| (), SessionState::Idle);
        let fine = row(&view, "force_0");
        assert_eq!((fine.standing, fine.number, fine.age_ms), (Standing::Fine, Some(12.3), Some(5.0)));
        assert_eq!(fine.value.de, "12,3");
        assert_eq!(row(&view, "force_1").standing, Standing::Silent, "a second old");
        assert_eq!(row(&view, "supply").standing, Standing::Silent, "never spoke");
        let lacks = seen(|bed| bed.load_cell = None, SessionState::Idle);
        assert_eq!(row(&lacks, "force_0").standing, Standing::Missing);
    }

    #[test]
    fn in_somebodys_session_what_tells_of_them_is_not_shown() {
        let view = seen(|_| (), SessionState::Treating);
        let force = row(&view, "force_0");
        assert_eq!((force.standing, force.number), (Standing::Fine, None));
        assert_eq!(force.value.en, "not shown in a session");
    }
}
