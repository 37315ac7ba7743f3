import type { z } from 'zod';
import { commonOptions, optionLines, type Options } from './command-line.js';
import { aboutSetting, defaultOf } from './setting.js';

interface Described {
  readonly name: string;
  readonly about: string;
  readonly details?: readonly string[];
  readonly usage?: readonly string[];
  /** Options besides the common ones. */
  readonly options?: Options;
  readonly schema: z.ZodObject;
  /** The directory of an app that reads `.env` files. */
  readonly directory?: string;
  /** Settings of other programs that the app starts, under a separate heading. */
  readonly further?: { readonly title: string; readonly settings: readonly SettingLine[] };
}

/** Returns the text of `--help`: usage, options, and every environment variable with its default. */
export function appHelp(app: Described): string {
  const usage = app.usage ?? [`npm run ${app.name}`];
  return [
    `${app.name}: ${app.about}`,
    ...(app.details ?? []),
    '',
    'Usage:',
    ...usage.map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    'Options:',
    ...optionLines({ options: { ...app.options, ...commonOptions } }),
    '',
    app.directory === undefined
      ? 'Environment:'
      : `Environment, in development also .env.${app.directory} and .env in the current directory:`,
    ...settingLines(app.schema).map(lineOf),
    '',
    ...(app.further ? [app.further.title, ...app.further.settings.map(lineOf), ''] : []),
  ].join('\n');
}

function lineOf({ name, about, fallback, secret }: SettingLine): string {
  const notes = [
    ...(fallback === undefined ? [] : [`default ${fallback}`]),
    ...(secret ? [`also ${name}_FILE`] : []),
  ];
  return `  ${name.padEnd(30)} ${about}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
}

export interface SettingLine {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  readonly fallback: string | undefined;
  readonly secret: boolean;
}

/** Returns every setting of a schema with its description for an operator. */
export function settingLines(schema: z.ZodObject): SettingLine[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const about = aboutSetting(field as z.ZodType);
    if (!about) throw new Error(`${name} has no description: wrap its schema in setting()`);
    return {
      name,
      about: about.about,
      example: about.example,
      fallback: about.developmentDefault ?? defaultOf(field as z.ZodType),
      secret: about.secret === true,
    };
  });
}
