#!/usr/bin/env bash
# Guess, written first: with no_proxy=example.com, axios calls api.example.com directly. Its documentation speaks of a list
# of domains, and curl, Go and undici read the entry as the domain and everything below it.
#
# Observed with axios 1.21.1 on proxy-from-env 2.1.0, and undici 8.12.4 for comparison: axios compares the whole name unless
# the entry begins with a dot or an asterisk. The run printed:
#   no_proxy=example.com: axios directly to example.com and by proxy to api.example.com; undici directly and directly
#   no_proxy=.example.com: axios by proxy to example.com and directly to api.example.com; undici directly and directly
# In one process the token comes from the issuer directly and the API is called by the proxy, which may not know its name.
# With an entry of each form, both call directly.
#
# Fails when either line changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --save-exact axios@1.21.1 proxy-from-env@2.1.0 undici@8.12.4 >/dev/null
cat >run.js <<'RUN'
import { once } from 'node:events';
import { createServer } from 'node:http';
import axios from 'axios';
import { EnvHttpProxyAgent, request } from 'undici';

const start = async (text) => {
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};
const api = await start('directly');
const proxy = await start('by proxy');
process.env.http_proxy = `http://127.0.0.1:${proxy.address().port}`;
// Both names are on this machine.
const lookup = (_name, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

const lines = [];
for (process.env.no_proxy of ['example.com', '.example.com']) {
  const dispatcher = new EnvHttpProxyAgent({ connect: { lookup }, proxyTunnel: false });
  const ways = [];
  for (const name of ['example.com', 'api.example.com']) {
    const url = `http://${name}:${api.address().port}`;
    const { data } = await axios.get(url, { lookup });
    const { body } = await request(url, { dispatcher });
    ways.push({ name, axios: data, undici: await body.text() });
  }
  await dispatcher.close();
  const byAxios = ways.map((way) => `${way.axios} to ${way.name}`).join(' and ');
  const byUndici = ways.map((way) => way.undici).join(' and ');
  lines.push(`no_proxy=${process.env.no_proxy}: axios ${byAxios}; undici ${byUndici}`);
}
for (const server of [api, proxy]) server.close().closeAllConnections();
console.log(lines.join('\n'));
const observed = [
  'no_proxy=example.com: axios directly to example.com and by proxy to api.example.com; undici directly and directly',
  'no_proxy=.example.com: axios by proxy to example.com and directly to api.example.com; undici directly and directly',
];
if (lines.join() !== observed.join()) {
  console.error('No longer so.');
  process.exitCode = 1;
}
RUN
env -u NO_PROXY -u no_proxy -u HTTP_PROXY -u http_proxy node run.js
