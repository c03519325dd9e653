//! What a scan found, on the terminal.

use super::Found;
use bed::{Interval, Level, SpineScan};
use care::{Language, Words};

/// Prints the answer or the refusal; `truth` are the true body centres, where somebody knows them.
pub fn found(found: &Found, title: &Words, truth: Option<&[(Level, [f64; 3])]>, language: Language) {
    match found {
        Ok(scan) => {
            println!("{}", title.of(language));
            measures(scan, truth, language);
            levels(scan, language);
        }
        Err(reason) => {
            let refused = language.say("The scan was refused", "Das Abtasten gab keine Antwort");
            println!("{refused}: {}", reason.of(language));
        }
    }
}

fn measures(scan: &SpineScan, truth: Option<&[(Level, [f64; 3])]>, language: Language) {
    let to = language.say("to", "bis");
    let measures = truth.and_then(bed::spine::measure);
    let row = |name: &str, found: Interval, unit: &str, truth: Option<f64>| {
        let true_is = language.say("truth", "wahr");
        let truth =
            truth.map(|truth| format!("   {true_is} {}", language.number(truth, 1))).unwrap_or_default();
        let [value, lo, hi] = [found.value, found.lo90, found.hi90].map(|value| language.number(value, 1));
        println!("  {name:<22} {value:>7} {unit}  ({lo} {to} {hi}){truth}");
    };
    let degrees = language.say("deg", "Grad");
    let degrees = &*degrees;
    row(
        &language.say("length T1-L5", "Länge T1-L5"),
        scan.length_t1_l5_mm,
        "mm",
        measures.map(|m| m.length_t1_l5_mm),
    );
    row(&language.say("kyphosis", "Kyphose"), scan.kyphosis_deg, degrees, measures.map(|m| m.kyphosis_deg));
    row(&language.say("lordosis", "Lordose"), scan.lordosis_deg, degrees, measures.map(|m| m.lordosis_deg));
    row(
        &language.say("sideways deviation", "Abweichung zur Seite"),
        scan.lateral_deviation_mm,
        "mm",
        measures.map(|m| m.lateral_deviation_mm),
    );
}

fn levels(scan: &SpineScan, language: Language) {
    let number = |value: f64, decimals: usize| language.number(value, decimals);
    let head = language.say(
        "  level        x            y            z      tension left / right (90 %)",
        "  Wirbel       x            y            z      Spannung links / rechts (90 %)",
    );
    println!("{head}");
    for level in &scan.levels {
        let tension = scan.tension.iter().filter(|tension| tension.level == level.level);
        let sides: Vec<_> = tension
            .map(|t| {
                let [ratio, lo, hi] = [t.ratio, t.lo90, t.hi90].map(|value| number(value, 2));
                format!("{ratio} ({lo}-{hi}){}", if t.tense { "*" } else { "" })
            })
            .collect();
        let [x, sd_x] = [level.x_mm, level.sd_x_mm].map(|mm| number(mm, 1));
        let [y, sd_y] = [level.y_mm, level.sd_y_mm].map(|mm| number(mm, 1));
        let [z, sd_z] = [level.z_mm, level.sd_z_mm].map(|mm| number(mm, 1));
        let (name, sides) = (level.level.name(), sides.join("  "));
        println!("  {name:<4} {x:>7} +-{sd_x:<4} {y:>5} +-{sd_y:<4} {z:>5} +-{sd_z:<4}  {sides}");
    }
    let tense = language.say(
        "  * tenser than expected even at the lower end of the interval",
        "  * fester als erwartet, auch am unteren Ende der Spanne",
    );
    println!("{tense}");
}
