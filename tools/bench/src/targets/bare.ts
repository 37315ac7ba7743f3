import { createServer } from 'node:http';
import { listen, serveParent } from '../processes/in-child.js';
import { answer, logRequest } from './answer.js';

/** Node's own server, unguarded: as little as a request can cost in this language. */
const server = createServer((request, response) => {
  const began = performance.now();
  response.once('finish', () =>
    logRequest(request.method ?? '', request.url ?? '', response.statusCode, performance.now() - began),
  );
  const body = JSON.stringify(answer);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});

serveParent(await listen(server));
