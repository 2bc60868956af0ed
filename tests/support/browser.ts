/** A headless Chromium, driven through its pipe (the DevTools protocol): looks at pages as people do. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const STEP_MS = 50;
const PATIENCE_MS = 15_000;

/** The first browser of this machine; undefined where there is none. */
export function installedBrowser(): string | undefined {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  /** As the browser tells pages: `zh-CN`. */
  readonly language: string;
}

export interface BrowserPage {
  /** The value of an expression; promises are waited for. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until the expression is true. */
  until(expression: string): Promise<void>;
}

export interface Browser {
  open(url: string, screen: Screen): Promise<BrowserPage>;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

type Send = (method: string, parameters?: object, session?: string) => Promise<Record<string, unknown>>;

/** Requests and answers, each a text that ends with a zero byte. */
function talk(child: ChildProcess): Send {
  const [, , , to, from] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const open = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let rest = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer;
      if (answer.id !== undefined) open.get(answer.id)?.(answer);
    }
  });
  return (method, params = {}, sessionId) => {
    last += 1;
    const id = last;
    const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
      open.set(id, ({ result, error }) => {
        open.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
    to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    return answered;
  };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

function pageOf(send: Send, session: string): BrowserPage {
  const evaluate = async <T>(expression: string): Promise<T> => {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = (await send('Runtime.evaluate', asked, session)) as unknown as Evaluated;
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  };
  return {
    evaluate,
    until: async (expression) => {
      const begin = performance.now();
      while (!(await evaluate<boolean>(`Boolean(${expression})`))) {
        if (performance.now() - begin > PATIENCE_MS) throw new Error(`never came true: ${expression}`);
        await pause(STEP_MS);
      }
    },
  };
}

async function openPage(send: Send, url: string, { width, height, language }: Screen): Promise<BrowserPage> {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const device = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
  await send('Page.enable', {}, session);
  await send('Emulation.setDeviceMetricsOverride', device, session);
  await send('Emulation.setUserAgentOverride', { userAgent: 'test', acceptLanguage: language }, session);
  await send('Page.navigate', { url }, session);
  const page = pageOf(send, session);
  await page.until(`location.href !== 'about:blank' && document.readyState !== 'loading'`);
  return page;
}

/** @param program from {@link installedBrowser} */
export function startBrowser(program: string): Browser {
  const profile = mkdtempSync(join(tmpdir(), 'stackwarden-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(program, [...flags, '--remote-debugging-pipe', `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const send = talk(child);
  return {
    open: (url, screen) => openPage(send, url, screen),
    close: async () => {
      void send('Browser.close').catch(() => undefined);
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
