#!/usr/bin/env bash
# Guess, written first: the life of the access token makes no difference to FusionAuth’s React SDK. With a token that is
# valid for 30 days the person is logged in for 30 days, and automatic refresh waits until shortly before it expires.
#
# Observed with @fusionauth/react-sdk 2.7.0 and Node’s timers: isLoggedIn turns false at once, and automatic refresh asks
# the server as fast as it answers, since a timer of 30 days does not fit in 32 bits and fires immediately. 24 days still
# fit. The run printed:
#   24 days: logged in, 0 refreshes in a second
#   30 days: not logged in, more than 20 refreshes in a second
# The token is valid all the time, so requests succeed while the page says that nobody is logged in.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact @fusionauth/react-sdk@2.7.0 react@19.3.1 react-dom@19.3.1 jsdom@29.1.1 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { JSDOM } from 'jsdom';

let refreshes = 0;
const server = createServer((request, response) => {
  if (request.url.startsWith('/app/refresh')) refreshes += 1;
  response.end('{}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const serverUrl = `http://127.0.0.1:${server.address().port}`;
const { window } = new JSDOM('', { url: serverUrl });
Object.assign(globalThis, { window, document: window.document, localStorage: window.localStorage });
const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');
const { FusionAuthProvider, useFusionAuth } = await import('@fusionauth/react-sdk');

/** Renders the provider for a second, with the cookie that FusionAuth’s hosted backend sets for the expiry. */
async function open(days) {
  document.cookie = `app.at_exp=${Math.floor(Date.now() / 1000) + days * 86_400}`;
  let loggedIn;
  const Page = () => {
    loggedIn = useFusionAuth().isLoggedIn;
  };
  const settings = { serverUrl, clientId: 'a client', redirectUri: serverUrl, shouldAutoRefresh: true };
  refreshes = 0;
  const page = document.body.appendChild(document.createElement('main'));
  createRoot(page).render(createElement(FusionAuthProvider, settings, createElement(Page)));
  await wait(1_000);
  const asked = refreshes > 20 ? 'more than 20' : refreshes;
  return `${days} days: ${loggedIn ? 'logged in' : 'not logged in'}, ${asked} refreshes in a second`;
}

const found = [await open(24), await open(30)].join('\n');
console.log(found);
const observed = [
  '24 days: logged in, 0 refreshes in a second',
  '30 days: not logged in, more than 20 refreshes in a second',
].join('\n');
if (found !== observed) console.error('No longer so.');
process.exit(found === observed ? 0 : 1);
RUN
node --disable-warning=TimeoutOverflowWarning run.js
