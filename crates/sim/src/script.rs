//! A host that asks for random strokes over the whole back, as strong and as hot as the wire can say:
//! what the worst of all plans could be. It renews its request as a host must, and never reads anything
//! but where the session stands.

use crate::world::World;
use bed::{Action, Admission, Ask, Event, Report, Request, ScanPass, SessionState, Stroke};
use counts::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, HEATERS_MAX, Instant, Micrometres, MicrometresPerSecond,
    Micros, MilliCem43, Millis, PerMille,
};
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// A request is renewed so often, well within its expiry of 250 ms.
const RENEW: Micros = Micros::from_millis(100);
/// From neck to buttocks, um: T1 lies at 500 mm on the bed, within 40 mm.
const BACK: std::ops::Range<i32> = 430_000..1_100_000;
/// A stroke that does not end by itself is given up so long after its time: the longest way there and off.
const WAY: Micros = Micros::from_seconds(20);

/// A host without plan or scan.
#[derive(Clone, Debug)]
pub struct Script {
    rng: ChaCha8Rng,
    admission: Admission,
    request: Request,
    sent: Option<Instant>,
    state: SessionState,
    until: Instant,
    stroke: u16,
    carriages: u8,
    stopping: bool,
    manner: Manner,
}

/// What a host keeps to all its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Any stroke anywhere.
    Roams,
    /// One part of the back, long strokes, surfaces as hot as the wire can say: for heat.
    Dwells { from: i32 },
    /// Any stroke as hard as the wire can say: for force.
    Presses,
}

impl Script {
    /// A script of its own for each seed.
    #[must_use]
    pub fn new(seed: u64, carriages: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x7363_7269_7074);
        let admission = Admission {
            dose_today: rng.random_bool(0.8).then(|| MilliCem43::new(rng.random_range(0..20_000))),
            first_session: Some(rng.random_bool(0.15)),
            force_cap: match rng.random_range(0..10) {
                0 => None,
                1 | 2 => Some(DeciNewtons::new(rng.random_range(300..1000))),
                _ => Some(DeciNewtons::MAX),
            },
            surface_cap: rng.random_bool(0.2).then(|| DeciCelsius::new(rng.random_range(380..450))),
            heat_allowed: rng.random_bool(0.9),
        };
        Self {
            manner: match rng.random_range(0..4) {
                0 => Manner::Dwells { from: rng.random_range(BACK) },
                1 => Manner::Presses,
                _ => Manner::Roams,
            },
            rng,
            admission,
            request: Request::new(0, Ask::Rest),
            sent: None,
            state: SessionState::default(),
            until: Instant::START,
            stroke: 0,
            carriages: carriages as u8,
            stopping: false,
        }
    }

    /// What this host says of person and day.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.state
    }

    /// From now on other strokes than those of the first seed.
    pub fn reseed(&mut self, seed: u64) {
        self.rng = ChaCha8Rng::seed_from_u64(seed ^ 0x7265_7365_6564);
    }

    /// Asks for a stop, from now on and for ever.
    pub fn stop(&mut self) {
        self.stopping = true;
        self.ask(Ask::Stop);
    }

    /// Gives this stroke until it is over.
    pub fn give(&mut self, stroke: Stroke, surfaces: [Option<DeciCelsius>; HEATERS_MAX], until: Instant) {
        self.ask(Ask::Treat { now: stroke, next: None });
        self.request.surfaces = surfaces;
        self.until = until;
    }

    /// Lives through one cycle of a world.
    pub fn step(&mut self, world: &mut World) -> Report {
        let now = world.now();
        if !self.stopping {
            self.choose(now);
        }
        if self.sent.is_none_or(|sent| now.since(sent).is_none_or(|age| age >= RENEW)) {
            world.post(&self.request);
            self.sent = Some(now);
        }
        let report = world.step();
        for event in &report.events {
            match *event {
                Event::State { to, .. } => self.state = to,
                Event::StrokeDone { id } if id == self.stroke => self.until = now,
                Event::ScanDone => self.until = now,
                _ => {}
            }
        }
        report
    }

    fn ask(&mut self, ask: Ask) {
        self.request =
            Request { surfaces: self.request.surfaces, ..Request::new(self.request.id.wrapping_add(1), ask) };
        self.sent = None;
    }

    fn choose(&mut self, now: Instant) {
        match self.state {
            SessionState::Idle | SessionState::AwaitingPerson | SessionState::AwaitingSwitch
                if !matches!(self.request.ask, Ask::Begin(_)) =>
            {
                self.ask(Ask::Begin(self.admission));
            }
            SessionState::Armed | SessionState::Scanning | SessionState::Treating if now >= self.until => {
                self.next(now);
            }
            _ => {}
        }
    }

    fn next(&mut self, now: Instant) {
        let stroke = self.draw();
        let duration = stroke.duration.micros();
        let what = match self.rng.random_range(0..20) {
            0 => Ask::Rest,
            1 => Ask::Scan(ScanPass {
                carriage: stroke.carriage,
                from: Micrometres::new(BACK.end),
                to: Micrometres::new(BACK.start),
                speed: MicrometresPerSecond::new(60_000),
                force_out: DeciNewtons::new(200),
                force_back: DeciNewtons::new(400),
            }),
            _ => Ask::Treat { now: stroke, next: None },
        };
        self.until = match what {
            Ask::Rest => now.after(Micros::from_seconds(2)),
            Ask::Scan(_) => now.after(Micros::from_seconds(60)),
            _ => now.after(duration).after(WAY),
        };
        self.ask(what);
        let mut surfaces = [None; HEATERS_MAX];
        for surface in &mut surfaces {
            let warm = self.rng.random_bool(0.6);
            *surface = match self.manner {
                Manner::Dwells { .. } => Some(DeciCelsius::MAX),
                _ => warm.then(|| DeciCelsius::new(self.rng.random_range(360..520))),
            };
        }
        self.request.surfaces = surfaces;
        self.request.force_cap =
            self.rng.random_bool(0.1).then(|| DeciNewtons::new(self.rng.random_range(200..1200)));
    }

    fn draw(&mut self) -> Stroke {
        let rng = &mut self.rng;
        self.stroke = self.stroke.wrapping_add(1);
        let actions = [Action::Hold, Action::Glide, Action::Knead, Action::Stretch, Action::Warm];
        let action = actions[rng.random_range(0..actions.len())];
        let (from, length, seconds) = match self.manner {
            Manner::Dwells { from } => (from, 60_000, 20..80),
            _ => (rng.random_range(BACK), 400_000, 6..30),
        };
        let away = if action == Action::Hold { 0 } else { rng.random_range(-length..length) };
        let to = (from + away).clamp(BACK.start, BACK.end);
        let force = match self.manner {
            Manner::Presses => i16::MAX,
            _ => rng.random_range(150..1300),
        };
        Stroke {
            id: self.stroke,
            action,
            carriage: rng.random_range(0..self.carriages.max(1)),
            from: Micrometres::new(from),
            to: Micrometres::new(to),
            speed: MicrometresPerSecond::new(rng.random_range(5_000..80_000)),
            force: DeciNewtons::new(force),
            left_share: PerMille::new(rng.random_range(300..700)),
            ramp: DeciNewtonsPerSecond::new(rng.random_range(100..2000)),
            period: Millis::new(rng.random_range(800..5000)),
            duration: Millis::new(1000 * rng.random_range(seconds)),
        }
    }
}
