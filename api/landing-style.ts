/** How the page at `/` looks, on a wide screen and on a phone, light and dark. */
export const LANDING_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2733, #e4e9ee); --soft: light-dark(#556472, #9dabb8);
  --line: light-dark(#d8dfe6, #33404c); --paper: light-dark(#fff, #141b22); --accent: light-dark(#0b62a8, #6cb6f5); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; flex-wrap: wrap; }
h1 { margin: 0; font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); } nav { display: flex; gap: .2rem 1.25rem; flex-wrap: wrap; }
p { margin: .4rem 0; color: var(--soft); text-wrap: pretty; }
button, input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: .4rem; padding: .3rem .7rem; }
button { cursor: pointer; } form { display: flex; gap: .5rem .75rem; align-items: center; flex-wrap: wrap; } form[hidden] { display: none; }
input { flex: 0 1 26rem; min-width: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#table { border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .5rem .8rem; vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; white-space: nowrap; } tbody tr { border-top: 1px solid var(--line); }
.finding { width: 42%; } .site { width: 30%; } summary { cursor: pointer; } .finding p { margin: .3rem 0 .2rem; }
small { display: block; color: var(--soft); font-size: .85rem; line-height: 1.4; } small span { display: inline-block; } small span:not(:last-child)::after { content: "·"; margin: 0 .35em; }
.time, .state { white-space: nowrap; font-variant-numeric: tabular-nums; }
.severity span { display: inline-block; white-space: nowrap; border-left: .35rem solid var(--tone, gray); padding-left: .5rem; }
.critical { --tone: light-dark(#a3123a, #ff6b8f); } .high { --tone: light-dark(#c2410c, #ff9a5c); }
.medium { --tone: light-dark(#a16207, #f2c14e); } .low { --tone: light-dark(#2563a8, #7db8f0); } .info { --tone: gray; }
[hidden] { display: none; }
@media (max-width: 46rem) {
  body { padding: 1.25rem 1rem; }
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tbody tr { display: grid; grid-template: "severity state" "finding finding" "site time" / 1fr auto; gap: .15rem .8rem; padding: .7rem .8rem; }
  tbody tr:first-child { border-top: 0; } td { padding: 0; }
  .severity { grid-area: severity; } .state { grid-area: state; color: var(--soft); text-align: right; } .finding { grid-area: finding; width: auto; font-weight: 600; }
  .finding p { font-weight: 400; } .site { grid-area: site; width: auto; } .time { grid-area: time; color: var(--soft); font-size: .85rem; line-height: 1.9; }
}
`;
