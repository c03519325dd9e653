//! The chore `population`: data in, the files under `population/` and a report out.

use std::path::Path;

use nalgebra::DMatrix;
use population::{FOLDS, GAPS, LATERAL, LEVELS, PARAMS, SAGITTAL};

use crate::chosen::{self, Chosen, Observed, Out};
use crate::em::Gaussian;
use crate::files::{Problem, Sheet, digits, list, settle};
use crate::fit::{self, Verdict, rms, widened};
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
    let (models, verdicts, best) = fit::search(&chosen.seen, &full)?;
    let inflation = inflations(&verdicts[best], &full);
    report_fit(&verdicts, best, &inflation);

    let mut sheets = vec![folds_sheet(&scans), people::fit(data)?];
    let supine: Vec<&Scan> = scans.iter().filter(|s| s.position != Position::Prone).collect();
    sheets.push(pedicles::measure(&supine));
    for (fold, model) in models.iter().enumerate() {
        let inside: Vec<&Observed> =
            chosen.seen.iter().filter(|o| fold_of_subject(&o.subject) != fold).collect();
        let name = if fold < FOLDS { format!("fold_{fold}") } else { "all".to_owned() };
        sheets.push(model_sheet(&name, model, &inside, inflation[fold]));
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

/// Mean of `distance^2 / 48` over the complete spines of the other folds (the last: of all), at
/// least one: by how much a model's variances are too small for people whom it has not seen.
fn inflations(verdict: &Verdict, full: &[&Observed]) -> Vec<f64> {
    (0..=FOLDS)
        .map(|fold| {
            let mut sum = 0.0;
            let mut n = 0.0;
            for (observed, distance2) in full.iter().zip(&verdict.distance2) {
                if fold_of_subject(&observed.subject) != fold {
                    sum += distance2 / PARAMS as f64;
                    n += 1.0;
                }
            }
            f64::max(sum / n, 1.0)
        })
        .collect()
}

fn model_sheet(name: &str, model: &Gaussian, inside: &[&Observed], inflation: f64) -> Sheet {
    let covariance: DMatrix<f64> = widened(model, inflation);
    let rows: Vec<String> = (0..PARAMS)
        .map(|i| {
            let row: Vec<f64> = (0..=i).map(|j| covariance[(i, j)]).collect();
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
    let with_theta = chosen.seen.iter().filter(|o| o.index.contains(&SAGITTAL) || o.index.iter().any(|i| (SAGITTAL..LATERAL).contains(i))).count();
    let people: f64 = chosen.seen.iter().map(|o| o.weight).sum();
    println!("scans {}; fitted on {} of {people:.0} people, sagittal in {with_theta}; complete and regular {full}; with L6 (ignored, T1-L5 kept) {}", scans.len(), chosen.seen.len(), chosen.sixth_lumbar);
    for (reason, ids) in &chosen.out {
        let some: Vec<&str> = ids.iter().take(14).map(String::as_str).collect();
        println!("left out, {reason:?}: {} ({}{})", ids.len(), some.join(" "), if ids.len() > 14 { " .." } else { "" });
    }
    for scan in scans.iter().filter(|s| s.regular()[0].is_some() && s.regular()[16].is_some()) {
        if let Err(reason) = chosen::observe(scan) {
            println!("reaches T1 to L5 but is not regular: {} {reason:?}", scan.id);
        }
    }
}

fn report_fit(verdicts: &[Verdict], best: usize, inflation: &[f64]) {
    println!("on complete spines left out:\n   nu  ln density  distance2/48 mean, median  z RMS gap, sagittal, lateral  length error RMS, bias; model SD (mm)");
    for (at, v) in verdicts.iter().enumerate() {
        let n = v.distance2.len() as f64;
        let mut sorted = v.distance2.clone();
        sorted.sort_by(f64::total_cmp);
        let z = |from: usize, to: usize| rms(&v.z.as_slice()[from..to]);
        println!(
            "{}{:4}  {:9.3}  {:.3} {:.3}  {:.3} {:.3} {:.3}  {:.1} {:+.1}; {:.1}",
            if at == best { "*" } else { " " },
            v.nu,
            v.ln_density,
            sorted.iter().sum::<f64>() / n / PARAMS as f64,
            quantile(&sorted, 0.5) / PARAMS as f64,
            z(GAPS, SAGITTAL),
            z(SAGITTAL, LATERAL),
            z(LATERAL, PARAMS),
            rms(&v.length_errors),
            v.length_errors.iter().sum::<f64>() / n,
            v.length_sd
        );
    }
    let v = &verdicts[best];
    println!("inflation of variances: {:.3} ({:.3}..{:.3} in the folds)", inflation[FOLDS], inflation.iter().copied().fold(f64::INFINITY, f64::min), inflation.iter().copied().fold(0.0, f64::max));
    for (name, from) in [("gap", GAPS), ("sagittal", SAGITTAL), ("lateral", LATERAL)] {
        let z: Vec<String> = (from..from + 16).map(|i| format!("{:.2}", v.z[i])).collect();
        println!("z RMS {name}: {}", z.join(" "));
    }
}
