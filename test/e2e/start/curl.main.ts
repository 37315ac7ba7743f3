// Replaces curl where it is not installed: supports only the options that the documents use.
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean' },
    'show-error': { type: 'boolean' },
    fail: { type: 'boolean' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd', multiple: true },
    user: { type: 'string', short: 'u' },
  },
});
const headers = new Headers(values.header.map((line) => line.split(': ', 2) as [string, string]));
if (values.user !== undefined)
  headers.set('authorization', `Basic ${Buffer.from(values.user).toString('base64')}`);
const text = values.data?.join('&');
const body = text !== undefined && !headers.has('content-type') ? new URLSearchParams(text) : text;
const answer = await fetch(positionals[0] ?? '', {
  method: body === undefined ? 'GET' : 'POST',
  headers,
  body: body ?? null,
});
if (values.fail === true && !answer.ok) {
  process.stderr.write(`curl: (22) The requested URL returned error: ${answer.status}\n`);
  process.exit(22);
}
process.stdout.write(await answer.text());
