import { startSandbox } from 'gatehouse-sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp } from './app.js';

describe('the API', () => {
  let sandbox;
  let app;
  beforeAll(async () => {
    sandbox = await startSandbox();
    const { id, tenantId } = await sandbox.application();
    app = await startApp({
      FUSIONAUTH_URL: sandbox.url,
      FUSIONAUTH_APPLICATION_ID: id,
      FUSIONAUTH_TENANT_ID: tenantId,
    });
  });
  afterAll(async () => {
    await app.stop();
    await sandbox.stop();
  });

  const invoices = (token) =>
    fetch(`${app.url}/invoices`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  it('refuses a caller without a token', async () => {
    expect((await invoices()).status).toBe(401);
  });

  it('knows who calls', async () => {
    const ada = await sandbox.createUser({ fields: { fullName: 'Ada' } });
    const { accessToken } = await sandbox.logIn(ada);
    const answer = await invoices(accessToken);
    expect([answer.status, await answer.json()]).toEqual([200, { of: ada.id }]);
  });

  it('refuses an ID token', async () => {
    const { idToken } = await sandbox.logIn(await sandbox.createUser());
    expect((await invoices(idToken)).status).toBe(401);
  });

  it('refuses an expired token', async () => {
    sandbox.clock.advance(-2 * 3_600_000);
    const { accessToken } = await sandbox.logIn(await sandbox.createUser());
    sandbox.clock.reset();
    expect((await invoices(accessToken)).status).toBe(401);
  });

  it('accepts tokens by a new signing key', async () => {
    await sandbox.rotateKey();
    const { accessToken } = await sandbox.logIn(await sandbox.createUser());
    expect((await invoices(accessToken)).status).toBe(200);
  });
});
