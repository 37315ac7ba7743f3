import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Colours, type and focus of every page of ours, as a style sheet. */
export const baseStyle = readFileSync(join(import.meta.dirname, 'base.css'), 'utf8');

/** Bar, buttons, fields, notices, badges and tables, as a style sheet that goes after {@link baseStyle}. */
export const partsStyle = readFileSync(join(import.meta.dirname, 'parts.css'), 'utf8');
