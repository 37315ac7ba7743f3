import { type CenterGround, centerGround } from '../../../../test/support/dev-center-ground.js';
import { commands } from './index.js';

describe('issuing for a client', () => {
  // Nothing listens where FusionAuth would be: what is refused here is refused before it is asked.
  let ground: CenterGround;
  beforeAll(async () => {
    ground = await centerGround();
    await ground.clientNamed('known');
  });
  afterAll(() => ground.close());

  const issue = (args: object) => {
    const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
    const all = { client: 'known', strategy: 'email-token', ...args };
    return commands.issue.execute(all, ground.center, io).catch((error: unknown) => error);
  };

  it.each([
    [
      'that exists rejects other roles',
      { roles: 'todo-reader,todo-auditor' },
      /has the roles todo-reader: omit --roles/,
    ],
    ['that is new requires --roles', { client: 'new' }, /is new: set its roles with --roles/],
    ['rejects a lifetime of zero', { expires: '0s' }, /expires must be longer than 0s/],
    ['rejects the role portal-admin', { client: 'new', roles: 'portal-admin' }, /roles must be some of/],
  ])('%s', async (_what, args, message) => {
    expect(await issue(args)).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message) as string,
    });
    expect(await ground.center.credentials.list({ ended: true })).toEqual([]);
    expect(await ground.center.clients.byName('new')).toBeNull();
  });

  it('that exists with the same roles calls FusionAuth; while that is unavailable no credential becomes active', async () => {
    expect(await issue({ roles: 'todo-reader' })).toMatchObject({ exitCode: 4 });
    expect(await ground.center.credentials.list()).toMatchObject([{ state: 'planned' }]);
  });

  it('that exists accepts its roles in any order', async () => {
    const roles = ['todo-reader', 'todo-writer'];
    await ground.center.clients.create({ name: 'reader-and-writer', roles }, 'test', new Date());
    const named = { client: 'reader-and-writer', roles: 'todo-writer,todo-reader' };
    // FusionAuth is called, and does not answer.
    expect(await issue(named)).toMatchObject({ exitCode: 4 });
  });
});
