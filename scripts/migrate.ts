// npm run migrate -- check | new NAME [--database todo|reminder]: compares prisma/*/migrations with
// prisma/*/schema.prisma.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { databases, schemaDifference } from './schema-difference.js';

const usage = `npm run migrate -- check              exit 1 where a schema.prisma says more, or less, than its migrations
npm run migrate -- new NAME           writes the migration that is missing: prisma/<database>/migrations/<time>_NAME
npm run migrate -- new NAME --database todo|reminder
                                      for this database only, and an empty file where nothing differs, to be written
                                      by hand: what Prisma's language cannot express

A migration is applied by the next start of an app that uses the database. Read it first: a column that is dropped is
gone. Never change one that has been released; add another.
`;

const say = (text: string) => void process.stdout.write(text);
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  return 1;
});

async function main(): Promise<number> {
  const options = { database: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, name = '', ...more] = positionals;
  const chosen = databases.filter((one) => values.database === undefined || values.database === one);
  if (values.help) say(usage);
  else if (more.length > 0 || chosen.length === 0) return refuse();
  else if (command === 'check' && name === '') return check(chosen);
  else if (command === 'new' && /^[a-z0-9_]+$/.test(name))
    return add(chosen, name, values.database !== undefined);
  else return refuse();
  return 0;
}

function refuse(): number {
  process.stderr.write(`${usage}NAME is made of a-z, 0-9 and _, for example todo_priority.\n`);
  return 2;
}

async function check(chosen: Chosen): Promise<number> {
  let differ = 0;
  for (const database of chosen) {
    const sql = await schemaDifference(database);
    if (sql === undefined) {
      say(`prisma/${database}: schema and migrations agree.\n`);
    } else {
      differ = 1;
      say(`prisma/${database}: no migration for this; npm run migrate -- new NAME writes it:\n\n${sql}\n`);
    }
  }
  return differ;
}

async function add(chosen: Chosen, name: string, evenIfEmpty: boolean): Promise<number> {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  for (const database of chosen) {
    const sql = (await schemaDifference(database)) ?? (evenIfEmpty ? '' : undefined);
    if (sql === undefined) {
      say(`prisma/${database}: schema and migrations agree.\n`);
      continue;
    }
    const directory = `prisma/${database}/migrations/${time}_${name}`;
    mkdirSync(directory);
    writeFileSync(`${directory}/migration.sql`, sql);
    say(`${directory}/migration.sql\n`);
  }
  return 0;
}

type Chosen = readonly (typeof databases)[number][];
