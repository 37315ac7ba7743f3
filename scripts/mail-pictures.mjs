// npm run mail-pictures: takes pictures of a reminder mail and of the page where people unsubscribe, in light and in
// dark, for docs/reminder.md; each is first checked with axe for accessibility. Exit code 1: axe found something. Needs
// a Chromium: the one on the path, or the one that CHROMIUM names.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { digestOf } from '../dist/apps/reminder-app/src/mail/digest.js';
import { digestHtml } from '../dist/apps/reminder-app/src/mail/digest-html.js';
import { linksBelow } from '../dist/apps/reminder-app/src/mail/todo-links.js';
import { pages } from '../dist/apps/reminder-app/src/unsubscribe/unsubscribe-page.js';

const hour = 3_600_000;
const now = Date.parse('2026-11-25T08:00:00Z');
const digest = (timeZone, ...todos) => {
  const planned = todos.map(([title, hours], id) => ({ id: `${id}`, title, dueAt: now + hours * hour }));
  const frame = {
    unsubscribeUrl: 'https://reminders.example.com/unsubscribe/…',
    linksOf: linksBelow('https://dev.example.com/todos'),
    from: 'Todo reminders',
  };
  return digestHtml(digestOf({ todos: planned, total: todos.length, timeZone }, now), frame);
};

const views = {
  mail: {
    width: 640,
    markup: digest(
      'Europe/London',
      ['Renew the passport', -14],
      ['Call the bank about the standing order', 2],
      ['Collect Chiyo from the station', 9.5],
      ['Buy oat milk', 11],
      ['Send the slides to Bruno and the others in the reading group', 25],
    ),
  },
  'mail-phone': {
    width: 375,
    markup: digest(
      'Australia/Lord_Howe',
      ['Return the library books', -100],
      ['水やり 🌱', 0.25],
      ['לקנות חלב', 1],
      ['Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft', 30],
      ...Array.from({ length: 28 }, (_, index) => [`Water plant ${index + 1}`, 40 + index]),
    ),
  },
  unsubscribe: { width: 640, markup: pages.ask('ada@example.com') },
  unsubscribed: { width: 640, markup: pages.unsubscribed('ada@example.com') },
};

const kept = ['mail-light.png', 'mail-dark.png', 'unsubscribe-light.png'];

// A mail is shown within the page of a mail program, which has the landmarks.
const rulesOf = (name) =>
  name.startsWith('mail') ? { 'landmark-one-main': { enabled: false }, region: { enabled: false } } : {};

const directory = join(import.meta.dirname, '..', 'docs', 'reminder');
mkdirSync(directory, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath =
  process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
// Chromium's own sandbox does not work for root.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath, args });
let complaints = 0;
for (const colorScheme of ['light', 'dark']) {
  for (const [name, { markup, width }] of Object.entries(views)) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 400 } });
    await page.setContent(markup);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(
      (rules) => globalThis.axe.run({ rules }),
      rulesOf(name),
    );
    complaints += violations.length;
    for (const { id, help, nodes } of violations)
      console.error(`✗ ${name} ${colorScheme}: ${id}: ${help}`, nodes[0]?.html);
    const picture = `${name}-${colorScheme}.png`;
    if (kept.includes(picture)) await page.screenshot({ path: join(directory, picture), fullPage: true });
    console.log(`${name}, ${colorScheme}: ${passes.length} rules of axe hold, ${violations.length} do not`);
    await page.close();
  }
}
await browser.close();
process.exit(complaints === 0 ? 0 : 1);
