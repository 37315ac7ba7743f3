import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';

/**
 * Another verifier behind the framework that it is made for, with the settings that its own documentation recommends.
 */
export interface Peer {
  readonly name: string;
  /** Its settings, for readers who would choose others. */
  readonly settings: string;
  /** The checks that its vendor leaves to the user, with the page that says so. */
  readonly leftToUsers: string;
  readonly url: string;
  readonly close: () => Promise<void>;
}

const installed = JSON.parse(readFileSync('package.json', 'utf8')) as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;

/** A package and its version, as installed. */
export const packageText = (name: string): string =>
  `\`${name}\` ${installed.dependencies[name] ?? installed.devDependencies[name] ?? ''}`;

const answerError: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
  response.status(error.status ?? 500).json({});
};

/** Serves `GET /me` behind the guard. */
export async function servePeer(
  guard: RequestHandler,
  about: Pick<Peer, 'name' | 'settings' | 'leftToUsers'>,
): Promise<Peer> {
  const app = express();
  app.use(guard);
  app.get('/me', (_request, response) => void response.json({}));
  app.use(answerError);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ...about, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
