import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseStyle, partsStyle } from '#gatehouse/look';

/** The style sheet of every page. */
export const style =
  baseStyle + partsStyle + readFileSync(join(import.meta.dirname, 'browser', 'sandbox.css'), 'utf8');

/** What runs in the browser, on the sandbox's own page only. */
export const browserScript = readFileSync(join(import.meta.dirname, 'browser', 'sandbox.js'), 'utf8');

const icon = readFileSync(join(import.meta.dirname, 'browser', 'sandbox.svg'), 'utf8');

/** The icon within an address, so that the browser sends no request of its own, which the log would show. */
export const iconAddress = `data:image/svg+xml,${encodeURIComponent(icon)}`;
