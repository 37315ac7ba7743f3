import { z } from 'zod';
import { type Arguments, commaList, flagOption, httpUrl, integer, line, option } from '#gatehouse/platform';
import { endpointUrl, listenAddress } from './endpoint.js';
import { gateways } from './gateways/index.js';
import { cookieName, hostname, plainText } from './plain-text.js';

const names = gateways.map(({ name }) => name) as [string, ...string[]];
const endpoints = () =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.tuple([endpointUrl()], endpointUrl()));
const ids = () => commaList(plainText()).refine((list) => list.length > 0, 'must name an audience');

export const command = 'npm run gateways';

export const options = {
  issuer: option(httpUrl(), {
    value: 'URL',
    about: 'FusionAuth, or another server with /.well-known/openid-configuration below this URL',
  }),
  audience: option(ids(), {
    value: 'ID,…',
    about: 'audiences of tokens for the API: the application, then the entity for machines',
  }),
  out: option(line(), { value: 'DIR', about: 'folder for the configurations, each in a folder of its own' }),
  only: option(commaList(z.enum(names, `must name gateways among ${names.join(', ')}`)).optional(), {
    value: 'NAME,…',
    about: 'gateways (default all)',
  }),
  api: option(endpointUrl().optional(), {
    value: 'URL',
    about: 'address of the API (default http://127.0.0.1:3000)',
  }),
  forwardAuth: option(endpoints().optional(), {
    value: 'URL,…',
    about: 'addresses of the forward-auth servers (default http://127.0.0.1:3002)',
  }),
  secondApi: option(endpointUrl().optional(), {
    value: 'URL',
    about: 'a second service behind HAProxy, nginx or Caddy; needs --second-host and --second-audience',
  }),
  secondHost: option(hostname().optional(), { value: 'NAME', about: 'host name of the second service' }),
  secondAudience: option(ids().optional(), { value: 'ID,…', about: 'audiences of the second service' }),
  secondForwardAuth: option(endpoints().optional(), {
    value: 'URL,…',
    about: 'forward-auth servers of the second service (default http://127.0.0.1:3012)',
  }),
  roles: option(line().optional(), {
    value: 'FILE',
    about:
      'rules by path, for the settings of the forward-auth server: lines METHOD /prefix role,role; no gateway checks roles itself',
  }),
  token: option(z.enum(['header', 'cookie'], 'must be header or cookie').default('header'), {
    value: 'PLACE',
    about: 'where clients send the token: header or cookie',
  }),
  cookie: option(cookieName().default('app.at'), { value: 'NAME', about: 'name of that cookie' }),
  listen: option(listenAddress().optional(), {
    value: 'ADDRESS',
    about:
      'address that the gateway listens on (default 127.0.0.1:8080); [::]:8080 is every address of IPv4 and IPv6',
  }),
  allowInsecure: flagOption('reads keys over plain http from another machine, where the network is trusted'),
  watch: flagOption('keeps running, and rewrites files with public keys when the issuer’s key set changes'),
  every: option(integer(1, 86_400).default(60), {
    value: 'SECONDS',
    about: 'how often --watch reads the key set',
  }),
  reload: option(line().optional(), {
    value: 'COMMAND',
    about: 'shell command that --watch runs once new files are checked and installed',
  }),
};

export type GatewaysArguments = Arguments<typeof options>;

export const about = `generates configurations of API gateways, all from one policy

  npm run gateways -- --issuer http://127.0.0.1:9011 --audience ID --out DIR

Checks each with the gateway's own checker where that is installed, and writes it only if it passes. For gateways that ask the
forward-auth server, forward-auth/api.env has the server's settings for the policy.`;

export const notes = `Gateways: ${names.join(', ')}

Exit codes: 0 done; 1 a checker refused a configuration, and the old files are untouched; 2 wrong usage; 4 the issuer
cannot be reached; 78 it has no usable key, or a file cannot be read or written.`;
