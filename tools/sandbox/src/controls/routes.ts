import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isLocalProgram } from '#gatehouse/platform';
import type { Controls } from './controls.js';

const fault = z.strictObject({
  operation: z.string(),
  delayMs: z.int().min(0).exactOptional(),
  status: z.int().min(200).max(599).exactOptional(),
  answer: z.enum(['hang', 'reset', 'lost', 'garbage', 'html', 'redirect']).exactOptional(),
  times: z.int().min(1).exactOptional(),
  forMs: z.int().min(1).exactOptional(),
});
const clock = z.union([z.strictObject({ advanceMs: z.int() }), z.strictObject({ set: z.iso.datetime() })]);
const disturbance = z.strictObject({
  duplicate: z.boolean().exactOptional(),
  lose: z.boolean().exactOptional(),
  delayMs: z.int().min(0).exactOptional(),
  times: z.int().min(1).exactOptional(),
  commitAfterMs: z.int().min(0).exactOptional(),
});
const settings = z.strictObject({
  keyCacheDelaySeconds: z.number().min(0).max(60).exactOptional(),
  tty: z.boolean().exactOptional(),
  strictIntrospection: z.boolean().exactOptional(),
  licensed: z.boolean().exactOptional(),
  slowDownDevices: z.boolean().exactOptional(),
});

interface Control {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly about: string;
  readonly example?: object;
  readonly run: (controls: Controls, body: unknown) => unknown;
}

const table: readonly Control[] = [
  {
    method: 'POST',
    path: '/_sandbox/reset',
    about: 'Returns to a freshly kickstarted instance: no sessions, no faults, real time.',
    run: (controls) => controls.reset(),
  },
  {
    method: 'GET',
    path: '/_sandbox/clock',
    about: 'The current time of the clock that decides when tokens and codes expire.',
    run: (controls) => ({ now: new Date(controls.clock.now()).toISOString() }),
  },
  {
    method: 'POST',
    path: '/_sandbox/clock',
    about: 'Moves that clock, by milliseconds or to an instant: {"set": "2030-01-01T00:00:00Z"}.',
    example: { advanceMs: 3_600_000 },
    run: (controls, body) => {
      const move = clock.parse(body);
      if ('set' in move) controls.clock.set(Date.parse(move.set));
      else controls.clock.advance(move.advanceMs);
    },
  },
  {
    method: 'DELETE',
    path: '/_sandbox/clock',
    about: 'Returns to real time.',
    run: (controls) => controls.clock.reset(),
  },
  {
    method: 'POST',
    path: '/_sandbox/sessions/expire',
    about: 'Expires the refresh token of a session now. The id is the session id at FusionAuth.',
    example: { id: '…' },
    run: (controls, body) => controls.expireSession(z.strictObject({ id: z.string() }).parse(body).id),
  },
  {
    method: 'GET',
    path: '/_sandbox/faults',
    about: 'The active faults.',
    run: (controls) => controls.faults.list(),
  },
  {
    method: 'POST',
    path: '/_sandbox/faults',
    about:
      'Makes an operation fail a number of times (times), for a time (forMs) or until cleared: by delayMs, by status, or by answer: hang, reset (before the work), lost (after it), garbage, html or redirect.',
    example: { operation: 'POST /oauth2/token', status: 503, times: 1 },
    run: (controls, body) => {
      const { operation, ...rest } = fault.parse(body);
      controls.faults.set(operation, rest);
    },
  },
  {
    method: 'DELETE',
    path: '/_sandbox/faults',
    about: 'Clears all faults.',
    run: (controls) => controls.faults.clear(),
  },
  {
    method: 'GET',
    path: '/_sandbox/api-keys',
    about: "The ids of the API keys by description, as FusionAuth's page Settings, API Keys shows them.",
    run: (controls) => controls.apiKeyIds(),
  },
  {
    method: 'POST',
    path: '/_sandbox/keys/rotate',
    about: "Signs with a new key; the old one stays in the key set. By default the application's key.",
    example: {},
    run: (controls, body) =>
      controls.rotateKey(z.strictObject({ kid: z.string().exactOptional() }).parse(body ?? {}).kid),
  },
  {
    method: 'POST',
    path: '/_sandbox/keys/withdraw',
    about: 'Removes a key from the key set.',
    example: { kid: '…' },
    run: (controls, body) => controls.withdrawKey(z.strictObject({ kid: z.string() }).parse(body).kid),
  },
  {
    method: 'GET',
    path: '/_sandbox/settings',
    about:
      'keyCacheDelaySeconds: seconds until a created or deleted API key takes effect. tty: adds that claim to access tokens. strictIntrospection: introspect and validate notice locks and log-outs. licensed: false refuses entities. slowDownDevices: answers devices that poll with slow_down.',
    run: (controls) => controls.settings,
  },
  {
    method: 'POST',
    path: '/_sandbox/settings',
    about: 'Changes them.',
    example: { keyCacheDelaySeconds: 60, tty: true },
    run: (controls, body) => Object.assign(controls.settings, settings.parse(body)),
  },
  {
    method: 'GET',
    path: '/_sandbox/webhooks',
    about:
      'The disturbances of events on their way to webhooks, and the last thousand deliveries. Events go to this machine only.',
    run: ({ webhooks }) => ({
      disturbance: { ...webhooks.disturbance, commitAfterMs: webhooks.commitAfterMs },
      deliveries: webhooks.deliveries(),
    }),
  },
  {
    method: 'POST',
    path: '/_sandbox/webhooks',
    about:
      'Disturbs deliveries, a number of times or until cleared: duplicate sends each twice, lose none at all, delayMs later, so that their order changes. commitAfterMs: how long after its event a change is made.',
    example: { delayMs: 500, times: 1 },
    run: ({ webhooks }, body) => {
      const { commitAfterMs, ...wanted } = disturbance.parse(body);
      webhooks.disturb(wanted);
      webhooks.commitAfter(commitAfterMs ?? 0);
    },
  },
  {
    method: 'DELETE',
    path: '/_sandbox/webhooks',
    about: 'Stops the disturbances and deletes the recorded deliveries.',
    run: ({ webhooks }) => webhooks.clear(),
  },
  {
    method: 'GET',
    path: '/_sandbox/webhooks/settled',
    about: 'Answers once all events are delivered.',
    run: ({ webhooks }) => webhooks.settled(),
  },
  {
    method: 'GET',
    path: '/_sandbox/requests',
    about: 'The number of calls of each operation, and the last thousand requests.',
    run: (controls) => ({ counts: controls.requests.counts(), requests: controls.requests.list() }),
  },
  {
    method: 'DELETE',
    path: '/_sandbox/requests',
    about: 'Resets the counts and deletes the requests.',
    run: (controls) => controls.requests.clear(),
  },
];

/** The operations that the sandbox implements, as method and path. */
export interface Abilities {
  readonly operations: readonly string[];
  /** Those of `operations` that store their input without any effect. */
  readonly withoutEffect: readonly string[];
  /** Operations answered with 501. */
  readonly notImplemented: readonly string[];
}

/**
 * Adds `/_sandbox/*` for programs on this machine. Requests made by a browser are refused, so that no page of another
 * origin can send one. A browser that opens `/_sandbox` is redirected to the page for people.
 */
export function addControlRoutes(server: FastifyInstance, controls: Controls, abilities: Abilities): void {
  const overview = table.map(({ method, path, about, example }) => ({ method, path, about, example }));
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (isLocalProgram(request)) return;
      if (isAskedForAsPage(request)) await reply.redirect('/', 302);
      else await reply.code(403).send({ error: 'Only programs on this machine may do this.' });
    });
    scope.setErrorHandler((error, _request, reply) =>
      reply
        .code(400)
        .send({ error: error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message }),
    );
    scope.get('/_sandbox', () => ({
      controls: overview,
      ...abilities,
      storedWithoutEffect: controls.withoutEffect(),
    }));
    for (const { method, path, run } of table) {
      scope.route({
        method,
        url: path,
        handler: async (request, reply) => {
          const result = await run(controls, request.body);
          return result === undefined ? reply.code(204).send() : reply.send(result);
        },
      });
    }
    done();
  });
}

const isAskedForAsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === 'GET' && url === '/_sandbox' && headers.accept?.includes('text/html') === true;
