// node deploy/make-secrets.mjs [directory]: writes a random value for every secret of compose.yaml, one file for each
// container, readable only by its owner. Existing files are not changed, because the databases already use their
// values.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const usage = `Usage: node deploy/make-secrets.mjs [directory]

Writes a random value for every secret of deploy/compose.yaml, one file for each container.
The directory is deploy/secrets unless named. Exits 1, and changes nothing, when it exists.
`;
if (process.argv.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}

const directory = process.argv[2] ?? join(import.meta.dirname, 'secrets');
if (existsSync(directory)) {
  process.stderr.write(
    `${directory} exists: its values are those that the volumes were set up with. To start over, remove it together\n` +
      'with the volumes: docker compose --file deploy/compose.yaml --profile reminder down --volumes\n',
  );
  process.exit(1);
}

// 256 random bits, in characters that need no escape in a URL, a shell or an env file.
const random = () => randomBytes(32).toString('base64url');
const kickstart = readFileSync(join(import.meta.dirname, 'kickstart', 'kickstart.json'), 'utf8');
const names = new Set([...kickstart.matchAll(/#\{ENV\.(\w+)\}/g)].map(([, name]) => name));
const ofKickstart = Object.fromEntries([...names].map((name) => [name, random()]));
const passwords = { postgres: random(), fusionauth: random(), todo: random(), reminder: random() };

const files = {
  'database.env': {
    POSTGRES_PASSWORD: passwords.postgres,
    TODO_DATABASE_PASSWORD: passwords.todo,
    REMINDER_DATABASE_PASSWORD: passwords.reminder,
  },
  'fusionauth.env': {
    DATABASE_ROOT_PASSWORD: passwords.postgres,
    DATABASE_PASSWORD: passwords.fusionauth,
    ...ofKickstart,
  },
  'todo-api.env': {
    DATABASE_URL: `postgresql://todo:${passwords.todo}@database:5432/todo`,
    FUSIONAUTH_API_KEY: ofKickstart.FUSIONAUTH_API_KEY,
    FUSIONAUTH_CLIENT_SECRET: ofKickstart.FUSIONAUTH_CLIENT_SECRET,
    PRINCIPAL_KEY: random(),
  },
  'reminder.env': {
    DATABASE_URL: `postgresql://reminder:${passwords.reminder}@database:5432/reminder`,
    UNSUBSCRIBE_KEY: random(),
  },
};

mkdirSync(directory, { recursive: true, mode: 0o700 });
for (const [file, values] of Object.entries(files)) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(directory, file), lines.join(''), { mode: 0o600, flag: 'wx' });
}
process.stdout.write(`Written to ${directory}: ${Object.keys(files).join(', ')}\n`);
