// npm run portal-pictures: takes the pictures of the pages under npm start. In docs/portal: home-light.png, the home page after a
// switch to introspection and a todo for Ada; secret-light.png, a credential that Ada has just got; todos-light.png, her todos. In
// docs/sandbox: page-light.png. It uses the ports of npm start; if they are taken, give it a network of its own:
//   unshare -rn sh -c 'ip link set lo up && npm run portal-pictures'
// Needs a Chromium: the one on the path, or the one that CHROMIUM names.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const home = 'http://127.0.0.1:3001';
const width = 1080;
/** Pixels below the last panel that is shown. */
const margin = 20;

const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-picture-'));
const system = spawn(process.execPath, [join(root, 'dist/tools/start/src/main.js')], {
  // The Reminder App seldom calls, so that the last request is Ada's.
  env: { PATH: process.env.PATH, NODE_ENV: 'test', DATA_DIR: dataDir, REMINDER_SCHEDULE: '0 * * * * *' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(system, 'close');
try {
  const begun = (async () => {
    for await (const part of system.stdout.setEncoding('utf8')) if (part.includes('Ctrl-C')) return true;
    return false;
  })();
  if (!(await begun)) throw new Error('npm start exited before everything ran: see its messages above');
  system.stdout.resume();
  await takePictures(join(root, 'docs'));
} finally {
  system.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true });
}

async function takePictures(directory) {
  const executablePath =
    process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  // Chromium's own sandbox does not work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width, height: 900 } });
  await takeHome(page, join(directory, 'portal/home-light.png'));
  await takeSecret(page, join(directory, 'portal/secret-light.png'));
  await takeTodos(browser, join(directory, 'portal/todos-light.png'));
  await takeSandbox(browser, join(directory, 'sandbox/page-light.png'));
  await browser.close();
}

/** Fills in FusionAuth's log-in page as Ada. */
async function logIn(page) {
  const secrets = readFileSync(join(dataDir, 'sandbox/secrets.env'), 'utf8');
  await page.locator('#loginId').fill('ada@example.com');
  await page.locator('#password').fill(/^ADA_PASSWORD=(.*)$/m.exec(secrets)[1]);
  await page.keyboard.press('Enter');
}

async function takeHome(page, path) {
  await page.goto(home);
  await page.getByLabel('How the Todo API authenticates').selectOption('jwt/introspection');
  await page.getByRole('button', { name: 'Switch' }).click();
  await page.getByText('JWT_VALIDATION=introspection is active.').waitFor();
  await page.getByRole('button', { name: 'Create a todo for Ada' }).click();
  await page.getByText('POST /oauth2/introspect').first().waitFor();
  await page.goto(home);
  const last = await page.getByRole('region', { name: 'The last request' }).boundingBox();
  const clip = { x: 0, y: 0, width, height: Math.ceil(last.y + last.height + margin) };
  await page.screenshot({ path, fullPage: true, clip });
}

async function takeSecret(page, path) {
  await page.getByRole('link', { name: 'Get a credential' }).click();
  await logIn(page);
  await page.getByLabel('Name of the program').fill('calendar-syncer');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Your credential is active' }).waitFor();
  await page.screenshot({ path });
}

/** Takes the todo page by a log-in of its own, after Ada has marked a todo as done. */
async function takeTodos(browser, path) {
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 960, height: 600 } });
  await page.goto(`${home}/todos`);
  await page.locator('#logged-out').getByRole('link', { name: 'Log in' }).click();
  await logIn(page);
  await page.locator('#open').getByRole('button', { name: 'Mark as done' }).first().click();
  await page.locator('#said').getByText('is done').waitFor();
  await page.screenshot({ path, fullPage: true });
  await page.close();
}

async function takeSandbox(browser, path) {
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1280, height: 1180 } });
  await page.goto('http://127.0.0.1:9011');
  await page.getByRole('heading', { name: 'Requests' }).waitFor();
  await page.screenshot({ path });
  await page.close();
}
