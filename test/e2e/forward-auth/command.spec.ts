import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runTypeScript, startTypeScript } from '../../support/typescript-process.js';

const main = join(import.meta.dirname, '../../../apps/forward-auth/src/main.ts');
const check = (env: Record<string, string>) => runTypeScript(main, ['--check-config'], env);
const FUSIONAUTH_API_KEY = 'hunter2';

describe('npm run forward-auth', () => {
  it('-- --check-config names the limitations without a database, and exits 0', async () => {
    const { exitCode, stdout } = await check({ AUTH_STRATEGY: 'api-key', PRINCIPAL_KEY: 'k' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'DATABASE_URL is not set: the roles of API keys are unknown, and every key gets those of API_KEY_DEFAULT_ROLES (todo-reader).',
    );
    const pushed = await check({ REVOCATION: 'push', WEBHOOK_KEY_ID: 'k' });
    expect(pushed.stdout).toContain('DATABASE_URL is not set: revocations are known only to the process');
    expect((await check({})).stdout).not.toContain('DATABASE_URL is not set');
  });

  it('-- --check-config refuses with 78 a strategy that needs a database', async () => {
    const { exitCode, stderr } = await check({ AUTH_STRATEGY: 'email-token', FUSIONAUTH_API_KEY });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/DATABASE_URL: is required for AUTH_STRATEGY email-token: /);
    const DATABASE_URL = 'postgresql://gate:hunter2@db.internal/gatehouse';
    const served = await check({ AUTH_STRATEGY: 'email-token', FUSIONAUTH_API_KEY, DATABASE_URL });
    expect([served.exitCode, served.stdout.includes('hunter2')]).toEqual([0, false]);
  });

  it('does not start in production until TRUSTED_PROXIES is set', async () => {
    const { exitCode, stderr } = await check({ NODE_ENV: 'production' });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/^ +TRUSTED_PROXIES: /m);
  });

  it('-- --check-config refuses invalid rules with 78', async () => {
    const { exitCode, stderr } = await check({ ROLE_RULES: 'GET todos reader' });
    expect(exitCode).toBe(78);
    expect(stderr).toMatch(/ROLE_RULES: "GET todos reader" must read: METHOD \/prefix role,role/);
  });

  it('starts although FusionAuth is down, says that it is not ready, and stops at SIGTERM with 143', async () => {
    const env = { PORT: '0', FUSIONAUTH_URL: 'http://127.0.0.1:1', REVOCATION: 'push', WEBHOOK_KEY_ID: 'k' };
    const child = startTypeScript(main, [], env);
    const exited = once(child, 'exit');
    const lines: { msg: string; url?: string }[] = [];
    for await (const line of createInterface(child.stdout!)) {
      const logged = JSON.parse(line) as (typeof lines)[number];
      const { msg, url } = logged;
      lines.push(logged);
      if (msg === 'listening') {
        expect((await fetch(`${url}/livez`)).status).toBe(200);
        const ready = await fetch(`${url}/readyz`);
        expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '2']);
      }
      if (msg === 'started') child.kill('SIGTERM');
    }
    expect(await exited).toEqual([143, null]);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ msg: expect.stringMatching(/^DATABASE_URL is not set: /) }),
        expect.objectContaining({ msg: 'started', status: 'starting', reasons: expect.any(Array) }),
      ]),
    );
  });

  it('logs a line for every request, even the last ones before it stops, and never the URL of the client’s request', async () => {
    const child = startTypeScript(main, [], { PORT: '0', FUSIONAUTH_URL: 'http://127.0.0.1:1' });
    const asked: { route: string; status: number; code: string }[] = [];
    for await (const line of createInterface(child.stdout!)) {
      const told = JSON.parse(line) as { msg: string; url: string } & (typeof asked)[number];
      expect(line).not.toContain('/secret-path');
      if (told.msg === 'request') asked.push(told);
      if (told.msg !== 'listening') continue;
      const headers = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/secret-path' };
      for (let count = 0; count < 20; count += 1) await fetch(`${told.url}/verify`, { headers });
      child.kill('SIGTERM');
    }
    expect(asked.map(({ route, status, code }) => [route, status, code])).toEqual(
      Array.from({ length: 20 }, () => ['/verify', 401, 'credential_required']),
    );
  });
});
