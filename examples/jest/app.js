const { createServer } = require('node:http');
const { createAuthenticator, readAuthConfig } = require('gatehouse-auth');
const { guarded } = require('gatehouse-auth/node');

/** Starts an API behind the guard. `settings` are those of the environment: FUSIONAUTH_URL, AUTH_STRATEGY and so on. */
async function startApp(settings) {
  const authenticator = createAuthenticator(readAuthConfig(settings));
  await authenticator.start();
  const server = createServer(
    guarded(authenticator, (request, response, principal) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ of: principal.subject }));
    }),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await authenticator.close();
    },
  };
}

module.exports = { startApp };
