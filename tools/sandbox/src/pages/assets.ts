import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseStyle, partsStyle } from '#gatehouse/look';

/** The style sheet of every page. */
export const style =
  baseStyle + partsStyle + readFileSync(join(import.meta.dirname, 'browser', 'sandbox.css'), 'utf8');

/** The script of the sandbox's own page, which is the only page with one. */
export const browserScript = readFileSync(join(import.meta.dirname, 'browser', 'sandbox.js'), 'utf8');

const icon = readFileSync(join(import.meta.dirname, 'browser', 'sandbox.svg'), 'utf8');

/** The icon as a data URL, so that the browser sends no extra request, which the log would show. */
export const iconAddress = `data:image/svg+xml,${encodeURIComponent(icon)}`;
