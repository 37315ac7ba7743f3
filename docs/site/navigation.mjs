/**
 * The parts of the site: one for each reader, then what is looked up. Each takes the documents that match its patterns, in
 * this order; the first part that matches a document has it. A pattern without a match is skipped. All short titles must fit
 * into the bar at the top.
 */
export const parts = [
  {
    title: 'Choose a strategy',
    short: 'Choose',
    path: 'choose',
    about:
      'What each way to protect an API costs, how soon it refuses a revoked credential, and what it needs.',
    patterns: ['docs/strategies.md', 'docs/comparison.md', 'docs/claims.md', 'docs/performance.md'],
  },
  {
    title: 'Guard your NestJS API',
    short: 'Guard',
    path: 'guard',
    about:
      'The package gatehouse-auth: installing it, its settings, the decorators, and how access ends immediately.',
    patterns: [
      'docs/adding-the-guard.md',
      'libs/auth/README.md',
      'examples/*.md',
      'examples/**/README.md',
      'docs/revocation.md',
      'docs/hostile-tokens.md',
    ],
  },
  {
    title: 'Run it',
    short: 'Run',
    path: 'run',
    about:
      'Operating the Todo API, the Dev Center and the Reminder App: credentials, key rotation, databases, deployment.',
    patterns: [
      'docs/running.md',
      'docs/credentials.md',
      'docs/portal.md',
      'docs/reminder.md',
      'docs/database.md',
      'deploy/README.md',
    ],
  },
  {
    title: 'Test without FusionAuth',
    short: 'Test',
    path: 'test',
    about: 'The sandbox: an API that answers as FusionAuth does, on your machine and in your tests.',
    patterns: ['docs/sandbox.md', 'tools/sandbox/README.md', 'docs/sandbox*.md'],
  },
  {
    title: 'Put a gateway in front',
    short: 'Gateways',
    path: 'gateway',
    about:
      'HAProxy, nginx, Kong, Envoy, Caddy, Traefik, Hasura, ngrok and Amazon API Gateway: what each verifies by itself.',
    patterns: ['docs/gateways.md', 'docs/forward-auth.md', 'deploy/gateways/*/README.md'],
  },
  {
    title: 'Contribute',
    short: 'Contribute',
    path: 'contribute',
    about:
      'How the code is laid out, what a change needs, and where the project departs from FusionAuth’s guides.',
    patterns: [
      'CONTRIBUTING.md',
      'SECURITY.md',
      'docs/architecture.md',
      'test/contract/matrix.md',
      'docs/decisions/README.md',
      'docs/decisions/*.md',
    ],
  },
  {
    title: 'Reference',
    short: 'Reference',
    path: 'look-up',
    about: 'The API of gatehouse-auth and of the sandbox, every setting, and every problem code.',
    patterns: ['reference/*.md', 'reference/**/*.md', 'docs/errors/*.md', 'docs/**/*.md'],
  },
];
