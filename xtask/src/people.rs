//! Fits age, stature and body mass index of adults on NHANES 2009-2012.

use std::path::Path;

use nalgebra::{DMatrix, DVector};
use serde::Deserialize;

use crate::files::{Problem, Sheet, digits, list};

/// Steps of the age quantiles (0, 5, .. 100 %).
const AGE_STEPS: usize = 20;

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
    Ok(format!(
        "{{\"n\":{},\"age_quantiles\":{},\"stature_mean\":{},\"stature_sd\":{},\n \"stature\":{},\n \"ln_bmi\":{}}}",
        people.len(),
        list(&quantiles),
        digits(mean),
        digits(sd),
        on_age(people, &statures)?,
        on_age(people, &ln_bmi)?,
    ))
}

/// Least squares of `values` on `1, u, u^2`, `u = (age - 50) / 10`.
fn on_age(people: &[(f64, f64, f64)], values: &[f64]) -> Result<String, Problem> {
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
    Ok(format!(
        "{{\"c0\":{},\"c1\":{},\"c2\":{},\"sd\":{}}}",
        digits(fitted[0]),
        digits(fitted[1]),
        digits(fitted[2]),
        digits(sd)
    ))
}

fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    (mean, libm::sqrt(square / (n - 1.0)))
}
