import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Todo, TodoPage } from '#gatehouse/todo-contract';
import { type PortalWorld, startPortalWorld } from '../e2e/dev-center/portal/portal-world.js';
import { describeWhere } from '../support/describe-where.js';
import { brokenRules, findChromium, launchChromium, screens, scrollsSideways } from './browser.js';

const executablePath = findChromium();
const hourMs = 3_600_000;

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  'the page of a person’s todos in a browser, and the Todo API with TOKEN_LOCATION=header,cookie',
  () => {
    let world: PortalWorld;
    let browser: Browser;
    /** A page of another origin on the same host: the browser sends the cookies along from there. */
    let foreign: Server;
    let ahead = 0;
    beforeAll(async () => {
      foreign = createServer((_request, response) =>
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>another page</title>'),
      );
      await once(foreign.listen(0, '127.0.0.1'), 'listening');
      const clock = () => Date.now() + ahead;
      [world, browser] = await Promise.all([
        startPortalWorld({ cookies: true, clock }),
        launchChromium(executablePath),
      ]);
    });
    afterAll(async () => {
      await browser.close();
      foreign.closeAllConnections();
      foreign.close();
      await world.close();
    });

    async function opened(path: string, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await (await browser.newContext(options)).newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(world.url + path);
      return page;
    }

    async function logIn(page: Page, name: string): Promise<void> {
      await page.getByRole('link', { name: 'Log in' }).click();
      const { email, password } = world.person(name);
      await page.fill('#loginId', email);
      await page.fill('#password', password);
      await page.click('button');
      await page.getByRole('heading', { name: 'New todo' }).waitFor();
    }

    async function loggedIn(name: string, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await opened('/todos', options);
      await logIn(page, name);
      return page;
    }

    const close = (page: Page) => page.context().close();
    const said = (page: Page, text: string) => page.locator('#said', { hasText: text }).waitFor();
    const titles = (page: Page, list: 'open' | 'done') => page.locator(`#${list} .title`).allInnerTexts();
    const press = (page: Page, list: 'open' | 'done' | 'asked', name: string) =>
      page.locator(`#${list}`).getByRole('button', { name, exact: true }).click();

    async function add(page: Page, title: string): Promise<void> {
      await page.getByLabel('Title').fill(title);
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, `“${title}” was added.`);
    }

    /** Calls the Todo API as a program of the person does. */
    async function asProgram<T>(name: string, path: string, todo?: object): Promise<T> {
      const authorization = `Bearer ${await world.tokenOf(name)}`;
      const answer = await fetch(world.api.url + path, {
        method: todo ? 'POST' : 'GET',
        headers: { authorization, ...(todo && { 'content-type': 'application/json' }) },
        ...(todo && { body: JSON.stringify(todo) }),
      });
      return (await answer.json()) as T;
    }
    const todosOf = async (name: string) => (await asProgram<TodoPage>(name, '/todos?limit=1000')).items;

    /** Counts the calls to FusionAuth that renew a log-in. */
    function renewalsOf(page: Page): () => number {
      let count = 0;
      page.on('request', (request) => (count += request.url().includes('/app/refresh') ? 1 : 0));
      return () => count;
    }

    const cookieNames = async (context: BrowserContext) =>
      (await context.cookies()).map(({ name }) => name).filter((name) => name.startsWith('app.'));

    it('lists, adds, marks as done, opens again and deletes, by a cookie that no script reads', async () => {
      const page = await loggedIn('ada');
      const calls: string[] = [];
      page.on('request', (request) => calls.push(JSON.stringify([request.url(), request.headers()])));
      await page.getByText('ada@example.com').waitFor();
      await page.getByLabel('Due').fill('2026-12-24T18:30');
      await add(page, 'Wrap the presents');
      expect(await page.locator('#open time').getAttribute('datetime')).toMatch(/^2026-12-24T/);
      await press(page, 'open', 'Mark as done: Wrap the presents');
      await said(page, '“Wrap the presents” is done.');
      expect([await titles(page, 'open'), await titles(page, 'done')]).toEqual([[], ['Wrap the presents']]);
      await page.reload();
      await press(page, 'done', 'Reopen: Wrap the presents');
      await said(page, 'is open again');
      expect(await todosOf('ada')).toMatchObject([{ title: 'Wrap the presents', status: 'open' }]);
      await press(page, 'open', 'Delete: Wrap the presents');
      expect(await todosOf('ada')).toHaveLength(1);
      await press(page, 'open', 'Delete permanently: Wrap the presents');
      await said(page, 'was deleted');
      expect(await todosOf('ada')).toEqual([]);
      expect(await page.evaluate<string>('document.cookie')).not.toMatch(/app\.(at|rt)=/);
      // Neither an address nor a header that the script sets has a token.
      expect(calls.join()).not.toMatch(/eyJ|authorization/);
      await close(page);
    });

    it('renews an expired log-in once for all calls that were refused', async () => {
      const page = await loggedIn('ada');
      const renewals = renewalsOf(page);
      ahead += hourMs + 60_000;
      let refused = 0;
      page.on('response', (answer) => (refused += answer.status() === 401 ? 1 : 0));
      await page.route('**/app/refresh/**', async (route) => {
        // The answer waits for the refusals of all three calls.
        while (refused < 3) await page.waitForTimeout(20);
        await page.waitForTimeout(200);
        await route.continue();
      });
      await page.reload();
      await page.getByRole('heading', { name: 'New todo' }).waitFor();
      expect(renewals()).toBe(1);
      await close(page);
    });

    it('does not renew again for a refusal that arrives after the log-in was renewed', async () => {
      const page = await loggedIn('ada');
      const renewals = renewalsOf(page);
      ahead += hourMs + 60_000;
      const renewed = page.waitForResponse((answer) => answer.url().includes('/app/refresh'));
      let late = 0;
      await page.route(`${world.api.url}/todos?*status=done*`, async (route) => {
        const answer = await route.fetch();
        if (answer.status() === 401) {
          late += 1;
          await renewed;
          await page.locator('#open').waitFor({ state: 'attached' });
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        // cspell:ignore fulfill
        await route.fulfill({ response: answer });
      });
      await page.reload();
      await page.getByRole('heading', { name: 'New todo' }).waitFor();
      expect([late, renewals()]).toEqual([1, 1]);
      await close(page);
    });

    it('deletes the cookies at log-out and says so, and the back button shows nothing', async () => {
      const page = await loggedIn('ada');
      await add(page, 'Nobody else’s business');
      expect(await cookieNames(page.context())).toEqual(expect.arrayContaining(['app.at', 'app.rt']));
      await page.getByRole('link', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
      expect([page.url(), await cookieNames(page.context())]).toEqual([`${world.url}/todos`, []]);
      await page.goBack();
      await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
      expect(await page.innerText('body')).not.toContain('Nobody else’s business');
      await close(page);
    });

    it('reports in an open page that the log-in has expired, and hides its todos', async () => {
      const page = await loggedIn('ada');
      await add(page, 'Seen until the log-out');
      await page.context().clearCookies();
      await press(page, 'open', 'Mark as done: Seen until the log-out');
      await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
      expect(await page.content()).not.toContain('Seen until the log-out</p>');
      await close(page);
    });

    it('gives a page of another origin in the same browser no access', async () => {
      const page = await loggedIn('chiyo');
      await add(page, 'Chiyo’s own');
      await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`);
      const attempt = (url: string, options: object) =>
        page.evaluate<string>(
          `fetch(${JSON.stringify(url)}, { credentials: 'include', ...${JSON.stringify(options)} }).then(
             (answer) => answer.type === 'opaque' ? 'opaque' : answer.status, (error) => error.message)`,
        );
      const { api, sandbox } = world;
      const refresh = `${sandbox.url}/app/refresh/?client_id=a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c`;
      const text = { method: 'POST', headers: { 'content-type': 'text/plain' } };
      for (const [url, options] of [
        [`${api.url}/todos`, {}],
        [`${api.url}/todos`, { mode: 'no-cors' }],
        [`${api.url}/todos`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
        [`${api.url}/todos`, { ...text, body: '{"title":"of a stranger"}' }],
        [refresh, text],
      ] as const)
        expect([url, options, await attempt(url, options)]).toEqual([url, options, 'Failed to fetch']);
      // A form needs no permission to be sent, and the cookie travels with it: both are one site.
      await page.evaluate(
        `document.body.insertAdjacentHTML('beforeend', '<form method="post" enctype="text/plain" action="${api.url}/todos"><input name=\\'{"title":"of a stranger","x":"\\' value=\\'"}\\'></form>')`,
      );
      const [sent] = await Promise.all([
        page.waitForResponse((answer) => answer.request().method() === 'POST'),
        page.evaluate('document.forms[0].submit()'),
      ]);
      expect([sent.status(), await sent.request().headerValue('cookie')]).toEqual([
        403,
        expect.stringContaining('app.at=') as string,
      ]);
      expect((await todosOf('chiyo')).map(({ title }) => title)).toEqual(['Chiyo’s own']);
      await close(page);
    });

    it('reports an unavailable Todo API, and keeps the input until the todo is added', async () => {
      const page = await loggedIn('bruno');
      await page.route(`${world.api.url}/**`, (route) => route.abort());
      await page.getByLabel('Title').fill('Typed in vain');
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'The Todo API does not answer. Try again in a moment.');
      expect(await page.getByLabel('Title').inputValue()).toBe('Typed in vain');
      await page.unroute(`${world.api.url}/**`);
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'was added');
      expect(await titles(page, 'open')).toEqual(['Typed in vain']);
      await page.route(`${world.api.url}/**`, (route) => route.abort());
      await page.reload();
      await said(page, 'The Todo API does not answer.');
      await close(page);
    });

    it('adds a todo once, even when the answer was lost and it is sent again', async () => {
      const page = await loggedIn('bruno');
      let lost = 0;
      await page.route(`${world.api.url}/todos`, async (route) => {
        if (route.request().method() !== 'POST' || lost > 0) return route.continue();
        lost += 1;
        await route.fetch();
        return route.abort();
      });
      await page.getByLabel('Title').fill('Sent twice');
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'does not answer');
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'was added');
      const sent = (await todosOf('bruno')).filter(({ title }) => title === 'Sent twice');
      expect([lost, sent.length]).toEqual([1, 1]);
      await close(page);
    });

    it('shows the Todo API’s validation error, and reports an unavailable FusionAuth', async () => {
      const page = await loggedIn('bruno');
      await page.getByLabel('Title').fill('   ');
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'title must not be empty');
      ahead += hourMs + 60_000;
      await page.route(`${world.sandbox.url}/**`, (route) => route.abort());
      await page.getByLabel('Title').fill('While FusionAuth is away');
      await page.getByRole('button', { name: 'Add' }).click();
      await said(page, 'FusionAuth, which must renew your log-in, does not answer.');
      expect(await page.getByLabel('Title').inputValue()).toBe('While FusionAuth is away');
      await close(page);
    });

    it('does not show another person’s todos, even by their link', async () => {
      const { id } = await asProgram<Todo>('ada', '/todos', { title: 'Ada’s diary' });
      const page = await loggedIn('chiyo');
      expect(await titles(page, 'open')).not.toContain('Ada’s diary');
      for (const path of [`/todos/${id}`, `/todos/${id}/done`]) {
        await page.goto(world.url + path);
        await said(page, 'Your link does not belong to a todo of chiyo@example.com');
        expect(await page.innerText('body')).not.toContain('Ada’s diary');
      }
      await close(page);
    });

    it('asks for confirmation when a mail links to it, after the log-in, and changes nothing before the button is pressed', async () => {
      const { id } = await asProgram<Todo>('ada', '/todos', { title: 'Answer the letter' });
      const page = await opened(`/todos/${id}/done`);
      await logIn(page, 'ada');
      await page.getByRole('heading', { name: 'Is this todo done?' }).waitFor();
      expect(page.url()).toBe(`${world.url}/todos/${id}/done`);
      await page.reload();
      const button = page.locator('#asked').getByRole('button', { name: 'Mark as done: Answer the letter' });
      await button.waitFor();
      expect((await asProgram<Todo>('ada', `/todos/${id}`)).status).toBe('open');
      // The button has the focus: the question is answered by one key.
      await page.keyboard.press('Enter');
      await said(page, '“Answer the letter” is done.');
      expect((await asProgram<Todo>('ada', `/todos/${id}`)).status).toBe('done');
      expect(await titles(page, 'done')).toContain('Answer the letter');
      await page.reload();
      await page.getByRole('heading', { name: 'This todo is done' }).waitFor();
      await close(page);
    });

    it('shows a long list in pages', async () => {
      const headers = {
        authorization: `Bearer ${await world.tokenOf('bruno')}`,
        'content-type': 'application/json',
      };
      const missing = 101 - (await todosOf('bruno')).length;
      for (let count = 0; count < missing; count += 1) {
        const body = JSON.stringify({ title: `Number ${count}` });
        await fetch(`${world.api.url}/todos`, { method: 'POST', headers, body });
      }
      const page = await loggedIn('bruno');
      expect(await page.locator('#open li').count()).toBe(100);
      await page.locator('[data-more=open]').click();
      await page.locator('#open li:nth-child(101)').waitFor();
      expect(await page.locator('[data-more=open]').isVisible()).toBe(false);
      await close(page);
    });

    it.each(Object.keys(screens))(
      'breaks no rule of axe and scrolls in no direction but down, with titles of any length and direction: %s',
      async (screen) => {
        const page = await opened('/todos', { ...screens[screen], bypassCSP: true });
        const look = async () => {
          expect([page.url(), await brokenRules(page)]).toEqual([page.url(), []]);
          expect([page.url(), await scrollsSideways(page)]).toEqual([page.url(), false]);
        };
        await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
        await look();
        await logIn(page, 'ada');
        for (const title of ['W'.repeat(200), 'לקנות חלב לפני שבת', '<b>not markup</b>', 'Done'])
          await add(page, title);
        await press(page, 'open', 'Mark as done: Done');
        await said(page, 'is done');
        expect(await titles(page, 'open')).toContain('<b>not markup</b>');
        const direction = `getComputedStyle([...document.querySelectorAll('#open .title')].find((one) => one.textContent.startsWith('ל'))).direction`;
        expect(await page.evaluate<string>(direction)).toBe('rtl');
        await look();
        const id = await page.locator('#open li').first().getAttribute('data-id');
        await page.goto(`${world.url}/todos/${id}/done`);
        await page.getByRole('heading', { name: 'Is this todo done?' }).waitFor();
        await look();
        await close(page);
      },
    );
  },
);
