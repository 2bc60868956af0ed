/**
 * A small page at `/`, in one piece: no other file, no other host. Its style and script are allowed by their hashes,
 * so the content security policy can refuse everything else.
 */
import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2733, #e4e9ee); --soft: light-dark(#556472, #9dabb8);
  --line: light-dark(#d8dfe6, #33404c); --paper: light-dark(#fff, #141b22); --accent: light-dark(#0b62a8, #6cb6f5); }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; }
header { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; flex-wrap: wrap; }
h1 { margin: 0; font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); } nav { display: flex; gap: 1.25rem; flex-wrap: wrap; } p { margin: .4rem 0; color: var(--soft); }
button, input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: .4rem; padding: .3rem .7rem; }
button { cursor: pointer; } input { min-width: 16rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.frame { overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .5rem .8rem; vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; } tbody tr { border-top: 1px solid var(--line); }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.severity { display: inline-block; white-space: nowrap; border-left: .35rem solid var(--tone, gray); padding-left: .5rem; }
.critical { --tone: light-dark(#a3123a, #ff6b8f); } .high { --tone: light-dark(#c2410c, #ff9a5c); }
.medium { --tone: light-dark(#a16207, #f2c14e); } .low { --tone: light-dark(#2563a8, #7db8f0); } .info { --tone: gray; }
[hidden] { display: none; }
`;

const SCRIPT = `
const TEXT = {
  zh: { about: '排污许可、数据造假与停限产管控的开放、精确、可重放的监测。线索只是疑点，不是结论。', docs: 'OpenAPI 文档', schemas: '数据模式',
    ready: '就绪状态', findings: '最新线索', severity: '严重程度', state: '状态', title: '线索', site: '企业', start: '开始', key: 'API 密钥',
    open: '查看', other: 'English', none: '暂无线索', live: '实时更新中', lost: '连接中断，正在重连', wanted: '请输入 API 密钥以查看线索',
    refused: '密钥无效', open_: '持续中', closed: '已结束', withdrawn: '已撤回', critical: '特急', high: '高', medium: '中', low: '低', info: '提示' },
  en: { about: 'Open, exact and replayable monitoring of pollution permits, data falsification and production orders. A finding is suspicion, never a verdict.',
    docs: 'OpenAPI document', schemas: 'Schemas', ready: 'Readiness', findings: 'Newest findings', severity: 'Severity', state: 'State',
    title: 'Finding', site: 'Site', start: 'Start', key: 'API key', open: 'Show', other: '中文', none: 'No findings yet', live: 'Live',
    lost: 'Connection lost, trying again', wanted: 'Enter an API key to see findings', refused: 'The key is not valid', open_: 'open',
    closed: 'closed', withdrawn: 'withdrawn', critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'info' },
};
const SHOWN = 25;
const at = (id) => document.getElementById(id);
const findings = new Map();
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let key = '';
let status = '';
let lastId = '';
const headers = () => (key === '' ? {} : { authorization: 'Bearer ' + key });

function cell(text, className, inner) {
  const td = document.createElement('td');
  const place = inner ? td.appendChild(document.createElement('span')) : td;
  place.className = className;
  place.textContent = text;
  return td;
}
function render() {
  const words = TEXT[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = words[node.dataset.text];
  const said = words[status === 'live' && findings.size === 0 ? 'none' : status] ?? '';
  if (at('status').textContent !== said) at('status').textContent = said;
  const newest = [...findings.values()].sort((a, b) => (a.detectedAt < b.detectedAt ? 1 : -1)).slice(0, SHOWN);
  at('rows').replaceChildren(...newest.map((finding) => {
    const row = document.createElement('tr');
    row.append(cell(words[finding.severity], 'severity ' + finding.severity, true), cell(finding.title[language], ''),
      cell(finding.site, ''), cell(finding.start.slice(0, 16).replace('T', ' '), 'time'),
      cell(words[finding.state === 'open' ? 'open_' : finding.state], ''));
    row.title = finding.explanation[language];
    return row;
  }));
  at('table').hidden = findings.size === 0;
}
function show(next) { status = next; at('form').hidden = next !== 'wanted' && next !== 'refused'; render(); }
function take(finding) {
  const known = findings.get(finding.id);
  if (known === undefined || known.revision <= finding.revision) findings.set(finding.id, finding);
  if (findings.size > 4 * SHOWN) findings.delete(findings.keys().next().value);
}
async function load() {
  const answer = await fetch('/api/v1/findings?limit=' + SHOWN, { headers: headers() });
  if (!answer.ok) throw new Error(String(answer.status));
  for (const finding of (await answer.json()).items.reverse()) take(finding);
}
function event(block) {
  const field = (name) => block.split('\\n').filter((line) => line.startsWith(name + ': ')).map((line) => line.slice(name.length + 2)).join('\\n');
  lastId = field('id') || lastId;
  if (field('event') === 'finding') take(JSON.parse(field('data')));
  // The list is read once the stream stands: nothing falls between them.
  if (field('event') === 'ready' || field('event') === 'reset') return load();
}
async function follow() {
  const resume = lastId === '' ? {} : { 'last-event-id': lastId };
  const answer = await fetch('/api/v1/events/stream?type=finding', { headers: { ...headers(), ...resume } });
  if (answer.status === 401) return show(key === '' ? 'wanted' : 'refused');
  if (!answer.ok) throw new Error(String(answer.status));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error('ended');
    const blocks = (rest + value).split('\\n\\n');
    rest = blocks.pop();
    for (const block of blocks) await event(block);
    show('live');
  }
}
async function run() {
  try {
    await follow();
  } catch (error) {
    console.info(error);
    show('lost');
    setTimeout(run, 3000);
  }
}
at('form').addEventListener('submit', (submitted) => { submitted.preventDefault(); key = at('key').value.trim(); run(); });
at('language').addEventListener('click', () => { language = language === 'zh' ? 'en' : 'zh'; render(); });
render();
run();
`;

const HTML = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>stackwarden</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1>stackwarden</h1><button id="language" type="button" data-text="other">English</button></header>
<main>
<p data-text="about"></p>
<nav aria-label="API">
<a href="/api/v1/openapi.json" data-text="docs">OpenAPI</a>
<a href="/api/v1/schemas" data-text="schemas">JSON Schema</a>
<a href="/health/ready" data-text="ready">health</a>
</nav>
<h2 id="heading" data-text="findings">Findings</h2>
<form id="form" hidden>
<label for="key" data-text="key">API key</label>
<input id="key" type="password" autocomplete="off" required>
<button type="submit" data-text="open">Show</button>
</form>
<p id="status" role="status"></p>
<div class="frame" id="table" tabindex="0" role="region" aria-labelledby="heading" hidden>
<table>
<thead><tr><th scope="col" data-text="severity"></th><th scope="col" data-text="title"></th><th scope="col" data-text="site"></th>
<th scope="col" data-text="start"></th><th scope="col" data-text="state"></th></tr></thead>
<tbody id="rows"></tbody>
</table>
</div>
</main>
<script type="module">${SCRIPT}</script>
</body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const LANDING_PAGE = { html: HTML, styleHash: hashOf(STYLE), scriptHash: hashOf(SCRIPT) };
