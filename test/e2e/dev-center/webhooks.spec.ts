import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeProtectedHeader } from 'jose';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { commands } from '../../../apps/dev-center/src/commands/index.js';
import { devCenterProblems, devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { createFusionAuthContext } from '../../../apps/dev-center/src/context.js';
import { checkWebhooks } from '../../../apps/dev-center/src/doctor/webhooks.js';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog } from '../../support/embedded-database.js';
import { adaId, call, configureTenant, startedSandbox, tenantId } from '../sandbox/started-sandbox.js';

const webhook = '/api/webhook/4f8a2d71-6c3b-49e5-8d10-b2e7f5a9c036';
const WEBHOOK_URL = 'https://todos.example.com/webhooks/fusionauth';
const merge = { 'content-type': 'application/merge-patch+json' };

let sandbox: Sandbox;
let stop: () => Promise<void>;
beforeEach(async () => {
  ({ sandbox, stop } = await startedSandbox({ log: silentLog }));
});
afterEach(() => stop());

function contextWith(changes: Environment) {
  const { FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
  const keys = { FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY, FUSIONAUTH_URL: sandbox.url };
  const config = parseConfig(devCenterSchema, { ...keys, WEBHOOK_URL, ...changes });
  return createFusionAuthContext(config, { log: silentLog });
}

async function provision(changes: Environment = {}) {
  const context = contextWith(changes);
  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
  const result = await commands.provision.execute({}, context, io);
  await context.close();
  return result;
}

async function doctor(changes: Environment = {}) {
  const context = contextWith(changes);
  return checkWebhooks(context).finally(() => context.close());
}

const changed = (value: object) => call(sandbox, 'PATCH', webhook, { webhook: value }, merge);
const textsOf = ({ changes }: Awaited<ReturnType<typeof provision>>) => changes.map(({ text }) => text);

describe('provision with WEBHOOK_URL', () => {
  it('creates a webhook that is called, signed by the key that it prints', async () => {
    const received: { type: string; kid: string | undefined }[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { type } = (JSON.parse(body) as { event: { type: string } }).event;
        const signature = String(request.headers['x-fusionauth-signature-jwt']);
        received.push({ type, kid: decodeProtectedHeader(signature).kid });
        response.writeHead(200).end();
        receiver.emit('received');
      });
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/fusionauth`;
    const { changes, settings } = await provision({ WEBHOOK_URL: url });
    expect(changes).toEqual([{ part: 'webhook', text: 'created', done: true }]);
    const [happened] = await Promise.all([
      once(receiver, 'received'),
      call(sandbox, 'DELETE', `/api/user/${adaId}`),
    ]);
    expect([happened, received]).toEqual([
      [],
      [{ type: 'user.deactivate', kid: settings['WEBHOOK_KEY_ID'] }],
    ]);
    receiver.close().closeAllConnections();
    expect((await provision({ WEBHOOK_URL: url })).changes).toEqual([]);
  });

  it('creates no webhook without the setting, and leaves an existing one unchanged', async () => {
    expect((await provision({ WEBHOOK_URL: undefined })).changes).toEqual([]);
    expect((await call(sandbox, 'GET', webhook)).status).toBe(404);
    await provision();
    await changed({ eventsEnabled: {} });
    expect((await provision({ WEBHOOK_URL: undefined })).changes).toEqual([]);
  });

  it('rejects a receiver with plain http on another machine', () => {
    const problems = (url: string) => devCenterProblems(contextWith({ WEBHOOK_URL: url }).config);
    expect(problems('http://todos.example.com/hook')).toEqual([
      expect.stringMatching(/^WEBHOOK_URL: plain http/),
    ]);
    for (const url of [WEBHOOK_URL, 'http://127.0.0.1:3000/hook']) expect(problems(url)).toEqual([]);
  });

  it.each([
    ['url', { url: 'https://elsewhere.example' }, /^changed url from "https:\/\/elsewhere\.example" to /],
    ['tenant', { tenantIds: [] }, new RegExp(`^added ${tenantId} to tenantIds$`)],
    [
      'events',
      { eventsEnabled: { 'user.delete': false } },
      /^changed eventsEnabled\.user\.delete from false to true$/,
    ],
    [
      'signature',
      { signatureConfiguration: { enabled: false } },
      /^changed signatureConfiguration\.enabled from false/,
    ],
  ])('corrects its %s and nothing else', async (_what, drift, text) => {
    await provision();
    await changed({ ...drift, readTimeout: 777 });
    expect(textsOf(await provision())).toEqual([expect.stringMatching(text)]);
    expect((await provision()).changes).toEqual([]);
    expect((await call(sandbox, 'GET', webhook)).body).toMatchObject({ webhook: { readTimeout: 777 } });
  });

  it('does not restrict a webhook for all tenants, and does not change another tenant’s', async () => {
    await provision();
    await changed({ tenantIds: [], global: true });
    expect((await provision()).changes).toEqual([]);
    const other = randomUUID();
    await call(sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Another' } });
    // FusionAuth ignores the tenants of a webhook for all.
    await changed({ tenantIds: [other], global: true });
    expect(await provision()).toMatchObject({ ok: true, changes: [] });
    await changed({ tenantIds: [other], global: false, url: 'https://elsewhere.example' });
    expect(await provision()).toMatchObject({
      ok: false,
      changes: [],
      notes: [expect.stringMatching(/^webhook .* belongs to another tenant: .*unset WEBHOOK_URL$/)],
    });
  });

  it('reports that the key of one tenant may not read it', async () => {
    await provision();
    expect((await provision({ FUSIONAUTH_BOOTSTRAP_KEY: undefined })).notes).toEqual([
      expect.stringMatching(/^not checked, because the key of one tenant may not read it: .*webhook \(/),
    ]);
  });
});

describe('doctor about webhooks', () => {
  it('reports that there is none, and whether one is required', async () => {
    expect(await doctor({ WEBHOOK_URL: undefined })).toEqual({
      name: 'webhooks',
      text: expect.stringMatching(/^none is set up: locks and log-outs are noticed when/) as string,
    });
    expect(await doctor()).toMatchObject({
      ok: false,
      text: expect.stringMatching(/none calls WEBHOOK_URL/),
    });
  });

  it('reports no fault in the webhook that provision created, and that nothing was sent', async () => {
    const WEBHOOK_KEY_ID = (await provision()).settings['WEBHOOK_KEY_ID'];
    expect(await doctor({ WEBHOOK_KEY_ID })).toEqual({
      name: 'webhooks',
      ok: true,
      text: expect.stringContaining('not tried: use "doctor --canary"') as string,
    });
  });

  it.each([
    ['no tenant', { tenantIds: [] }, /is neither global nor for a tenant/],
    ['an event off', { eventsEnabled: { 'user.delete': false } }, /has events off: user\.delete\./],
    ['no signature', { signatureConfiguration: { enabled: false } }, /is not signed/],
    ['another url', { url: 'https://elsewhere.example' }, /none calls WEBHOOK_URL/],
  ])('reports a webhook with %s', async (_what, drift, text) => {
    await provision();
    await changed(drift);
    expect(await doctor()).toMatchObject({ ok: false, text: expect.stringMatching(text) });
  });

  it('accepts one good webhook beside a faulty one, and does not count that of another tenant', async () => {
    await provision();
    const { body } = await call(sandbox, 'GET', webhook);
    const { id: _id, ...value } = body['webhook'] as { id: string };
    const second = '/api/webhook/6a1f8c2e-4d57-4b90-8e13-0c9b7d2f5a46';
    await call(sandbox, 'POST', second, { webhook: { ...value, eventsEnabled: {} } });
    expect(await doctor()).toMatchObject({ ok: true });
    const other = randomUUID();
    await call(sandbox, 'POST', `/api/tenant/${other}`, { tenant: { name: 'Another' } });
    await call(sandbox, 'DELETE', second);
    await changed({ tenantIds: [other] });
    expect(await doctor()).toMatchObject({
      ok: false,
      text: expect.stringMatching(/none calls WEBHOOK_URL/),
    });
  });

  it('reports an event that is off at the tenant, and a key that differs from WEBHOOK_KEY_ID', async () => {
    const WEBHOOK_KEY_ID = (await provision()).settings['WEBHOOK_KEY_ID'];
    expect(await doctor({ WEBHOOK_KEY_ID: 'another' })).toMatchObject({
      ok: false,
      text: expect.stringContaining(
        `is signed by the key ${WEBHOOK_KEY_ID}, while WEBHOOK_KEY_ID is another`,
      ),
    });
    await configureTenant(sandbox, { eventConfiguration: { events: { 'user.action': { enabled: false } } } });
    expect(await doctor({ WEBHOOK_URL: undefined })).toMatchObject({
      ok: false,
      text: expect.stringContaining('waits for events that are off at the tenant: user.action'),
    });
  });

  it('checks only the enabled events of a webhook for another receiver', async () => {
    const other = {
      url: 'https://elsewhere.example',
      tenantIds: [tenantId],
      connectTimeout: 1,
      readTimeout: 1,
    };
    await call(sandbox, 'POST', webhook, { webhook: { ...other, eventsEnabled: { 'user.delete': true } } });
    expect(await doctor({ WEBHOOK_URL: undefined })).toMatchObject({ ok: true });
  });

  it('does not blame the key if FusionAuth fails', async () => {
    sandbox.faults.set('GET /api/webhook', { status: 503 });
    await expect(doctor()).rejects.toThrow('503');
  });

  it('reports that the key of one tenant may not read webhooks', async () => {
    expect(await doctor({ FUSIONAUTH_BOOTSTRAP_KEY: undefined })).toEqual({
      name: 'webhooks',
      text: expect.stringMatching(/^not checked, because the key of one tenant may not/) as string,
    });
  });
});
