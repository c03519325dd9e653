//! What a bed says of its heat, in a whole world.

mod yard;

use bed::{Ask, Bed, HeatDose};
use counts::{DeciCelsius, HEATERS_MAX, MilliCem43};
use yard::{Yard, glide};

fn said(yard: &Yard) -> HeatDose {
    yard.world.heat_dose().expect("a twin always says it")
}

#[test]
fn the_bed_says_what_this_session_adds_and_never_takes_a_word_back() {
    let carried = MilliCem43::new(40_000);
    let mut yard = Yard::new("reference", true).warmed_today(carried);
    assert_eq!((said(&yard).session, said(&yard).most()), (0, MilliCem43::ZERO));
    yard.arm();
    assert_eq!(said(&yard).session, 1);
    assert!(said(&yard).most() <= MilliCem43::new(1), "rounded up, but not what was carried in");
    yard.request.surfaces = [Some(DeciCelsius::MAX); HEATERS_MAX];
    yard.ask(Ask::Treat { now: glide(60), next: None });
    let mut before = said(&yard);
    for _ in 0..300 {
        yard.run(1.0);
        let now = said(&yard);
        assert_eq!((now.session, now.origin, now.pitch), (1, before.origin, before.pitch));
        let grew =
            |now: &[MilliCem43], before: &[MilliCem43]| now.iter().zip(before).all(|(now, was)| now >= was);
        assert!(
            grew(&now.left, &before.left) && grew(&now.right, &before.right) && grew(&now.mats, &before.mats)
        );
        before = now;
    }
    assert!(
        before.most() > MilliCem43::ZERO && before.most() <= MilliCem43::new(20_000),
        "{:?}",
        before.most()
    );
    let place = |strip: usize| before.origin.raw() + strip as i32 * before.pitch.raw();
    let (strip, _) = before.left.iter().enumerate().max_by_key(|(_, dose)| **dose).expect("strips");
    assert!((750_000..950_000).contains(&place(strip)), "the hottest strip lies under the stroke: {strip}");
}
