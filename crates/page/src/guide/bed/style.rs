//! What the bed's pages add to the style sheet.

pub(in crate::guide) const CSS: &str = r#"
.answer{background:var(--card);border:2px solid var(--tone);border-left-width:.6rem;border-radius:.8rem;padding:1rem 1.3rem;margin:1rem 0;--tone:var(--focus)}
.answer.soften{--tone:var(--accent)}
.answer.refuse{--tone:var(--alarm)}
.answer strong.big{display:block;font-size:2.1rem;line-height:1.2;color:var(--tone)}
.takes{list-style:none;padding:0;margin:.6rem 0 0;display:flex;flex-wrap:wrap;gap:.4rem .5rem}
.takes li{border:1.5px solid var(--rule);border-radius:.5rem;padding:.2rem .7rem;background:var(--ground);font-size:1.05rem}
.answer .takes li{border-color:var(--tone);font-weight:650;font-size:1.15rem}
.because{list-style:none;padding:0}
.because>li{background:var(--card);border:1px solid var(--rule);border-radius:.8rem;padding:.8rem 1.1rem;margin:.8rem 0}
.because details,.rest{font-size:1rem;color:var(--soft)}
.rest summary{font-size:1.1rem;cursor:pointer;padding:.4rem 0}
.because details{margin-top:.6rem}
.because form{border-top:1px solid var(--rule);margin-top:.8rem;padding-top:.7rem}
.because form p{margin:0 0 .5rem}
.bed fieldset{margin:1.8rem 0}
.before{background:var(--card);border:1px solid var(--rule);border-radius:.8rem;padding:.2rem 1.2rem .8rem}
.before ul{padding-left:1.3rem;margin:.3rem 0}
.before .tick{border-top:1px solid var(--rule);margin-top:.8rem;padding-top:.9rem;font-weight:650}
.before .tick input{width:1.5rem;height:1.5rem}
.measures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem 1.2rem}
.measures .name{display:block;font-weight:650}
.measures .number{display:block}
.measures .quiet{display:block}
@media (max-width:40rem){.answer strong.big{font-size:1.8rem}.measures{grid-template-columns:1fr}}
@media print{.answer,.because>li{border-width:1px;padding:.3rem .6rem;break-inside:avoid}.because details{margin-top:.6rem}
.because form{display:none}}
"#;
