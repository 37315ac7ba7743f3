import { randomUUID } from 'node:crypto';
import { call, tenantId } from '../../sandbox/started-sandbox.js';
import {
  bareFusionAuth,
  environmentOf,
  kickstart,
  open,
  provision,
  show,
  webhookKeyId,
} from './provision-ground.js';

describe('provision of events and their key', () => {
  it('prints the kid of the key of webhooks, and how each event is sent', async () => {
    const sandbox = await open();
    const { settings, transactions } = await provision(environmentOf(sandbox));
    const { body } = await call(sandbox, 'GET', `/api/key/${webhookKeyId}`);
    expect(settings).toEqual({ WEBHOOK_KEY_ID: (body as { key: { kid: string } }).key.kid });
    expect([new Set(Object.values(transactions)), Object.keys(transactions)]).toEqual([
      new Set(['None']),
      expect.arrayContaining(['jwt.refresh-token.revoke', 'user.deactivate', 'user.delete']),
    ]);
  });

  it('enables events, and leaves their transaction types to the operator', async () => {
    const sandbox = await open();
    const chosen = { enabled: false, transactionType: 'AbsoluteMajority' };
    await call(sandbox, 'PATCH', `/api/tenant/${tenantId}`, {
      tenant: {
        eventConfiguration: { events: { 'user.delete': chosen, 'user.action': { enabled: false } } },
      },
    });
    const result = await provision({ ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined });
    expect(result.changes).toEqual([
      { part: 'events', text: 'switched on for the tenant: user.action, user.delete', done: true },
    ]);
    expect(result.transactions).toMatchObject({
      'user.delete': 'AbsoluteMajority',
      'user.deactivate': 'None',
    });
    const line = show(result)
      .split('\n')
      .find((one) => one.startsWith('Transaction types of events: '));
    expect(line).toMatch(
      /AbsoluteMajority \(.*refuses.*including locks and deletions\): user\.delete; None \(sent once and lost on failure.*\): .*user\.deactivate.*; for user\.action, each action has its own/,
    );
  });

  it('prevents the key of webhooks from signing tokens of the application', async () => {
    const sandbox = await open();
    const { applicationId, signingKeyId } = kickstart.variables;
    await call(sandbox, 'PATCH', `/api/application/${applicationId}`, {
      application: { jwtConfiguration: { idTokenKeyId: webhookKeyId } },
    });
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined };
    expect((await provision(environment)).changes).toEqual([
      {
        part: 'application',
        done: true,
        text: `changed jwtConfiguration.idTokenKeyId from "${webhookKeyId}" to "${signingKeyId}" (the key of webhooks must sign no token, or a signed event could pass for one)`,
      },
    ]);
  });

  it('leaves another public key unchanged that signs tokens, and replaces a secret one', async () => {
    const sandbox = await open();
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined };
    const { applicationId, signingKeyId } = kickstart.variables;
    const signedBy = async (algorithm: string, length?: number) => {
      const id = randomUUID();
      await call(sandbox, 'POST', `/api/key/generate/${id}`, { key: { algorithm, name: algorithm, length } });
      const jwtConfiguration = { accessTokenKeyId: id, idTokenKeyId: id };
      await call(sandbox, 'PATCH', `/api/application/${applicationId}`, {
        application: { jwtConfiguration },
      });
      return id;
    };
    await signedBy('ES384');
    expect((await provision(environment)).changes).toEqual([]);
    const secret = await signedBy('HS256');
    expect((await provision(environment)).changes).toMatchObject([
      { text: expect.stringContaining(`accessTokenKeyId from "${secret}" to "${signingKeyId}"`) as string },
    ]);
  });

  it('reports a key for signing tokens that is not public, which no API can replace', async () => {
    const sandbox = await bareFusionAuth();
    await call(sandbox, 'POST', `/api/key/generate/${kickstart.variables['signingKeyId']}`, {
      key: { algorithm: 'HS256', name: 'Gatehouse' },
    });
    expect(await provision(environmentOf(sandbox))).toMatchObject({
      ok: false,
      notes: ['signing key is for HS256: delete it in Settings, Key Master, and provision again'],
    });
  });

  it('reports where to replace the key of webhooks that signs tokens of entities, which no API can do', async () => {
    const sandbox = await bareFusionAuth();
    const jwtConfiguration = { enabled: true, accessTokenKeyId: webhookKeyId, timeToLiveInSeconds: 3600 };
    await call(sandbox, 'POST', `/api/key/generate/${webhookKeyId}`, {
      key: { algorithm: 'ES256', name: 'Gatehouse webhooks' },
    });
    await call(sandbox, 'POST', `/api/entity/type/${kickstart.variables['entityTypeId']}`, {
      entityType: { name: 'Todo API', jwtConfiguration },
    });
    const { ok, notes } = await provision(environmentOf(sandbox));
    expect([ok, notes]).toEqual([
      false,
      [expect.stringMatching(/^entity type .*must sign no token.*set it in Entities, Entity Types$/)],
    ]);
  });
});
