import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exitCodes, ExitError, shipped } from '#gatehouse/platform';
import { environmentNames, substitute, substituteAll, type Values } from './substitute.js';

const kickstartSchema = z.object({
  variables: z.record(z.string(), z.string()).default({}),
  apiKeys: z
    .array(
      z.object({
        key: z.string().min(1),
        name: z.string().optional(),
        description: z.string().optional(),
        tenantId: z.guid().toLowerCase().optional(),
        keyManager: z.boolean().optional(),
        retrievable: z.boolean().optional(),
        expirationInstant: z.int().optional(),
        permissions: z.object({ endpoints: z.record(z.string(), z.array(z.string())) }).optional(),
      }),
    )
    .min(1),
  requests: z.array(
    z.object({
      method: z.enum(['POST', 'PUT', 'PATCH']),
      url: z.string().startsWith('/api/'),
      tenantId: z.string().optional(),
      contentType: z.string().optional(),
      body: z.unknown(),
    }),
  ),
});

export type Kickstart = z.output<typeof kickstartSchema>;

/** A kickstart file as it is on disk, before its placeholders are filled. */
export interface KickstartFile {
  readonly path: string;
  readonly text: string;
  readonly digest: string;
  /** The names it takes from the environment. */
  readonly environmentNames: readonly string[];
}

/** The kickstart file of this repository, found from the source as from the build. */
export const defaultKickstartFile = (): string => shipped('deploy/kickstart/kickstart.json');

/** Throws {@link ExitError} 78 when the file cannot be read. */
export async function readKickstart(path: string): Promise<KickstartFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ExitError(
      `The kickstart file ${path} cannot be read: set KICKSTART_FILE to one that exists.`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  });
  const digest = createHash('sha256').update(text).digest('hex');
  return { path, text, digest, environmentNames: environmentNames(text) };
}

/** The file with every placeholder filled. Throws {@link ExitError} 78 with what is wrong in it. */
export function fillKickstart({ path, text }: KickstartFile, environment: Values): Kickstart {
  try {
    const raw = JSON.parse(text) as { variables?: Record<string, string> };
    return kickstartSchema.parse(
      substituteAll(raw, fillVariables(raw.variables ?? {}, environment), environment),
    );
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ExitError(`The kickstart file ${path} is not usable: ${reason}`, exitCodes.badConfiguration);
  }
}

/** Variables may use those above them. A random value is drawn once, here, and is the same wherever it is used. */
function fillVariables(variables: Record<string, string>, environment: Values): Values {
  const filled: Record<string, string> = {
    FUSIONAUTH_APPLICATION_ID: '3c219e58-ed0e-4b18-ad48-f4f92793ae32',
  };
  for (const [name, value] of Object.entries(variables))
    filled[name] = substitute(value, filled, environment);
  return filled;
}
