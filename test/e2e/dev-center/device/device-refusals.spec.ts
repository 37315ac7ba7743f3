import { randomUUID } from 'node:crypto';
import { createLogger, Secret } from '#gatehouse/platform';
import { withClientLock } from '../../../../apps/dev-center/src/clients/client-lock.js';
import { adaId, applicationId, call, configure } from '../../sandbox/started-sandbox.js';
import type { Person } from '../portal/portal-world.js';
import { approve } from './approver.js';
import { type DeviceWorld, startDeviceWorld, type Waits } from './device-world.js';

const lines: string[] = [];
let world: DeviceWorld;
beforeAll(async () => {
  const log = createLogger('dev-center', 'trace', { write: (line) => void lines.push(line) });
  world = await startDeviceWorld(() => Date.now(), log);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

const approvedBy =
  (person: Person): Waits[number] =>
  ({ verificationUriComplete }) =>
    approve(verificationUriComplete!, person);
const ada = () => approvedBy(world.person('ada'));
const sessionsOf = async (userId: string) => {
  const { body } = await call(world.sandbox, 'GET', `/api/jwt/refresh?userId=${userId}`);
  return (body['refreshTokens'] as { id: string }[]).map(({ id }) => id);
};
const rows = async (client: string) =>
  (await world.run('list', { client, all: true })).credentials as { state: string }[];

/** A new user of the application, with these roles. */
async function somebody(roles: readonly string[]): Promise<Person & { readonly id: string }> {
  const [id, password] = [randomUUID(), 'a-password-of-this-test'];
  const email = `${id}@example.com`;
  const { status, text } = await call(world.sandbox, 'POST', `/api/user/registration/${id}`, {
    user: { email, password, fullName: 'Somebody' },
    registration: { applicationId, roles },
    skipVerification: true,
    skipRegistrationVerification: true,
  });
  if (status !== 200) throw new Error(text);
  return { id, email, password };
}

describe('a device session is refused', () => {
  it('for a client with its own todos, before a code is shown', async () => {
    const own = { client: 'own-todos', strategy: 'email-token', roles: 'todo-reader', device: false };
    expect((await world.issue(own, [])).error).toBeUndefined();

    const { error, shown } = await world.issue({ client: 'own-todos' }, [ada()]);

    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('todos of its own') });
    expect(shown).toBeUndefined();
  });

  it('while another command works on the client, and the approved session is revoked', async () => {
    const before = await sessionsOf(adaId);
    const done = Promise.withResolvers<void>();
    const meanwhile: Waits[number] = async (shown) => {
      void withClientLock(world.center.database, 'worked-on', () => done.promise);
      await ada()(shown);
    };
    const { error } = await world.issue({ client: 'worked-on' }, [meanwhile]);
    done.resolve();
    expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('Another command') });
    expect(await sessionsOf(adaId)).toEqual(before);
  });

  it('for such a client that was created during the wait, and the approved session is revoked', async () => {
    const before = await sessionsOf(adaId);
    const madeMeanwhile: Waits[number] = async (shown) => {
      const own = { name: 'made-meanwhile', roles: ['todo-reader'] };
      await world.center.clients.create(own, 'test', new Date());
      await ada()(shown);
    };

    const { error, handOver } = await world.issue({ client: 'made-meanwhile' }, [madeMeanwhile]);

    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('todos of its own') });
    expect(handOver).toBeUndefined();
    expect(await sessionsOf(adaId)).toEqual(before);
  });

  it.each([
    ['none', []],
    ['that of the portal alone', ['portal-admin']],
  ])('to a person with no role of the Todo API: %s', async (_which, roles) => {
    const person = await somebody(roles);

    const { error } = await world.issue({ client: 'without-role' }, [approvedBy(person)]);

    expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining('has no role') });
    expect(await sessionsOf(person.id)).toEqual([]);
    expect(await rows('without-role')).toEqual([]);
  });

  it('to a caller that cannot show the code', async () => {
    const { error } = await world.issue({ client: 'unseen' }, [], { showApproval: undefined } as object);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('show a person') });
  });

  it('if the secret of the application is wrong, and the setting is named', async () => {
    const settings = { FUSIONAUTH_CLIENT_SECRET: new Secret('that-of-yesterday') };
    const { error, handOver } = await world.issue({ client: 'stale-secret' }, [ada()], {}, settings);
    expect(error).toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('FUSIONAUTH_CLIENT_SECRET'),
    });
    expect(handOver).toBeUndefined();
  });

  it('if the application issues no refresh tokens, with exit code 78', async () => {
    await configure(world.sandbox, { oauthConfiguration: { generateRefreshTokens: false } });
    const { error } = await world.issue({ client: 'no-session' }, [ada()]);
    await world.provision();
    expect(error).toMatchObject({ exitCode: 78, message: expect.stringContaining('no refresh token') });
  });

  it('while FusionAuth is unavailable, before a code is shown', async () => {
    world.sandbox.faults.set('POST /oauth2/device_authorize', { answer: 'reset' });
    const { error, shown } = await world.issue({ client: 'away' }, []);
    expect(error).toMatchObject({ exitCode: 4, message: expect.stringContaining('FUSIONAUTH_URL') });
    expect(shown).toBeUndefined();
  });

  it('and reported by id if it cannot be revoked, so that an operator revokes it in FusionAuth', async () => {
    await world.issue({ client: 'of-ada' }, [ada()]);
    const person = await somebody(['todo-reader']);
    world.sandbox.faults.set('DELETE /api/jwt/refresh', { status: 503 });

    const { error, reports } = await world.issue({ client: 'of-ada' }, [approvedBy(person)]);

    expect(error).toMatchObject({ exitCode: 1 });
    const [left] = await sessionsOf(person.id);
    expect(reports.join()).toContain(`The session ${left} could not be ended`);
  });
});

describe('a device session of an application without client authentication', () => {
  it('needs no secret, either now or at a refresh', async () => {
    await configure(world.sandbox, { oauthConfiguration: { clientAuthenticationPolicy: 'NotRequired' } });
    try {
      const settings = { FUSIONAUTH_CLIENT_SECRET: undefined };
      const { issued, handOver, reports } = await world.issue({ client: 'public' }, [ada()], {}, settings);
      expect(issued).toBeDefined();
      expect(reports.join()).not.toContain('CLIENT_SECRET');
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: handOver!.settings['CLIENT_ID']!,
        refresh_token: handOver!.secret.value.reveal(),
      });
      const answer = await fetch(`${world.sandbox.url}/oauth2/token`, { method: 'POST', body: form });
      expect(answer.status).toBe(200);
    } finally {
      await world.provision();
    }
  });
});

describe('the secret of a device session', () => {
  it('is handed over after its row is stored, and is active only afterwards', async () => {
    const seen: string[] = [];
    const note = async () => void seen.push(...(await rows('recorded')).map(({ state }) => state));
    await world.issue({ client: 'recorded' }, [ada()], { deliver: note });
    await note();
    expect(seen).toEqual(['planned', 'active']);
  });

  it('is in no log line, report or audit entry; neither are the codes', async () => {
    const { handOver, shown, reports } = await world.issue({ client: 'discreet' }, [ada()]);
    const denied = await world.issue({ client: 'discreet' }, [approvedBy(world.person('bruno'))]);
    const { rows: trail } = await world.api.database.pool.query('select * from credential_audit');
    const said = [...lines, ...reports, ...denied.reports, denied.error?.message, JSON.stringify(trail)].join(
      '\n',
    );
    const codes = [shown, denied.shown].map(({ userCode }) => userCode);
    for (const secret of [...codes, handOver!.secret.value.reveal(), handOver!.presented!.reveal()])
      expect(said).not.toContain(secret);
    expect(said).toContain('discreet');
  });
});
