import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { banner, type BannerFacts } from './banner.js';

const facts: BannerFacts = {
  urls: {
    todoApi: 'http://127.0.0.1:3000',
    sandbox: 'http://127.0.0.1:9011',
    mailbox: 'http://127.0.0.1:1080',
    smtp: 'smtp://127.0.0.1:1025',
    metrics: 'http://127.0.0.1:9000/metrics',
  },
  strategy: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'local' },
  database: 'embedded in /tmp/data',
  logFile: '/tmp/data/start/start.log',
  tokenDirectory: '/tmp/data/start/tokens',
  tokenNames: ['ada', 'bruno'],
  logIns: ['ada@example.com', 'bruno@example.com'],
  passwordFile: '/tmp/data/sandbox/secrets.env',
  reminderSeconds: 10,
  mailTo: 'ada@example.com',
};
const paper = { write: () => true };

describe('the banner', () => {
  it('names every address, the strategy in force and what will happen next', () => {
    const text = banner(facts, paper);
    for (const url of Object.values(facts.urls)) expect(text).toContain(url);
    expect(text).toContain('http://127.0.0.1:3000/docs');
    expect(text).toContain('Strategy in force: AUTH_STRATEGY=jwt JWT_VALIDATION=local');
    expect(text).toContain(
      'Its reminder to ada@example.com arrives within 10 seconds at http://127.0.0.1:1080',
    );
    expect(text).not.toContain('\u001b');
  });

  it('holds a command that a shell understands, for any path of the token file', () => {
    const directory = mkdtempSync(join(tmpdir(), "it's a data dir "));
    try {
      writeFileSync(join(directory, 'ada'), 'the-token');
      const text = banner({ ...facts, tokenDirectory: directory }, paper);
      const command = text.slice(text.indexOf('curl'), text.indexOf('\n\n', text.indexOf('curl')));
      const print = `curl() { printf '%s\\n' "$@"; }; ${command}`;
      const words = execFileSync('sh', ['-c', print], { encoding: 'utf8' }).trim().split('\n');
      expect(words).toEqual([
        '-X',
        'POST',
        'http://127.0.0.1:3000/todos',
        '-H',
        'Authorization: Bearer the-token',
        '-H',
        'Content-Type: application/json',
        '-d',
        expect.any(String),
      ]);
      const todo = JSON.parse(words.at(-1) ?? '') as { title: string; dueAt: string };
      expect(todo.title).toBe('Buy oat milk');
      expect(Math.abs(Date.parse(todo.dueAt) - Date.now() - 7_200_000)).toBeLessThan(10_000);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
