import { randomUUID } from 'node:crypto';
import { apiKeySubject } from '#gatehouse/auth';
import { parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../apps/todo-api/src/config.js';
import { insertCredential } from './insert-credential.js';
import type { World } from './start-world.js';

/** Writes the roles of an API key into the records of the Todo API, as the key of a separate client. */
export async function recordApiKey(
  { api, env }: World,
  key: string,
  roles: readonly string[],
): Promise<void> {
  const { pool } = api.database;
  const clientId = randomUUID();
  await pool.query('insert into clients (id, name, roles) values ($1, $2, $3)', [
    clientId,
    `key ${clientId}`,
    roles,
  ]);
  const subject = apiKeySubject(key, parseConfig(todoApiSchema, env));
  await insertCredential(pool, { clientId, strategy: 'api-key', subject });
}
