import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryDirectory } from '../support/embedded-database.js';

const script = 'scripts/copy-assets.mjs';

async function outcome(child: ChildProcess): Promise<[number, string]> {
  const exited = once(child, 'close') as Promise<[number]>;
  const complaints = await text(child.stderr!);
  return [(await exited)[0], complaints];
}

describe('the assets of a build', () => {
  it('are copied completely by each of several builds at the same time', async () => {
    const project = await temporaryDirectory();
    const files = Array.from({ length: 1_500 }, (_, index) => `${index}.md`).toSorted();
    mkdirSync(join(project.path, 'apps/one/src'), { recursive: true });
    for (const file of files) writeFileSync(join(project.path, 'apps/one/src', file), file);
    cpSync(join(import.meta.dirname, '../..', script), join(project.path, script));

    const builds = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [join(project.path, script)], { stdio: ['ignore', 'ignore', 'pipe'] }),
    );

    expect(await Promise.all(builds.map(outcome))).toEqual(builds.map(() => [0, '']));
    expect(readdirSync(join(project.path, 'dist/apps/one/src')).toSorted()).toEqual(files);
    await project.remove();
  });
});
