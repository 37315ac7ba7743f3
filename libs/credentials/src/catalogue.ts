import { z } from 'zod';
import { aboutSetting, ConfigurationError, setting, type SettingAbout } from '#gatehouse/platform';
import { apiKey } from './api-key.definition.js';
import { clientCredentials } from './client-credentials.definition.js';
import { emailToken } from './email-token.definition.js';
import { jwt } from './jwt.definition.js';
import type { CredentialSource, SourceDefinition, SourceParts } from './source.js';

/** Every source by its name in CREDENTIAL_SOURCE. A new source needs its file and a line here. */
const sources = {
  jwt,
  'client-credentials': clientCredentials,
  'api-key': apiKey,
  'email-token': emailToken,
};

export type SourceName = keyof typeof sources;
type CredentialConfig = { readonly CREDENTIAL_SOURCE: SourceName };

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never;
type Settings = Intersection<(typeof sources)[SourceName]['settings']>;
type OptionalSettings = { [K in keyof Settings]: z.ZodOptional<Settings[K] & z.ZodType> };

const definitions = Object.values(sources) as unknown as SourceDefinition<Record<string, z.ZodType>>[];
const defaultSource: SourceName = 'jwt';
export const sourceNames = Object.keys(sources) as [SourceName, ...SourceName[]];

/**
 * The settings of all sources, to spread into an app's schema. Each is optional there, because only those of the
 * chosen source are used; {@link settingsOf} makes those required.
 */
export const credentialSettings = {
  CREDENTIAL_SOURCE: setting(z.enum(sourceNames).default(defaultSource), {
    about: 'how the app obtains its credential',
    example: defaultSource,
  }),
  ...(Object.fromEntries(
    definitions
      .flatMap(({ settings }) => Object.entries(settings))
      .map(([name, schema]) => [name, setting(schema.optional(), about(schema))]),
  ) as OptionalSettings),
};

/** Returns the settings of the source that CREDENTIAL_SOURCE names, as strict as the source defines them. */
export function settingsOf(source: string | undefined): Record<string, z.ZodType> {
  const name = source === undefined || source === '' ? defaultSource : source;
  return Object.hasOwn(sources, name) ? { ...sources[name as SourceName].settings } : {};
}

/**
 * Returns what is wrong with the files of the chosen source, a line each, and changes nothing. `seed`: workers share a
 * store, which only reads the files.
 */
export async function sourceProblems(config: CredentialConfig, use: 'store' | 'seed'): Promise<string[]> {
  const source = sources[config.CREDENTIAL_SOURCE] as unknown as SourceDefinition;
  return (await source.problems?.(config, use)) ?? [];
}

/** Creates the chosen source. Throws a ConfigurationError that names each required setting that `config` lacks. */
export function createSource(config: CredentialConfig, parts: SourceParts): CredentialSource {
  const source = config.CREDENTIAL_SOURCE;
  const given = new Map<string, unknown>(Object.entries(config));
  const missing = Object.entries(settingsOf(source)).filter(
    ([name, schema]) => given.get(name) === undefined && !schema.safeParse(undefined).success,
  );
  if (missing.length > 0) {
    throw new ConfigurationError(
      missing.map(
        ([name, schema]) =>
          `${name}: is required for CREDENTIAL_SOURCE=${source} (example: ${about(schema).example})`,
      ),
    );
  }
  return sources[source].create(config as never, parts);
}

function about(schema: z.ZodType): SettingAbout {
  const found = aboutSetting(schema);
  if (!found)
    throw new Error('a setting of a credential source has no description: wrap its schema in setting()');
  return found;
}
