//! The page's style sheet. Colours are named once, for light, dark and paper; figures use the same
//! names. Fonts are whatever the reader's system has.

use care::Language;

/// The style sheet, embedded in the page.
pub(super) const CSS: &str = r#"
:root{--ground:#f5f1ea;--card:#fffdf9;--ink:#26211b;--soft:#665d52;--rule:#ddd4c6;--stripe:#f7f2ea;--accent:#a3431b;--notice:#7a3312;--notice-ground:#fbe9dc;--alarm:#b3261e;--c0:#1d6578;--c1:#b26a00;--c2:#7b4b94;--c3:#4d7a34;--c4:#a8326a;--c5:#4a5a8a;--c6:#7a6a2a;--c7:#555555;--bone:#e9dcc6;--bone-edge:#8a7658;--doubt:#c98a4b;--pad:#efe7da;--before:#4a4238;--after:#1d6578}
@media screen and (prefers-color-scheme:dark){:root{--ground:#171512;--card:#211e1a;--ink:#ece5da;--soft:#b3a899;--rule:#3d372f;--stripe:#272420;--accent:#f19a6b;--notice:#ffd9c0;--notice-ground:#4a2411;--alarm:#ff8a7d;--c0:#63bfd3;--c1:#eaae52;--c2:#c79be0;--c3:#98c97a;--c4:#ef8bb6;--c5:#9db0ea;--c6:#d3c274;--c7:#bbbbbb;--bone:#5c5141;--bone-edge:#c9b591;--doubt:#d99a5b;--pad:#2b2722;--before:#d8cdbd;--after:#63bfd3}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:860px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:2.1rem;line-height:1.15;margin:.5em 0 .25em;letter-spacing:-.01em}
h2{font-size:1.3rem;line-height:1.25;margin:0 0 .7em;letter-spacing:-.005em}
h3{font-size:1rem;margin:1.5em 0 .3em}
p{margin:.5em 0}
.brand{display:flex;flex-wrap:wrap;gap:0 1em;align-items:baseline;margin:0;font-weight:650;color:var(--accent)}
.brand span{font-weight:400;color:var(--soft)}
.lead{font-size:1.1rem;max-width:62ch}
.quiet{color:var(--soft);font-size:.9rem}
.notice{background:var(--notice-ground);color:var(--notice);border-left:5px solid var(--accent);border-radius:6px;padding:.6em .9em;margin:1em 0;font-size:1.08rem;font-weight:650}
.assumed{border-left:4px solid var(--accent);padding-left:.8em}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:22px 24px;margin:20px 0}
.story p{font-size:1.12rem;line-height:1.5;max-width:64ch}
.story.refused{border-left:6px solid var(--accent)}
.refusal{border-left:4px solid var(--accent);padding-left:.9em;margin:0 0 1em}
dl{margin:0}dt{color:var(--soft);font-size:.85rem}dd{margin:0}
.facts{display:flex;flex-wrap:wrap;gap:.5em 2em;margin:1em 0 .4em}
.beside{display:grid;grid-template-columns:minmax(0,300px) minmax(0,1fr);gap:28px;align-items:start;margin-top:12px}
.measures{display:grid;grid-template-columns:1fr 1fr;gap:14px 22px;margin:4px 0 16px}
.measures span{display:block}
.big{font-size:1.5rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:0 0 14px}
figcaption{color:var(--soft);font-size:.88rem;margin-top:4px}
svg{display:block;width:100%;height:auto;overflow:visible;color:var(--ink);font-family:inherit}
svg.narrow{display:none}
.upright svg.narrow{display:block;max-width:330px;margin:0 auto}
svg.key{display:inline-block;width:20px;height:12px;margin-right:6px;flex:none}
svg text{font-size:12px;fill:var(--ink);font-variant-numeric:tabular-nums}
svg .soft{fill:var(--soft)}
svg .start{text-anchor:start}svg .middle{text-anchor:middle}svg .end{text-anchor:end}
svg .side{font-weight:600}
svg .level{font-weight:600;font-size:11.5px}
svg .grid{stroke:var(--rule);stroke-width:1}
svg .dashed{stroke-dasharray:3 4}
svg .axis{stroke:var(--soft);stroke-width:1}
svg .vertebra{fill:var(--bone);stroke:var(--bone-edge);stroke-width:1.1}
svg .doubt{fill:var(--doubt);fill-opacity:.2;stroke:var(--doubt);stroke-width:.8}
svg .centre{fill:var(--accent)}
svg .curve{fill:none;stroke:var(--accent);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
svg .whisker{stroke:var(--ink);stroke-width:1.6;stroke-linecap:round}
svg .pad,svg .reach{fill:var(--pad)}
svg .stripe{fill:var(--stripe)}
svg .expected{stroke:var(--soft);stroke-width:1.4}
svg .pictogram{fill:var(--soft)}svg .ground{fill:none;stroke:var(--soft);stroke-width:2}
svg .interval{stroke-width:2;stroke-linecap:round}
svg .before{stroke:var(--before)}svg circle.before{fill:var(--before);stroke:none}
svg .tense{stroke:var(--accent)}svg path.tense{fill:var(--accent);stroke:none}
svg .tense.interval{stroke-width:3}
svg .after{stroke:var(--after)}svg circle.after,svg path.after{fill:var(--card);stroke:var(--after);stroke-width:2}
svg .trace{fill:none;stroke-width:1.6;stroke-linejoin:round}
svg .area{stroke:none;fill-opacity:.2}
svg .asked.area{fill:var(--soft);fill-opacity:.28}
svg .measured.trace{stroke:var(--accent)}svg .measured.area{fill:var(--accent)}
svg .target.trace{stroke-width:1.1;stroke-dasharray:4 3;opacity:.85}
svg .limit{stroke:var(--alarm);stroke-width:1.1;stroke-dasharray:7 4}
svg .limit-words{fill:var(--alarm);font-size:11px}
svg .fault{stroke:var(--alarm);stroke-width:1.5}
svg .series0.trace{stroke:var(--c0)}svg .series0.area{fill:var(--c0)}
svg .series1.trace{stroke:var(--c1)}svg .series1.area{fill:var(--c1)}
svg .series2.trace{stroke:var(--c2)}svg .series2.area{fill:var(--c2)}
svg .series3.trace{stroke:var(--c3)}svg .series3.area{fill:var(--c3)}
svg .series4.trace{stroke:var(--c4)}svg .series4.area{fill:var(--c4)}
svg .series5.trace{stroke:var(--c5)}svg .series5.area{fill:var(--c5)}
svg .series6.trace{stroke:var(--c6)}svg .series6.area{fill:var(--c6)}
svg .series7.trace{stroke:var(--c7)}svg .series7.area{fill:var(--c7)}
ul,ol{margin:.4em 0;padding-left:1.2em}
.legend,.kinds,.doses,.reasons,.timeline{list-style:none;padding:0}
.legend{display:flex;flex-wrap:wrap;gap:.1em 1.3em;font-size:.88rem;margin:.2em 0 .5em}
.legend li{display:flex;align-items:center}
.kinds{display:grid;grid-template-columns:repeat(auto-fill,minmax(165px,1fr));gap:10px;margin:0 0 14px}
.kinds li{border:1px solid var(--rule);border-radius:10px;padding:10px 12px}
.kinds strong,.kinds span{display:block}
.kinds span{font-size:.88rem;color:var(--soft)}
.reasons li{border-top:1px solid var(--rule);padding:.5em 0}
.reasons p{margin:.15em 0}
.doses li{display:grid;grid-template-columns:1fr auto;gap:2px 14px;margin:0 0 13px}
.doses .value{font-variant-numeric:tabular-nums;text-align:right}
.bar{grid-column:1/-1;height:10px;border-radius:5px;background:var(--rule);overflow:hidden}
.bar div{height:100%;background:var(--c0);border-radius:5px 0 0 5px}
.over .bar div{background:var(--alarm)}.over strong{color:var(--alarm)}
.timeline li{display:grid;grid-template-columns:4.2em 1fr;padding:.15em 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.88rem;margin:.4em 0}
caption{text-align:left;color:var(--soft);padding:.2em 0 .5em;font-size:.88rem}
th,td{text-align:left;padding:.38em .7em .38em 0;border-bottom:1px solid var(--rule);vertical-align:top;font-weight:400}
thead th{color:var(--soft);white-space:nowrap}
tbody th{font-weight:600}
tbody th small{display:block;font-weight:400;color:var(--soft)}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.timeline .n{text-align:left;color:var(--soft)}
.less{color:var(--accent);font-weight:600}
details{margin:.6em 0}
summary{cursor:pointer;color:var(--accent);font-weight:600;padding:.3em 0}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--c0);outline-offset:2px;border-radius:4px}
.versions{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:.5em 1.5em}
code{font:.88em ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--stripe);border:1px solid var(--rule);border-radius:8px;padding:.6em .8em;margin:.4em 0;white-space:pre-wrap}
footer{padding-bottom:40px;color:var(--soft);font-size:.9rem}
@media (max-width:640px){
header,main,footer{padding-left:12px;padding-right:12px}
section{padding:16px 14px;border-radius:12px;margin:14px 0}
h1{font-size:1.75rem}
svg.wide{display:none}svg.narrow{display:block}
.beside{grid-template-columns:minmax(0,1fr);gap:14px}
.measures{gap:12px 14px}.big{font-size:1.3rem}
.story p{font-size:1.05rem}
}
@media print{
@page{size:A4;margin:14mm}
:root{--ground:#fff;--card:#fff;--stripe:#f6f2ea}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{font-size:10.5pt}
header,main,footer{max-width:none;padding:0}
section{border:0;border-top:1px solid var(--rule);border-radius:0;padding:12px 0;margin:8px 0}
figure,li,tr,.measures,.notice{break-inside:avoid}
h2,h3,caption,summary,.legend{break-after:avoid}
svg.wide{display:block}svg.narrow{display:none}
.upright svg.narrow{display:block}
.beside{grid-template-columns:250px 1fr}
.scroll{overflow:visible}
}
"#;

/// What stands at the foot of each printed page of a simulated session, so that no sheet goes without.
pub(super) fn simulated_on_paper(language: Language) -> String {
    let notice = crate::notice(language);
    format!(
        r#"@media print{{@page{{@bottom-left{{content:"{notice}";font:9pt system-ui,sans-serif;color:#7a3312}}}}}}"#
    )
}
