//! The guide's style sheet: large type, light, dark and paper. Fonts are the reader's own.

/// Served as `/style.css`.
pub(super) fn css() -> String {
    let rooms = [
        &**super::body_map::CSS,
        super::diary::CSS,
        super::week::CSS,
        super::bed::CSS,
        host::diary_plot::STYLE,
    ];
    format!("{CSS}{}", rooms.concat())
}

const CSS: &str = r#"
:root{--ground:#f5f1ea;--card:#fffdf9;--ink:#26211b;--soft:#5c5449;--rule:#d3c9ba;--accent:#8f3a16;--alarm:#9f1d16;--alarm-ground:#fdebe8;--focus:#1d6578;--care-ground:var(--card);--care-accent:#1d6578}
@media screen and (prefers-color-scheme:dark){:root{--ground:#171512;--card:#211e1a;--ink:#ece5da;--soft:#b9ae9f;--rule:#4a433a;--accent:#f19a6b;--alarm:#ff9a8f;--alarm-ground:#3a1a17;--focus:#63bfd3;--care-accent:#63bfd3}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:1.2rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:46rem;margin:0 auto;padding:0 1.1rem}
.skip{position:absolute;left:-999rem}
.skip:focus{left:.5rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:4px}
header{padding-top:1rem}
.bar{display:flex;flex-wrap:wrap;gap:.2rem .9rem;align-items:baseline;border-bottom:1px solid var(--rule);padding-bottom:.6rem;font-size:1rem}
.bar a{padding:.3rem 0}
.bar .brand{font-weight:700;text-decoration:none}
.bar .tongue{margin-left:auto}
h1{font-size:2rem;line-height:1.2;margin:1.4rem 0 .6rem}
h2{font-size:1.4rem;line-height:1.25;margin:2rem 0 .6rem}
h3{font-size:1.15rem;margin:1.4rem 0 .3rem}
p{margin:.5rem 0}
.quiet,small{color:var(--soft);font-size:1rem}
.beside{display:block;color:var(--soft);font-size:1rem;font-style:italic}
.doors{list-style:none;padding:0;display:grid;gap:1rem}
.doors a{display:block;background:var(--card);border:2px solid var(--rule);border-left:.5rem solid var(--accent);border-radius:.8rem;padding:1.1rem 1.2rem;text-decoration:none;color:var(--ink)}
.doors a:hover strong{text-decoration:underline}
.doors .alarm{border-left-color:var(--alarm)}
.doors strong{display:block;font-size:1.5rem;color:var(--accent)}
.doors .alarm strong{color:var(--alarm)}
fieldset{border:0;padding:0;margin:0}
legend{font-weight:650;padding:0;margin-bottom:.6rem}
.ticks{list-style:none;padding:0;margin:0}
.ticks label{display:grid;grid-template-columns:1.9rem 1fr;gap:.6rem;padding:.75rem .7rem;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;margin:.4rem 0;cursor:pointer}
.ticks input{width:1.5rem;height:1.5rem;margin:.15rem 0 0;accent-color:var(--alarm)}
.thing{display:block;padding-left:1rem;text-indent:-1rem}
.thing::before{content:"– "}
.ticks label:has(input:checked){border-color:var(--alarm);background:var(--alarm-ground)}
.options{list-style:none;padding:0;margin:.4rem 0;display:grid;gap:.4rem}
.options.places{grid-template-columns:repeat(auto-fill,minmax(11rem,1fr))}
.options label{display:grid;grid-template-columns:1.7rem 1fr;gap:.5rem;align-items:center;padding:.6rem .7rem;background:var(--card);border:1px solid var(--rule);border-radius:.6rem;cursor:pointer}
.options input{width:1.35rem;height:1.35rem;margin:0;accent-color:var(--accent)}
.options label:has(input:checked){border-color:var(--accent)}
.gallery{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:.8rem}
@media (min-width:40rem){.gallery.ease{grid-template-columns:repeat(4,1fr)}}
.gallery a{display:block;background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.6rem .8rem;text-decoration:none;color:var(--ink);height:100%;font-size:1.05rem}
.gallery svg,.frames svg{display:block;width:100%}
.gallery strong{font-weight:600}
.frames{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1rem}
.frames figure{margin:0;background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.6rem}
.frames figcaption{text-align:center;color:var(--soft);font-size:1rem}
.facts dt{font-weight:650;margin-top:.5rem}
.facts dd{margin:0}
.card{background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.6rem .9rem;margin:.8rem 0}
.card>h2:first-child{margin-top:.2rem}
.map{display:grid;grid-template-columns:1fr 1fr;gap:1rem;max-width:26rem;margin:.6rem auto}
.figure{position:relative}
.figure p{text-align:center;color:var(--soft);font-size:1rem;margin:.2rem 0}
.figure svg{display:block;width:100%}
.body{fill:var(--rule);stroke:none}
.body .limb{fill:none;stroke:var(--rule);stroke-width:19;stroke-linecap:round;stroke-linejoin:round}
.spine{fill:none;stroke:var(--soft);stroke-width:2;stroke-dasharray:3 4}
.place{fill:var(--card);fill-opacity:.55;stroke:var(--soft);stroke-opacity:.35}
.spot{position:absolute;border-radius:50%;cursor:pointer}
.spot:hover{outline:2px solid var(--focus)}
.number input{font:inherit;width:6rem;padding:.5rem .6rem;border:2px solid var(--rule);border-radius:.5rem;background:var(--card);color:var(--ink)}
fieldset+fieldset{margin-top:1.6rem}
.fault{color:var(--alarm);font-weight:650}
.wrong .number input{border-color:var(--alarm)}
button.quiet{border-color:var(--rule);color:var(--soft);font-weight:400}
.reasons details{font-size:1rem;color:var(--soft)}
.choose{display:flex;flex-wrap:wrap;gap:.8rem;margin:1.2rem 0}
button{font:inherit;font-weight:650;padding:.8rem 1.2rem;border-radius:.6rem;border:2px solid var(--ink);background:var(--card);color:var(--ink);cursor:pointer}
button.alarm{border-color:var(--alarm);color:var(--alarm)}
.alarmed{background:var(--alarm-ground);border-left:.5rem solid var(--alarm);border-radius:.6rem;padding:.8rem 1.1rem;margin:1rem 0}
.alarmed h1,.alarmed h2{margin-top:.2rem;color:var(--alarm)}
.numbers{font-size:1.5rem;font-weight:700;display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;list-style:none;padding:0}
.numbers small{font-weight:400}
.lines{padding-left:1.3rem}
.lines li{margin:.6rem 0}
.mark{font-size:.88rem;color:var(--soft);white-space:nowrap}
.mark a{padding:0 .1rem}
.sources{font-size:.95rem;color:var(--soft);padding-left:2rem}
.sources li{margin:.3rem 0;overflow-wrap:anywhere}
.sources li:target{outline:2px solid var(--focus);outline-offset:4px}
.claims{list-style:none;padding:0}
.claims>li,.cause{background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:.7rem 1rem;margin:.7rem 0}
.verdict{font-weight:700;color:var(--accent)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:1.05rem}
caption{text-align:left;color:var(--soft);padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.6rem .7rem .6rem 0;border-bottom:1px solid var(--rule);font-weight:400}
thead th{font-weight:650}
td .mark{display:block}
footer{border-top:1px solid var(--rule);margin-top:2.5rem;padding-top:.8rem;padding-bottom:2.5rem;color:var(--soft);font-size:1rem}
.sheet h2{margin:.9rem 0 .1rem;font-size:1.2rem}
.sheet p{margin:.2rem 0}
@media (max-width:40rem){thead{position:absolute;left:-999rem}tr,td,tbody th{display:block}td,tbody th{border:0;padding:.15rem 0}tbody tr{border-bottom:1px solid var(--rule);padding:.6rem 0;display:block}tbody th{font-weight:650}}
@media print{
.gallery.ease{grid-template-columns:repeat(4,1fr);gap:.3rem;margin:.2rem 0}
.gallery.ease a{font-size:9pt;padding:.2rem .3rem;border:0}
@page{size:A4;margin:13mm}
:root{--ground:#fff;--card:#fff;--alarm-ground:#fff}
body{font-size:11.5pt;line-height:1.35}
header,main,footer{max-width:none;padding:0}
.bar,.skip,.choose,.noprint{display:none}
h1{margin:.2rem 0;font-size:20pt}
footer{margin-top:.8rem;padding-bottom:0;font-size:9pt}
.small,.beside{font-size:9.5pt}
li,tr,p{break-inside:avoid}
h2,h3{break-after:avoid}
a{color:inherit}
}
"#;
