//! The chore `population`: data in, the files under `population/` and a report out.

use std::path::Path;

use population::{FOLDS, GAPS, LATERAL, LEVELS, PARAMS, SAGITTAL};

use crate::chosen::{self, Chosen, Observed, Out};
use crate::em::Gaussian;
use crate::files::{Problem, Sheet, digits, list, settle};
use crate::fit::{self, Verdict, rms};
use crate::folds::fold_of_subject;
use crate::pedicles::quantile;
use crate::spines::{self, Position, Scan};
use crate::{pedicles, people};

/// Runs the chore; without the data it says so and succeeds.
pub fn run(data: &Path, check: bool) -> Result<(), Problem> {
    if !data.join("spines/index.csv").exists() {
        println!("skipped: no shared data at {}", data.display());
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../population");
    settle(&root, &sheets(data)?, check)?;
    println!("{}", if check { "the files are what the data gives" } else { "written" });
    Ok(())
}

/// Everything that is computed from the data.
pub fn sheets(data: &Path) -> Result<Vec<Sheet>, Problem> {
    let scans = spines::read_all(data)?;
    let mut chosen = chosen::choose(&scans);
    let everyone = chosen.seen.clone();
    let full: Vec<&Observed> = everyone.iter().filter(|o| o.is_full()).collect();
    leave_out_far(&mut chosen)?;
    report_choice(&scans, &chosen, full.len());
    let kept: Vec<&Observed> = chosen.seen.iter().filter(|o| o.is_full()).collect();
    let (narrow, verdicts, best) = fit::search(&chosen.seen, &kept)?;
    let widenings = fit::widenings(&narrow, &kept)?;
    let models = fit::widen(&narrow, &widenings);
    report_search(&verdicts, best);
    println!("by {:.3} in variance after each number's own:", widenings[FOLDS].variance);
    report_verdict("widened", &fit::judge(&models, &kept, verdicts[best].nu)?);
    report_verdict("widened, with those far from all", &fit::judge(&models, &full, verdicts[best].nu)?);

    let mut sheets = vec![folds_sheet(&scans), people::fit(data)?];
    let supine: Vec<&Scan> = scans.iter().filter(|s| s.position != Position::Prone).collect();
    sheets.push(pedicles::measure(&supine));
    for (fold, model) in models.iter().enumerate() {
        let inside: Vec<&Observed> =
            chosen.seen.iter().filter(|o| fold_of_subject(&o.subject) != fold).collect();
        let name = if fold < FOLDS { format!("fold_{fold}") } else { "all".to_owned() };
        sheets.push(model_sheet(&name, model, &inside, widenings[fold].variance));
    }
    Ok(sheets)
}

fn leave_out_far(chosen: &mut Chosen) -> Result<(), Problem> {
    let far = fit::far(&chosen.seen)?;
    for at in far.iter().rev() {
        let gone = chosen.seen.remove(*at);
        chosen.out.entry(Out::Far).or_default().push(gone.id);
    }
    chosen::weigh(&mut chosen.seen);
    Ok(())
}

fn model_sheet(name: &str, model: &Gaussian, inside: &[&Observed], inflation: f64) -> Sheet {
    let rows: Vec<String> = (0..PARAMS)
        .map(|i| {
            let row: Vec<f64> = (0..=i).map(|j| model.covariance[(i, j)]).collect();
            list(&row)
        })
        .collect();
    let levels: Vec<String> = LEVELS.iter().map(|l| format!("\"{l}\"")).collect();
    let people: f64 = inside.iter().map(|o| o.weight).sum();
    let text = format!(
        "{{\n\"origin\":\"Computed from VID-vertebra-identification-dataset (Buergin et al. 2023; VerSe'20, TCIA), CC BY-SA 4.0\",\n\
         \"levels\":[{}],\n\"people\":{},\n\"scans\":{},\n\"inflation\":{},\n\"mean\":{},\n\"covariance\":[\n{}\n]\n}}\n",
        levels.join(","),
        digits(people),
        inside.len(),
        digits(inflation),
        list(model.mean.iter()),
        rows.join(",\n")
    );
    Sheet { name: format!("shape/{name}.json"), text }
}

fn folds_sheet(scans: &[Scan]) -> Sheet {
    let mut text = String::from("scan_id,fold\n");
    for scan in scans {
        text += &format!("{},{}\n", scan.id, fold_of_subject(&scan.subject));
    }
    Sheet { name: "shape/folds.csv".to_owned(), text }
}

fn report_choice(scans: &[Scan], chosen: &Chosen, full: usize) {
    let sees_theta = |o: &&Observed| o.index.iter().any(|i| (SAGITTAL..LATERAL).contains(i));
    println!(
        "scans {}; fitted on {} of {:.0} people, sagittal in {}; complete and regular {full}; \
         with L6 (L6 ignored, T1-L5 kept) {}",
        scans.len(),
        chosen.seen.len(),
        chosen.seen.iter().map(|o| o.weight).sum::<f64>(),
        chosen.seen.iter().filter(sees_theta).count(),
        chosen.sixth_lumbar
    );
    for (reason, ids) in &chosen.out {
        let some: Vec<&str> = ids.iter().take(12).map(String::as_str).collect();
        let more = if ids.len() > some.len() { " .." } else { "" };
        println!("left out, {reason:?}: {} ({}{more})", ids.len(), some.join(" "));
    }
    let mut irregular = Vec::new();
    for scan in scans.iter().filter(|s| s.has(LEVELS[0]) && s.has(LEVELS[LEVELS.len() - 1])) {
        if let Err(reason) = chosen::observe(scan) {
            irregular.push(format!("{} {reason:?}", scan.id));
        }
    }
    println!("from T1 to L5 but not regular: {} ({})", irregular.len(), irregular.join(", "));
}

fn report_search(verdicts: &[Verdict], best: usize) {
    println!("on complete spines left out, by the weight of the smooth correlations:");
    for (at, verdict) in verdicts.iter().enumerate() {
        let mark = if at == best { "chosen" } else { "" };
        println!("nu {:4} {} {mark}", verdict.nu, line(verdict));
    }
}

fn report_verdict(name: &str, verdict: &Verdict) {
    println!("{name}: n {}, {}", verdict.distance2.len(), line(verdict));
    for (kind, from, to) in
        [("gap", GAPS, SAGITTAL), ("sagittal", SAGITTAL, LATERAL), ("lateral", LATERAL, PARAMS)]
    {
        let z: Vec<String> = verdict.z.as_slice()[from..to].iter().map(|z| format!("{z:.2}")).collect();
        println!("  error / SD, RMS, {kind}: {}", z.join(" "));
    }
}

/// A verdict in one line.
fn line(v: &Verdict) -> String {
    let mut sorted = v.distance2.clone();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let z = |from: usize, to: usize| rms(&v.z.as_slice()[from..to]);
    format!(
        "ln density {:.2}; distance2/48 mean {:.2} median {:.2} largest {:.1}; error/SD gap {:.2} \
         sagittal {:.2} lateral {:.2}; length error RMS {:.1} bias {:+.1} model SD {:.1} mm",
        v.ln_density,
        sorted.iter().sum::<f64>() / n / PARAMS as f64,
        quantile(&sorted, 0.5) / PARAMS as f64,
        quantile(&sorted, 1.0) / PARAMS as f64,
        z(GAPS, SAGITTAL),
        z(SAGITTAL, LATERAL),
        z(LATERAL, PARAMS),
        rms(&v.length_errors),
        v.length_errors.iter().sum::<f64>() / n,
        v.length_sd
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use population::{Basics, ShapeModel};

    fn data() -> Option<PathBuf> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
        let there = data.join("spines/index.csv").exists();
        if !there {
            println!("skipped: no shared data");
        }
        there.then_some(data)
    }

    #[test]
    fn no_subject_stands_in_two_folds() {
        let Some(data) = data() else { return };
        let scans = spines::read_all(&data).unwrap();
        assert_eq!(scans.len(), 1410);
        for scan in &scans {
            assert_eq!(population::fold_of(&scan.id), Some(fold_of_subject(&scan.subject)), "{}", scan.id);
        }
    }

    #[test]
    fn the_regular_spines_are_those_of_the_data_sheet() {
        let Some(data) = data() else { return };
        let scans = spines::read_all(&data).unwrap();
        let chosen = chosen::choose(&scans);
        assert_eq!(chosen.seen.iter().filter(|o| o.is_full()).count(), 47);
        for variant in ["6L6TrIcoGTvw", "D4dXQUj3dyMy", "i5FG8DBxwsBz", "yKeBE1NiZn58"] {
            assert!(chosen.seen.iter().all(|o| o.id != variant), "{variant}");
        }
    }

    /// The shipped models on the complete spines that each left out: length with a drawn stature as
    /// its owner would give it, and how many of the true numbers lie in their 90 % intervals.
    #[test]
    fn shipped_models_cover_the_spines_that_they_left_out() {
        use nalgebra::DVector;
        let Some(data) = data() else { return };
        let chosen = chosen::choose(&spines::read_all(&data).unwrap());
        let mut errors = Vec::new();
        let mut inside = 0.0;
        let mut n = 0.0;
        let mut rng = population::rng(17);
        for observed in chosen.seen.iter().filter(|o| o.is_full()) {
            let model = ShapeModel::excluding(&observed.id);
            let truth = DVector::from_row_slice(&observed.value);
            for i in 0..PARAMS {
                let half = 1.645 * model.covariance()[(i, i)].sqrt();
                inside += f64::from(u8::from((truth[i] - model.mean()[i]).abs() < half));
                n += 1.0;
            }
            let length: f64 = (0..16).map(|i| libm::exp(observed.value[i])).sum();
            for _ in 0..20 {
                let owner = Basics::draw_for_length(length, &model, &mut rng);
                errors.push((model.given(&owner.about()).length_mm().0 / length - 1.0).abs());
            }
        }
        errors.sort_by(f64::total_cmp);
        let median = quantile(&errors, 0.5);
        println!(
            "no readings: length off by {:.2} % median, {:.2} % at 95 %; 90 % intervals of the numbers hold {:.1} %",
            100.0 * median,
            100.0 * quantile(&errors, 0.95),
            100.0 * inside / n
        );
        assert!((0.017..0.035).contains(&median), "{median}");
        assert!((0.86..0.96).contains(&(inside / n)), "{}", inside / n);
    }

    #[test]
    fn a_refit_gives_the_files_that_are_shipped() {
        let Some(data) = data() else { return };
        run(&data, true).unwrap();
    }
}
