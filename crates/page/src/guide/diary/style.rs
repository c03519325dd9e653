//! What the diary adds to the style sheet.

pub(in crate::guide) const CSS: &str = r#"
.done{background:var(--card);border-left:.5rem solid var(--focus);border-radius:.6rem;padding:.8rem 1.1rem}
.acts{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.8rem}
.acts a{display:block;height:100%;background:var(--card);border:2px solid var(--rule);border-left:.5rem solid var(--accent);border-radius:.8rem;padding:.9rem 1rem;text-decoration:none;font-weight:650}
.acts small{display:block;font-weight:400}
.diary fieldset{margin:1.6rem 0}
.diary input[type=date],.diary input[type=text],.diary select,.diary textarea{font:inherit;min-height:2.9rem;padding:.45rem .6rem;border:2px solid var(--rule);border-radius:.5rem;background:var(--card);color:var(--ink);max-width:100%}
.diary textarea,.diary .wide,.diary input[type=file]{width:100%}
.diary input[type=file]{font:inherit;padding:.8rem;border:2px dashed var(--rule);border-radius:.5rem;background:var(--card);color:var(--ink)}
.diary :is(select,textarea):focus-visible{outline:3px solid var(--focus);outline-offset:3px}
.diary .wrong :is(input,select,textarea){border-color:var(--alarm)}
.diary .name{display:block;font-weight:650;margin:1.6rem 0 .5rem}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:0 1.2rem;align-items:end}
.diary .options.places{grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))}
.two select{width:100%}
.scale{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(11,minmax(0,1fr));gap:.25rem}
.scale label,.chip{position:relative;display:block;cursor:pointer}
.scale input,.chip input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.scale span,.chip span{display:grid;place-items:center;min-height:3rem;border:2px solid var(--rule);border-radius:.5rem;background:var(--card)}
.scale span{font-weight:650;font-size:1.15rem}
.chip span{padding:.2rem .8rem;min-height:2.6rem}
.scale input:checked+span,.chip input:checked+span{background:var(--accent);border-color:var(--accent);color:var(--card)}
.chip input[value=""]:checked+span{background:none;border-color:var(--soft);color:var(--soft)}
.scale input:focus-visible+span,.chip input:focus-visible+span{outline:3px solid var(--focus);outline-offset:2px}
.wrong .scale span{border-color:var(--alarm)}
.ends{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.2rem 1rem;color:var(--soft);font-size:1rem;margin-top:.4rem}
.strains{list-style:none;padding:0;margin:0}
.strains fieldset{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .4rem;margin:0;padding:.55rem 0;border-bottom:1px solid var(--rule)}
.strains legend{float:left;flex:1 1 16rem;font-weight:400;margin:0}
.tick{display:grid;grid-template-columns:1.7rem 1fr;gap:.5rem;align-items:center;padding:.6rem 0}
.tick input{width:1.35rem;height:1.35rem;margin:0;accent-color:var(--accent)}
button.keep{background:var(--accent);border-color:var(--accent);color:var(--card);font-size:1.25rem;padding:.9rem 1.8rem}
.entries{list-style:none;padding:0}
.entries li{border-bottom:1px solid var(--rule);padding:.6rem 0}
.entries .when{font-weight:650;margin-right:.5rem}
.entries a{display:inline-block;padding:.2rem 0}
.withdrawn{color:var(--soft)}
.withdrawn .what{text-decoration:line-through}
td:has(meter){white-space:nowrap}
meter{width:4.5rem;height:.8rem;margin-left:.4rem;vertical-align:middle}
code{font-size:.95rem;overflow-wrap:anywhere}
@media (max-width:40rem){.scale{gap:.12rem}.scale span{border-width:1px;font-size:1.05rem}.strains legend{flex-basis:100%;width:100%}.narrow thead{position:static}.narrow tbody tr,.narrow tr{display:table-row}.narrow th,.narrow td,.narrow tbody th{display:table-cell;padding:.45rem .7rem .45rem 0;border-bottom:1px solid var(--rule);font-size:.95rem;white-space:nowrap}.narrow meter{display:none}}
@media (forced-colors:active){.scale input:checked+span,.chip input:checked+span{outline:3px solid SelectedItem}}
@media print{.noprint{display:none!important}.entries li{padding:.2rem 0}meter{display:none}}
"#;
