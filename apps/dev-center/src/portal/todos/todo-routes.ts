import type { FastifyRequest } from 'fastify';
import { hostedBackend } from '#gatehouse/fusionauth';
import { type DevCenterConfig, publicFusionAuthUrl, publicTodoApiUrl, todoPageUrl } from '../../config.js';
import type { StrategyFacts } from '../figures/strategy-facts.js';
import { type Answer, goTo, page } from '../pages/answer.js';
import { nothingHere } from '../pages/page-problem.js';
import type { Routes } from '../routes.js';
import { obstacles } from './obstacles.js';

/** The address of one todo, or of the question whether it is done. */
const ofOneTodo = /^\/todos\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\/done)?$/i;

/**
 * Adds the page of a person's own todos. The browser calls the Todo API itself, with the cookie of FusionAuth's Hosted
 * Backend; the Dev Center sees neither todos nor tokens, and does not use its own session. Opening an address changes
 * nothing.
 */
export function addTodoRoutes(
  { publicPage, portal: { context } }: Routes,
  { strategiesOn }: StrategyFacts,
): void {
  const { config } = context;
  const show = async (request: FastifyRequest): Promise<Answer> => {
    const path = request.url.replace(/\?.*/s, '');
    const { at } = request.query as { at?: string };
    // Cookies and ALLOWED_ORIGINS contain one name of this host.
    if (request.host !== new URL(config.PUBLIC_URL).host && at === undefined)
      return goTo(`${config.PUBLIC_URL}${path}?at=public`);
    const [, id, done] = ofOneTodo.exec(path) ?? [];
    return todoPage(config, await obstacles(config, strategiesOn), { path, id, isDone: done !== undefined });
  };

  publicPage('/todos', ({ request }) => {
    // The log-in returns the state that it was given.
    const { state } = request.query as { state?: unknown };
    return typeof state === 'string' && ofOneTodo.test(state) ? Promise.resolve(goTo(state)) : show(request);
  });
  for (const path of ['/todos/:id', '/todos/:id/done']) {
    publicPage(path, async ({ request }) => {
      if (!ofOneTodo.test(request.url.replace(/\?.*/s, ''))) throw nothingHere();
      return show(request);
    });
  }
}

interface Wanted {
  readonly path: string;
  readonly id: string | undefined;
  /** Whether the link asks if the todo is done. */
  readonly isDone: boolean;
}

function todoPage(
  config: DevCenterConfig,
  obstaclesFound: readonly string[],
  { path, id, isDone }: Wanted,
): Answer {
  const api = publicTodoApiUrl(config);
  if (api === undefined || obstaclesFound.length > 0)
    return page('todos-off', 'Your todos', { obstaclesFound });
  const fusionAuth = publicFusionAuthUrl(config);
  const backend = hostedBackend(fusionAuth, config.FUSIONAUTH_APPLICATION_ID);
  const returnTo = todoPageUrl(config);
  const shown = page('todos', 'Your todos', {
    api,
    refresh: backend.refresh,
    logIn: backend.logIn(returnTo, id === undefined ? undefined : path),
    logOut: backend.logOut(returnTo),
    id,
    isDone,
  });
  return { ...shown, callsTo: [new URL(api).origin, new URL(fusionAuth).origin] };
}
