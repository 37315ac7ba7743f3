import { createTransport } from 'nodemailer';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createLogger } from '#gatehouse/platform';
import { type Mailbox, startMailbox } from '../../tools/mailbox/src/start-mailbox.js';
import { describeWhere } from '../support/describe-where.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { brokenRules, findChromium, launchChromium, screens, scrollsSideways } from './browser.js';

const executablePath = findChromium();

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  'the mailbox in a browser',
  () => {
    let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
    let mailbox: Mailbox;
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(executablePath);
    });
    afterAll(() => browser.close());
    beforeEach(async () => {
      directory = await temporaryDirectory();
      await start();
      await send('Due today: water the plants', 'ada@example.com');
      await send('Due tomorrow: return the books', 'bruno@example.com');
      await send('Due today: order a cake', 'chiyo@example.com');
    });
    afterEach(async () => {
      await mailbox.close();
      await directory.remove();
    });

    async function start(pagePort = 0): Promise<void> {
      const log = createLogger('mailbox', 'silent');
      mailbox = await startMailbox({ smtpPort: 0, pagePort, dataDir: directory.path, log });
    }
    const send = (subject: string, to: string) =>
      createTransport(mailbox.smtpUrl).sendMail({
        ...{ from: '"Todo reminders" <reminder@example.com>', to, subject },
        ...{ text: `${subject}. See https://example.com/todos.`, html: `<p>${subject}</p>` },
      });
    async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      await page.goto(mailbox.pageUrl + path);
      return page;
    }
    const close = (page: Page) => page.context().close();
    const listed = (page: Page) => page.locator('#list .subject').allInnerTexts();

    it.each(Object.keys(screens))(
      'breaks no rule of axe and scrolls in no direction but down: %s',
      async (screen) => {
        const page = await open('/', { ...screens[screen], bypassCSP: true });
        const paths = [
          '/',
          '/mails/1',
          '/mails/1?view=text',
          '/?q=cake',
          '/?q=nothing',
          '/mails/9',
          '/clear',
        ];
        for (const path of paths) {
          await page.goto(mailbox.pageUrl + path);
          expect([path, await brokenRules(page), await scrollsSideways(page)]).toEqual([path, [], false]);
        }
        await close(page);
      },
    );

    it.each([
      ['with its script', true],
      ['without its script', false],
    ])('searches, and keeps the search in the address: %s', async (_how, javaScriptEnabled) => {
      const page = await open('/', { javaScriptEnabled });
      await page.getByLabel('Search mails').fill('to:ada');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('1 of 3').waitFor();
      expect(await listed(page)).toEqual(['Due today: water the plants']);
      await page.locator('#list a').click();
      await page.waitForURL('**/mails/1?q=to%3Aada');
      await page.getByRole('link', { name: 'Source' }).click();
      await page.waitForURL('**/mails/1?q=to%3Aada&view=source');
      expect(await listed(page)).toHaveLength(1);
      await page.reload();
      expect(await page.getByLabel('Search mails').inputValue()).toBe('to:ada');
      await page.getByRole('link', { name: 'Show all' }).click();
      await page.getByText('3 mails').waitFor();
      expect(await listed(page)).toHaveLength(3);
      await page.goBack();
      await page.getByText('1 of 3').waitFor();
      expect(await listed(page)).toHaveLength(1);
      await close(page);
    });

    it.each([
      ['with its script', true],
      ['without its script', false],
    ])('deletes all mails after a question: %s', async (_how, javaScriptEnabled) => {
      const page = await open('/', { javaScriptEnabled });
      await page.getByRole('link', { name: 'Delete all' }).click();
      await page.getByRole('heading', { name: 'Delete all 3 mails?' }).waitFor();
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByText('3 mails').waitFor();
      await page.getByRole('link', { name: 'Delete all' }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
      expect(mailbox.messages()).toHaveLength(0);
      await close(page);
    });

    it('adds to an open search only what it finds, and types into it undisturbed', async () => {
      const page = await open('/?q=cake');
      await page.locator('.state.live').waitFor();
      await page.getByLabel('Search mails').fill('wee');
      await send('Not this one', 'ada@example.com');
      await send('Another cake', 'ada@example.com');
      await page.getByText('2 of 5').waitFor();
      expect(await listed(page)).toEqual(['Another cake', 'Due today: order a cake']);
      await page.getByLabel('Search mails').press('k');
      expect(await page.getByLabel('Search mails').inputValue()).toBe('week');
      expect(page.url()).toBe(`${mailbox.pageUrl}/?q=cake`);
      await close(page);
    });

    it('empties another open page, and leaves the question alone while mails arrive', async () => {
      const [other, asking] = [await open('/'), await open('/clear')];
      for (const page of [other, asking]) await page.locator('.state.live').waitFor();
      await asking.getByRole('button', { name: 'Delete' }).focus();
      await send('Just now', 'ada@example.com');
      await other.getByText('4 mails').waitFor();
      await asking.keyboard.press('Enter');
      await asking.getByText('1 mail', { exact: true }).waitFor();
      await other.getByText('1 mail', { exact: true }).waitFor();
      expect([await listed(other), await listed(asking)]).toEqual([['Just now'], ['Just now']]);
      await close(other);
      await close(asking);
    });

    it('shows the mails of before when it is started again, in a page that stayed open', async () => {
      const page = await open('/');
      await page.locator('.state.live').waitFor();
      const port = Number(new URL(mailbox.pageUrl).port);
      await mailbox.close();
      await page.getByText('not running, trying again').waitFor();
      await start(port);
      await page.locator('.state.live').waitFor();
      await send('After the restart', 'ada@example.com');
      await page.getByText('4 mails').waitFor();
      expect((await listed(page))[0]).toBe('After the restart');
      await close(page);
    });

    it('takes no form of another page', async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.route('http://evil.example/', (route) =>
        // cspell:ignore fulfill
        route.fulfill({
          contentType: 'text/html',
          body: `<form method="post" action="${mailbox.pageUrl}/clear"><input name="through" value="99"><button>Win</button></form>`,
        }),
      );
      await page.goto('http://evil.example/');
      await page.getByRole('button', { name: 'Win' }).click();
      await page.getByText('No mail was deleted.').waitFor();
      expect(mailbox.messages()).toHaveLength(3);
      await context.close();
    });
  },
);
