import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import type { FastifyInstance } from 'fastify';
import { baseStyle, partsStyle } from '#gatehouse/look';
import type { Session } from '../session/session.js';
import type { PageAnswer } from './answer.js';
import { formats } from './formats.js';

// Eta escapes every interpolation, except those written with a tilde.
const eta = new Eta({ views: join(import.meta.dirname, 'templates'), cache: true });

const types = {
  'portal.css': 'text/css',
  'portal.js': 'text/javascript',
  'portal.svg': 'image/svg+xml',
  'todos.js': 'text/javascript',
};
type AssetName = keyof typeof types;

const files = join(import.meta.dirname, 'browser');

const assets = Object.entries(types).map(([name, type]) => {
  const text = readFileSync(join(files, name), 'utf8');
  const body = type === 'text/css' ? baseStyle + partsStyle + text : text;
  return { name: name as AssetName, type, body, version: hash('sha256', body).slice(0, 12) };
});

/** Returns the URL of a file, which changes with its content. */
const addressOf = (wanted: AssetName): string =>
  `/assets/${wanted}?${assets.find(({ name }) => name === wanted)?.version}`;

/** The viewer of a page, and its path. */
export interface Surroundings {
  readonly session: Session | undefined;
  readonly path: string;
}

/** Renders a whole page as HTML. */
export const renderPage = ({ template, title, data }: PageAnswer, around: Surroundings): string =>
  eta.render('./page', { ...around, title, addressOf, body: render(template, data, around) });

/** Renders the main part of a page as HTML. */
export const render = (template: string, data: object, { session }: Surroundings): string =>
  eta.render(`./${template}`, { ...data, ...formats, session, addressOf });

/** Serves style sheet, script and icon. */
export function addAssets(server: FastifyInstance): void {
  for (const { name, type, body } of assets) {
    server.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
    );
  }
}
