import { type Answer, ok } from '../answer.js';
import { unauthorized } from '../errors.js';
import { isCurrent, presentedToken, type ReadToken, readToken } from '../tokens/read-token.js';
import { stillStands } from '../tokens/still-stands.js';
import type { JwtBody } from '../wire.js';
import type { Call, World } from '../world.js';

/**
 * `GET /api/jwt/validate`: checks signature and time of any application's and any tenant's token, nothing else unless
 * `strictIntrospection` is on.
 */
export async function validate(call: Call, world: World): Promise<Answer> {
  const { claims } = await requireToken(call, world);
  return ok({ jwt: claims } satisfies JwtBody);
}

/** The valid token that a request carries. Throws 401, empty. */
export async function requireToken({ headers }: Call, world: World): Promise<ReadToken> {
  const token = presentedToken(headers);
  const read = token === undefined ? undefined : await readToken(world, token);
  if (!read || !isCurrent(read.claims, world.now())) throw unauthorized();
  if (world.settings.strictIntrospection && !stillStands(world, read)) throw unauthorized();
  return read;
}
