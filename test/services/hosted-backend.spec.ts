import type { Browser, BrowserContext, Page } from 'playwright-core';
import { applicationId, call, configure } from '../e2e/sandbox/started-sandbox.js';
import { describeWhere } from '../support/describe-where.js';
import { startWorld, type World } from '../support/start-world.js';
import { findChromium, launchChromium } from './browser.js';
import { bundlePage, type ServedPage, servePage } from './hosted-backend/served-page.js';

const executablePath = findChromium();

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  'a page with FusionAuth’s SDK for React, and the Todo API with TOKEN_LOCATION=cookie',
  () => {
    let world: World;
    let browser: Browser;
    let app: ServedPage;
    /** The same page on an origin that is not allowed. */
    let foreign: ServedPage;
    beforeAll(async () => {
      const settings = () => ({
        clientId: applicationId,
        serverUrl: world.sandbox.url,
        apiUrl: world.api.url,
      });
      const script = await bundlePage();
      [app, foreign] = await Promise.all([servePage(script, settings), servePage(script, settings)]);
      const env = { TOKEN_LOCATION: 'cookie', ALLOWED_ORIGINS: app.origin, CLOCK_SKEW_SECONDS: '0' };
      [world, browser] = await Promise.all([startWorld({ env }), launchChromium(executablePath)]);
      await configure(world.sandbox, {
        oauthConfiguration: { authorizedRedirectURLs: [app.url, foreign.url] },
      });
      const corsConfiguration = {
        enabled: true,
        allowCredentials: true,
        allowedOrigins: [app.origin],
        allowedMethods: ['POST'],
      };
      const { status } = await call(world.sandbox, 'PATCH', '/api/system-configuration', {
        systemConfiguration: { corsConfiguration },
      });
      expect(status).toBe(200);
    });
    afterAll(async () => {
      await browser.close();
      await Promise.all([app.close(), foreign.close(), world.close()]);
    });

    async function opened(page: ServedPage, context?: BrowserContext): Promise<Page> {
      const tab = await (context ?? (await browser.newContext())).newPage();
      await tab.goto(page.url);
      return tab;
    }

    async function logIn(tab: Page): Promise<void> {
      await tab.getByRole('button', { name: 'Log in' }).click();
      await tab.fill('#loginId', 'ada@example.com');
      await tab.fill('#password', world.sandbox.secrets['ADA_PASSWORD']!);
      await tab.click('button');
      await tab.getByText('logged in').waitFor();
    }

    /** Clicks a button and resolves with the answer that the page then shows. */
    async function answerTo(tab: Page, name: string): Promise<string> {
      await tab.getByRole('button', { name }).click();
      await tab.locator('#answer', { hasNotText: /^(waiting)?$/ }).waitFor();
      return tab.locator('#answer').innerText();
    }

    const cookieNames = async (context: BrowserContext) =>
      (await context.cookies()).map(({ name }) => name).toSorted();
    const accessTokensLast = (timeToLiveInSeconds: number) =>
      configure(world.sandbox, { jwtConfiguration: { timeToLiveInSeconds } });

    it('logs in with a code, calls the API, continues after expiry, and logs out', async () => {
      const tab = await opened(app);
      await logIn(tab);
      expect([tab.url(), await tab.title()]).toEqual([
        `${app.url}?state=a+state+of+mine`,
        'back with a state of mine',
      ]);
      await tab.getByText('ada@example.com').waitFor();
      expect(await cookieNames(tab.context())).toEqual(['app.at', 'app.at_exp', 'app.idt', 'app.rt']);
      // The cookies that a script can read.
      expect(await tab.evaluate<string>('document.cookie')).not.toMatch(/app\.(at|rt)=/);
      expect(await answerTo(tab, 'Add')).toMatch(/^POST \/todos: 201 .*from a browser/);
      expect(await answerTo(tab, 'List')).toMatch(/^GET \/todos: 200 .*from a browser/);

      await accessTokensLast(3);
      expect(await answerTo(tab, 'Refresh')).toBe('refreshed');
      await tab.getByText('logged out').waitFor();
      expect(await answerTo(tab, 'List')).toMatch(/^GET \/todos: 401 /);
      await accessTokensLast(3600);
      expect(await answerTo(tab, 'Refresh')).toBe('refreshed');
      await tab.getByText('logged in').waitFor();
      expect(await answerTo(tab, 'List')).toMatch(/^GET \/todos: 200 /);

      await tab.getByRole('button', { name: 'Log out' }).click();
      await tab.getByText('logged out').waitFor();
      expect([tab.url(), await cookieNames(tab.context())]).toEqual([app.url, []]);
      expect(await answerTo(tab, 'List')).toMatch(/^GET \/todos: 401 /);
      expect(await answerTo(tab, 'Refresh')).toMatch(/^failed: .*400/);
      await tab.context().close();
    });

    it('gives a page of another origin in the same browser no access', async () => {
      const context = await browser.newContext();
      await logIn(await opened(app, context));
      const tab = await opened(foreign, context);
      await tab.getByText('logged in').waitFor();
      for (const name of ['Refresh', 'List', 'Add'])
        expect(await answerTo(tab, name)).toBe('failed: Failed to fetch');
      expect(await answerTo(tab, 'Who am I')).toBe('unknown');
      // Sending a form needs no permission.
      await tab.evaluate(
        `document.body.insertAdjacentHTML('beforeend', '<form method="post" action="${world.api.url}/todos"></form>')`,
      );
      const [sent] = await Promise.all([
        tab.waitForResponse((answer) => answer.request().method() === 'POST'),
        tab.evaluate('document.forms[0].submit()'),
      ]);
      expect([sent.status(), await sent.request().headerValue('cookie')]).toEqual([
        403,
        expect.stringContaining('app.at=') as string,
      ]);
      await context.close();
    });
  },
);
