import { execFileSync } from 'node:child_process';

/** Sends the request of the printed curl command, parsed as a shell does; curl itself need not be installed. */
export function runPrintedCommand(banner: string): Promise<Response> {
  const [command = ''] = /curl [^]*?\n\n/.exec(banner) ?? [];
  const print = `curl() { printf '%s\\n' "$@"; }; ${command}`;
  const words = execFileSync('sh', ['-c', print], { encoding: 'utf8' }).trim().split('\n');
  const after = (option: string) =>
    words.flatMap((word, at) => (word === option ? (words[at + 1] ?? '') : []));
  const [user] = after('-u');
  const headers = new Headers(
    after('-H').map((line): [string, string] => line.split(': ') as [string, string]),
  );
  if (user) headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
  const url = words.find((word) => word.startsWith('http')) ?? '';
  return fetch(url, { method: after('-X')[0] ?? 'GET', headers, body: after('-d')[0] ?? null });
}
