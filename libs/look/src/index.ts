import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Colours, fonts and focus styles of all our pages, as a style sheet. */
export const baseStyle = readFileSync(join(import.meta.dirname, 'base.css'), 'utf8');

/** Bar, buttons, fields, notices, badges and tables, as a style sheet that follows {@link baseStyle}. */
export const partsStyle = readFileSync(join(import.meta.dirname, 'parts.css'), 'utf8');
