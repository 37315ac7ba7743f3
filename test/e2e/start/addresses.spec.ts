import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWhere } from '../../support/describe-where.js';
import { killStarted, start } from './child.js';
import { preparedData } from './prepared-data.js';

/** Every http address of the banner, except the one that its curl posts to. */
function addressesIn(banner: string): string[] {
  const lines = banner.split('\n').filter((line) => !line.includes('curl'));
  const found = lines.flatMap((line) => line.match(/https?:\/\/[^\s)]+/g) ?? []);
  return [...new Set(found)];
}

describe('the addresses that npm start prints', () => {
  afterEach(killStarted);

  it('answer a browser with a page, every one', async () => {
    const directory = await preparedData();
    const child = start([], { DATA_DIR: directory.path });
    const [banner] = await child.said(/Gatehouse is running[^]*Ctrl-C stops everything/);
    const addresses = addressesIn(banner);
    expect(addresses.length).toBeGreaterThanOrEqual(7);
    for (const address of addresses) {
      const answer = await fetch(address, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
      expect([address, answer.status, (await answer.text()).length > 50]).toEqual([address, 200, true]);
    }
    child.kill('SIGTERM');
    await child.exit;
    await directory.remove();
  }, 120_000);
});

const withoutXdg = process.platform === 'linux' ? undefined : 'only Linux lets a test choose the browser';

describeWhere(withoutXdg)('npm start -- --open', () => {
  afterEach(killStarted);

  it('opens the home page in the browser once everything runs', async () => {
    const directory = await preparedData();
    const [browser, opened] = ['browser', 'opened'].map((name) => join(directory.path, name)) as [
      string,
      string,
    ];
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${opened}'\n`);
    chmodSync(browser, 0o700);
    const data = mkdtempSync(join(directory.path, 'no-desktop-'));
    // xdg-open runs BROWSER where it finds no desktop entry for http.
    const desktop = {
      DISPLAY: ':99',
      BROWSER: browser,
      HOME: data,
      XDG_DATA_HOME: data,
      XDG_DATA_DIRS: data,
    };
    const child = start(['--open'], { DATA_DIR: directory.path, ...desktop });
    const [, home] = await child.said(
      /Gatehouse is running[^]*Dev Center +(http\S+)[^]*Ctrl-C stops everything/,
    );
    const address = () => (existsSync(opened) ? readFileSync(opened, 'utf8') : '');
    while (address() === '') await delay(50);
    expect(address()).toBe(home);
    child.kill('SIGTERM');
    await child.exit;
    await directory.remove();
  }, 120_000);

  it('says where there is no display that nothing was opened, and everything runs', async () => {
    const directory = await preparedData();
    const child = start(['--open'], { DATA_DIR: directory.path, CI: '1' });
    const [, address = ''] = await child.said(/No browser was opened \(CI is set\): open (\S+) yourself\./);
    expect((await fetch(address)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await child.exit).toBe(143);
    await directory.remove();
  }, 120_000);
});
