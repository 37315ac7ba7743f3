import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, writePrivateFile } from '#gatehouse/platform';
import { startSchema } from '../config.js';
import { credentialFile } from '../credentials/people.js';
import { banner, type BannerFacts } from './banner.js';

const facts: BannerFacts = {
  urls: {
    todoApi: 'http://127.0.0.1:3000',
    devCenter: 'http://127.0.0.1:3001',
    sandbox: 'http://127.0.0.1:9011',
    mailbox: 'http://127.0.0.1:1080',
    smtp: 'smtp://127.0.0.1:1025',
    unsubscribe: 'http://127.0.0.1:3003',
    metrics: 'http://127.0.0.1:9000/metrics',
  },
  config: parseConfig(startSchema, { DATA_DIR: '/tmp/data' }),
  strategies: ['jwt'],
  settings: 'AUTH_STRATEGY=jwt JWT_VALIDATION=local',
};
const paper = { write: () => true };

describe('the banner', () => {
  it('names every address, the active strategy and what will happen next', () => {
    const text = banner(facts, paper);
    for (const url of Object.values(facts.urls)) expect(text).toContain(url);
    expect(text).toContain('http://127.0.0.1:3000/docs');
    expect(text).toContain('http://127.0.0.1:3001/compare/');
    expect(text).toContain('Active strategy: AUTH_STRATEGY=jwt JWT_VALIDATION=local');
    expect(text).toContain(
      'Its reminder to ada@example.com arrives within 10 seconds at http://127.0.0.1:1080',
    );
    expect(text).not.toContain('\u001b');
  });

  it('is in the README word for word, as far as the README shows it', () => {
    const [, shown = ''] =
      /^(Gatehouse is running[^]*?)^ {2}…$/m.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(shown).toContain('Metrics');
    expect(banner(facts, paper)).toContain(shown.trimEnd());
  });

  it('names the file of each active credential, and no other', () => {
    const text = banner({ ...facts, strategies: ['api-key', 'email-token'] }, paper);
    expect(text).toMatch(/api-key +\/tmp\/data\/start\/api-key\/ +credentials of ada/);
    expect(text).toMatch(/email-token +\/tmp\/data\/start\/email-token\/ +credentials of ada/);
    expect(text).not.toContain('/tmp/data/start/jwt');
  });

  it.each([
    { strategy: 'jwt', credential: ['-H', 'Authorization: Bearer of-ada'] },
    { strategy: 'api-key', credential: ['-H', 'X-API-Key: of-ada'] },
    { strategy: 'email-token', credential: ['-u', 'of-ada'] },
  ] as const)(
    'holds a command for $strategy that a shell understands, for any path of the credential',
    ({ strategy, credential }) => {
      const directory = mkdtempSync(join(tmpdir(), "it's a data dir "));
      writePrivateFile(credentialFile(directory, strategy, 'ada'), 'of-ada\n');
      const config = { ...facts.config, DATA_DIR: directory };
      const text = banner({ ...facts, config, strategies: [strategy] }, paper);
      const command = text.slice(text.indexOf('curl'), text.indexOf('\n\n', text.indexOf('curl')));
      const print = `curl() { printf '%s\\n' "$@"; }; ${command}`;
      const words = execFileSync('sh', ['-c', print], { encoding: 'utf8' }).trim().split('\n');
      rmSync(directory, { recursive: true });
      expect(words.slice(0, -1)).toEqual([
        ...['-X', 'POST', 'http://127.0.0.1:3000/todos'],
        ...credential,
        ...['-H', 'Content-Type: application/json', '-d'],
      ]);
      const todo = JSON.parse(words.at(-1) ?? '') as { title: string; dueAt: string };
      expect(todo.title).toBe('Buy oat milk');
      expect(Math.abs(Date.parse(todo.dueAt) - Date.now() - 7_200_000)).toBeLessThan(10_000);
    },
  );
});
