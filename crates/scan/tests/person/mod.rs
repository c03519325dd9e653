//! A back of the tests' own making: another law of indentation, another outline, plain sums.

use bed::BedConfig;
use counts::{
    CarriageReadings, DeciNewtons, DriveState, HeadReadings, Instant, Micrometres, Readings, Sample,
};
use population::{About, BODIES, Basics, Shape, ShapeModel, Tissue};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// Somebody on the bed.
#[derive(Clone)]
pub struct Person {
    pub centres: [[f64; 3]; BODIES],
    pub about: About,
    /// Stiffness of each site against the others: left, right of T1, and so on.
    pub tension: [[f64; 2]; BODIES],
    pub neck_mm: f64,
    pub sacrum_mm: f64,
    pub breath_mm: f64,
    pub weight_n: f64,
    /// The weight lies so far to the left of the line from T1 to L5, mm.
    pub weight_aside_mm: f64,
    /// Smooth waves of the thickness: amplitude mm, phase; one for each of three lengths.
    pub waves: [(f64, f64); 3],
    pub stiffness: f64,
    /// How far the transverse processes shape the skin under a roller, mm.
    pub process_mm: f64,
}

impl Person {
    /// Draws somebody whose shape follows the model.
    pub fn draw(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let model = ShapeModel::all();
        let shape: Shape = model.draw(&mut random);
        let basics = Basics::draw_for_length(shape.length_mm(), &model, &mut random);
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let mut centres = shape.centres_about_middle();
        let first = centres[0][0];
        let (x, y, tilt) = (500.0 + (20.0 * normal()).clamp(-40.0, 40.0), 4.0 * normal(), 0.015 * normal());
        for centre in &mut centres {
            let along = centre[0];
            centre[0] += x - first;
            centre[1] += y;
            centre[2] += 86.0 + tilt * along;
        }
        let mut tension = [[1.0; 2]; BODIES];
        for site in tension.iter_mut().flatten() {
            *site = (0.08 * normal()).exp();
        }
        let waves = [0, 1, 2].map(|_| (3.0 * normal(), 3.0 * normal()));
        Self {
            centres,
            about: basics.about(),
            tension,
            neck_mm: 20.0 + 8.0 * normal(),
            sacrum_mm: 32.0 + 6.0 * normal(),
            breath_mm: 1.2,
            weight_n: 700.0,
            waves,
            stiffness: 1.4 * (0.25 * normal()).exp(),
            process_mm: 0.25,
            weight_aside_mm: 5.0 * normal(),
        }
    }

    pub fn shifted(&self, by: [f64; 3]) -> Self {
        let mut moved = self.clone();
        for centre in &mut moved.centres {
            for axis in 0..3 {
                centre[axis] += by[axis];
            }
        }
        moved
    }

    pub fn mirrored(&self) -> Self {
        let mut mirrored = self.clone();
        for (centre, site) in mirrored.centres.iter_mut().zip(&mut mirrored.tension) {
            centre[1] = -centre[1];
            site.swap(0, 1);
        }
        mirrored.weight_aside_mm = -mirrored.weight_aside_mm;
        mirrored
    }

    /// The bone behind a body: at right angles to the spine, headward of it in the upper thorax.
    fn bone(&self, body: usize) -> [f64; 3] {
        let share = body.min(11) as f64 / 11.0;
        let (behind, along) = (22.0 + 17.0 * share, -10.0 * (1.0 - share));
        let (a, b) = (self.centres[body.max(1) - 1], self.centres[(body + 1).min(BODIES - 1)]);
        let length = (b[0] - a[0]).hypot(b[2] - a[2]);
        let (cos, sin) = ((b[0] - a[0]) / length, (b[2] - a[2]) / length);
        let [x, y, z] = self.centres[body];
        [x + along * cos + behind * sin, y, z + along * sin - behind * cos]
    }

    /// Straight between the bones and a little beyond them.
    fn line(&self, x: f64) -> (f64, f64, f64) {
        let mut body = 0;
        while body + 2 < BODIES && self.bone(body + 1)[0] < x {
            body += 1;
        }
        let (a, b) = (self.bone(body), self.bone(body + 1));
        let share = (x - a[0]) / (b[0] - a[0]);
        let held = share.clamp(-0.5, 1.5);
        (body as f64 + share, a[1] + held * (b[1] - a[1]), a[2] + held * (b[2] - a[2]))
    }

    /// Height of a roller pressed with `force` N, both heads alike.
    pub fn height(&self, x: f64, side: usize, force: f64, time: f64) -> f64 {
        let (level, y, z) = self.line(x);
        let sacrum = 1.0 / (1.0 + (-(x - self.centres[BODIES - 1][0] - self.sacrum_mm) / 4.0).exp());
        let tissue = Tissue::prior();
        let at = level.clamp(0.0, (BODIES - 1) as f64);
        let below = (at as usize).min(BODIES - 2);
        let thick = |site: usize| tissue.thickness_mm(site, self.about.sex, self.about.bmi());
        let mut flesh = thick(below) + (at - below as f64) * (thick(below + 1) - thick(below));
        for ((amplitude, phase), length) in self.waves.iter().zip([180.0, 270.0, 430.0]) {
            flesh += amplitude * (x / length * std::f64::consts::TAU + phase).sin();
        }
        let aside = if side == 0 { 35.0 - y } else { 35.0 + y };
        let site = self.tension[below][side]
            + (at - below as f64) * (self.tension[below + 1][side] - self.tension[below][side]);
        // The bone's plateau ends, and the seat is soft and hangs lower.
        let seat = 1.0 / (1.0 + (-(x - self.centres[BODIES - 1][0] - self.sacrum_mm - 120.0) / 10.0).exp());
        let stiffness = self.stiffness * site * (1.0 + 1.5 * sacrum - 1.9 * seat);
        // A power law; the estimator's is exponential.
        let dent = 12.0 * (force / (12.0 * stiffness)).powf(1.0 / 1.4);
        // The skin climbs to the nape and runs level there.
        let neck = 0.5 * (self.centres[0][0] - self.neck_mm - x).clamp(0.0, 70.0);
        let breath = self.breath_mm * (time * 1.6).sin() * (1.0 - ((level - 9.5) / 11.0).powi(2)).max(0.0);
        let along = (0.0..=16.0).contains(&level);
        let process = if along { self.process_mm * (level * std::f64::consts::TAU).cos() } else { 0.0 };
        z - flesh + aside * aside / 360.0 + dent + 0.1 * force + neck + breath + 2.0 * sacrum
            - 6.0 * seat
            - process
    }
}

/// How the scan is made.
#[derive(Clone, Copy)]
pub struct Pass {
    pub from_mm: f64,
    pub to_mm: f64,
    pub speed_mm_s: f64,
    pub cycle_us: u64,
    pub force_n: [f64; 2],
    /// The person slides so far along the bed at the turn.
    pub slip_mm: f64,
    pub weighed: bool,
}

impl Default for Pass {
    fn default() -> Self {
        Self {
            from_mm: 410.0,
            to_mm: 1110.0,
            speed_mm_s: 60.0,
            cycle_us: 2000,
            force_n: [10.0, 20.0],
            slip_mm: 0.0,
            weighed: true,
        }
    }
}

/// The readings of a whole scan, one cycle after the other.
pub fn scan(person: &Person, pass: Pass, seed: u64, mut each: impl FnMut(Instant, &Readings)) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let way = pass.to_mm - pass.from_mm;
    let one = way / pass.speed_mm_s;
    let cycles = (2.0 * one * 1e6 / pass.cycle_us as f64) as u64;
    for cycle in 0..cycles {
        let now = Instant::from_micros(1_000_000 + cycle * pass.cycle_us);
        let time = cycle as f64 * pass.cycle_us as f64 * 1e-6;
        let back = time > one;
        let x = if back {
            pass.to_mm - (time - one) * pass.speed_mm_s
        } else {
            pass.from_mm + time * pass.speed_mm_s
        };
        let body = if back { x - pass.slip_mm } else { x };
        let set = if x < 520.0 { 10.0 } else { pass.force_n[usize::from(back)] };
        let mut readings = Readings::default();
        let stamp = |raw: f64| Some(Sample { value: Micrometres::new((raw * 1e3) as i32), taken: now });
        readings.carriages[0] = CarriageReadings {
            position: stamp(x),
            drive: Some(Sample { value: DriveState::Enabled, taken: now }),
        };
        for side in 0..2 {
            let noise: f64 = StandardNormal.sample(&mut random);
            let force = set + 0.5 * noise;
            let newtons =
                |raw: f64| Some(Sample { value: DeciNewtons::new((raw * 10.0).round() as i16), taken: now });
            readings.heads[side] = HeadReadings {
                height: stamp(person.height(body, side, set, time)),
                force: newtons(force),
                thrust: newtons(force),
                drive: Some(Sample { value: DriveState::Enabled, taken: now }),
            };
        }
        if pass.weighed {
            let y_mm = 0.5 * (person.centres[0][1] + person.centres[BODIES - 1][1]) + person.weight_aside_mm;
            let left = 0.5 + y_mm / 700.0;
            for (corner, share) in readings.corners.iter_mut().zip([left, 1.0 - left, left, 1.0 - left]) {
                let value = DeciNewtons::new((person.weight_n * 5.0 * share).round() as i16);
                *corner = Some(Sample { value, taken: now });
            }
        }
        each(now, &readings);
    }
}

/// The bed of the tests.
pub fn reference_bed() -> BedConfig {
    toml::from_str(include_str!("../../../../beds/reference.toml")).expect("the reference bed reads")
}
