import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, Secret } from '#gatehouse/platform';
import { sendHeartbeat } from './heartbeat.js';

describe('the heartbeat', () => {
  const heard: string[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(status).end();
  });
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/s3cret`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    status = 200;
    lines.length = 0;
    heard.length = 0;
  });

  it('is a POST to the monitor, if one is configured', async () => {
    await sendHeartbeat(new Secret(url), log);
    await sendHeartbeat(undefined, log);

    expect(heard).toEqual(['POST /ping/s3cret']);
    expect(lines).toEqual([]);
  });

  it('only logs a warning, without the URL, if the monitor refuses it or is unavailable', async () => {
    status = 404;
    await sendHeartbeat(new Secret(url), log);
    await sendHeartbeat(new Secret('http://127.0.0.1:1/ping/s3cret'), log);

    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ msg: 'the monitor refused the heartbeat', status: 404 }),
      expect.objectContaining({ msg: 'the heartbeat was not sent', reason: 'TypeError' }),
    ]);
    expect(lines.join()).not.toContain('s3cret');
  });
});
