import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWhere } from '../support/describe-where.js';
import { startWorld, type World } from '../support/start-world.js';
import { brokenRules, findChromium, launchChromium, screens, scrollsSideways } from './browser.js';

const executablePath = findChromium();
const applicationId = 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c';

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  "the sandbox's page in a browser",
  () => {
    let world: World;
    let browser: Browser;
    beforeAll(async () => {
      [world, browser] = await Promise.all([
        startWorld({ env: { JWT_VALIDATION: 'session' } }),
        launchChromium(executablePath),
      ]);
    });
    beforeEach(() => world.sandbox.reset());
    afterAll(async () => {
      await browser.close();
      await world.close();
    });

    async function opened(options: BrowserContextOptions = {}, path = '/'): Promise<Page> {
      const page = await browser.newPage(options);
      await page.goto(world.sandbox.url + path);
      return page;
    }

    const press = (page: Page, name: string) => page.getByRole('button', { name }).first().click();
    const todos = async (token: string): Promise<number> =>
      (await fetch(`${world.api.url}/todos`, { headers: { authorization: `Bearer ${token}` } })).status;

    /** Resolves with the first status that differs from `before`, or with `before` after ten seconds. */
    async function statusAfter(token: string, before: number): Promise<number> {
      for (const end = Date.now() + 10_000; Date.now() < end;) {
        const status = await todos(token);
        if (status !== before) return status;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return before;
    }

    const logInPath = `/oauth2/authorize?${new URLSearchParams({
      client_id: applicationId,
      redirect_uri: 'http://127.0.0.1:3001/callback',
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }).toString()}`;

    it.each(Object.keys(screens))(
      'breaks no rule of axe and scrolls in no direction but down: %s',
      async (screen) => {
        await world.tokenOf('ada');
        const page = await opened({ ...screens[screen], bypassCSP: true });
        const look = async () => {
          expect([page.url(), await brokenRules(page)]).toEqual([page.url(), []]);
          expect([page.url(), await scrollsSideways(page)]).toEqual([page.url(), false]);
        };
        await press(page, 'Lock this user bruno@example.com');
        await page.getByText('The user is locked for a day.').waitFor();
        await press(page, 'Down for 30 s');
        await page.getByText('drops the connection, for another').waitFor();
        await look();
        world.sandbox.faults.clear();
        await page.goto(world.sandbox.url + logInPath);
        await look();
        await page.getByLabel('E-mail or user name').fill('ada@example.com');
        await page.getByLabel('Password').fill('wrong');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        expect(await page.locator(':focus').getAttribute('id')).toBe('password');
        await look();
        await page.close();
      },
    );

    it('locks a user by a button, and the Todo API refuses the token', async () => {
      const token = await world.tokenOf('ada');
      expect(await todos(token)).toBe(200);
      const page = await opened();
      await press(page, 'Lock this user ada@example.com');
      await page.getByText('locked', { exact: true }).waitFor();
      expect(await statusAfter(token, 200)).toBe(401);
      await page.close();
    });

    it('rotates and withdraws a signing key by buttons', async () => {
      const page = await opened();
      await press(page, 'Rotate Gatehouse tokens');
      await page.getByText('Gatehouse tokens, rotated').first().waitFor();
      expect(await todos(await world.tokenOf('ada'))).toBe(200);
      await press(page, 'Withdraw Gatehouse tokens');
      await page.getByText('withdrawn', { exact: true }).waitFor();
      await page.close();
    });

    it('is down for 30 s by a button: the Todo API answers 503 to what it does not know', async () => {
      const token = await world.tokenOf('chiyo');
      const page = await opened();
      await press(page, 'Down for 30 s');
      await page.getByText('drops the connection, for another').waitFor();
      expect(await todos(token)).toBe(503);
      await press(page, 'Clear all faults');
      await page.getByText('No active faults.').waitFor();
      await page.close();
    });

    it('shows requests as they come until it is paused, and breaks no rule of its content security policy', async () => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(world.sandbox.url);
      await page.getByText('None so far.').waitFor();
      await fetch(`${world.sandbox.url}/api/user`, { headers: { authorization: 'a key of nobody' } });
      await page.getByText('an unknown credential').waitFor();
      await press(page, 'Pause');
      await fetch(`${world.sandbox.url}/.well-known/jwks.json`);
      await page.waitForTimeout(1500);
      expect(await page.locator('[data-live=requests] tbody tr').count()).toBe(1);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('works without its script, and by keyboard', async () => {
      const page = await opened({ javaScriptEnabled: false });
      await page.getByRole('button', { name: 'Deactivate ada@example.com' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('The user is deactivated.').waitFor();
      expect(await page.getByText('Reload').isVisible()).toBe(true);
      await page.close();
    });

    it('has no button that a page of another origin can press, nor a control', async () => {
      const page = await browser.newPage();
      await page.goto(`${world.api.url}/livez`);
      const attack = `Promise.all(['/_sandbox/press/reset', '/_sandbox/reset', '/_sandbox/clock'].map((path) =>
        fetch('${world.sandbox.url}' + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"advanceMs":1000}' })))`;
      world.sandbox.clock.advance(5_000);
      await page.evaluate(attack).catch(() => undefined);
      expect(world.sandbox.clock.aheadMs).toBe(5_000);
      await page.close();
    });
  },
);
