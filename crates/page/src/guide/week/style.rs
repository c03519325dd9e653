//! What the week adds to the style sheet.

pub(in crate::guide) const CSS: &str = r#"
.ways{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem}
.ways a{display:block;height:100%;background:var(--card);border:1px solid var(--rule);border-radius:.8rem;padding:.8rem 1rem;text-decoration:none;color:var(--ink);font-size:1.05rem}
.ways strong{display:block;color:var(--accent);font-size:1.15rem}
.ways a:hover strong,.act:hover{text-decoration:underline}
.act{display:inline-block;background:var(--accent);color:var(--card);border-radius:.6rem;padding:.8rem 1.4rem;font-weight:650;text-decoration:none}
.chips{display:flex;flex-wrap:wrap;gap:.5rem}
.chips .chip span{min-width:3.4rem;padding:.2rem .9rem}
.progress progress{width:9rem;height:.8rem;vertical-align:middle;margin-left:.5rem;accent-color:var(--care-accent)}
.week{display:grid;gap:.7rem;margin:1rem 0}
.day{background:var(--card);border:1px solid var(--rule);border-radius:.8rem;padding:0 1rem}
.day.today{border:2px solid var(--accent)}
.day>summary{cursor:pointer;padding:.8rem 0;font-size:1.15rem}
.day.today>summary{color:var(--accent)}
.day .choose{margin:.8rem 0 1rem}
.todo{list-style:none;padding:0;margin:0}
.todo>li{border-top:1px solid var(--rule);padding:.7rem 0}
.todo label,.todo .plain{display:grid;grid-template-columns:1.9rem 6.5rem 1fr;gap:.8rem;align-items:center;cursor:pointer}
.todo .plain{grid-template-columns:6.5rem 1fr;cursor:auto}
.todo input{width:1.6rem;height:1.6rem;margin:0;accent-color:var(--care-accent)}
.todo svg{display:block;width:100%}
.todo .words strong,.todo .words .quiet{display:block}
.todo label:has(input:checked) .words strong{color:var(--soft);text-decoration:line-through}
.todo .words .quiet{font-size:.95rem}
.how{font-size:1rem;color:var(--soft);margin:.3rem 0 0 2.7rem}
.todo .plain+.how{margin-left:0}
.now{background:var(--card);border:2px solid var(--accent);border-radius:.8rem;padding:.6rem 1.2rem 1rem;margin:1rem 0}
.now strong.big{display:block;font-size:1.6rem;line-height:1.3}
.diary input[type=time],.diary input[type=number]{font:inherit;min-height:2.9rem;padding:.45rem .6rem;border:2px solid var(--rule);border-radius:.5rem;background:var(--card);color:var(--ink)}
@media (max-width:40rem){.todo label{grid-template-columns:1.7rem 4.6rem 1fr;gap:.6rem}.todo .plain{grid-template-columns:4.6rem 1fr}.how{margin-left:0}.day{padding:0 .8rem}}
@media print{.day{border:0;padding:0;break-inside:avoid}.todo label{grid-template-columns:1.4rem 4rem 1fr}.how a{display:none}.progress progress{display:none}}
"#;
