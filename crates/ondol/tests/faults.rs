//! What people are told of faults is what the guard does and what the simulation breaks.

use guard::faults::{Clear, Response, row_of};
use host::faults::{Clears, ClearsWhen, Response as Told, classes, faults};
use sim::faults::Class;

#[test]
fn what_is_told_of_every_fault_is_what_the_guards_own_table_says() {
    for text in faults() {
        let row = row_of(text.name);
        let response = match row.response {
            Response::Limit => Told::Limit,
            Response::Unload => Told::Unload,
            Response::Release => Told::Release,
            Response::PowerOff => Told::PowerOff,
            Response::None => panic!("{:?} has no response", text.name),
        };
        let clears = match row.clear {
            Clear::Latched => Clears::When(ClearsWhen::Latched),
            Clear::SessionEnd => Clears::When(ClearsWhen::SessionEnd),
            Clear::SelfClears { after } => Clears::AfterMs((after.raw() / 1000) as u32),
        };
        assert_eq!((text.response, text.clears), (response, clears), "{:?}", text.name);
        assert_eq!(u64::from(text.hold_ms) * 1000, row.hold.raw(), "{:?}", text.name);
    }
}

#[test]
fn what_the_explorer_offers_is_what_the_simulation_breaks() {
    let offered: Vec<&str> = classes().iter().map(|class| class.key.as_str()).collect();
    let broken: Vec<String> = Class::ALL.iter().map(|class| class.key()).collect();
    assert_eq!(offered, broken);
}
