import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { processEnvironment } from '#gatehouse/platform';

/** Returns the Chromium that CHROMIUM names, or the one on the path; undefined where there is none. */
export function findChromium(): string | undefined {
  try {
    return (
      processEnvironment()['CHROMIUM'] ??
      execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
    );
  } catch {
    return undefined;
  }
}

/** Turns off the browser's own background activity. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchChromium(executablePath: string | undefined): Promise<Browser> {
  // Chromium's own sandbox does not work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return chromium.launch({ executablePath: executablePath ?? '', args });
}

/** The screens on which a page is viewed. */
export const screens: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 700 } },
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Returns the rules of axe that the page breaks. The page must be opened with `bypassCSP`, because its policy would
 * block axe.
 */
export async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // The rules that pass fill megabytes, and transferring them takes longer than checking the page.
  const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run().then(({ violations }) => violations)',
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Returns whether a page is wider than its viewport. */
export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
