import { readFileSync } from 'node:fs';
import { databases, schemaDifference } from '../../../scripts/schema-difference.js';

const schemaOf = (name: string) => readFileSync(`prisma/${name}/schema.prisma`, 'utf8');

describe.each(databases)('the migrations of the %s database', (name) => {
  it('lead to exactly what its schema.prisma says', async () => {
    expect(await schemaDifference(name)).toBeUndefined();
  });

  it('lack a statement for each change of the schema, which is found', async () => {
    const changed = schemaOf(name).replace(/^( {2}title +String)$/m, '$1\n  urgent Boolean @default(false)');
    expect(await schemaDifference(name, changed)).toMatch(
      /ALTER TABLE "\w+" ADD COLUMN +"urgent" BOOLEAN NOT NULL DEFAULT false;/,
    );
  });
});
