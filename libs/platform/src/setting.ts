import { z } from 'zod';
import { isLoopback } from './own-address.js';
import { flag, host, secretText } from './setting-kinds.js';

/** Describes an environment variable to an operator, in `--help`, `.env.example` and error messages. */
export interface SettingAbout {
  readonly about: string;
  readonly example: string;
  /** Also read from the file that `NAME_FILE` names, and shown only as set or unset. */
  readonly secret?: true;
  /** Used if the variable is unset and NODE_ENV is not `production`; there is no default in production. */
  readonly developmentDefault?: string;
  /** Must not be set for this app; not taken from a file that apps share. */
  readonly forbidden?: true;
}

/** Attaches the description to a schema. Must be the outermost call, because zod drops it on every further method. */
export function setting<S extends z.ZodType>(schema: S, about: SettingAbout): S {
  return schema.meta({ ...about });
}

export function aboutSetting(schema: z.ZodType): SettingAbout | undefined {
  const meta = schema.meta();
  return meta && 'example' in meta ? (meta as unknown as SettingAbout) : undefined;
}

/** An optional secret, also read from the file that `NAME_FILE` names. */
export const optionalSecret = (about: SettingAbout) =>
  setting(secretText().optional(), { ...about, secret: true });

/** A required secret, also read from the file that `NAME_FILE` names. */
export const secret = (about: SettingAbout) => setting(secretText(), { ...about, secret: true });

/** Returns the default of a setting or an option as an operator would write it; undefined if there is none. */
export function defaultOf(field: z.ZodType): string | undefined {
  const result = field.safeParse(undefined);
  if (!result.success || result.data === undefined) return undefined;
  if (Array.isArray(result.data)) return result.data.join(',') || 'none';
  if (typeof result.data === 'boolean') return result.data ? '1' : '0';
  return JSON.stringify(result.data).replaceAll('"', '');
}

/** Reports a URL over which credentials would be sent in clear text: plain http to another machine. */
export function insecureUrlProblem(name: string, url: string, allowInsecure: boolean): readonly string[] {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname) || allowInsecure
    ? []
    : [
        `${name}: plain http to another machine: use https, or set ALLOW_INSECURE=1 if the network is trusted`,
      ];
}

/** The settings that every app has. */
export const commonSettings = {
  HOST: setting(host().default('127.0.0.1'), { about: 'address to listen on', example: '127.0.0.1' }),
  LOG_LEVEL: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'), {
    about: 'lowest level that is logged',
    example: 'info',
  }),
  NODE_ENV: setting(z.enum(['development', 'test', 'production']).default('development'), {
    about: 'production disables every default that points to the sandbox',
    example: 'production',
  }),
  ALLOW_INSECURE: setting(flag().default(false), {
    about: 'accept plain http to a FusionAuth that is not on this machine',
    example: '0',
  }),
};
