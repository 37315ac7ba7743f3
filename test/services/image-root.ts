import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  contextFilter,
  copiesOf,
  environmentOf,
  type Stage,
  stagesOf,
  textsOf,
  wordsOf,
} from '../deploy/dockerfile.js';

/** The uid and gid of the user `node` in the base image. */
export const nodeUser = 1000;

/** Returns the reason why the image cannot run on this machine; undefined when it can. */
export function refusal(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  const probe = spawnSync('unshare', ['--pid', '--mount', '--fork', '--mount-proc', 'setpriv', '--version']);
  return probe.status === 0
    ? undefined
    : `unshare and setpriv are missing or refused: ${String(probe.stderr)}`;
}

/** A program in a container's namespaces: process 1, on a read-only root, as the user of the image. */
export interface Contained {
  output(): string;
  /** Signals process 1. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /**
   * Returns the bytes that process 1 has read so far: its progress in loading, regardless of how busy the machine is.
   */
  bytesRead(): Promise<number>;
  readonly exit: Promise<number | null>;
}

export interface Image {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  /** Runs `words` with the image's environment and these variables; `data` is mounted at /data. */
  run(words: readonly string[], variables: Readonly<Record<string, string>>, data: string): Contained;
  /** Creates a folder to mount at /data, owned by the image's user. */
  dataFolder(): string;
  remove(): void;
}

/**
 * Executes deploy/Dockerfile without Docker: the context filtered by the .dockerignore, RUN by RUN and COPY by COPY,
 * except for `npm ci`, which is replaced by links to the installed packages. The base image is this machine's system
 * with the Node that package.json pins.
 */
export function buildImage(): Image {
  mkdirSync('dist', { recursive: true });
  // On the file system of node_modules, so that linking works; not below it, where TypeScript would take the sources
  // for a package's.
  const place = mkdtempSync(resolve('dist/image-'));
  const [build, image] = stagesOf(readFileSync('deploy/Dockerfile', 'utf8')) as [Stage, Stage];
  const app = join(place, 'build');
  runBuildStage(build, app);
  const root = join(place, 'root');
  for (const { sources, target } of copiesOf(image)) {
    const source = join(app, sources[0]!.replace(/^\/app\//, ''));
    const to = join(
      root,
      'app',
      target.endsWith('/') ? join(target, sources[0]!.split('/').at(-1)!) : target,
    );
    mkdirSync(dirname(to), { recursive: true });
    execFileSync('cp', ['--archive', '--link', source, to]);
  }
  for (const name of ['data', 'tmp', 'proc', 'usr/local/bin'])
    mkdirSync(join(root, name), { recursive: true });
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  for (const path of ofThisMachine) mirror(path, root);
  chmodSync(place, 0o755);
  const [, healthcheck = ''] = / CMD (.*)$/.exec(textsOf(image, 'HEALTHCHECK')[0] ?? '') ?? [];
  return {
    entrypoint: wordsOf(image, 'ENTRYPOINT'),
    command: wordsOf(image, 'CMD'),
    healthcheck: ['sh', '-c', healthcheck],
    run: (words, variables, data) =>
      contain({ root, data }, words, { ...environmentOf(image), ...variables }),
    dataFolder: () => dataFolder(place),
    remove: () => rmSync(place, { recursive: true }),
  };
}

function runBuildStage(build: Stage, app: string): void {
  const letsIn = contextFilter(readFileSync('deploy/Dockerfile.dockerignore', 'utf8'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'])
    .toString()
    .split('\0');
  for (const file of files.filter((one) => one !== '' && letsIn(one))) cpSync(file, join(app, file));
  const packages = ['node_modules', '-mindepth', '1', '-maxdepth', '1', '!', '-name', '.cache'];
  mkdirSync(join(app, 'node_modules'));
  execFileSync('find', [
    ...packages,
    ...['-exec', 'cp', '--archive', '--link', '--target-directory', join(app, 'node_modules'), '{}', '+'],
  ]);
  // npm writes it in place; linked, it would change the one of this checkout.
  rmSync(join(app, 'node_modules/.package-lock.json'));
  copyFileSync('node_modules/.package-lock.json', join(app, 'node_modules/.package-lock.json'));
  for (const command of textsOf(build, 'RUN').filter((text) => !text.startsWith('npm ci'))) {
    execFileSync('sh', ['-c', command], {
      cwd: app,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: process.env['HOME'] },
    });
  }
}

function dataFolder(place: string): string {
  const data = mkdtempSync(join(place, 'data-'));
  chmodSync(data, 0o700);
  chownSync(data, nodeUser, nodeUser);
  return data;
}

/** The folders of this machine that take the place of the base image's. */
const ofThisMachine = ['bin', 'lib', 'lib64', 'etc', 'dev', 'usr/bin', 'usr/lib', 'usr/lib64'];

/** Creates what a container mounts `path` on: a folder, or the link that it is here. Containers share the root. */
function mirror(path: string, root: string): void {
  const stats = lstatSync(join('/', path), { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) symlinkSync(readlinkSync(join('/', path)), join(root, path));
  else if (stats) mkdirSync(join(root, path), { recursive: true });
}

// Does what a container engine does: a read-only root with writable /data and /tmp, then the image's user.
const enter = `set -eu
root=$1 data=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
for path in ${ofThisMachine.join(' ')}; do
  if [ -d "/$path" ] && [ ! -L "/$path" ]; then mount --rbind "/$path" "$root/$path"; fi
done
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$data" "$root/data"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid=${nodeUser} --regid=${nodeUser} --clear-groups --no-new-privs --bounding-set=-all \\
  env --chdir=/app --ignore-environment "$@"`;

function contain(
  at: { root: string; data: string },
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
): Contained {
  const pairs = Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...variables });
  const child = spawn('unshare', [
    ...['--pid', '--mount', '--fork', '--kill-child', 'sh', '-c', enter, 'enter', at.root, at.data],
    ...[...pairs.map(([name, value]) => `${name}=${value}`), ...words],
  ]);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    output: () => text,
    exit,
    async kill(signal) {
      process.kill(await processOne(child), signal);
    },
    async bytesRead() {
      const [, bytes] =
        /rchar: (\d+)/.exec(readFileSync(`/proc/${await processOne(child)}/io`, 'utf8')) ?? [];
      return Number(bytes);
    },
  };
}

/** Returns the outer process id of the first process of the namespace: the only child of unshare. */
async function processOne(unshare: ChildProcess): Promise<number> {
  const file = `/proc/${unshare.pid ?? 0}/task/${unshare.pid ?? 0}/children`;
  for (;;) {
    const child = Number(readFileSync(file, 'utf8').trim());
    if (child > 0) return child;
    await delay(1);
  }
}
