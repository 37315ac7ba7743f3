import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { exitCodes, ExitError, shipped } from '#gatehouse/platform';
import { Includes, parseJson } from './includes.js';
import {
  environmentNames,
  includeIn,
  placeholderNames,
  substitute,
  substituteAll,
  type Values,
} from './substitute.js';

/** A placeholder is always text, so text is accepted where FusionAuth expects a boolean or a number. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const uuid = z.guid().toLowerCase();

const apiKey = z.object({
  key: z.string().min(1),
  name: z.string().optional(),
  description: z.string().optional(),
  tenantId: uuid.optional(),
  keyManager: flag.optional(),
  retrievable: flag.optional(),
  expirationInstant: z.coerce.number().int().optional(),
  permissions: z.object({ endpoints: z.record(z.string(), z.array(z.string())).optional() }).optional(),
});

const request = z.object({
  method: z.enum(['POST', 'PUT', 'PATCH']),
  url: z
    .string()
    .regex(/^\/?[\w.-]/, 'must be a path of FusionAuth: /api/user, for example')
    .refine((url) => !url.includes('://'), 'must be a path of FusionAuth, without its address')
    .transform((url) => (url.startsWith('/') ? url : `/${url}`)),
  tenantId: uuid.optional(),
  contentType: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});

const kickstartSchema = z.object({
  apiKeys: z
    .array(apiKey)
    .min(1)
    .refine(
      ([first]) => isUnrestricted(first),
      'the first key sends the requests: it must have no tenant and no permissions',
    )
    .refine((keys) => new Set(keys.map(({ key }) => key)).size === keys.length, 'two keys are the same'),
  requests: z.array(request).default([]),
});

const variablesSchema = z
  .looseObject({ defaultTenantId: uuid.optional(), tenantManagerApplicationId: uuid.optional() })
  .catchall(z.string());

function isUnrestricted(key: z.output<typeof apiKey> | undefined): boolean {
  return key?.tenantId === undefined && Object.keys(key?.permissions?.endpoints ?? {}).length === 0;
}

export type Kickstart = z.output<typeof kickstartSchema>;

/** A kickstart file as it is on disk, before its placeholders are filled. */
export interface KickstartFile {
  readonly path: string;
  readonly text: string;
  /** Its members, with included JSON in place. */
  readonly content: { readonly variables: Values; readonly apiKeys?: unknown; readonly requests?: unknown };
  /** The included texts, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** A hash of the file and everything that it includes. */
  readonly digest: string;
  /** The names of the environment variables that it reads. */
  readonly environmentNames: readonly string[];
}

/** Returns the path of this repository's kickstart file, from the source and from the build. */
export const defaultKickstartFile = (): string => shipped('deploy/kickstart/kickstart.json');

/** Reads a kickstart file. Throws {@link ExitError} 78 if it, or a file that it includes, cannot be read. */
export async function readKickstart(path: string): Promise<KickstartFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ExitError(
      `The kickstart file ${path} cannot be read: set KICKSTART_FILE to one that exists.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  });
  try {
    const { variables, ...raw } = rawSchema.parse(parseJson(text, basename(path)));
    const includes = new Includes(path);
    const content = { variables, ...((await includes.expand(raw)) as typeof raw) };
    // Sorted by name, because they were read concurrently.
    const parts = [...includes.contents].sort(([left], [right]) => (left < right ? -1 : 1));
    const everything = [text, ...parts.map(([, part]) => part)];
    return {
      path,
      text,
      content,
      texts: includes.contents,
      digest: digestOf(everything),
      environmentNames: [...new Set(everything.flatMap(environmentNames))],
    };
  } catch (error) {
    throw unusable(path, error);
  }
}

const rawSchema = z.object({
  variables: z.record(z.string(), scalar).default({}),
  apiKeys: z.unknown().optional(),
  requests: z.unknown().optional(),
});

function digestOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

/**
 * Returns the values of the variables; a random one is drawn once, here, and is the same wherever it is used.
 * FusionAuth fills them from the environment only, so a variable that refers to another is an error. Throws {@link
 * ExitError} 78.
 */
export function fillVariables({ path, content }: KickstartFile, environment: Values): Values {
  try {
    const filled = Object.entries(content.variables).map(([name, value]) => {
      const foreign = placeholderNames(value).find((used) => used !== 'UUID()' && !used.startsWith('ENV.'));
      if (foreign !== undefined)
        throw new Error(`the variable ${name} uses #{${foreign}}: a variable can use only ENV and UUID()`);
      if (includeIn(value)) throw new Error(`the variable ${name} includes a file: only requests can`);
      return [name, substitute(value, {}, environment)];
    });
    return variablesSchema.parse(Object.fromEntries(filled));
  } catch (error) {
    throw unusable(path, error);
  }
}

/**
 * Returns the keys and requests with every placeholder filled. Throws {@link ExitError} 78 with what is wrong in the
 * file.
 */
export function fillKickstart(
  { path, content, texts }: KickstartFile,
  variables: Values,
  environment: Values,
): Kickstart {
  const { apiKeys, requests } = content;
  const included = (name: string) => texts.get(name) ?? '';
  try {
    return kickstartSchema.parse(substituteAll({ apiKeys, requests }, variables, environment, included));
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): ExitError {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
  return new ExitError(`The kickstart file ${path} is not usable: ${reason}`, exitCodes.badConfiguration);
}
