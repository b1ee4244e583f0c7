/** The report's look: the app's colours, light or dark as the reader's system is, and always light on paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f4f6, #14181f);
  --sheet: light-dark(#ffffff, #1b2029);
  --line: light-dark(#d3d8e0, #343e4d);
  --text: light-dark(#1a1f27, #e8ecf2);
  --muted: light-dark(#4d5765, #a9b4c4);
  --accent: light-dark(#8a5a00, #f2b441);
  --c1: light-dark(#0066a3, #56b4e9);
  --c2: light-dark(#a66300, #e69f00);
  --c3: light-dark(#00785a, #2fc49a);
  --c4: light-dark(#b03a00, #ff8552);
  --c5: light-dark(#96407a, #e08fbf);
  --c6: light-dark(#6a6400, #e8dc4a);
  --c7: light-dark(#5546b8, #a99bff);
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--text);
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 60rem; margin: 0 auto; display: grid; gap: 1.5rem; }
.video, .overview { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.25rem; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.75rem 0 0.5rem; }
p { margin: 0.25rem 0; }
a { color: inherit; }
.muted { color: var(--muted); }
.note { border-left: 3px solid var(--accent); padding: 0.25rem 0.75rem; margin: 0.75rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem; margin: 1.25rem 0 0; }
.figures div { border-top: 2px solid var(--line); padding-top: 0.5rem; }
.figures dt { color: var(--muted); font-size: 0.75rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.figures .detail { display: block; font-size: 0.75rem; font-weight: 400; color: var(--muted); }
.timeline { width: 100%; height: auto; display: block; }
.timeline text { font-size: 11px; fill: var(--muted); }
.timeline .name { fill: var(--text); }
.timeline .axis, .timeline .track { stroke: var(--line); fill: none; }
.timeline .share { fill: var(--accent); fill-opacity: 0.35; stroke: var(--accent); stroke-width: 1; }
.timeline .differ { fill: var(--accent); }
.c1 { fill: var(--c1); background: var(--c1); } .c2 { fill: var(--c2); background: var(--c2); }
.c3 { fill: var(--c3); background: var(--c3); } .c4 { fill: var(--c4); background: var(--c4); }
.c5 { fill: var(--c5); background: var(--c5); } .c6 { fill: var(--c6); background: var(--c6); }
.c7 { fill: var(--c7); background: var(--c7); }
.swatch { display: inline-block; width: 0.7em; height: 0.7em; border-radius: 2px; margin-right: 0.5em; print-color-adjust: exact; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); font-size: 0.75rem; padding-bottom: 0.25rem; }
th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: 0.75rem; font-weight: 600; color: var(--muted); }
.number { text-align: right; white-space: nowrap; }
tr.differs td { color: var(--accent); }
.pictures { display: grid; gap: 1rem; }
figure { margin: 0; break-inside: avoid; }
figure img { max-width: 100%; height: auto; display: block; border-radius: 4px; }
figcaption { font-size: 0.75rem; color: var(--muted); padding-top: 0.25rem; }
dl.provenance { display: grid; grid-template-columns: max-content 1fr; gap: 0.125rem 1rem; margin: 0; font-size: 0.8125rem; }
dl.provenance dt { color: var(--muted); }
dl.provenance dd { margin: 0; overflow-wrap: anywhere; }
footer { color: var(--muted); font-size: 0.75rem; text-align: center; }
@media print {
  :root { color-scheme: light; }
  @page { margin: 15mm; }
  body { padding: 0; background: none; font-size: 10pt; }
  main { max-width: none; display: block; }
  .video, .overview { border: 0; padding: 0; break-after: page; }
  .video:last-of-type { break-after: auto; }
  .scroll { overflow: visible; }
  h2, h3 { break-after: avoid; }
  tr, .figures { break-inside: avoid; }
  thead { display: table-header-group; }
  svg { print-color-adjust: exact; }
  a { text-decoration: none; }
}
`;
