//! What the report draws: a few values a second, whatever the session's length.

use bed::{Ask, Report, Request};
use serde::{Deserialize, Serialize};

/// Seconds between two samples.
pub const SAMPLE_S: f64 = 0.5;

/// Traces of one session, one entry a sample in every column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Seconds since machine start.
    pub time_s: Vec<f64>,
    /// Position of each carriage.
    pub carriage_mm: Vec<Vec<f64>>,
    /// Force of each head, as measured.
    pub force_n: Vec<Vec<f64>>,
    /// Force asked for, both heads together.
    pub asked_n: Vec<f64>,
    /// Surface of each heater zone.
    pub surface_c: Vec<Vec<f64>>,
    /// Target of each heater zone's surface; NaN-free: zero where the zone is off.
    pub target_c: Vec<Vec<f64>>,
}

impl Trace {
    /// Adds a sample if it is time for one.
    pub(super) fn add(&mut self, report: &Report, request: &Request) {
        let now = report.now.seconds();
        if self.time_s.last().is_some_and(|last| now < last + SAMPLE_S - 1e-6) {
            return;
        }
        self.time_s.push(now);
        let readings = &report.readings;
        let position = readings.carriages.map(|carriage| carriage.position);
        column(
            &mut self.carriage_mm,
            position.iter().flatten().map(|sample| f64::from(sample.value.raw()) / 1000.0),
        );
        let force = readings.heads.map(|head| head.force.or(head.thrust));
        column(&mut self.force_n, force.iter().flatten().map(|sample| f64::from(sample.value.raw()) / 10.0));
        let surface = readings.heaters.map(|heater| heater.surface);
        column(
            &mut self.surface_c,
            surface.iter().flatten().map(|sample| f64::from(sample.value.raw()) / 10.0),
        );
        let zones = self.surface_c.len();
        let targets = request.surfaces.iter().take(zones);
        column(
            &mut self.target_c,
            targets.map(|target| target.map_or(0.0, |target| f64::from(target.raw()) / 10.0)),
        );
        self.asked_n.push(asked(request));
    }
}

fn column(columns: &mut Vec<Vec<f64>>, values: impl Iterator<Item = f64>) {
    for (index, value) in values.enumerate() {
        if columns.len() <= index {
            columns.push(Vec::new());
        }
        columns[index].push(value);
    }
}

fn asked(request: &Request) -> f64 {
    let force = match request.ask {
        Ask::Scan(pass) => pass.force_out,
        Ask::Treat { now, .. } => now.force,
        _ => return 0.0,
    };
    f64::from(force.raw()) / 10.0
}
