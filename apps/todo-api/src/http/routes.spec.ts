import fastify from 'fastify';
import { Routes } from './routes.js';

const routes = new Routes();
const server = fastify();
routes.watch(server);
server.get('/todos', () => '');
server.post('/todos', () => '');
server.patch('/todos/:id', () => '');

describe('the methods that a path allows', () => {
  it.each([
    ['/todos', ['GET', 'HEAD', 'POST']],
    ['/todos?limit=1', ['GET', 'HEAD', 'POST']],
    ['/todos/17', ['PATCH']],
    ['/todos/', []],
    ['/todos/17/x', []],
    ['/Todos', []],
    ['/', []],
  ])('%s: %j', (url, methods) => {
    expect(routes.allowed(url).toSorted()).toEqual(methods);
  });
});
