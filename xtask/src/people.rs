//! Fits age, stature and body mass index of adults on NHANES 2009-2012.

use std::path::Path;

use nalgebra::{DMatrix, DVector};
use serde::Deserialize;

use crate::files::{Problem, Sheet, digits, list};
use crate::pedicles::quantile;

/// Steps of the age quantiles (0, 5, .. 100 %).
const AGE_STEPS: usize = 20;
/// Shares at which the scatter of ln BMI about its mean at an age is kept: fine at the tails.
const SHARES: [f64; 15] =
    [0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.995, 1.0];

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "Gender")]
    gender: String,
    #[serde(rename = "Age")]
    age: Option<f64>,
    #[serde(rename = "Height")]
    height_cm: Option<f64>,
    #[serde(rename = "BMI")]
    bmi: Option<f64>,
}

/// Fits `people.json`.
pub fn fit(data: &Path) -> Result<Sheet, Problem> {
    let path = data.join("anthropometry/nhanes_2009_2012_adults.csv");
    let mut reader = csv::Reader::from_path(&path).map_err(|e| Problem::read(&path, &e))?;
    let mut sexes = [("female", Vec::new()), ("male", Vec::new())];
    for row in reader.deserialize() {
        let row: Row = row.map_err(|e| Problem::read(&path, &e))?;
        if let (Some(age), Some(height), Some(bmi)) = (row.age, row.height_cm, row.bmi) {
            for (name, people) in &mut sexes {
                if row.gender == *name {
                    people.push((age, height * 10.0, bmi));
                }
            }
        }
    }
    let mut text =
        String::from("{\n\"origin\":\"Computed from NHANES 2009-2012, CDC/NCHS (US Government work)\"");
    for (name, people) in &sexes {
        text += &format!(",\n\"{name}\":{}", law(people)?);
    }
    text += "\n}\n";
    Ok(Sheet { name: "people.json".to_owned(), text })
}

fn law(people: &[(f64, f64, f64)]) -> Result<String, Problem> {
    if people.len() < 100 {
        return Err(Problem::Data("fewer than 100 people of a sex".to_owned()));
    }
    let mut ages: Vec<f64> = people.iter().map(|p| p.0).collect();
    ages.sort_by(f64::total_cmp);
    let quantiles: Vec<f64> = (0..=AGE_STEPS).map(|k| ages[k * (ages.len() - 1) / AGE_STEPS]).collect();
    let statures: Vec<f64> = people.iter().map(|p| p.1).collect();
    let ln_bmi: Vec<f64> = people.iter().map(|p| libm::log(p.2)).collect();
    let (mean, sd) = mean_sd(&statures);
    let ln_bmi_law = on_age(people, &ln_bmi)?;
    let scatter: Vec<f64> = SHARES.iter().map(|share| quantile(&ln_bmi_law.1, *share)).collect();
    Ok(format!(
        "{{\"n\":{},\"age_quantiles\":{},\"stature_mean\":{},\"stature_sd\":{},\n \"stature\":{},\n \"ln_bmi\":{},\n \"ln_bmi_shares\":{},\n \"ln_bmi_scatter\":{}}}",
        people.len(),
        list(&quantiles),
        digits(mean),
        digits(sd),
        on_age(people, &statures)?.0,
        ln_bmi_law.0,
        list(&SHARES),
        list(&scatter),
    ))
}

/// Least squares of `values` on `1, u, u^2`, `u = (age - 50) / 10`; as text, and the sorted residuals.
fn on_age(people: &[(f64, f64, f64)], values: &[f64]) -> Result<(String, Vec<f64>), Problem> {
    let design = DMatrix::from_fn(people.len(), 3, |row, power| {
        let u = (people[row].0 - 50.0) / 10.0;
        [1.0, u, u * u][power]
    });
    let values = DVector::from_row_slice(values);
    let normal = design.tr_mul(&design);
    let fitted = normal
        .cholesky()
        .ok_or_else(|| Problem::Data("ages do not vary".to_owned()))?
        .solve(&design.tr_mul(&values));
    let rest = values - &design * &fitted;
    let sd = libm::sqrt(rest.norm_squared() / (people.len() - 3) as f64);
    let mut sorted: Vec<f64> = rest.iter().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let text = format!(
        "{{\"c0\":{},\"c1\":{},\"c2\":{},\"sd\":{}}}",
        digits(fitted[0]),
        digits(fitted[1]),
        digits(fitted[2]),
        digits(sd)
    );
    Ok((text, sorted))
}

fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    (mean, libm::sqrt(square / (n - 1.0)))
}
