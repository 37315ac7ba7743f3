import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { Reminder } from '../../../apps/reminder-app/src/reminder.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
import { type Canned, hour, todo } from './stand-ins.js';

describe('the Reminder in trouble', () => {
  let world: ReminderWorld;
  let reminder: Reminder;
  let ahead = 0;
  /** How long it waited on purpose, in milliseconds each; it need not really. */
  let pauses: number[] = [];
  const pause = (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds));
  const clock = () => Date.now() + ahead;
  const pages = () => world.todos.state.requests.filter((url) => url.searchParams.has('dueAfter')).length;

  beforeAll(async () => {
    world = await startReminderWorld();
    reminder = await world.reminder({ REMINDER_MIN_GAP_HOURS: '0' }, { clock, pause });
  });
  afterAll(async () => {
    await reminder.close();
    await world.close();
  });
  beforeEach(async () => {
    world.todos.state.canned = [];
    world.issuer.state.canned = undefined;
    world.todos.state.todos = [];
    await reminder.runOnce();
    world.todos.state.requests = [];
    pauses = [];
    world.todos.state.todos = [todo(expect.getState().currentTestName ?? '', ahead + 2 * hour)];
  });

  const recovers = async () => {
    world.issuer.state.canned = undefined;
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 1, mailsSent: 1 });
  };

  describe('with the Todo API', () => {
    it('refreshes once after a 401, a full second later, and continues', async () => {
      world.issuer.state.accessToken = 'revoked';
      const refreshes = world.issuer.state.refreshes;

      expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });

      expect(world.issuer.state.refreshes).toBe(refreshes + 1);
      expect(pages()).toBe(2);
      expect(pauses).toEqual([1_600]);
    });

    it('stops with exit code 3 after a second 401', async () => {
      world.todos.state.canned = [{ status: 401 }, { status: 401 }, { status: 200 }];

      await expect(reminder.runOnce()).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('refused a newly obtained credential') as string,
      });
      expect(world.todos.state.requests).toHaveLength(2);
    });

    it('stops with exit code 3 after a 403, without a retry, and works once the role is granted again', async () => {
      world.todos.state.canned = [{ status: 403 }];
      const refreshes = world.issuer.state.refreshes;

      await expect(reminder.runOnce()).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('todo-auditor') as string,
      });
      expect(world.todos.state.requests).toHaveLength(1);
      await recovers();
      expect(world.issuer.state.refreshes).toBe(refreshes + 1);
    });

    describe('whose list is empty for a client that lacks the role todo-auditor', () => {
      const refused = {
        exitCode: 3,
        message: expect.stringContaining("may not read everyone's todos") as string,
      };
      beforeEach(() => (world.todos.state.isAuditor = false));
      afterEach(() => (world.todos.state.isAuditor = true));

      it('stops with exit code 3 instead of finding nothing, and reads the same span once it has the role', async () => {
        await expect(reminder.runOnce()).rejects.toMatchObject(refused);
        expect(world.todos.state.requests).toHaveLength(1);

        world.todos.state.isAuditor = true;
        await recovers();
      });

      it('stops a dry run too', async () => {
        await expect(reminder.preview()).rejects.toMatchObject(refused);
      });

      it('drops no planned todo if the role is revoked between planning and sending', async () => {
        world.todos.state.isAuditor = true;
        world.todos.state.beforeConfirmation = () => (world.todos.state.isAuditor = false);

        expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1, dropped: 0 });
        world.todos.state.beforeConfirmation = () => {};
      });

      it('sends no heartbeat', async () => {
        let beats = 0;
        // By its path, because another test may still call the previous owner of the port.
        const monitor = createServer(({ url }, response) => {
          if (url === '/beat') beats += 1;
          response.end();
        });
        await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
        const { port } = monitor.address() as AddressInfo;
        await reminder.close();
        reminder = await world.reminder({ HEARTBEAT_URL: `http://127.0.0.1:${port}/beat` }, { clock, pause });

        await expect(reminder.runOnce()).rejects.toMatchObject(refused);
        expect(beats).toBe(0);
        world.todos.state.isAuditor = true;
        await reminder.runOnce();
        expect(beats).toBe(1);
        await reminder.close();
        reminder = await world.reminder({ REMINDER_MIN_GAP_HOURS: '0' }, { clock, pause });
        monitor.closeAllConnections();
        await new Promise((resolve) => monitor.close(resolve));
      });
    });

    it.each([503, 429])(
      'waits for the Retry-After of a %i, with the same credential, and continues',
      async (status) => {
        world.todos.state.canned = [{ status, headers: { 'retry-after': '7' } }];
        const refreshes = world.issuer.state.refreshes;

        expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });

        expect(pauses).toEqual([7_000]);
        expect(world.issuer.state.refreshes).toBe(refreshes);
      },
    );

    it('retries the confirmation after a 503, instead of mailing a finished todo', async () => {
      world.todos.state.beforeConfirmation = () => {
        world.todos.state.beforeConfirmation = () => {};
        world.todos.state.todos = [];
        world.todos.state.canned = [{ status: 503 }];
      };

      expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0, dropped: 1 });
      expect(pauses).toEqual([1_000]);
    });

    it.each([
      ['answers 500', { status: 500 }],
      ['answers 502', { status: 502, body: '<html>' }],
      ['answers nothing', { status: 0 }],
    ])('retries when it %s, and continues', async (_what, answer) => {
      world.todos.state.canned = [answer, answer, answer];

      expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });

      expect(pauses).toEqual([1_000, 2_000, 4_000]);
    });

    it.each([
      ['asks to wait for an hour', { status: 503, headers: { 'retry-after': '3600' } }, 1],
      ['answers 500 four times', { status: 500 }, 4],
      ['answers 400', { status: 400 }, 1],
      ['answers HTML', { status: 200, body: '<html>' }, 1],
      ['answers another shape', { status: 200, body: { items: [{ id: 1 }], nextCursor: null } }, 1],
      ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 1],
    ])(
      'gives up with exit code 4 when it %s, does not replace the credential, and finds everything in the next run',
      async (_what, answer, questions) => {
        world.todos.state.canned = Array<Canned>(questions).fill(answer);
        const refreshes = world.issuer.state.refreshes;

        await expect(reminder.runOnce()).rejects.toMatchObject({
          exitCode: 4,
          message: expect.stringMatching(/^The Todo API /) as string,
        });

        expect(pages()).toBe(questions);
        await recovers();
        expect(world.issuer.state.refreshes).toBe(refreshes);
      },
    );

    it('gives up with exit code 4 if pages refer to each other in a circle', async () => {
      const circle = { status: 200, body: { items: [], nextCursor: 'again' } };
      world.todos.state.canned = [circle, circle, circle];

      await expect(reminder.runOnce()).rejects.toMatchObject({ exitCode: 4 });
      expect(world.todos.state.requests).toHaveLength(2);
    });
  });

  describe('with FusionAuth', () => {
    it.each([
      ['answers 503', { status: 503 }],
      ['answers 429', { status: 429, body: { error: 'invalid_grant' } }],
      ['answers HTML', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
      ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
      ['answers 500 with an OAuth error', { status: 500, body: { error: 'invalid_grant' } }],
      ['says it is temporarily unavailable', { status: 400, body: { error: 'temporarily_unavailable' } }],
    ])('gives up with exit code 4 when it %s, and does not lose the refresh token', async (_what, answer) => {
      dropAccessToken();
      world.issuer.state.canned = answer;

      await expect(reminder.runOnce()).rejects.toMatchObject({
        exitCode: 4,
        kind: 'unavailable',
        message: expect.stringContaining('FUSIONAUTH_URL') as string,
      });

      expect(pauses).toEqual([500, 2_000]);
      await recovers();
    });

    it('stops with exit code 3 and the address of the Dev Center when the refresh token is refused', async () => {
      dropAccessToken();
      world.issuer.state.canned = { status: 400, body: { error: 'invalid_grant' } };

      await expect(reminder.runOnce()).rejects.toMatchObject({
        exitCode: 3,
        kind: 'refused',
        message: expect.stringMatching(
          /refresh token.*the Dev Center at http:\/\/127\.0\.0\.1:3001 .*REFRESH_TOKEN_FILE/,
        ) as string,
      });
    });

    it('stops with exit code 3 and names CLIENT_ID when the client is refused', async () => {
      dropAccessToken();
      world.issuer.state.canned = { status: 401, body: { error: 'invalid_client' } };

      await expect(reminder.runOnce()).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(/CLIENT_ID.*CLIENT_SECRET/) as string,
      });
    });

    it('never quotes a token or an answer in its messages', async () => {
      dropAccessToken();
      world.issuer.state.canned = { status: 200, body: { access_token: 'leaked-access', refresh_token: 5 } };

      const failure = await reminder.runOnce().then(
        () => undefined,
        (error: unknown) => error,
      );

      expect(failure).toMatchObject({ exitCode: 4 });
      expect(inspect(failure, { depth: 10 })).not.toContain('leaked-access');
    });
  });

  it('gives up with exit code 4 if it cannot connect to the Todo API or FusionAuth', async () => {
    const missed = (variable: string) => ({
      exitCode: 4,
      message: expect.stringMatching(new RegExp(`ECONNREFUSED.*${variable}`)) as string,
    });

    await world.todos.close();
    await expect(reminder.runOnce()).rejects.toMatchObject(missed('TODO_API_URL'));
    await world.issuer.close();
    dropAccessToken();
    await expect(reminder.runOnce()).rejects.toMatchObject(missed('FUSIONAUTH_URL'));
  });

  /** The next run must refresh first: an hour later the access token that the Reminder holds has expired. */
  const dropAccessToken = () => (ahead += hour);
});
