import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { parseConfig } from '#gatehouse/platform';
import { schemaFor } from '../../apps/reminder-app/src/config.js';
import { createReminder } from '../../apps/reminder-app/src/reminder.js';
import { describeWhere } from '../support/describe-where.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../support/embedded-database.js';
import { startTypeScript } from '../support/typescript-process.js';
import { findChromium, launchChromium } from './browser.js';
import { reportFigure } from './figures.js';

const executablePath = findChromium();
const mostActions = 6;
const longestSeconds = 20;

/** Counts what a person does: a click, or a field that is filled and may be sent with Enter. */
class Counted {
  actions = 0;

  async click(what: Locator): Promise<void> {
    this.actions += 1;
    await what.click();
  }

  async fill(field: Locator, text: string, end?: 'Enter'): Promise<void> {
    this.actions += 1;
    await field.fill(text);
    if (end) await field.press(end);
  }
}

/** `npm start` on a new data directory and free ports, with what a newcomer reads in the terminal and in the files. */
async function freshStart() {
  const directory = await temporaryDirectory();
  const ports = ['TODO_API', 'TODO_API_METRICS', 'DEV_CENTER', 'SANDBOX', 'MAILBOX', 'SMTP', 'UNSUBSCRIBE'];
  const child = startTypeScript(join(import.meta.dirname, '../../tools/start/src/main.ts'), [], {
    ...Object.fromEntries(ports.map((name) => [`${name}_PORT`, '0'])),
    DATA_DIR: directory.path,
  });
  const ended = once(child, 'close');
  const output = await new Promise<string>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (part: Buffer) => {
        text += part.toString();
        if (text.includes('Ctrl-C stops everything')) resolve(text);
      });
    }
    void ended.then(() => reject(new Error(`npm start ended: ${text}`)));
  });
  const secrets = readFileSync(join(directory.path, 'sandbox', 'secrets.env'), 'utf8');
  return {
    home: /Dev Center +(http\S+)/.exec(output)?.[1] ?? '',
    todoApi: /Todo API +(http\S+)/.exec(output)?.[1] ?? '',
    passwordOf: (name: string) =>
      new RegExp(`^${name.toUpperCase()}_PASSWORD=(.*)$`, 'm').exec(secrets)?.[1] ?? '',
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await directory.remove();
    },
  };
}

describeWhere(executablePath === undefined ? 'Chromium is not installed' : undefined)(
  'a newcomer at a fresh npm start',
  () => {
    let started: Awaited<ReturnType<typeof freshStart>>;
    let browser: Browser;
    let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
    let template: string;
    beforeAll(async () => {
      [started, browser, directory, template] = await Promise.all([
        freshStart(),
        launchChromium(executablePath),
        temporaryDirectory(),
        databaseTemplate('reminder'),
      ]);
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      await started.stop();
      await directory.remove();
    });

    async function logIn(page: Page, person: Counted, name: string): Promise<void> {
      await person.click(page.getByRole('link', { name: 'Get a credential' }));
      await person.fill(page.locator('#loginId'), `${name}@example.com`);
      await person.fill(page.locator('#password'), started.passwordOf(name), 'Enter');
      await page.getByRole('heading', { name: 'New client' }).waitFor();
    }

    /** The people whom a Reminder App would mail that is given the block of settings that the page shows. */
    async function remindedBy(block: string): Promise<string[]> {
      const file = join(directory.path, 'refresh-token');
      const lines = block
        .trim()
        .split('\n')
        .map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1));
      const { REFRESH_TOKEN: token, ...settings } = Object.fromEntries(lines) as Record<string, string>;
      if (token !== undefined) writeFileSync(file, token, { mode: 0o600 });
      const environment = {
        ...{ NODE_ENV: 'test', SMTP_URL: 'smtp://127.0.0.1:1', DATA_DIR: directory.path },
        ...(token !== undefined && { REFRESH_TOKEN_FILE: file }),
        ...settings,
      };
      const config = parseConfig(schemaFor(environment), environment);
      const reminder = await createReminder(config, { log: silentLog, template });
      try {
        const { mails } = await reminder.preview();
        return mails.map(({ recipient }) => recipient).toSorted();
      } finally {
        await reminder.close();
      }
    }

    function hold(what: string, { actions }: Counted, seconds: number): void {
      const load = loadavg()[0]!.toFixed(1);
      reportFigure(`${what}: ${actions} actions, ${seconds.toFixed(1)} s at a load of ${load}`);
      expect(actions).toBeLessThanOrEqual(mostActions);
      expect(seconds).toBeLessThan(longestSeconds);
    }

    it('gets a credential with which the Reminder App finds everybody’s todos, in six actions and twenty seconds', async () => {
      const page = await browser.newPage();
      const person = new Counted();
      const began = performance.now();
      await page.goto(started.home);
      await logIn(page, person, 'grace');
      await person.click(page.getByLabel('todo-auditor'));
      await person.fill(page.getByLabel('Name of the program'), 'my-reminder', 'Enter');
      await page.getByRole('heading', { name: 'Your credential is active' }).waitFor();
      const reminded = await remindedBy(await page.locator('#environment').innerText());
      const seconds = (performance.now() - began) / 1000;
      expect(reminded).toEqual(['ada@example.com', 'bruno@example.com', 'chiyo@example.com']);
      hold('A credential of the Reminder App, from the first page to its first run', person, seconds);
      await page.close();
    }, 60_000);

    it('calls the Todo API with a credential of their own, in six actions and twenty seconds', async () => {
      const page = await browser.newPage();
      const person = new Counted();
      const began = performance.now();
      await page.goto(started.home);
      await logIn(page, person, 'bruno');
      await person.fill(page.getByLabel('Name of the program'), 'my-program', 'Enter');
      await page.getByRole('heading', { name: 'Your credential is active' }).waitFor();
      await person.click(page.getByRole('button', { name: 'Call GET /todos' }));
      await page.getByText('Every check passed.').waitFor();
      const seconds = (performance.now() - began) / 1000;
      expect(await page.locator('.tried .badge').innerText()).toBe('200');
      hold('A credential of a program, from the first page to its first call', person, seconds);
      await page.close();
    }, 60_000);
  },
);
