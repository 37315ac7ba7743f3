import { basic, bearer } from '../../../../measure/src/connection.js';
import type { CredentialKind } from '../../modes.js';
import { issue, type Issued } from '../../world/issue.js';
import type { World } from '../../world/world.js';

/** A leaked credential, with everything that the client stored beside it, and the targets to reach with it. */
export interface Leaked {
  readonly kind: CredentialKind;
  readonly issued: Issued;
  /** Another user, with a session and a password. */
  readonly other: Issued;
  /** A group that no key is meant for. */
  readonly otherGroupId: string;
  readonly world: World;
}

export const leak = async (world: World, kind: CredentialKind): Promise<Leaked> => ({
  kind,
  issued: await issue(world, kind),
  other: await issue(world, 'user-token'),
  otherGroupId: await world.newProbeGroup(world.realm.tenantId),
  world,
});

/** Returns every `Authorization` that the holder of a leaked credential can build from it. */
export function presentations({ headers, secret, clientId }: Issued): readonly string[] {
  const { Authorization: own } = headers;
  const [scheme, text = ''] = own?.split(' ') ?? [];
  const ofToken = scheme === 'Bearer' ? [`Bearer ${text}`, text] : [];
  const ofPair = scheme === 'Basic' && own !== undefined ? [own] : [];
  if (secret === undefined) return [...ofToken, ...ofPair];
  const { Authorization: asBearer = '' } = bearer(secret);
  // cspell:ignore apikey
  const { Authorization: asBasic = '' } = basic(clientId ?? 'apikey', secret);
  return [...ofToken, ...ofPair, secret, asBearer, asBasic];
}
