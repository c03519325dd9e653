//! What the clinician's pages add to the guide's style sheet: plots, wide tables, and one sheet of A4.
//!
//! Colours of marks are those of the diary's plots (Okabe and Ito 2008); shapes and words say the same.

/// Served as `/clinic/clinic.css`.
pub(super) const CSS: &str = r#"
.clinic{--mark:#0067a3;--other:#b84a00;--band:#e9e2d6}
@media screen and (prefers-color-scheme:dark){.clinic{--mark:#6bb8ec;--other:#f58f4f;--band:#332e27}}
body:has(.clinic:not(.own)) :is(header,main,footer){max-width:76rem}
.clinic .lead{font-size:1.35rem;font-weight:650}
.lines-of-course{list-style:none;padding:0;display:grid;gap:.6rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))}
.lines-of-course>li{background:var(--card);border:1px solid var(--rule);border-left:.5rem solid var(--rule);border-radius:.7rem;padding:.6rem .9rem}
.lines-of-course>li.beyond{border-left-color:var(--mark)}
.lines-of-course p{margin:.15rem 0}
.lines-of-course .says{font-weight:700}
.lines-of-course .figures{font-weight:650;font-variant-numeric:tabular-nums}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.8rem}
.clinic figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.5rem}
.clinic figcaption{font-size:1rem;font-weight:650}
.clinic svg{display:block;width:100%;height:auto;font-family:inherit}
.clinic svg text{font-size:14px;fill:var(--soft);font-variant-numeric:tabular-nums}
.clinic .start{text-anchor:start}.clinic .middle{text-anchor:middle}.clinic .end{text-anchor:end}
.clinic .rule{stroke:var(--rule);stroke-width:1}
.clinic .axis{stroke:var(--soft);stroke-width:1}
.clinic .band{fill:var(--band)}
.clinic .spasm{fill:var(--other);fill-opacity:.22}
.clinic .way{fill:none;stroke:var(--mark);stroke-width:1.2;stroke-opacity:.6}
.clinic .value{fill:var(--mark)}
.clinic .whisker{stroke:var(--mark);stroke-width:1.2}
.clinic .stretch{stroke:var(--ink);stroke-width:3}
.clinic .visit{fill:var(--soft)}
.clinic .one{stroke:var(--mark);fill:none;stroke-width:2}.clinic circle.one{fill:var(--mark)}
.clinic .two-of{stroke:var(--other);fill:none;stroke-width:2;stroke-dasharray:5 4}.clinic circle.two-of{fill:var(--card);stroke-dasharray:none}
.clinic .two-of.whisker{stroke-dasharray:none;stroke-width:1.2}.clinic .one.whisker{stroke-width:1.2}
.clinic svg.key{display:inline-block;width:2.2rem;height:1rem;vertical-align:middle;margin-right:.3rem}
.clinic .legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:1rem}
.clinic table{font-size:1rem;font-variant-numeric:tabular-nums}
.clinic th,.clinic td{padding:.4rem .6rem .4rem 0;white-space:nowrap}
.clinic .scroll:focus-visible{outline:3px solid var(--focus);outline-offset:3px}
.clinic .marked{font-weight:700}
.clinic .pick{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end}
.clinic label{display:block;max-width:100%}
.clinic .pick select{display:block}
.clinic :is(select,textarea,input[type=text]){font:inherit;min-height:2.9rem;padding:.4rem .6rem;border:2px solid var(--rule);border-radius:.5rem;background:var(--card);color:var(--ink);max-width:100%}
.clinic :is(select,textarea):focus-visible{outline:3px solid var(--focus);outline-offset:3px}
.clinic textarea,.clinic input[type=text]{width:100%}
.clinic .printonly{display:none}
.own .told{font-size:1.35rem}
.own .told .figures{font-size:1.9rem;font-variant-numeric:tabular-nums}
.own .pain{list-style:none;margin:.4rem 0 0;padding:0;display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:.4rem}
.own .pain button{width:100%;min-height:3.75rem;padding:.2rem;font-size:1.5rem;font-variant-numeric:tabular-nums}
.own .ends{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.2rem 1rem;color:var(--soft);margin:.3rem 0 0}
.own .felt button{min-height:3.75rem;flex:1 1 9rem}
.own .felt button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--card)}
.own fieldset{margin:1rem 0}
.own figure svg text{font-size:16px}
.own .shape{list-style:none;padding:0}
.own .shape li{padding:.5rem 0;border-bottom:1px solid var(--rule)}
.own .shape .figures{font-variant-numeric:tabular-nums}
@media (max-width:40rem){.own figure:not(.curves) svg text{font-size:21px}}
@media (max-width:40rem){.clinic .curves svg text{font-size:26px}.clinic thead{position:static}.clinic tr{display:table-row;padding:0}.clinic td,.clinic tbody th{display:table-cell;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--rule)}}
@media print{
@page{size:A4;margin:10mm}
.clinic{font-size:8.5pt;line-height:1.2;--band:#e9e2d6}
.clinic h1{font-size:15pt;margin:0}.clinic h2{font-size:11pt;margin:.35rem 0 .1rem}
.clinic .lead{font-size:10.5pt;margin:.1rem 0}
.clinic>p,.clinic>div>p{margin:.15rem 0}
.clinic .quiet,.clinic small{font-size:7.5pt}
.lines-of-course{gap:.1rem;margin:.2rem 0;grid-template-columns:1fr}
.lines-of-course>li{padding:.05rem .4rem;border-radius:0;border-width:0 0 0 .25rem}
.lines-of-course p{display:inline}
.panels{grid-template-columns:repeat(4,1fr);gap:.15rem}
.clinic figure{padding:.1rem;border-radius:0;break-inside:avoid}
.clinic figcaption{font-size:8pt}
.clinic table{font-size:7.5pt}
.clinic th,.clinic td{padding:.08rem .3rem .08rem 0}
.clinic .scroll{overflow:visible}
body:has(.clinic) footer{margin-top:.3rem;padding-top:.2rem;font-size:7.5pt}
.clinic svg text{font-size:20px}
.clinic .printonly{display:inline}
}
"#;
