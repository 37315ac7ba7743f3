import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { compile } from '@fastify/proxy-addr';
import { Cron } from 'croner';
import pg from 'pg';
import type { ZodType } from 'zod';
import { openDatabase, ownConnections } from '#gatehouse/database';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { ConfigurationError, hostOnWire, parseConfig, Secret, settingLines } from '#gatehouse/platform';
import { openMailer } from '../../apps/reminder-app/src/mail/open-mailer.js';
import { UnsubscribeLinks } from '../../apps/reminder-app/src/unsubscribe/unsubscribe-link.js';
import { silentLog } from '../support/embedded-database.js';
import { apps } from './apps.js';

const header = (value: string) => new Headers({ 'x-setting': value });
const path = (value: string) => statSync(value, { throwIfNoEntry: false });
const url = (value: string) =>
  header(new URL(`${value}/below`).href === `${value}/below` ? value : `moved to ${value}\r`);
const id = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const smallLetters = (value: string) => {
  if (value !== value.toLowerCase()) throw new Error(`${value} is not the id that tokens have`);
};

/** The further settings that a setting requires. */
const beside: Readonly<Record<string, Record<string, string>>> = {
  REVOCATION: { WEBHOOK_KEY_ID: 'the-key-of-webhooks' },
  DATABASE_LISTEN_URL: { DATABASE_URL: 'postgresql://localhost/gatehouse' },
};

/** Further settings that an app always needs, by the rules between its settings. */
const always: Readonly<Record<string, Record<string, string>>> = {
  'lambda-authorizer': { FUSIONAUTH_ISSUER: 'auth.example.com', AUTHORIZER_CACHE: 'off' },
};

/** The use of a setting at the start, by its name, or by the kind of its value. */
const uses: Readonly<Record<string, (value: never) => unknown>> = {
  DATABASE_URL: async (secret: Secret) => {
    const database = await openDatabase({ name: 'todo', url: secret, dataDir: '', log: silentLog });
    await database.close();
    return new pg.Client({ connectionString: secret.reveal() });
  },
  DATABASE_LISTEN_URL: (url: Secret) => {
    const options = { name: 'todo', setting: 'DATABASE_LISTEN_URL', poolerAdvice: '', answerMs: 1 } as const;
    return ownConnections({ ...options, url })();
  },
  SMTP_URL: (secret: Secret) => openMailer(secret, false),
  SMTP_TLS_NAME: (value: string) => header(hostOnWire(value)),
  HEARTBEAT_URL: (secret: Secret) => new Request(secret.reveal()),
  UNSUBSCRIBE_URL: (value: string) =>
    url(new UnsubscribeLinks(value, new Secret('k')).urlFor('a@example.com')),
  FUSIONAUTH_URL: (value: string) =>
    fusionAuthData({
      url: value,
      tenantId: id,
      applicationId: id,
      deadlineMs: 1,
    }).close(),
  TRUSTED_PROXIES: (value: string[]) => compile(value),
  REMINDER_SCHEDULE: (value: string) => new Cron(value, { timezone: 'UTC' }),
  MAIL_FROM: ({ name, address }: { name: string; address: string }) => [header(name), header(address)],
  ALLOWED_ORIGINS: (value: string[]) => value.map(header),
  // Compared, never sent.
  FUSIONAUTH_ISSUER: () => undefined,
  API_KEY_DEFAULT_ROLES: () => undefined,
  // Only signs, and is never sent.
  PRINCIPAL_KEY: () => undefined,
  UNSUBSCRIBE_KEY: () => undefined,
};

function useOf(name: string, value: unknown): unknown {
  const use = uses[name];
  if (use) return use(value as never);
  if (name.endsWith('PORT'))
  // Whether a port is free does not matter, only that it is a port.
  {
    return createServer()
      .on('error', () => undefined)
      .listen({ port: value as number })
      .close();
  }
  if (/_(FILE|DIR)$/.test(name)) return path(value as string);
  if (/_URL$/.test(name)) return url(value as string);
  if (/_ID$/.test(name)) return smallLetters(value as string);
  if (value instanceof Secret) return header(value.reveal());
  return header([value].flat().join());
}

/** Returns values that a person may set by accident: from a wrong editor, shell, file or program. */
function oddValues(example: string): string[] {
  const inUtf16 = Buffer.from(`\ufeff${example}`, 'utf16le').toString('utf8');
  return [
    ...[`${example}\r`, `${example}\n`, ` ${example}`, `${example} `, `\t${example}`, `${example}\u00a0`],
    ...[
      `${example}\u0000`,
      `“${example}”`,
      `'${example}'`,
      inUtf16,
      `\ufeff${example}`,
      example.toUpperCase(),
    ],
    ...[
      `${example}%`,
      `${example}/`,
      `${example}?`,
      `${example}?a=b`,
      `${example}#c`,
      example.replace('@', '%ss@'),
    ],
    ...[
      example.replace('@', '%E9@'),
      example.replace('@', '%00@'),
      example.replace(':', ' :'),
      `${example},`,
    ],
    ...[
      'foo',
      'http://',
      'jdbc:postgresql://h/d',
      'mysql://u@h/d',
      'postgresql:d',
      '10.0.0.0/99',
      '10.0.0.0/0',
      '::/0',
    ],
    ...[
      '99999',
      '-1',
      '1e3',
      '0x10',
      '* * *',
      '60 * * * *',
      '<a@b',
      'a@b>',
      'a\rb <a@b.example>',
      '[::1]',
      '\u2028x',
    ],
  ];
}

describe.each(Object.keys(apps))('%s', (app) => {
  const { schema, problems } = apps[app]!;
  const lines = settingLines(schema);
  // The settings that are required and have no default.
  const needed = Object.fromEntries(
    lines
      .filter(
        ({ name, fallback }) =>
          fallback === undefined &&
          !(schema.shape as Record<string, ZodType>)[name]!.safeParse(undefined).success,
      )
      .map(({ name, example }) => [name, /\s/.test(example) ? 'x'.repeat(40) : example]),
  );

  it.each(lines.map(({ name, example }) => [name, example]))(
    '%s never passes the check to fail for its form where it is used',
    async (name, example) => {
      let accepted = 0;
      for (const value of [example, ...oddValues(example)]) {
        const used = acceptedValue(name, value);
        if (used === undefined) continue;
        accepted += 1;
        await expect((async () => useOf(name, used))().then(() => value)).resolves.toBe(value);
      }
      // Production needs further settings, and REVOCATION the key of webhooks; examples of secrets are sentences.
      const refused = app === 'lambda-authorizer' && name === 'REQUESTS_PER_MINUTE';
      if (!refused && !/NODE_ENV|KEY|SECRET|TOKEN|REVOCATION$/.test(name))
        expect(accepted).toBeGreaterThan(0);
    },
  );

  function acceptedValue(name: string, value: string): unknown {
    try {
      const config: Record<string, unknown> = parseConfig(schema, {
        ...needed,
        ...always[app],
        ...beside[name],
        [name]: value,
      });
      return problems(config as never).length > 0 ? undefined : config[name];
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }
});
