//! What the report draws: a few values a second, whatever the session's length.

use bed::{Ask, Report, Request};
use counts::{DeciCelsius, DeciNewtons, Micrometres, Sample};
use serde::{Deserialize, Serialize};

/// Seconds between two samples.
pub const SAMPLE_S: f64 = 0.5;

/// Traces of one session, one entry a sample in every column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Seconds since the session's first report.
    pub time_s: Vec<f64>,
    /// Position of each carriage.
    pub carriage_mm: Vec<Vec<f64>>,
    /// Force of each head, as measured.
    pub force_n: Vec<Vec<f64>>,
    /// Force asked for, both heads together.
    pub asked_n: Vec<f64>,
    /// Surface of each heater zone.
    pub surface_c: Vec<Vec<f64>>,
    /// Target of each heater zone's surface; zero where the zone is off.
    pub target_c: Vec<Vec<f64>>,
}

impl Trace {
    /// Adds a sample if it is time for one. What a bed lacks has no column; what is silent is not a
    /// number there.
    pub(super) fn add(&mut self, now: f64, report: &Report, request: &Request, turned: bool) {
        if self.time_s.last().is_some_and(|last| now < last + SAMPLE_S - 1e-6) {
            return;
        }
        let row = self.time_s.len();
        self.time_s.push(now);
        let readings = &report.readings;
        let position = |sample: Sample<Micrometres>| f64::from(sample.value.raw()) / 1000.0;
        let force = |sample: Sample<DeciNewtons>| f64::from(sample.value.raw()) / 10.0;
        let warmth = |temperature: DeciCelsius| f64::from(temperature.raw()) / 10.0;
        for (index, carriage) in readings.carriages.iter().enumerate() {
            put(&mut self.carriage_mm, index, row, carriage.position.map(position));
        }
        for (index, head) in readings.heads.iter().enumerate() {
            put(&mut self.force_n, index, row, head.force.or(head.thrust).map(force));
        }
        for (index, heater) in readings.heaters.iter().enumerate() {
            put(&mut self.surface_c, index, row, heater.surface.map(|sample| warmth(sample.value)));
        }
        for (index, target) in request.surfaces.iter().enumerate().take(self.surface_c.len()) {
            put(&mut self.target_c, index, row, Some(target.map_or(0.0, warmth)));
        }
        self.asked_n.push(asked(request, turned));
    }
}

/// Puts a value into its row of its column; columns are as long as their last value.
fn put(columns: &mut Vec<Vec<f64>>, index: usize, row: usize, value: Option<f64>) {
    let Some(value) = value else {
        if let Some(column) = columns.get_mut(index) {
            column.resize(row + 1, f64::NAN);
        }
        return;
    };
    if columns.len() <= index {
        columns.resize(index + 1, vec![f64::NAN; row]);
    }
    columns[index].resize(row, f64::NAN);
    columns[index].push(value);
}

/// Force asked for, both heads together, N; on its way back a scan asks for another.
pub(super) fn asked(request: &Request, turned: bool) -> f64 {
    let force = match request.ask {
        Ask::Scan(pass) if turned => pass.force_back,
        Ask::Scan(pass) => pass.force_out,
        Ask::Treat { now, .. } => now.force,
        _ => return 0.0,
    };
    f64::from(force.raw()) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_that_speaks_late_keeps_its_own_column_and_time() {
        let mut columns = Vec::new();
        put(&mut columns, 1, 0, Some(5.0));
        put(&mut columns, 0, 0, None);
        put(&mut columns, 0, 1, None);
        put(&mut columns, 1, 1, None);
        put(&mut columns, 0, 2, Some(7.0));
        put(&mut columns, 1, 2, Some(6.0));
        assert_eq!(columns.len(), 2);
        assert!(columns[0][0].is_nan() && columns[0][1].is_nan() && columns[1][1].is_nan());
        assert!((columns[0][2] - 7.0).abs() < f64::EPSILON && (columns[1][2] - 6.0).abs() < f64::EPSILON);
    }
}
