import { randomUUID } from 'node:crypto';
import { commands } from '../../../../apps/dev-center/src/commands/index.js';
import { newest, roles, world } from './ground.js';

describe('a client of a person who never used the API', () => {
  const reports: string[] = [];
  async function issueFor(client: string, owner: string): Promise<void> {
    const io = {
      actor: 'test',
      report: (text: string) => void reports.push(text),
      deliver: (one: (typeof world.handedOver)[number]) => Promise.resolve(void world.handedOver.push(one)),
    };
    reports.length = 0;
    const args = { client, strategy: 'api-key', roles, owner };
    await commands.issue.execute(args, world.center, io);
  }
  async function ownerOfTodo(): Promise<unknown> {
    const answer = await fetch(`${world.api.url}/todos`, {
      method: 'POST',
      headers: { ...(await newest()), 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Water the plants', dueAt: '2099-01-01T00:00:00Z' }),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { owner: unknown }).owner;
  }
  const listed = async (client: string) => {
    const { credentials } = (await world.run('list', { client })) as { credentials: { owner: string }[] };
    return credentials.map(({ owner }) => owner);
  };
  async function userWith(fields: object): Promise<string> {
    const email = `${randomUUID()}@example.com`;
    const answer = await fetch(`${world.sandbox.url}/api/user`, {
      method: 'POST',
      headers: {
        authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
        'content-type': 'application/json',
        'x-fusionauth-tenantid': world.config.FUSIONAUTH_TENANT_ID,
      },
      body: JSON.stringify({ user: { email, password: randomUUID(), ...fields }, skipVerification: true }),
    });
    expect(answer.status).toBe(200);
    return email;
  }

  it('makes todos with the verified address and the time zone that FusionAuth has, so that reminders are mailed', async () => {
    await issueFor('for-ada', 'ada@example.com');
    expect(reports.join()).not.toContain('verified');
    expect(await ownerOfTodo()).toMatchObject({ email: 'ada@example.com', timeZone: 'Europe/London' });
    expect(await listed('for-ada')).toEqual(['ada@example.com']);
  });

  it('creates none with an unverified address, and reports that', async () => {
    const email = await userWith({ verified: false });
    await issueFor('for-somebody', email);
    expect(reports.join()).toMatch(/has not verified the e-mail of --owner: no reminder is mailed/);
    expect(await ownerOfTodo()).toMatchObject({ email: null });
    expect(await listed('for-somebody')).toEqual(['a person without a verified e-mail']);
  });

  it('leaves a time zone unchanged that the API has stored', async () => {
    const email = await userWith({ verified: true });
    await issueFor('known-first', email);
    const sql = (text: string) => world.api.database.pool.query(text, [email]);
    await sql(`update owners set time_zone = 'Asia/Tokyo' where email = $1`);
    await issueFor('known-again', email);
    expect(await ownerOfTodo()).toMatchObject({ email, timeZone: 'Asia/Tokyo' });
  });

  it.each(['nobody@example.com', randomUUID()])(
    'is not created for an owner whom FusionAuth does not have: %s',
    async (owner) => {
      await expect(issueFor('of-nobody', owner)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('FusionAuth has no user with the ') as string,
      });
      expect(await world.center.clients.byName('of-nobody')).toBeNull();
    },
  );

  it('may name its owner again, for example after a crash before its first credential, and no other owner', async () => {
    const ada = await world.center.control().people.byEmail('ada@example.com');
    const owner = { issuer: await world.center.data.readIssuer(), subject: ada!.id };
    const wanted = { name: 'cut-off', roles: roles.split(','), owner };
    await world.center.clients.create(wanted, 'test', new Date(world.center.clock()));

    const other = await userWith({ verified: true });
    await expect(issueFor('cut-off', other)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^Client cut-off has another owner: omit --owner/) as string,
    });
    expect(await listed('cut-off')).toEqual([]);

    await issueFor('cut-off', 'ada@example.com');
    expect(await ownerOfTodo()).toMatchObject({ email: 'ada@example.com' });
  });
});
