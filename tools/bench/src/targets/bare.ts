import { createServer } from 'node:http';
import { answer, listen, serveRequests } from '../../../measure/src/serve.js';

/** Node's own server, unguarded: the lowest possible cost of a request in this language. */
const server = createServer((_request, response) => {
  const body = JSON.stringify(answer);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});

serveRequests(await listen(server));
