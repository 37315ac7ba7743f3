import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

describe('the stack of an error', () => {
  it('names the sources, for the build writes source maps and every app is started with them', () => {
    const flag = '--enable-source-maps';
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const apps = Object.values(scripts).filter((script) =>
      /^exec node .*dist\/(?!tools\/bench)/.test(script),
    );
    expect(apps.length).toBeGreaterThan(7);
    for (const script of apps) expect(script).toContain(`node ${flag} dist/`);
    expect(read('deploy/Dockerfile')).toContain(`ENTRYPOINT ["node", "${flag}"`);
    expect(read('tsconfig.json')).toContain('"sourceMap": true');
  });
});
