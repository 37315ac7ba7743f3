import { randomUUID } from 'node:crypto';
import { call } from '../started-sandbox.js';
import { sandbox } from './ground.js';

/** Makes a thing and resolves with its path. */
async function made(path: string, body: object): Promise<string> {
  const at = `${path}/${randomUUID()}`;
  expect((await call(sandbox, 'POST', at, body)).status).toBe(200);
  return at;
}
const status = async (method: string, path: string): Promise<number> =>
  (await call(sandbox, method, path)).status;

describe('what was set up', () => {
  it.each([
    ['a group', '/api/group', { group: { name: 'Passing' } }, ''],
    ['an application', '/api/application', { application: { name: 'Passing' } }, '?hardDelete=true'],
    ['a tenant', '/api/tenant', { tenant: { name: 'Passing' } }, ''],
    ['a user action', '/api/user-action', { userAction: { name: 'Passing' } }, '?hardDelete=true'],
  ])('is gone once %s is removed', async (_what, path, body, query) => {
    const at = await made(path, body);
    expect(await status('DELETE', at + query)).toBe(200);
    expect(await status('GET', at)).toBe(404);
    expect(await status('DELETE', at + query)).toBe(404);
  });

  it('is only deactivated where a removal for good was not asked for', async () => {
    const at = await made('/api/application', { application: { name: 'Resting' } });
    expect(await status('DELETE', at)).toBe(200);
    const { body } = await call(sandbox, 'GET', at);
    expect(body['application']).toMatchObject({ active: false });
  });
});
