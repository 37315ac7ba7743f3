import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '#gatehouse/platform';
import { reportJsonSchema } from './report.js';

describe('the schema of the comparison’s report', () => {
  it('is published as JSON schema, by UPDATE_SCHEMA=1', () => {
    const file = join(import.meta.dirname, '../../../docs/comparison.schema.json');
    const schema = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    if (processEnvironment()['UPDATE_SCHEMA'] === '1') writeFileSync(file, schema);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(schema));
  });
});
