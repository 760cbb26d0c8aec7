"""The look of the HTML report: calm, high contrast, narrow screens and paper (報告の体裁)."""

STYLE = """
:root { color-scheme: light; --ink: #1a1a1a; --soft: #595959; --line: #b4b4b4; --pale: #f2f2f2; --blue: #00118f;
  --red: #ad0000; --amber: #7a4300; --green: #115a36; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 1rem/1.7 "Noto Sans JP", "Noto Sans CJK JP",
  "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.75rem; line-height: 1.4; margin: 0 0 1rem; }
h2 { font-size: 1.375rem; line-height: 1.5; margin: 3rem 0 1rem; padding-bottom: .25rem;
  border-bottom: 2px solid var(--line); }
h3 { font-size: 1.0625rem; line-height: 1.6; margin: 0; }
p { margin: .25rem 0; }
a { color: var(--blue); text-underline-offset: .2em; }
a:focus-visible { outline: 4px solid #000; outline-offset: 2px; background: #ffd43d; }
code { font: .9em/1.5 ui-monospace, "SFMono-Regular", Consolas, "Noto Sans Mono CJK JP", monospace; }
.other { display: block; color: var(--soft); font-size: .8125em; font-weight: 400; line-height: 1.5; }
td .other, dd .other { font-size: .875em; }
.result { border: 2px solid; border-left-width: 1rem; border-radius: .5rem; padding: 1rem 1.25rem; }
.result > p:first-child { font-size: 1.25rem; font-weight: 700; line-height: 1.6; }
.result > p:first-child .other { font-size: 1rem; }
.result ul { margin: .5rem 0 0; padding-left: 1.25rem; color: var(--ink); }
.result li .other { display: inline-block; margin-left: .75rem; }
.exit0 { color: var(--green); } .exit1 { color: var(--red); } .exit2 { color: var(--amber); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: 1.5rem 0 0; padding: 0; }
nav a { display: inline-block; padding: .25rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.tiles div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.tiles dt { font-size: .875rem; line-height: 1.5; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 700; line-height: 1.4; }
.rule { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: 1rem 1.25rem; }
.rule.apart { border-style: dashed; }
.chips { display: flex; flex-wrap: wrap; gap: .25rem .75rem; margin: 0 0 .5rem; font-size: .875rem; }
.chip { border: 1px solid currentColor; border-radius: .25rem; padding: 0 .5rem; line-height: 1.6; }
.error { color: var(--red); } .warning { color: var(--amber); } .info { color: var(--blue); }
.says { display: grid; grid-template-columns: 6rem 1fr; gap: .25rem 1rem; margin: .75rem 0; }
.says dt { color: var(--soft); } .says dd { margin: 0; }
table { min-width: min(100%, 32rem); border-collapse: collapse; margin: .75rem 0; font-size: .875rem;
  line-height: 1.6; }
caption { text-align: left; font-weight: 700; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .375rem 2rem .375rem 0;
  border-bottom: 1px solid var(--line); }
thead th { white-space: nowrap; border-bottom: 2px solid var(--soft); line-height: 1.4; }
th[scope=row] { font-weight: 400; min-width: 8rem; }
td { min-width: 3rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.code { white-space: nowrap; }
.digest { display: block; max-width: 22rem; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line);
  font-size: .875rem; }
@media (max-width: 44rem) {
  main, header, footer { padding-left: 1rem; padding-right: 1rem; }
  h1 { font-size: 1.375rem; } h2 { font-size: 1.1875rem; margin-top: 2rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .rule { padding: .75rem; }
  .says { grid-template-columns: 1fr; gap: 0; } .says dd { margin-bottom: .5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; width: 100%; }
  .result li .other { display: block; margin-left: 0; }
  .empty { display: none; }
  tbody tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  th[scope=row] { font-weight: 700; }
  tbody th, tbody td { border: 0; padding: 0; text-align: left; }
  tbody td[data-label] { display: grid; grid-template-columns: 6rem 1fr; gap: .5rem; }
  tbody td[data-label]::before { content: attr(data-label); color: var(--soft); }
}
@media print {
  body { font-size: 9.5pt; } main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  th, td { padding-right: 1rem; } nav { display: none; }
  h2, h3, caption, thead { break-after: avoid; } tr, .tiles div, .result { break-inside: avoid; }
}
@media (forced-colors: active) { .chip, .result, .tiles div, .rule { border-color: CanvasText; } }
"""
