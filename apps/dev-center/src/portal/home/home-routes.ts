import type { FastifyInstance } from 'fastify';
import { publicFusionAuthUrl, publicTodoApiUrl } from '../../config.js';
import { issuerNames, issuers } from '../../issuers/index.js';
import type { StrategyFacts } from '../figures/strategy-facts.js';
import { figuresOf } from '../figures/trade-offs.js';
import { page } from '../pages/answer.js';
import type { Routes } from '../routes.js';
import { answers, healthOf, ownParts } from './health.js';

/** Another part of the system that a tool started. The home page shows it with its health. */
export interface HomeLink {
  readonly title: string;
  readonly url: string;
  readonly about: string;
}

/** The panels that a tool adds to the home page. Without a tool there is neither a panel nor the code for it. */
export interface HomeAddition {
  readonly links: readonly HomeLink[];
  /** Returns the HTML of panels for a request; the tool escapes its content. Its scripts are files that it serves. */
  readonly panels?: () => string | Promise<string>;
  /** Adds the routes that its panels need. */
  readonly routes?: (server: FastifyInstance) => void;
}

/** Adds the home page, which links to everything else. */
export function addHome(
  { publicPage, portal: { context } }: Routes,
  { record, strategiesOn }: StrategyFacts,
  addition?: HomeAddition,
): void {
  const { config } = context;
  const links = addition?.links ?? [];
  const readHealth = healthOf([
    ...ownParts(context),
    ...links.map((link) => ({ ...link, look: answers(link.url) })),
  ]);
  publicPage('/', async ({ request }) => {
    const [strategies, health, panels] = await Promise.all([
      strategiesOn(),
      readHealth(),
      addition?.panels?.(),
    ]);
    const figures = record();
    return page('home', 'Gatehouse', {
      cards: issuerNames.map((name) => {
        const { title, about, strategy, measured } = issuers[name];
        return {
          title,
          about,
          on: strategies?.includes(strategy),
          modes: measured.modes.map((mode) => ({ ...mode, ...figuresOf(figures, name, mode.id) })),
        };
      }),
      made: figures?.made,
      validation: config.JWT_VALIDATION,
      health,
      links,
      todoApiUrl: publicTodoApiUrl(config),
      fusionauthUrl: publicFusionAuthUrl(config),
      panels,
      notice: (request.query as { notice?: string }).notice,
    });
  });
}
