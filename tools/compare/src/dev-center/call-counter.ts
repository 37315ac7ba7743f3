import { createServer, type IncomingMessage, request as askByHttp, type ServerResponse } from 'node:http';
import { request as askByHttps } from 'node:https';
import { type Listening, serve } from '#gatehouse/platform';

/** One call to FusionAuth. */
export interface Call {
  /** Method and path, without ids. */
  readonly name: string;
  /** Whether the answer was a page for a person to fill in. */
  readonly page: boolean;
}

/** A proxy in front of FusionAuth that records the calls. */
export interface CallCounter extends Listening {
  /** Returns the calls since the last time. */
  take(): readonly Call[];
}

/** Opens a proxy in front of `upstream`, which by default counts all calls. */
export async function countCalls(
  upstream: string,
  counts: (asked: IncomingMessage) => boolean = () => true,
): Promise<CallCounter> {
  const calls: Call[] = [];
  const server = createServer((asked, answer) =>
    pass(asked, answer, new URL(upstream), (call) => {
      if (counts(asked)) calls.push(call);
    }),
  );
  return { ...(await serve(server, { host: '127.0.0.1', port: 0 })), take: () => calls.splice(0) };
}

const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  upstream: URL,
  record: (call: Call) => void,
): void {
  const { method = 'GET', url: path = '/' } = asked;
  const [askUpstream, host] =
    upstream.protocol === 'https:'
      ? [askByHttps, upstream.host]
      : // The addresses in FusionAuth's metadata follow this header, so that calls to them are counted too.
        [askByHttp, asked.headers.host];
  const headers = { ...asked.headers, host };
  const forwarded = askUpstream(new URL(path, upstream), { method, headers }, (came) => {
    const { statusCode = 502, headers: cameWith, rawHeaders } = came;
    const page = statusCode === 200 && (cameWith['content-type'] ?? '').startsWith('text/html');
    record({ name: `${method} ${(path.split('?')[0] ?? '').replace(id, '{id}')}`, page });
    answer.writeHead(statusCode, rawHeaders);
    came.pipe(answer);
  });
  forwarded.on('error', () => answer.destroy());
  asked.pipe(forwarded);
}
