import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type HomeAddition, PageProblem } from '../../../../apps/dev-center/src/start-dev-center.js';
import { lanes, sequenceOf } from '../requests/sequence.js';
import type { Traces } from '../requests/traces.js';
import type { Choice } from './choices.js';
import { checkForm, formToken } from './form-check.js';
import type { Switching } from './switching.js';

export interface HomeParts {
  readonly choices: readonly Choice[];
  readonly switching: Switching;
  readonly traces: Pick<Traces, 'last'>;
  readonly mailboxUrl: string;
  /** Creates a todo for Ada; resolves with the page's message about it. */
  readonly createTodo: () => Promise<string>;
}

const here = (...path: string[]) => join(import.meta.dirname, ...path);
const eta = new Eta({ views: here('templates'), cache: true });
const types = { 'start.css': 'text/css', 'start.js': 'text/javascript' };
const remembered = 100;

/**
 * The panels that `npm start` adds to the Dev Center's home page: two buttons, and the last requests drawn. They appear
 * once everything runs.
 */
export class Home {
  /** Undefined until everything runs. */
  parts: HomeParts | undefined;
  /** Forms already submitted, so that a double click creates one todo. */
  readonly #created = new Map<string, Promise<void>>();

  readonly addition: Omit<HomeAddition, 'links'> = {
    panels: () =>
      this.parts
        ? eta.render('./panels', { ...this.#live(this.parts), ...this.parts, formToken, key: newKey() })
        : '',
    routes: (server) => this.#addRoutes(server),
  };

  #addRoutes(server: FastifyInstance): void {
    for (const [name, type] of Object.entries(types)) {
      const body = readFileSync(here('browser', name));
      server.get(`/start/${name}`, (_request, reply) =>
        reply.type(type).header('cache-control', 'no-cache').send(body),
      );
    }
    server.get('/start/live', (_request, reply) =>
      reply.header('cache-control', 'no-store').send(this.#live(this.#parts())),
    );
    server.post('/start/strategy', (request, reply) => this.#switch(request, reply));
    server.post('/start/todo', (request, reply) => this.#create(request, reply));
  }

  #parts(): HomeParts {
    if (this.parts) return this.parts;
    throw new PageProblem(
      503,
      'Not available just now',
      'npm start is still starting: try again in a moment.',
    );
  }

  /** Renders the parts that the page's script replaces. */
  #live({ switching, traces, mailboxUrl }: HomeParts) {
    const { current, underWay, said } = switching;
    const state = eta.render('./state', { current, underWay, said, mailboxUrl });
    const requests = eta.render('./requests', { sequences: traces.last.map(sequenceOf), lanes });
    return { active: current.id, state, requests };
  }

  async #switch(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    checkForm(request);
    const { switching } = this.#parts();
    const { mode } = request.body as { mode?: unknown };
    const choice = switching.choice(String(mode));
    if (!choice) {
      throw new PageProblem(
        400,
        'That does not work',
        'There is no such mode: choose one on the home page.',
        home,
      );
    }
    if (!switching.begin(choice)) throw busy();
    return reply.redirect('/#try-it', 303);
  }

  async #create(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    checkForm(request);
    const { switching, createTodo } = this.#parts();
    if (switching.underWay) throw busy();
    const key = String((request.body as { key?: unknown }).key);
    const created = this.#created.get(key) ?? this.#begin(createTodo, switching);
    this.#created.set(key, created);
    for (const [oldest] of this.#created) if (this.#created.size > remembered) this.#created.delete(oldest);
    await created;
    return reply.redirect('/#try-it', 303);
  }

  async #begin(createTodo: HomeParts['createTodo'], switching: Switching): Promise<void> {
    try {
      switching.said = { good: true, text: await createTodo() };
    } catch (error) {
      switching.said = { good: false, text: `No todo was created: ${(error as Error).message}` };
    }
  }
}

const home = { path: '/', title: 'Home' };
const newKey = () => crypto.randomUUID();
const busy = () =>
  new PageProblem(
    409,
    'Not now',
    'A switch is under way. Go back to the home page, and repeat it when that is done.',
    home,
  );
