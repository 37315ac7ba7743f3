import { join } from 'node:path';
import { runTypeScript } from '../../../test/support/typescript-process.js';

describe('npm start -- --check-config', () => {
  it('refuses one port for two servers, as the start would', async () => {
    const ports = { TODO_API_PORT: '3000', SANDBOX_PORT: '3000', SMTP_PORT: '0', MAILBOX_PORT: '0' };
    const { exitCode, stderr } = await runTypeScript(
      join(import.meta.dirname, 'main.ts'),
      ['--check-config'],
      ports,
    );
    expect([exitCode, stderr.trim().split('\n').slice(1, -1)]).toEqual([
      78,
      ['  SANDBOX_PORT: must not be the same as TODO_API_PORT'],
    ]);
  });
});
