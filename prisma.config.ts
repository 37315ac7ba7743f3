// For `npx prisma`: the todo database, or with DATABASE=reminder that of the Reminder App. Migrations are written by
// `npm run migrate` and applied by the apps themselves.
import { defineConfig } from 'prisma/config';

const { env, argv } = process;
const database = env['DATABASE'] ?? 'todo';

// Before every command Prisma looks for its schema engine, and downloads it. These three never run it, so any
// executable is accepted.
if (['generate', 'validate', 'format'].includes(argv[2] ?? ''))
  env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

/** Returns the database URL. Each history has its own PostgreSQL schema, which Prisma's engine takes from the URL. */
function url(): string {
  const server = new URL(env['DATABASE_URL'] ?? '');
  server.searchParams.set('schema', database);
  return server.href;
}

export default defineConfig({
  schema: `prisma/${database}/schema.prisma`,
  migrations: { path: `prisma/${database}/migrations` },
  ...(env['DATABASE_URL'] ? { datasource: { url: url() } } : {}),
});
