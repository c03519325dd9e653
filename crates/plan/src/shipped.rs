//! The programs that the product ships, embedded as the files in `programs/`.

use std::sync::LazyLock;

use care::Words;

use crate::program::Program;

const FILES: [(&str, &str); 6] = [
    ("programs/first-time.toml", include_str!("../../../programs/first-time.toml")),
    ("programs/relief.toml", include_str!("../../../programs/relief.toml")),
    ("programs/deep.toml", include_str!("../../../programs/deep.toml")),
    ("programs/stretch.toml", include_str!("../../../programs/stretch.toml")),
    ("programs/warm.toml", include_str!("../../../programs/warm.toml")),
    ("programs/sleep.toml", include_str!("../../../programs/sleep.toml")),
];

static SHIPPED: LazyLock<Vec<Program>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(file, text)| {
            Program::parse(file, text).expect("embedded programs are valid, which a test proves")
        })
        .collect()
});

/// The shipped programs, in the order in which they are shown.
#[must_use]
pub fn shipped() -> &'static [Program] {
    &SHIPPED
}

/// The shipped program of this name.
#[must_use]
pub fn shipped_named(name: &str) -> Option<&'static Program> {
    shipped().iter().find(|program| program.name() == name)
}

/// What the program of this name is called: its title where it is a shipped one, else the name itself.
#[must_use]
pub fn title_of(name: &str) -> Words {
    shipped_named(name).map_or_else(|| Words::same(name), |program| program.title().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Therapy;
    use bed::Action;

    #[test]
    fn every_shipped_file_reads_and_is_named_as_its_file() {
        for (file, text) in FILES {
            let program = Program::parse(file, text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(file, format!("programs/{}.toml", program.name()));
        }
        assert!(shipped_named("relief").is_some());
        assert!(shipped_named("Relief").is_none());
        assert_eq!(title_of("warm").de, "Warme Steine");
        assert_eq!(title_of("my own").de, "my own");
    }

    #[test]
    fn all_four_therapies_and_all_strokes_occur() {
        let phases = || shipped().iter().flat_map(Program::phases);
        for therapy in [Therapy::Acupressure, Therapy::DeepTissue, Therapy::Stretching, Therapy::HotStone] {
            assert!(phases().any(|phase| phase.therapy == therapy), "{therapy:?}");
        }
        for stroke in [Action::Hold, Action::Glide, Action::Knead, Action::Stretch, Action::Warm] {
            assert!(phases().any(|phase| phase.stroke == stroke), "{stroke:?}");
        }
    }
}
