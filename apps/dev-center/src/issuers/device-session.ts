import type { DeviceTokens } from '#gatehouse/fusionauth/control';
import { Secret } from '#gatehouse/platform';
import type { Credential } from '../clients/credential.repository.js';
import type { CommandContext } from '../context.js';
import { compareRoles, gone, type Issuer, type IssuerParts, type Plan } from './issuer.js';
import { latestSessionEnd } from './jwt.issuer.js';

/** The roles that a person can pass on by a device session; the portal's own role means nothing to the Todo API. */
const todoRoles = ['todo-reader', 'todo-writer', 'todo-auditor'];

/** Returns the roles that a session of this person has at the Todo API. */
export const rolesInSession = (roles: readonly string[] = []): string[] =>
  roles.filter((role) => todoRoles.includes(role));

/**
 * Plans a credential for a session that a person has approved (RFC 8628): a refresh token that lets a program act as that
 * person. FusionAuth chooses the id of the session, so it exists before its row. Its principal is the person, who must
 * not be the subject of the row, because every other log-in of that person would then count as the client.
 */
export async function deviceSessionPlan(
  { control, config, clock }: Pick<IssuerParts, 'control' | 'config' | 'clock'>,
  { sessionId, refreshToken, accessToken }: DeviceTokens,
  { personId, expiresAt }: { readonly personId: string; readonly expiresAt: number | undefined },
): Promise<Plan> {
  const ends = [await latestSessionEnd(control, clock), expiresAt].filter((end) => end !== undefined);
  return {
    fusionauthId: sessionId,
    subject: sessionId,
    personId,
    expiresAt: ends.length === 0 ? undefined : Math.min(...ends),
    make: () =>
      Promise.resolve({
        settings: { CREDENTIAL_SOURCE: 'jwt', CLIENT_ID: config.FUSIONAUTH_APPLICATION_ID },
        secret: { name: 'REFRESH_TOKEN', value: new Secret(refreshToken) },
        presented: new Secret(accessToken),
      }),
  };
}

/** Ends and inspects a credential. For a device session that is the session, never the person to whom it belongs. */
export function issuerOf(
  context: Pick<CommandContext, 'issuer' | 'control'>,
  { strategy, personId }: Pick<Credential, 'strategy' | 'personId'>,
): Omit<Issuer, 'plan'> {
  if (personId === null) return context.issuer(strategy);
  const { sessions, people } = context.control();
  return {
    // FusionAuth cannot limit one session: the Dev Center revokes it at its end.
    retire: () => Promise.resolve(),
    end: (sessionId) => sessions.end(sessionId),
    async inspect(sessionId, roles) {
      if ((await sessions.userOf(sessionId)) === undefined) return [gone];
      const person = await people.byId(personId);
      return person?.active ? compareRoles(rolesInSession(person.roles), roles) : [gone];
    },
  };
}
