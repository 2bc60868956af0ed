/** The page at `/` in a browser: on a wide screen and on a phone, in both languages, with findings that come and grow. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../api/start.ts';
import { SEVERITIES } from '../../contracts/finding.ts';
import { createWorld, finding, type World } from '../support/api-world.ts';
import { installedBrowser, startBrowser, type Browser, type BrowserPage, type Screen } from '../support/browser.ts';

const program = installedBrowser();
const WIDE = { width: 1_600, height: 1_000 };
const PHONE = { width: 390, height: 844 };
const LANGUAGES = ['zh-CN', 'en-US'] as const;
const FINDINGS = 30;
/** A short one and a long one. */
const TITLES = [
  { zh: '数值长时间不变', en: 'The value does not move' },
  {
    zh: '同一排口监测均值与上报均值不一致并持续多个小时',
    en: 'Means of the device differ from those of its samples for hours',
  },
];

let browser: Browser | undefined;
let world: World;
let api: RunningApi;

function fill(): void {
  world.readModel.findingLog = Array.from({ length: FINDINGS }, (_, index) =>
    finding({
      id: `f-${String(index)}`,
      severity: SEVERITIES[index % SEVERITIES.length] ?? 'info',
      site: index % 3 === 0 ? 'far-cement' : 'demo-cement',
      title: TITLES[index % 2] ?? { zh: '', en: '' },
      detectedAt: new Date(Date.parse('2026-11-22T00:00:00Z') + index * 60_000).toISOString(),
      state: index % 2 === 0 ? 'open' : 'closed',
    }),
  ).reverse();
}

/** A finding, or its next revision, comes over the stream. */
function grow(id: string, revision: number, detectedAt: string): void {
  const grown = finding({ id, revision, detectedAt, title: { zh: '刚到的', en: 'just come' } });
  world.readModel.findingLog.push(grown);
  world.change({ type: 'finding', site: grown.site, district: grown.district, body: JSON.stringify(grown) });
}

async function look(url: string, screen: Screen): Promise<BrowserPage> {
  if (browser === undefined) throw new Error('no browser');
  return browser.open(url, screen);
}

async function open(screen: { width: number; height: number }, language: string, count = 25): Promise<BrowserPage> {
  const page = await look(api.url, { ...screen, language });
  await page.until(`document.querySelectorAll('#rows > tr').length === ${String(count)}`);
  await page.until(
    `![...document.querySelectorAll('.site > span')].some((name) => /^[a-z-]+$/.test(name.textContent))`,
  );
  return page;
}

/** Cells of the first rows, with where they stand. */
const CELLS = `[...document.querySelectorAll('#rows > tr')].slice(0, 4).map((row) => [...row.children].map((cell) => {
  const { left, right, width, height } = cell.getBoundingClientRect();
  return { left, right, width, height, text: cell.innerText.trim() };
}))`;

interface Cell {
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

describe('the page at /', () => {
  beforeAll(() => {
    if (program !== undefined) browser = startBrowser(program);
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async (context) => {
    if (browser === undefined) context.skip('no Chromium on this machine');
    world = createWorld();
    fill();
    api = await startApi({ ...world.deps, insecure: true }, { host: '127.0.0.1', port: 0 });
    context.onTestFinished(() => api.stop());
  });

  it.each(
    LANGUAGES.flatMap((language) => [
      { language, ...WIDE },
      { language, ...PHONE },
      { language, width: 800, height: 900 },
    ]),
  )(
    'shows all of each finding at $width px in $language, without sideways scrolling',
    async ({ language, width, height }) => {
      const page = await open({ width, height }, language);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const rows = await page.evaluate<Cell[][]>(CELLS);
      expect(rows).toHaveLength(4);
      for (const cells of rows) {
        expect(cells).toHaveLength(5);
        for (const { left, right, height: high, text } of cells) {
          expect(text).not.toBe('');
          expect(high).toBeGreaterThan(10);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(width);
        }
        // No column of a phone is so narrow that words stand one below the other.
        for (const { width: wide } of cells.slice(1, 3)) expect(wide).toBeGreaterThan(150);
      }
    },
  );

  it('has its columns below their heads', async () => {
    const page = await open(WIDE, 'en-US');
    const heads = await page.evaluate<number[]>(
      `[...document.querySelectorAll('th')].map((head) => head.getBoundingClientRect().left)`,
    );
    const [first = []] = await page.evaluate<Cell[][]>(CELLS);
    expect(first.map(({ left }) => left)).toEqual(heads);
  });

  it('is wholly in the language that is asked for, and changes at a click', async () => {
    const page = await open(WIDE, 'zh-CN');
    const texts = `[...document.querySelectorAll('[data-text], .severity, .state, summary')].map((node) => node.textContent)`;
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
    const chinese = (await page.evaluate<string[]>(texts)).filter((text) => text !== 'English');
    expect(chinese.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
    await page.evaluate(`document.getElementById('language').click()`);
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    const english = (await page.evaluate<string[]>(texts)).filter((text) => text !== '中文');
    expect(english.filter((text) => text === '' || /\p{Script=Han}/u.test(text))).toEqual([]);
    expect(english).toHaveLength(chinese.length);
  });

  it('names the firm, and says where in it', async () => {
    const page = await open(PHONE, 'zh-CN');
    expect(await page.evaluate(`document.querySelector('.site').innerText`)).toMatch(/^示例水泥厂\n+demo-cement/);
  });

  it('keeps what was opened open, and the focus, while others come', async () => {
    const page = await open(PHONE, 'en-US');
    await page.evaluate(`document.querySelector('summary').focus(), document.querySelector('summary').click()`);
    expect(await page.evaluate(`document.querySelector('details p').innerText`)).toContain('12.3 mg/m³');
    const wasFirst = await page.evaluate(`document.querySelector('details[open]').closest('tr').rowIndex`);
    grow('f-new', 1, '2026-11-22T09:00:00+08:00');
    await page.until(`document.querySelector('details[open]').closest('tr').rowIndex > ${String(wasFirst)}`);
    expect(await page.evaluate(`document.activeElement === document.querySelector('details[open] summary')`)).toBe(
      true,
    );
    expect(await page.evaluate(`document.querySelector('#rows summary').innerText`)).toBe('just come');
    expect(await page.evaluate(`document.querySelectorAll('#rows > tr').length`)).toBe(25);
  });

  it('forgets no new finding for many changes of old ones', async () => {
    const page = await open(WIDE, 'en-US');
    const newest = `document.querySelectorAll('#rows > tr')[24].innerText`;
    const before = await page.evaluate(newest);
    for (let index = 0; index < 300; index += 1) grow(`f-old-${String(index)}`, 1, '2026-11-01T00:00:00+08:00');
    grow('f-29', 2, '2026-11-22T09:00:00+08:00');
    await page.until(`document.querySelector('#rows summary').innerText === 'just come'`);
    expect(await page.evaluate(newest)).toBe(before);
  });

  it('asks for a key where one is needed, on a phone too', async () => {
    const locked = await startApi(world.deps, { host: '127.0.0.1', port: 0 });
    try {
      const page = await look(locked.url, { ...PHONE, language: 'en-US' });
      await page.until(`!document.getElementById('form').hidden`);
      expect(await page.evaluate(`document.getElementById('status').innerText`)).toBe(
        'Enter an API key to see findings',
      );
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
      await page.evaluate(
        `document.getElementById('key').value = 'wrong', document.querySelector('form button').click()`,
      );
      await page.until(`document.getElementById('status').innerText === 'The key is not valid'`);
      await page.evaluate(
        `document.getElementById('key').value = 'watch', document.querySelector('form button').click()`,
      );
      await page.until(`document.querySelectorAll('#rows > tr').length === 25`);
      expect(await page.evaluate(`document.getElementById('form').hidden`)).toBe(true);
    } finally {
      await locked.stop();
    }
  });
});
