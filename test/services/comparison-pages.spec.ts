import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Listening } from '#gatehouse/platform';
import { readReport } from '../../tools/compare/src/read-report.js';
import { writeReport } from '../../tools/compare/src/report/write.js';
import { serveReport } from '../../tools/compare/src/serve.js';
import { describeWhere } from '../support/describe-where.js';
import { brokenRules, findChromium, launchChromium, screens, scrollsSideways } from './browser.js';

const executablePath = findChromium();

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  'the pages of the comparison in a browser',
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'pages-'));
    let server: Listening;
    let browser: Browser;
    beforeAll(async () => {
      await writeReport(readReport('docs/comparison.json'), directory);
      server = await serveReport(directory, 0);
      browser = await launchChromium(executablePath);
    });
    afterAll(async () => {
      await browser.close();
      await server.close();
      rmSync(directory, { recursive: true });
    });

    // A page that a failed test left open would take time from the next one.
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });

    async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await browser.newPage(options);
      await page.goto(server.url + path);
      return page;
    }

    it.each(
      ['/compare/', '/compare/choose'].flatMap((path) => Object.keys(screens).map((name) => [path, name])),
    )('%s breaks no rule of axe and scrolls in no direction but down, %s', async (path, name) => {
      // The policy of the page would block axe.
      const page = await open(path, { ...screens[name], bypassCSP: true });
      expect(await brokenRules(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
    });

    it('loads only the page, and breaks no policy of its own', async () => {
      const page = await browser.newPage();
      const [requests, complaints]: string[][] = [[], []];
      page.on('request', (request) => requests!.push(new URL(request.url()).pathname));
      page.on('console', (message) => complaints!.push(message.text()));
      page.on('pageerror', (error) => complaints!.push(error.message));
      for (const path of ['/compare/', '/compare/choose']) await page.goto(server.url + path);
      expect(requests!.filter((path) => path !== '/favicon.ico')).toEqual(['/compare/', '/compare/choose']);
      expect(complaints!.filter((text) => !text.includes('favicon'))).toEqual([]);
    });

    it('opens a cell by keyboard, then another, and closes it', async () => {
      const page = await open('/compare/');
      const openOnes = async () => (await page.locator(':popover-open').allInnerTexts()).join();
      const press = async (cell: string, key: string) => {
        await page.locator(`${cell} button`).focus();
        await page.keyboard.press(key);
      };
      const lock = 'Lock the user by an action, cache time 1 s';
      await press('#lag-lock-user-1-jwt-local', 'Enter');
      expect(await openOnes()).toMatch(
        new RegExp(`^${lock}, JWT, local\\n.*A fresh credential is used.*measured$`, 's'),
      );
      await press('#lag-lock-user-1-jwt-introspection', 'Space');
      expect(await openOnes()).toMatch(
        new RegExp(`^${lock}, JWT, introspection\\n.*assumed: FusionAuth’s documentation does not say$`, 's'),
      );
      await page.keyboard.press('Escape');
      expect(await openOnes()).toBe('');
      expect(await page.locator(':focus').getAttribute('data-details')).not.toBeNull();
      await press('#lag-lock-user-1-jwt-local', 'Enter');
      await page.keyboard.press('Enter');
      expect(await openOnes()).toBe('');
    });

    it('shows no backtick: what they enclose is code, also behind a cell', async () => {
      const page = await open('/compare/');
      const cell = page.locator('td button', { hasText: 'credentials list' }).first();
      expect(await cell.locator('code').innerText()).toBe('credentials list');
      await cell.click();
      expect(await page.locator(':popover-open code').allInnerTexts()).toContain('credentials list');
      expect(await page.locator('body').innerText()).not.toContain('`');
    });

    it('links the public pages behind a cell about FusionAuth', async () => {
      const page = await open('/compare/');
      await page.locator('#lag-delete-key-1-api-key button').click();
      const links = await page.locator(':popover-open a').evaluateAll((all) => all.map(String));
      expect(links).toEqual([
        'https://fusionauth.io/docs/apis/api-keys',
        'https://fusionauth.io/docs/apis/authentication',
      ]);
    });

    it('prints how everything was measured, which on paper nobody can open', async () => {
      const page = await open('/compare/');
      await page.emulateMedia({ media: 'print' });
      expect(
        await page
          .getByText('the latency counts from the time at which a request was due')
          .last()
          .isVisible(),
      ).toBe(true);
      expect(await page.locator('nav').isVisible()).toBe(false);
    });

    it('ranks the modes again with every answer, and forgets all answers', async () => {
      const page = await open('/compare/choose');
      const ranking = () => page.locator('#ranking h3').allInnerTexts();
      const first = await ranking();
      await page.check('input[name=end][value=seconds]');
      await page.check('input[name=outage][value=nothing]');
      expect((await ranking())[0]).toBe('JWT, local, push revocation: 4 points');
      await page.check('input[name=person][value=no]');
      expect((await ranking()).at(-1)).toMatch(/: does not fit$/);
      const link = page.locator('#ranking a').first();
      expect(await link.getAttribute('href')).toMatch(/^index\.html#/);
      await page.click('button[type=reset]');
      await page.locator('#ranking .reasons').first().locator('li').first().waitFor({ state: 'detached' });
      expect((await ranking()).sort()).toEqual(first.sort());
    });
  },
);
