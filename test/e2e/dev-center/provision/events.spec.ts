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
