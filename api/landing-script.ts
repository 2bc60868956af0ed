/** What the page at `/` does: follows the live stream and shows the newest findings. Runs in the browser, as text. */
import { LANDING_WORDS } from './landing-words.ts';

export const LANDING_SCRIPT = `
const TEXT = ${JSON.stringify(LANDING_WORDS)};
const SHOWN = 25;
/** A city has many findings a second: the page is drawn anew this often at most. */
const DRAW_MS = 250;
const NAME_MS = 100;
const at = (id) => document.getElementById(id);
let findings = new Map();
const rows = new Map();
/** By site; '' where it is not known, or not ours to see. */
const names = new Map();
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let key = '';
let status = '';
let lastId = '';
let drawing = 0;
let isNaming = false;
const headers = () => (key === '' ? {} : { authorization: 'Bearer ' + key });
const newest = () => [...findings.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));

function put(node, text) { if (node.textContent !== text) node.textContent = text; }
function add(parent, tag, className) {
  const node = parent.appendChild(document.createElement(tag));
  if (className) node.className = className;
  // Named, because a table that is laid out as a grid on a phone is none to some screen readers.
  if (tag === 'td') node.setAttribute('role', 'cell');
  return node;
}
function makeRow() {
  const row = document.createElement('tr');
  row.setAttribute('role', 'row');
  const severity = add(add(row, 'td', 'severity'), 'span');
  const details = add(add(row, 'td', 'finding'), 'details');
  const [title, explanation] = [add(details, 'summary'), add(details, 'p')];
  const site = add(row, 'td', 'site');
  const [name, subject] = [add(site, 'span'), add(site, 'small')];
  const [start, state] = [add(row, 'td', 'time'), add(row, 'td', 'state')];
  return { row, fill: (finding) => {
    const { severities, states } = TEXT[language];
    const known = names.get(finding.site);
    severity.className = finding.severity;
    put(severity, severities[finding.severity] ?? finding.severity);
    put(title, finding.title[language]);
    put(explanation, finding.explanation[language]);
    put(name, known || finding.site);
    const parts = [...(known ? [finding.site] : []), ...Object.values(finding.subject)];
    parts.forEach((part, index) => put(subject.children[index] ?? add(subject, 'span'), part));
    while (subject.children.length > parts.length) subject.lastChild.remove();
    put(start, finding.start.slice(0, 16).replace('T', ' '));
    put(state, states[finding.state] ?? finding.state);
  } };
}
function draw() {
  clearTimeout(drawing);
  drawing = 0;
  const { words } = TEXT[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-text]')) put(node, words[node.dataset.text]);
  put(at('status'), words[status === 'live' && findings.size === 0 ? 'none' : status] ?? '');
  const shown = newest().slice(0, SHOWN);
  const ids = new Set(shown.map(({ id }) => id));
  for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
  const made = shown.map((finding) => {
    if (!rows.has(finding.id)) rows.set(finding.id, makeRow());
    const { row, fill } = rows.get(finding.id);
    fill(finding);
    return row;
  });
  const body = at('rows');
  if (made.length !== body.children.length || made.some((row, index) => body.children[index] !== row)) {
    const focused = document.activeElement;
    body.replaceChildren(...made);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }
  at('table').hidden = findings.size === 0;
  nameSites();
}
function drawSoon() { if (drawing === 0) drawing = setTimeout(draw, DRAW_MS); }
/** One after the other: what has left the page meanwhile is not asked for. */
async function nameSites() {
  if (isNaming) return;
  isNaming = true;
  for (;;) {
    const site = newest().slice(0, SHOWN).map((finding) => finding.site).find((id) => !names.has(id));
    if (site === undefined) break;
    names.set(site, await nameOf(site).catch((error) => (console.info(error), '')));
    drawSoon();
    await new Promise((done) => setTimeout(done, NAME_MS));
  }
  isNaming = false;
}
async function nameOf(site) {
  const answer = await fetch('/api/v1/sites/' + encodeURIComponent(site), { headers: headers() });
  return answer.ok ? (await answer.json()).name : '';
}
function show(next) {
  if (next === status) return drawSoon();
  status = next;
  at('form').hidden = next !== 'wanted' && next !== 'refused';
  draw();
}
function take(finding) {
  const known = findings.get(finding.id);
  if (known !== undefined && known.revision > finding.revision) return;
  findings.set(finding.id, { ...finding, at: Date.parse(finding.detectedAt) });
  if (findings.size > 8 * SHOWN) findings = new Map(newest().slice(0, 2 * SHOWN).map((one) => [one.id, one]));
}
async function load() {
  const answer = await fetch('/api/v1/findings?limit=' + SHOWN, { headers: headers() });
  if (!answer.ok) throw new Error(String(answer.status));
  for (const finding of (await answer.json()).items) take(finding);
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
at('language').addEventListener('click', () => { language = language === 'zh' ? 'en' : 'zh'; draw(); });
draw();
run();
`;
