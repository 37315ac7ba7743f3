import fastify from 'fastify';
import type { Principal } from '#gatehouse/auth';
import { createLogger, createMetrics } from '#gatehouse/platform';
import { principalOf } from '../../../test/support/principal.js';
import { recordAnswers, requestRecorder } from './request-log.js';

const principal = principalOf({ subject: 'ada', email: 'ada@example.com' });

async function asked(url: string, as?: Principal) {
  const [lines, used, metrics] = [[] as string[], [] as Principal[], createMetrics()];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const server = fastify();
  server.addHook('onRequest', (request, _reply, done) => {
    if (as) Object.assign(request, { principal: as });
    done();
  });
  recordAnswers(server, requestRecorder({ log, metrics, lastUsed: { note: (one) => void used.push(one) } }));
  server.get('/todos/:id', () => 'a todo');
  await server.inject({
    url,
    headers: { authorization: 'Bearer hunter2-hunter2', cookie: 'app.at=hunter2' },
  });
  return { line: lines.join(''), used, metrics: await metrics.metrics() };
}

describe('the log line of a request', () => {
  it('names the pattern of the route, never the URL, a header or the subject', async () => {
    const { line, metrics } = await asked('/todos/secret-id?token=hunter2', principal);
    expect(JSON.parse(line)).toMatchObject({ method: 'GET', route: '/todos/:id', status: 200, via: 'jwt' });
    for (const written of [line, metrics]) expect(written).not.toMatch(/secret-id|hunter2|ada/);
    expect(metrics).toContain('route="/todos/:id",status="200"');
  });

  it('has one name for all paths without a route, so that nobody can flood the metrics', async () => {
    const { line, metrics } = await asked('/hunter2');
    expect(JSON.parse(line)).toMatchObject({ route: 'unmatched', status: 404 });
    expect(metrics).not.toContain('hunter2');
  });
});

describe('a use of a credential', () => {
  it('is noted only if one was verified', async () => {
    expect((await asked('/todos/1', principal)).used).toEqual([principal]);
    expect((await asked('/todos/1')).used).toEqual([]);
  });
});
