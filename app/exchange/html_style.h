#pragma once

#include <string_view>

namespace alcuin::exchange {

/// How an exported page looks: the reader's own fonts, one column, paper or night as the reader's system wishes, and
/// black on white in print.
inline constexpr std::string_view kHtmlStyle = R"(
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #22211f; --quiet: #6a6762; --line: #e3dfd8; --card: #f4f1ec;
  --accent: #2f6f5e; --comment: #6a675e; --string: #2e6a3c; --number: #9a3d22; --keyword: #733780; --type: #1a666e;
  --function: #22568f; --detail: #7d5600; --new: #26734a; --gone: #b3372f; --mark: #f6e7a8; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1a19; --ink: #e8e5e0; --quiet: #a09c95; --line: #383532;
  --card: #262422; --accent: #7cc4ae; --comment: #8f948f; --string: #9fc593; --number: #e3a182; --keyword: #cba3dd;
  --type: #77c2c6; --function: #92b8ea; --detail: #d6b972; --new: #6cc08b; --gone: #f08a80; --mark: #5c4f14; } }
@media screen and (prefers-color-scheme: dark) {
  mstyle[mathcolor] { color: color-mix(in srgb, var(--own) 50%, #fff); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
header { border-bottom: 1px solid var(--line); margin-bottom: 2rem; padding-bottom: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: .95rem; margin: 0; }
h3, h4, h5, h6 { line-height: 1.3; margin: 1.5em 0 .5em; }
p, ul, ol, pre, blockquote, .table { margin: 0 0 1em; }
a { color: var(--accent); }
.meta, time, .state { color: var(--quiet); font-size: .85rem; }
.meta { margin: 0; }
article { margin: 0 0 2rem; }
.turn { display: flex; gap: .75rem; align-items: baseline; margin-bottom: .5rem; }
.user .body { background: var(--card); border-radius: .75rem; padding: .9rem 1.1rem; }
.user .body > :last-child, li > p:last-child { margin-bottom: 0; }
details { border: 1px solid var(--line); border-radius: .6rem; margin: 0 0 1em; padding: .5rem .9rem; }
summary { color: var(--quiet); cursor: pointer; font-size: .9rem; }
details[open] > summary { margin-bottom: .6rem; }
.reasoning blockquote { margin-bottom: 0; }
blockquote { border-left: 3px solid var(--line); color: var(--quiet); padding-left: 1rem; margin-left: 0; }
blockquote[class] { color: inherit; }
blockquote.note, blockquote.important { border-color: var(--accent); }
blockquote.tip { border-color: var(--new); }
blockquote.warning { border-color: var(--detail); }
blockquote.caution { border-color: var(--gone); }
code, pre { font-family: ui-monospace, monospace; font-size: .875em; }
code { background: var(--card); border-radius: .3em; padding: .1em .3em; }
pre { background: var(--card); border-radius: .6rem; line-height: 1.5; overflow-x: auto; padding: .8rem 1rem; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
pre[data-language]::before { color: var(--quiet); content: attr(data-language); display: block; font-size: .8em;
  margin-bottom: .4em; }
.comment { color: var(--comment); }
.string { color: var(--string); }
.number { color: var(--number); }
.keyword { color: var(--keyword); }
.type { color: var(--type); }
.function { color: var(--function); }
.detail { color: var(--detail); }
.new { color: var(--new); }
.gone { color: var(--gone); }
math { font-family: "TeX Gyre Pagella Math", math; font-size: 1.05em; overflow-wrap: normal; }
.display { display: block; margin: .4em 0; overflow-x: auto; overflow-y: hidden; padding: .4em 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; }
.center { text-align: center; }
.right { text-align: right; }
.task { list-style: none; margin-left: -1.4em; }
kbd { border: 1px solid var(--line); border-radius: .3em; font: .85em ui-monospace, monospace; padding: .1em .35em; }
mark { background: var(--mark); border-radius: .2em; color: inherit; padding: 0 .15em; }
sub, sup { line-height: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 2em 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media print { :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --card: #f6f6f6;
  --comment: #6a675e; --string: #2e6a3c; --number: #9a3d22; --keyword: #733780; --type: #1a666e; --function: #22568f;
  --detail: #7d5600; --new: #26734a; --gone: #b3372f; --mark: #f6e7a8; }
  main { max-width: none; padding: 0; } article, pre { break-inside: avoid-page; } }
)";

} // namespace alcuin::exchange
