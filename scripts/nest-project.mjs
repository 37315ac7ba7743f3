// Loaded by nest-cli.json as a compiler plugin. The Nest CLI uses the default project for an unknown name; this plugin
// makes `nest build` and `nest start` fail instead.
import './copy-assets.mjs';
import { readFileSync } from 'node:fs';

const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8'));
// Options of `nest build` and `nest start` that may be followed by a value.
const valued =
  // cspell:ignore bcdep
  /^(-[bcdep]|--(builder|config|debug|entryFile|env-file|exec|parallel|path|rspackPath|sourceRoot|webpackPath))$/;

/** Returns the names on the command line that are not projects. */
function unknownProjects([, , command, ...args]) {
  if (!['build', 'start'].includes(command)) return [];
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const names = own.filter((arg, i) => !arg.startsWith('-') && !valued.test(own[i - 1] ?? ''));
  return (command === 'start' ? names.slice(0, 1) : names).filter((name) => !(name in projects));
}

const unknown = unknownProjects(process.argv);
if (unknown.length > 0) {
  const known = Object.keys(projects).join(', ');
  process.stderr.write(`${unknown.join(', ')}: not a project of nest-cli.json. There are ${known}.\n`);
  process.exit(1);
}

/** A compiler plugin must return a transformer: this one transforms nothing. */
export const before = () => () => (file) => file;
