import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../answer.js';
import type { Administrator } from '../controls/administrator.js';
import type { Controls } from '../controls/controls.js';
import type { Abilities } from '../controls/routes.js';
import type { Instance } from '../instance.js';
import { browserScript } from '../pages/assets.js';
import { sandboxPage, sandboxProblem } from '../pages/sandbox/sandbox-page.js';
import { send } from '../server.js';
import { buttons, type Pressed } from './buttons.js';
import { PageGuard, PageRefusal } from './page-guard.js';

/** Keep other pages from framing this one and from loading it as an image or a script. */
const pageHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves the sandbox's page at `/` and handles its buttons. Each press is answered 303, so that a reload repeats
 * nothing.
 */
export function addConsole(
  server: FastifyInstance,
  instance: Instance,
  controls: Controls,
  administer: Administrator,
  abilities: Abilities,
): void {
  const guard = new PageGuard();
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.headers(pageHeaders);
    });
    scope.setErrorHandler((error, _request, reply) => send(reply, problemPage(error, instance)));
    scope.get('/', (request, reply) => {
      guard.checkVisit(request);
      const { done: pressed } = request.query as { done?: unknown };
      const notice = typeof pressed === 'string' ? buttonOf(pressed) : undefined;
      const pageToken = guard.tokenFor(request, reply);
      return send(reply, sandboxPage({ instance, controls, abilities, pageToken, notice }));
    });
    scope.get('/_sandbox/page.js', (_request, reply) =>
      reply.type('text/javascript').header('cache-control', 'no-cache').send(browserScript),
    );
    for (const [name, button] of Object.entries(buttons)) {
      scope.post(`/_sandbox/press/${name}`, async (request, reply) => {
        guard.checkPress(request);
        try {
          await button.run({ instance, controls, administer, field: fieldsOf(request) });
        } finally {
          instance.changed();
        }
        return reply.redirect(`/?done=${name}#${button.section}`, 303);
      });
    }
    done();
  });
}

/** Returns a reader of the fields of the submitted form. */
function fieldsOf({ body }: FastifyRequest): Pressed['field'] {
  return (name) => {
    const value = body instanceof URLSearchParams ? body.get(name) : null;
    if (!value) throw new Error(`The form needs the field ${name}.`);
    return value;
  };
}

const buttonOf = (name: string) => (Object.hasOwn(buttons, name) ? buttons[name] : undefined);

function problemPage(error: unknown, { log }: Instance): Answer {
  if (error instanceof PageRefusal) return sandboxProblem(403, error.message);
  const { statusCode = 400, message } = error as Error & { statusCode?: number };
  if (statusCode >= 500) log.error({ err: error }, "the sandbox's page failed");
  return sandboxProblem(statusCode, message);
}
