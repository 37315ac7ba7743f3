import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig } from '#gatehouse/platform';
import { issuerNames } from '../../../../apps/dev-center/src/issuers/index.js';
import { schemaFor } from '../../../../apps/reminder-app/src/config.js';
import { createReminder } from '../../../../apps/reminder-app/src/reminder.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { htmlText } from './html.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';
import type { Visitor } from './visitor.js';

describe('the .env block of the portal', () => {
  let world: PortalWorld;
  let grace: Visitor;
  beforeAll(async () => {
    world = await startPortalWorld();
    grace = await world.loggedIn('grace');
    const dueAt = new Date(Date.now() + 7_200_000).toISOString();
    const headers = {
      authorization: `Bearer ${await world.tokenOf('ada')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ title: 'Buy oat milk', dueAt });
    expect((await fetch(`${world.api.url}/todos`, { method: 'POST', headers, body })).status).toBe(201);
  });
  afterAll(() => world.close());

  /** The Reminder App reads everybody's todos, which only an administrator may grant. */
  const auditor = { 'role-todo-auditor': 'on' };

  /** The variables of the block, as a shell reads them. */
  async function environmentOf(name: string, strategy: string): Promise<Record<string, string>> {
    const key = randomUUID();
    await grace.post('/clients/new', { name, strategy, expires: '', key, ...auditor });
    const { body } = await grace.get(`/orders/${key}`);
    const [, block = ''] = /<pre id="environment"[^>]*>(.*?)<\/pre>/s.exec(body) ?? [];
    return Object.fromEntries(
      htmlText(block)
        .split(' ')
        .map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1) as [string, string]),
    );
  }

  it.each(issuerNames)(
    'makes a Reminder App that finds what is due and would mail it to its owner: %s',
    async (strategy) => {
      const directory = await temporaryDirectory();
      const { REFRESH_TOKEN: token, ...block } = await environmentOf(`reminds-by-${strategy}`, strategy);
      const file = join(directory.path, 'refresh-token');
      if (token !== undefined) await writeFile(file, token, { mode: 0o600 });
      const environment = {
        NODE_ENV: 'test',
        SMTP_URL: 'smtp://127.0.0.1:1',
        DATA_DIR: directory.path,
        ...(token !== undefined && { REFRESH_TOKEN_FILE: file }),
        ...block,
      };
      const reminder = await createReminder(parseConfig(schemaFor(environment), environment), {
        log: silentLog,
        template: await databaseTemplate('reminder'),
      });
      try {
        const { mails } = await reminder.preview();
        expect(mails).toMatchObject([{ recipient: 'ada@example.com', todos: [{ title: 'Buy oat milk' }] }]);
      } finally {
        await reminder.close();
        await directory.remove();
      }
    },
  );
});
