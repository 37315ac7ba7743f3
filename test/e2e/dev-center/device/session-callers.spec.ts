import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { parseConfig } from '#gatehouse/platform';
import { commands } from '../../../../apps/dev-center/src/commands/index.js';
import { runRemotely } from '../../../../apps/dev-center/src/local-rpc/client.js';
import { startRpcServer } from '../../../../apps/dev-center/src/local-rpc/server.js';
import { schemaFor } from '../../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../../apps/reminder-app/src/reminder.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { startTypeScript } from '../../../support/typescript-process.js';
import { adaId } from '../../sandbox/started-sandbox.js';
import { approve } from './approver.js';
import { actionsOn, approved, Holder, now, status, world } from './device-ground.js';

describe('the Reminder App by a device session', () => {
  it('finds due todos with the secret of the application, and reports that the secret is missing without it', async () => {
    await world.center.control().users.addRole(adaId, 'todo-auditor');
    const headers = {
      authorization: `Bearer ${await world.tokenOf('bruno')}`,
      'content-type': 'application/json',
    };
    const dueAt = new Date(now() + 7_200_000).toISOString();
    const body = JSON.stringify({ title: 'Buy oat milk', dueAt });
    expect((await fetch(`${world.api.url}/todos`, { method: 'POST', headers, body })).status).toBe(201);
    const { handOver } = await approved('ada', { client: 'reminds' });
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'refresh-token');
    await writeFile(file, handOver!.secret.value.reveal(), { mode: 0o600 });
    const environment = {
      NODE_ENV: 'test',
      SMTP_URL: 'smtp://127.0.0.1:1',
      DATA_DIR: directory.path,
      TODO_API_URL: world.api.url,
      FUSIONAUTH_URL: world.sandbox.url,
      REFRESH_TOKEN_FILE: file,
      ...handOver!.settings,
    };
    const preview = async (more: object) => {
      const variables = { ...environment, ...more };
      const config = parseConfig(schemaFor(variables), variables);
      const template = await databaseTemplate('reminder');
      const reminder = await createReminder(config, { log: silentLog, clock: now, template });
      return reminder.preview().finally(() => reminder.close());
    };
    try {
      await expect(preview({})).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(
          /CLIENT_SECRET, which a session approved by the device grant needs/,
        ) as string,
      });
      const { mails } = await preview({ CLIENT_SECRET: world.sandbox.secrets['FUSIONAUTH_CLIENT_SECRET'] });
      expect(mails).toMatchObject([{ recipient: 'bruno@example.com', todos: [{ title: 'Buy oat milk' }] }]);
    } finally {
      await directory.remove();
    }
  });
});

describe('npm run credentials -- issue --device', () => {
  /** Runs it as its own process, with real waits. */
  function started(client: string, out: string) {
    const main = join(import.meta.dirname, '../../../../apps/dev-center/src/credentials.main.ts');
    const { sandbox, env } = world;
    const secrets = ['FUSIONAUTH_MANAGER_KEY', 'FUSIONAUTH_CLIENT_SECRET'];
    const args = ['issue', '--client', client, '--strategy', 'jwt', '--device', '--out', out];
    const command = startTypeScript(main, args, {
      ...Object.fromEntries(secrets.map((name) => [name, sandbox.secrets[name]])),
      FUSIONAUTH_URL: sandbox.url,
      DATA_DIR: env['DATA_DIR'],
      DATABASE_URL: env['DATABASE_URL'],
    });
    let said = '';
    command.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const written = text(command.stdout!);
    const asked = async () => {
      while (!said.includes('Ctrl-C stops') && command.exitCode === null) await delay(20);
      return said;
    };
    return { command, asked, written };
  }

  it('writes the refresh token to a file of mode 0600, and the settings to standard output', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'token');
    const { command, asked, written } = started('by-hand', file);
    const exit = once(command, 'close');
    try {
      const address = /^ {4}(http\S+)$/m.exec(await asked())?.[1] ?? '';
      await approve(address, world.person('ada'));
      expect(await exit).toEqual([0, null]);
      const token = (await readFile(file, 'utf8')).trim();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const settings = await written;
      expect(settings).toContain('CREDENTIAL_SOURCE=jwt');
      expect(settings).toContain(`REFRESH_TOKEN_FILE=${file}`);
      expect(`${settings}${await asked()}`).not.toContain(token);
      const holder = new Holder(token);
      expect(await status((await holder.refresh()).access_token)).toBe(200);
    } finally {
      command.kill('SIGKILL');
      await directory.remove();
    }
  }, 60_000);

  it('shows address and code, exits with 130 at Ctrl-C, and leaves no row', async () => {
    const { command, asked, written } = started('interrupted', '/nowhere/token');
    try {
      expect(await asked()).toContain(`Open ${world.url}/device and type this code, within 5 minutes:`);
      command.kill('SIGINT');
      expect(await once(command, 'close')).toEqual([130, null]);
    } finally {
      command.kill('SIGKILL');
    }
    expect(await written).toBe('');
    expect(await actionsOn('interrupted')).toEqual([]);
  });
});

describe('a device session from another process', () => {
  it('is approved with what the caller shows, and stops polling when the caller leaves', async () => {
    const leaving = new AbortController();
    const noticed = Promise.withResolvers<void>();
    let stays = false;
    const pause = async (_milliseconds: number, signal?: AbortSignal) => {
      if (stays) return delay(50);
      signal?.addEventListener('abort', () => noticed.resolve());
      leaving.abort();
      await noticed.promise;
      signal?.throwIfAborted();
    };
    const args = { client: 'remote', strategy: 'jwt', device: true };
    const context = { ...world.center, pause };
    const server = await startRpcServer({ host: '127.0.0.1', port: 0, context, commands });
    try {
      const left = fetch(`${server.address.url}/commands/issue`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.address.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ actor: 'somebody', args }),
        signal: leaving.signal,
      }).then((answer) => answer.text());
      await expect(left).rejects.toThrow();
      await noticed.promise;
      expect(await actionsOn('remote')).toEqual([]);
      stays = true;
      const shown: ApprovalRequest[] = [];
      const handOvers: unknown[] = [];
      const io = {
        actor: 'somebody',
        report: () => undefined,
        deliver: (one: unknown) => Promise.resolve(void handOvers.push(one)),
        showApproval(request: ApprovalRequest) {
          shown.push(request);
          void approve(request.verificationUriComplete!, world.person('ada'));
        },
      };
      expect(await runRemotely(server.address, 'issue', args, io)).toMatchObject({ client: 'remote' });
      expect([shown.length, handOvers.length]).toEqual([1, 1]);
    } finally {
      await server.close();
    }
    expect(await actionsOn('remote')).toEqual(['add-client', 'plan', 'issue']);
  });
});
