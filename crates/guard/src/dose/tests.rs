use super::*;

/// erfcx(x) = exp(x^2) erfc(x), by the continued fraction and a series: for the closed form below.
fn erfcx(x: f64) -> f64 {
    if x < 2.0 {
        let (mut term, mut sum) = (x, x);
        for n in 1..60 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        return (1.0 - 2.0 / core::f64::consts::PI.sqrt() * sum) * (x * x).exp();
    }
    let fraction = (1..60).rev().fold(x, |tail, n| x + f64::from(n) / 2.0 / tail);
    1.0 / (core::f64::consts::PI.sqrt() * fraction)
}

/// Skin of one strip under a standing roller after some time, mC.
fn standing(surface: i32, seconds: u64) -> i32 {
    let mut strip = Strip::default();
    let mut skin = BASE;
    for tick in 1..=seconds * 50 {
        strip.relax(Instant::from_micros(tick * 20_000), BASE);
        skin = strip.warm((surface, 300), BASE, TICK);
    }
    skin
}

#[test]
fn the_bound_lies_above_bare_dermis_that_touches_hot_metal() {
    // Semi-infinite solid with convection (Carslaw & Jaeger 2.7): 1 - erfcx(h sqrt(t) / e).
    for (seconds, slack) in [(1, 1.2), (2, 1.25), (5, 1.25), (10, 1.35), (30, 1.4), (90, 1.4)] {
        let x = 1000.0 * (seconds as f64).sqrt() / 1335.0;
        let exact = 14.0 * (1.0 - erfcx(x));
        let bound = f64::from(standing(49_000, seconds) - BASE) / 1000.0;
        let perfused = if seconds > 20 { 0.93 } else { 0.98 };
        assert!(
            bound >= exact * perfused && bound <= exact * slack,
            "{seconds} s: {bound} K, exact {exact} K"
        );
    }
}

/// Passes of a roller back and forth over 400 mm; tells the hottest skin and whether a limit spoke.
fn gliding(surface: i32, force: i32, speed_mm_s: f64, seconds: u64) -> (Warmth, f64) {
    let mut book = Book::new(350_000, 1_350_000);
    book.begin(Some(MilliCem43::ZERO));
    let mut all = Warmth::default();
    for cycle in 1..=seconds * 500 {
        let at = Instant::from_micros(cycle * 2000);
        book.sweep(at, &[]);
        if cycle % 10 == 0 {
            let way = (cycle as f64 * 0.002 * speed_mm_s) % 800.0;
            let place = 600.0 + if way > 400.0 { 800.0 - way } else { way };
            let contact = Contact { side: 0, at: (place * 1000.0) as i32, half: 15_000, surface, force };
            all.join(book.touch(at, TICK, &contact, &[]).0);
        }
    }
    let dose = book.strips[0].iter().map(|strip| strip.nano).max().unwrap_or(0);
    (all, dose as f64 * 1e-9)
}

#[test]
fn a_travelling_roller_of_49_degrees_is_allowed_and_a_standing_one_is_not() {
    let (warmth, dose) = gliding(49_000, 100, 40.0, 120);
    assert!(!warmth.hot && !warmth.spent, "{warmth:?}, {dose} CEM43");
    assert!(standing(49_000, 60) > 44_700);
}

#[test]
fn a_roller_of_45_degrees_may_travel_for_a_whole_session() {
    let (warmth, dose) = gliding(45_600, 150, 20.0, 2400);
    assert!(!warmth.hot && !warmth.spent, "{warmth:?}, {dose} CEM43");
}

#[test]
fn a_roller_at_skin_temperature_never_warms() {
    let (warmth, dose) = gliding(35_000, 300, 20.0, 600);
    assert_eq!((warmth, dose < 0.001), (Warmth::default(), true));
}

#[test]
fn standing_hot_is_stopped_at_every_temperature_before_the_limits() {
    for surface in (36_000..60_000).step_by(500) {
        let mut strip = Strip::default();
        let (mut sum, mut hottest, mut stopped) = (0i64, 0, None);
        for tick in 1..=2400 * 50u64 {
            strip.relax(Instant::from_micros(tick * 20_000), BASE);
            let skin = strip.warm((surface, 300), BASE, TICK);
            let warmth = strip.judge(skin, 0);
            hottest = hottest.max(skin);
            sum += i64::from(skin);
            if warmth.hot || warmth.spent {
                stopped = Some(tick);
                break;
            }
            // Before the tenth minute the mean of the whole time stands in for the window's.
            let mean = sum / tick as i64;
            assert!(tick < 30_000 || mean <= 43_000, "{surface} mC: mean {mean}");
        }
        assert!(hottest < 45_000, "{surface} mC: {hottest}");
        assert!(strip.nano <= 30_000_000_000, "{surface} mC: {}", strip.nano);
        assert_eq!(stopped.is_some(), surface >= 42_500, "{surface} mC: {stopped:?}");
    }
}

#[test]
fn the_first_order_mean_bounds_every_ten_minutes() {
    // The hottest patterns that the ceiling lets through: 45 C until it speaks, then the ceiling.
    for warm in [0, 10, 40, 100, 500] {
        let mut strip = Strip::default();
        let mut window = std::collections::VecDeque::new();
        let (mut at, mut sum) = (Instant::START, 0i64);
        for tick in 0..40_000u64 {
            let hot = (tick / 50) % (warm + 50) < warm.max(1);
            let over = strip.mean / 1000 >= MEAN_CEILING;
            let skin = if over {
                MEAN_CEILING
            } else if hot {
                45_000
            } else {
                42_000
            };
            at = at.after(Micros::from_millis(100));
            strip.count(skin, Micros::from_millis(100));
            window.push_back(i64::from(skin));
            sum += i64::from(skin);
            if window.len() > 6000 {
                sum -= window.pop_front().unwrap_or(0);
            }
            assert!(window.len() < 6000 || sum / 6000 <= 43_010, "pattern {warm}: {}", sum / 6000);
        }
    }
}

#[test]
fn a_day_that_has_had_its_dose_allows_no_more() {
    for (carried, spent) in [(0, false), (30_000, false), (59_990, true), (60_000, true), (90_000, true)] {
        let mut book = Book::new(350_000, 1_350_000);
        book.begin(Some(MilliCem43::new(carried)));
        let contact = Contact { side: 0, at: 800_000, half: 15_000, surface: 43_000, force: 300 };
        let mut all = Warmth::default();
        for tick in 1..1500u64 {
            all.join(book.touch(Instant::from_micros(tick * 20_000), TICK, &contact, &[]).0);
        }
        assert_eq!(all.spent, spent, "carried {carried}");
    }
}

#[test]
fn a_second_session_counts_what_the_first_left() {
    let mut book = Book::new(350_000, 1_350_000);
    let mat = [Mat { from: 450_000, to: 1_050_000, surface: 43_000 }];
    let mut doses = [0, 0, 0];
    for (session, dose) in doses.iter_mut().enumerate() {
        book.begin(Some(MilliCem43::ZERO));
        for second in 1..=3600u64 {
            let at = Instant::from_micros((session as u64 * 3600 + second) * 1_000_000);
            if book.warm_mats(at, &mat)[0].spent {
                break;
            }
            *dose = second / 60;
        }
    }
    assert_eq!(doses, [27, 26, 3], "minutes at 43 C: half the day, half the day, nearly nothing");
}

#[test]
fn a_site_is_pressed_for_90_seconds_and_rests_for_5() {
    for (press_s, pause_s, over) in
        [(80, 4, true), (80, 5, false), (89, 6, false), (91, 6, true), (20, 4, true)]
    {
        let mut book = Book::new(350_000, 1_350_000);
        let mut spoke = false;
        for tick in 0..600 * 50u64 {
            if (tick / 50) % (press_s + pause_s) < press_s {
                let at = Instant::from_micros((tick + 1) * 20_000);
                let contact = Contact { side: 1, at: 800_000, half: 15_000, surface: 0, force: 300 };
                spoke |= book.touch(at, TICK, &contact, &[]).1;
            }
        }
        assert_eq!(spoke, over, "pressed {press_s} s, paused {pause_s} s");
    }
}

#[test]
fn every_place_of_the_bed_has_its_strip() {
    for (from, to) in [(350_000, 1_350_000), (0, 2_300_000), (0, 50_000)] {
        let book = Book::new(from, to);
        for place in (i32::MIN..i32::MAX).step_by(10_000_019).chain(from..from + 1000) {
            let contact = Contact { side: 0, at: place, half: 15_000, surface: 0, force: 0 };
            assert!(*book.span(&contact, 15_000).end() < SIDE);
        }
    }
}

#[test]
fn the_session_s_own_heat_holds_neither_the_carry_in_nor_what_was_before() {
    let mut book = Book::new(350_000, 1_350_000);
    let mat = [Mat { from: 450_000, to: 1_050_000, surface: 43_000 }];
    let mut second = 0;
    let mut warm = |book: &mut Book| {
        for _ in 0..600 {
            second += 1;
            let _ = book.warm_mats(Instant::from_micros(second * 1_000_000), &mat);
        }
    };
    warm(&mut book);
    assert_eq!((book.session().session, book.session().mats[0]), (0, MilliCem43::ZERO), "no session yet");
    for session in 1..=2 {
        book.begin(Some(MilliCem43::new(20_000)));
        assert_eq!((book.session().session, book.session().mats[0]), (session, MilliCem43::ZERO));
        warm(&mut book);
        let dose = book.session().mats[0].raw();
        assert!((10_000..10_010).contains(&dose), "ten minutes at 43 C are ten: {dose}");
    }
}
