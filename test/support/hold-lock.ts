// Takes the lock of a path, reports that, and holds it until the process is killed.
import { lockPath } from '#gatehouse/platform';

const [path] = process.argv.slice(2);
if (!path) throw new Error('usage: hold-lock <path>');
try {
  lockPath(path);
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
