import { createServer } from 'node:http';
import { createAuthenticator, readAuthConfig } from 'gatehouse-auth';
import { guarded } from 'gatehouse-auth/node';

const authenticator = createAuthenticator(readAuthConfig());
await authenticator.start();

const server = createServer(
  guarded(authenticator, (request, response, principal) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ of: principal.subject, roles: principal.roles, at: request.url }));
  }),
);
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${server.address().port}`);
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => server.close(() => authenticator.close()));
