import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startedSandbox } from '../e2e/sandbox/started-sandbox.js';
import { runTypeScript } from '../support/typescript-process.js';
import { askFusionAuth } from './ask.js';
import { compareConversations } from './compare.js';
import { conversation } from './conversation.js';
import { converse } from './converse.js';
import { report } from './report.js';
import type { Exchange } from './step.js';
import { entities } from './steps/entities.js';

const exchange = (body: unknown, status = 200): Exchange => ({
  title: 'a user',
  operation: 'GET /api/user/42',
  status,
  body,
});
const compare = (real: Exchange, sandbox: Exchange) => compareConversations([real], [sandbox])[0]!;

describe('the comparison', () => {
  it('finds no difference between two sandboxes with other ids and values', async () => {
    const [one, two] = await Promise.all([startedSandbox(), startedSandbox()]);
    const [first, second] = await Promise.all([
      converse(one.sandbox, conversation),
      converse(two.sandbox, conversation),
    ]);
    await Promise.all([one.stop(), two.stop()]);
    expect(
      compareConversations(first, second).flatMap(({ differences, leftOut }) => [...differences, ...leftOut]),
    ).toEqual([]);
    expect(first.map(({ status }) => status)).toEqual(conversation.map(({ status }) => status));
  });

  it.each<[string, Exchange, Exchange, string]>([
    [
      'another status',
      exchange({}, 404),
      exchange({}),
      'the status is 404 at FusionAuth, 200 at the sandbox',
    ],
    [
      'a member that FusionAuth does not send',
      exchange({ user: {} }),
      exchange({ user: { nick: 'a' } }),
      'only the sandbox sends user.nick: string',
    ],
    [
      'another type',
      exchange({ user: { id: 1 } }),
      exchange({ user: { id: 'a' } }),
      'user.id is number at FusionAuth, string at the sandbox',
    ],
    [
      'another type in a list',
      exchange({ roles: [{}] }),
      exchange({ roles: ['a'] }),
      'roles[] is object at FusionAuth, string at the sandbox',
    ],
    [
      'a body where there is none',
      exchange(undefined, 404),
      exchange({}, 404),
      'only the sandbox sends a body: object',
    ],
    [
      'a page in place of JSON',
      exchange('<html>'),
      exchange({}),
      'the body is string at FusionAuth, object at the sandbox',
    ],
  ])('names %s', (_what, real, sandbox, difference) => {
    expect(compare(real, sandbox).differences).toEqual([difference]);
  });

  it('only notes what FusionAuth sends in addition', () => {
    const { differences, leftOut } = compare(
      exchange({ user: { id: 'a', salt: 'b' } }),
      exchange({ user: { id: 'c' } }),
    );
    expect({ differences, leftOut }).toEqual({ differences: [], leftOut: ['user.salt: string'] });
  });

  it.each([
    ['an empty list says nothing of its items', { roles: [] }, { roles: [{ name: 'a' }] }],
    ['a null member is an absent one', { user: { id: 'a', data: null } }, { user: { id: 'b' } }],
    [
      'ids and paths that are names are data',
      { a: { '/api/user': ['GET'] } },
      { a: { '/api/group': ['GET'] } },
    ],
  ])('accepts that %s', (_rule, real, sandbox) => {
    expect(compare(exchange(real), exchange(sandbox)).differences).toEqual([]);
  });

  it('is printed with the request below each difference, without values', () => {
    const text = report([
      compare(exchange({ user: { id: 'value-one' } }), exchange({ user: { id: 7 } }, 500)),
    ]);
    expect(text).toContain('! a user  200  500\n    GET /api/user/42\n');
    expect(text).toContain('1 requests, 1 answered differently.');
    expect(text).not.toContain('value-one');
  });
});

describe('asking FusionAuth', () => {
  it.each([
    [true, conversation.length + entities.length],
    [false, conversation.length],
  ])('asks about entities only where the plan has them: %s', async (licensed, asked) => {
    const { sandbox, stop } = await startedSandbox();
    sandbox.settings.licensed = licensed;
    expect(await askFusionAuth(sandbox)).toHaveLength(asked);
    await stop();
  });
});

describe('npm run test:fidelity', () => {
  const main = join(import.meta.dirname, 'fidelity.ts');

  it('exits 78 and says what to do when no FusionAuth is named', async () => {
    const { exitCode, stderr } = await runTypeScript(main, [], { FUSIONAUTH_URL: '' });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/FUSIONAUTH_URL: is not set: start a real FusionAuth as deploy\/README.md says/);
    expect(stderr).toMatch(/FUSIONAUTH_API_KEY: is required/);
  });

  it('exits 0 against a FusionAuth that answers as the sandbox does, and leaves no secret in its output', async () => {
    const { sandbox, stop } = await startedSandbox();
    const { exitCode, stdout } = await runTypeScript(main, [], {
      FUSIONAUTH_URL: sandbox.url,
      ...sandbox.secrets,
    });
    await stop();
    const asked = conversation.length + entities.length;
    expect(stdout).toMatch(new RegExp(`${asked} requests, 0 answered differently\\.\n$`));
    expect(exitCode).toBe(0);
    for (const value of Object.values(sandbox.secrets)) expect(stdout).not.toContain(value);
  });

  it('exits 1 and prints the differences against one that answers differently', async () => {
    const other = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"different":true}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { sandbox, stop } = await startedSandbox();
    const { exitCode, stdout } = await runTypeScript(main, [], {
      ...sandbox.secrets,
      FUSIONAUTH_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    });
    await stop();
    other.close();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/! an absent user +200 {2}404\n/);
    expect(stdout).toContain('! only the sandbox sends issuer: string');
    expect(stdout).toContain('- left out by the sandbox: different: boolean');
  });

  it('exits 4 when nothing listens there', async () => {
    const { sandbox, stop } = await startedSandbox();
    await stop();
    const { exitCode, stderr } = await runTypeScript(main, [], {
      FUSIONAUTH_URL: sandbox.url,
      ...sandbox.secrets,
    });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/does not answer: check that it runs/);
  });
});
