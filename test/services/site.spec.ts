import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWhere } from '../support/describe-where.js';
import { brokenRules, findChromium, launchChromium, screens } from './browser.js';

const root = join(import.meta.dirname, '..', '..');
const executablePath = findChromium();

/** A newcomer's search query, and a page that answers it. */
const questions: readonly (readonly [question: string, page: RegExp])[] = [
  ['which strategy', /\/(docs\/(strategies|comparison)|choose)/],
  ['API key', /\/docs\/(strategies|credentials)/],
  ['how do I revoke a token', /\/docs\/(revocation|credentials|strategies)/],
  ['rotate keys', /\/docs\/(credentials|reminder|decisions\/0010)/],
  ['503 or 401', /\/docs\/(errors|decisions\/0005)/],
  ['HAProxy', /\/(deploy\/gateways\/haproxy|docs\/gateways)/],
  ['testing without FusionAuth', /\/(test|docs\/sandbox|tools\/sandbox|reference\/api\/gatehouse-sandbox)/],
  ['install the guard in NestJS', /\/(libs\/auth|guard|docs\/\w*guard|reference\/api\/gatehouse-auth)/],
  ['require a role', /\/(libs\/auth|reference\/api\/gatehouse-auth|docs\/forward-auth)/],
  ['DATABASE_URL', /\/(docs\/database|reference\/settings|deploy)/],
  ['mail server', /\/docs\/reminder/],
  ['deploy with Docker', /\/deploy/],
  ['what does 503 mean', /\/docs\/errors\/authentication_unavailable/],
  ['CREDENTIAL_CACHE_SECONDS', /\/reference\/settings/],
  ['use a cookie instead of a header', /\/docs\/strategies/],
  ['what happens when FusionAuth is down', /\/docs\/strategies/],
  ['behind a load balancer', /\/docs\/revocation/],
  ['how do I write a unit test', /\/docs\/adding-the-guard/],
];

/** Pages of each kind: prose, tables, code, pictures, the reference. */
const looked = [
  '/',
  '/choose',
  '/docs/strategies',
  '/docs/reminder',
  '/docs/errors/not_found',
  '/libs/auth/',
  '/reference/settings',
  '/reference/api/gatehouse-auth/nest',
];

/** Runs in the page: pairs of texts of a drawing that lie on one another, and texts that leave it. */
function overlaps(): string[] {
  const { document } = globalThis as unknown as { document: DrawingParent };
  return [...document.querySelectorAll('.sequence svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => ({
      said: text.textContent,
      at: text.getBoundingClientRect(),
    }));
    const outside = texts.filter(({ at }) => at.left < frame.left || at.right > frame.right);
    const pairs = texts.flatMap(({ said, at }, index) =>
      texts
        .slice(index + 1)
        .filter(({ at: other }) => at.left < other.right && other.left < at.right)
        // Two lines of one text touch.
        .filter(({ at: other }) => at.top + 4 < other.bottom && other.top + 4 < at.bottom)
        .map((other) => `${said} / ${other.said}`),
    );
    return [...outside.map(({ said }) => said), ...pairs];
  });
}

interface Box {
  getBoundingClientRect(): { left: number; right: number; top: number; bottom: number };
}

interface DrawingParent extends Box {
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<DrawingParent>;
}

/** Builds the site and serves it, as `npm run docs -- --serve` does; resolves with its URL. */
async function startSite(): Promise<{ url: string; stop(): Promise<void> }> {
  const program = [join(root, 'docs/site/build.mjs'), '--serve', '--port', '0'];
  const site: ChildProcess = spawn(process.execPath, program, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  site.stderr!.on('data', (part: Buffer) => (said += part.toString()));
  for await (const line of createInterface({ input: site.stdout! })) {
    said += `${line}\n`;
    const url = /^The site is at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    const ended = once(site, 'exit');
    const stop = async () => {
      site.kill();
      await ended;
    };
    return { url, stop };
  }
  throw new Error(`The site was not built:\n${said}`);
}

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)('the site', () => {
  let site: Awaited<ReturnType<typeof startSite>>;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSite(), launchChromium(executablePath)]);
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await site.stop();
  });

  async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(site.url + path, { waitUntil: 'networkidle' });
    return page;
  }

  it('has no link to a page or a heading that is not there', async () => {
    const pages = new Map<string, string>();
    const dead: string[] = [];
    const read = async (path: string, from: string): Promise<string> => {
      const kept = pages.get(path);
      if (kept !== undefined) return kept;
      const response = await fetch(site.url + path);
      const text = await response.text();
      if (!response.ok) dead.push(`${from} -> ${path}: ${response.status}`);
      pages.set(path, response.ok ? text : '');
      return pages.get(path)!;
    };
    const queue = ['/'];
    const seen = new Set(queue);
    for (const at of queue) {
      const here = await read(at, 'the start');
      for (const [, href = ''] of here.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
        const target = new URL(href.replaceAll('&amp;', '&'), site.url + at);
        if (target.origin !== site.url) continue;
        const text = await read(target.pathname, at);
        const anchor = decodeURIComponent(target.hash.slice(1));
        if (anchor && text && !text.includes(` id="${anchor}"`))
          dead.push(`${at} -> ${href}: no such heading`);
        const isPage = !/\.\w+$/.test(target.pathname) || target.pathname.endsWith('.html');
        if (isPage && !seen.has(target.pathname)) queue.push(target.pathname);
        seen.add(target.pathname);
      }
    }
    expect(dead).toEqual([]);
    expect(pages.size).toBeGreaterThan(60);
  });

  it.each(questions)('answers "%s" among the first five results', async (question, answer) => {
    const page = await open('/');
    await page.locator('.VPNavBarSearch button').first().click();
    await page.locator('.search-input').fill(question);
    const results = page.locator('.results .result');
    await results.first().waitFor();
    const links = await results.evaluateAll((all) =>
      all
        .slice(0, 5)
        .map((one) => (one as unknown as { getAttribute(name: string): string }).getAttribute('href')),
    );
    expect(links).toEqual(expect.arrayContaining([expect.stringMatching(answer)]));
    await page.context().close();
  });

  it.each(looked.flatMap((path) => ['light', 'dark'].map((screen) => [path, screen] as const)))(
    'breaks no rule of axe: %s, %s',
    async (path, screen) => {
      const page = await open(path, { ...screens[screen], bypassCSP: true });
      expect(await page.evaluate('document.documentElement.classList.contains("dark")')).toBe(
        screen === 'dark',
      );
      expect(await brokenRules(page)).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    ['/docs/strategies', 7],
    ['/docs/revocation', 1],
  ])('draws every sequence diagram of %s, and no text lies on another', async (path, count) => {
    const page = await open(path);
    expect(await page.locator('.sequence svg').count()).toBe(count);
    expect(await page.locator('body').innerText()).not.toContain('sequenceDiagram');
    expect(await page.evaluate(`(${overlaps.toString()})()`)).toEqual([]);
    await page.context().close();
  });

  it.each([768, 1280])('shows the whole bar at the top, %d pixels wide', async (width) => {
    const page = await open('/', { viewport: { width, height: 800 } });
    const right = await page
      .locator('.VPNavBar .content-body > *')
      .evaluateAll((all) =>
        Math.max(...all.map((one) => (one as unknown as Box).getBoundingClientRect().right)),
      );
    expect(right).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  it('asks no other server for anything', async () => {
    const page = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto(`${site.url}/docs/strategies`, { waitUntil: 'networkidle' });
    expect(new Set(asked)).toEqual(new Set([site.url]));
    await page.context().close();
  });
});
