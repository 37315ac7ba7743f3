import { z } from 'zod';
import { aboutSetting, ConfigurationError, setting, type SettingAbout } from '#gatehouse/platform';
import type { SourceDefinition, SourceParts } from './definition.js';
import { jwt } from './jwt.definition.js';
import type { CredentialSource } from './source.js';

/** Every source by the name that CREDENTIAL_SOURCE selects it by. A new one is its file and a line here. */
const sources = { jwt };

export type SourceName = keyof typeof sources;
type CredentialConfig = { readonly CREDENTIAL_SOURCE: SourceName };

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never;
type Settings = Intersection<(typeof sources)[SourceName]['settings']>;
type OptionalSettings = { [K in keyof Settings]: z.ZodOptional<Settings[K] & z.ZodType> };

const definitions = Object.values(sources) as unknown as SourceDefinition<Record<string, z.ZodType>>[];
const names = Object.keys(sources) as [SourceName];

/**
 * The settings of all sources, to spread into an app's schema. Each is optional there, for only the chosen source's
 * count; {@link credentialProblems} says which of those are missing.
 */
export const credentialSettings = {
  CREDENTIAL_SOURCE: setting(z.enum(names).default('jwt'), {
    about: 'how the app obtains its credential',
    example: 'jwt',
  }),
  ...(Object.fromEntries(
    definitions
      .flatMap(({ settings }) => Object.entries(settings))
      .map(([name, schema]) => [name, setting(schema.optional(), about(schema))]),
  ) as OptionalSettings),
};

/** One line for each setting that the chosen source needs and `config` lacks. */
export function credentialProblems(config: CredentialConfig): string[] {
  const given = new Map<string, unknown>(Object.entries(config));
  const needed = Object.entries<z.ZodType>(sources[config.CREDENTIAL_SOURCE].settings).filter(
    ([, schema]) => !schema.safeParse(undefined).success,
  );
  return needed
    .filter(([name]) => given.get(name) === undefined)
    .map(
      ([name, schema]) =>
        `${name}: is required for CREDENTIAL_SOURCE=${config.CREDENTIAL_SOURCE} (example: ${about(schema).example})`,
    );
}

/** The chosen source. Throws a ConfigurationError when {@link credentialProblems} finds any. */
export function createSource(config: CredentialConfig, parts: SourceParts): CredentialSource {
  const problems = credentialProblems(config);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return sources[config.CREDENTIAL_SOURCE].create(config as never, parts);
}

function about(schema: z.ZodType): SettingAbout {
  const found = aboutSetting(schema);
  if (!found)
    throw new Error('a setting of a credential source has no description: wrap its schema in setting()');
  return found;
}
