import type { IssuerName } from '../../../../apps/dev-center/src/issuers/index.js';
import type { DevCenter, HandOver } from '../../../../apps/dev-center/src/start-dev-center.js';

interface Wanted {
  /** Name of the client. */
  readonly client: string;
  readonly strategy: IssuerName;
  readonly roles: string;
  /** E-mail address of the person whose todos the client works on. */
  readonly owner?: string;
}

interface Listed {
  readonly credentials: readonly { readonly id: string; readonly strategy: string; readonly state: string }[];
}

/**
 * Issues a credential through the Dev Center, as `npm run credentials` does. An existing one of the client is replaced
 * and revoked immediately.
 */
export async function issueCredential(devCenter: DevCenter, wanted: Wanted): Promise<HandOver> {
  const { client, strategy, ...ofNewClient } = wanted;
  let issued: HandOver | undefined;
  const run = (command: 'list' | 'rotate' | 'issue', args: object) =>
    devCenter.run(command, args, {
      actor: 'npm start',
      report: () => undefined,
      deliver: (handOver) => Promise.resolve(void (issued = handOver)),
    });
  const { credentials } = (await run('list', { client, all: true })) as Listed;
  const current = credentials.findLast((one) => one.strategy === strategy && one.state === 'active');
  if (current) await run('rotate', { id: current.id, overlap: '0s' });
  else await run('issue', { client, strategy, ...(credentials.length === 0 ? ofNewClient : {}) });
  if (!issued) throw new Error(`no credential was issued for ${client}`);
  return issued;
}
