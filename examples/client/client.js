// Calls an API as a machine: client credentials (RFC 6749 section 4.4), one token for many calls, renewed in time.
const { FUSIONAUTH_URL = 'http://127.0.0.1:9011', API_URL = 'http://127.0.0.1:3000' } = process.env;
const { CLIENT_ID, CLIENT_SECRET, TARGET_ENTITY_ID } = process.env;
let token;

async function accessToken() {
  // A minute before it expires, so that it is still valid when it arrives.
  if (token && Date.now() < token.expiresAt - 60_000) return token.value;
  const answer = await fetch(`${FUSIONAUTH_URL}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${CLIENT_SECRET}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `target-entity:${TARGET_ENTITY_ID}`,
    }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  const { access_token: value, expires_in } = await answer.json();
  token = { value, expiresAt: Date.now() + expires_in * 1000 };
  return value;
}

async function call(path) {
  const answer = await fetch(API_URL + path, { headers: { authorization: `Bearer ${await accessToken()}` } });
  // A refused token is never sent again; a 503 does not mean that the token is invalid.
  if (answer.status === 401) token = undefined;
  return { status: answer.status, body: await answer.json() };
}

console.log(JSON.stringify(await call('/invoices')));
