/** The rules for imports. Each rule states its reason; docs/architecture.md draws the same directions. */
const production = { pathNot: '\\.spec\\.ts$' };
/** The public entry points of an app: its commands, and its start function. */
const startOfApp = '^apps/[^/]+/src/([^/]*main|start-[^/]+|reminder|authorizer)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'libs-never-import-apps',
      comment: 'A library that knows an app cannot be copied into another project.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-apps',
      comment: 'Apps call each other over HTTP, like any other client.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'product-never-imports-tools',
      comment:
        'Tools never run in production: the stand-in for FusionAuth must not be reachable from anything that does. A tool passes its additions to an app as arguments. Specs mint their tokens with tools/issuer.',
      severity: 'error',
      from: { path: '^(apps|libs)/', ...production },
      to: { path: '^tools/' },
    },
    {
      name: 'tools-stand-alone',
      comment:
        'A tool works against any API or client. Those that run the whole system in their own processes are named here. tools/issuer makes the keys and tokens that attack, bench, compare and tests share; tools/measure has the load, the processes under measurement and the statistics that bench and compare share, so that a figure of one means the same in the other.',
      severity: 'error',
      from: { path: '^tools/([^/]+)/', pathNot: '^tools/(start|bench|compare)/|\\.spec\\.ts$' },
      to: { path: '^(apps|tools)/', pathNot: '^tools/($1|issuer)/' },
    },
    {
      name: 'start-enters-apps-by-their-door',
      comment:
        'npm start uses the same parts of an app as a deployment: its settings and its start function. The issuers name the kinds of credentials.',
      severity: 'error',
      from: { path: '^tools/start/', ...production },
      to: {
        path: '^apps/',
        pathNot: '^apps/[^/]+/src/(config|start-[^/]+|reminder|issuers/index)\\.ts$',
      },
    },
    {
      name: 'apps-hold-nothing-for-tools',
      comment:
        'Code of an app that only a tool needs is passed in by the tool, so that the app in production has neither the code nor the route.',
      severity: 'error',
      from: { path: startOfApp },
      to: {
        path: '^apps/',
        pathNot: [startOfApp, '\\.spec\\.ts$', '/browser/', '^apps/lambda-authorizer/src/lean/'],
        reachable: false,
      },
    },
    {
      name: 'production-never-imports-tests',
      comment: 'Test support is not shipped.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/', ...production },
      to: { path: '^test/' },
    },
    {
      name: 'one-room-talks-to-fusionauth',
      comment:
        'FusionAuth paths and its client live in libs/fusionauth; the sandbox uses only the types of its answers. The bench measures the client as a peer.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/', pathNot: '^libs/fusionauth/|^tools/bench/src/targets/calls\\.' },
      to: { path: '@fusionauth/typescript-client', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'auth-core-is-framework-free',
      comment:
        'Core, layers and strategies run behind any door: a Nest guard, a proxy, a Lambda function. The doors for bare Node, proxies and Lambda functions are for applications of any framework.',
      severity: 'error',
      from: { path: '^libs/auth/src/(core|layers|strategies|doors/(node|forward|lambda))/' },
      to: { path: 'node_modules/(@nestjs|fastify|@fastify|express)/' },
    },
    {
      name: 'auth-core-is-free-of-node',
      comment: 'A door for a proxy or a Lambda function builds on core, and has no request of Node.',
      severity: 'error',
      from: { path: '^libs/auth/src/core/', ...production },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'auth-imports-run-downwards',
      comment:
        'Core knows neither layers nor strategies, layers know no strategy, and no strategy knows a door.',
      severity: 'error',
      from: { path: '^libs/auth/src/(core|layers|strategies)/', ...production },
      to: { path: '^libs/auth/src/', pathNot: '^libs/auth/src/(core/|$1/)' },
    },
    {
      name: 'memories-know-the-ports-of-the-guard',
      comment:
        'libs/revocations and libs/todo-database store what libs/auth passes to them, for the Todo API and for any other door on the same database. The guard does not know where.',
      severity: 'error',
      from: { path: '^libs/(revocations|todo-database)/', ...production },
      to: { path: '^libs/auth/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'auth-knows-no-database',
      comment: 'The application supplies the storage for state that outlives one process.',
      severity: 'error',
      from: { path: '^libs/auth/', ...production },
      to: { path: '^libs/(database|revocations|todo-database)/|^prisma/' },
    },
    {
      name: 'passport-in-two-places',
      comment:
        'Passport verifies signatures and plugs into Nest; it must not spread into the model. The bench measures its usual set-up as a peer.',
      severity: 'error',
      from: {
        path: '^(apps|libs|tools)/',
        pathNot: [
          '^libs/auth/src/strategies/jwt/engines/passport-jwt\\.engine',
          '^libs/auth/src/doors/nest/credential\\.',
          '^tools/bench/src/targets/passport\\.',
          '\\.spec\\.ts$',
        ],
      },
      to: { path: 'node_modules/(@nestjs/passport|passport[^/]*)/' },
    },
    {
      name: 'todos-know-only-the-principal',
      comment: 'The domain must work the same for every kind of credential.',
      severity: 'error',
      from: {
        path: '^apps/todo-api/src/(todos|owners)/',
        pathNot: '\\.spec\\.ts$|\\.controller\\.ts$|\\.module\\.ts$',
      },
      to: { path: '^libs/auth/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'prisma-clients-in-repositories',
      comment: 'Rows become domain types in one place.',
      severity: 'error',
      from: {
        path: '^(apps|libs|tools)/',
        pathNot: ['\\.repository\\.ts$', '/ledger[^/]*\\.ts$', '-store\\.ts$', '\\.spec\\.ts$'],
      },
      to: { path: '^prisma/[^/]+/generated/' },
    },
    {
      name: 'reminder-is-a-third-party',
      comment: 'It may use only what any client could: HTTP, its own database, the public wire types.',
      severity: 'error',
      from: { path: '^apps/reminder-app/' },
      to: { path: '^libs/', pathNot: '^libs/(credentials|todo-contract|platform|database)/' },
    },
    {
      name: 'nest-in-the-shell-only',
      comment:
        'In the Reminder App and the Dev Center Nest opens, wires and closes plain functions and classes, which a test or a command uses without a container.',
      severity: 'error',
      from: {
        path: '^apps/(reminder-app|dev-center)/',
        pathNot: '\\.module\\.ts$|/(main|standalone|start-dev-center)\\.ts$|\\.spec\\.ts$',
      },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'the-authorizer-is-without-nest',
      comment:
        'A function loads its bundle at each cold start, so the bundle has no framework and no database.',
      severity: 'error',
      from: { path: '^apps/lambda-authorizer/', ...production },
      to: {
        path: 'node_modules/(@nestjs|fastify|@fastify|express|@prisma|pg)/|^libs/(database|revocations|todo-database)/',
        reachable: true,
      },
    },
    {
      name: 'commands-start-without-nest',
      comment: 'Loading Nest takes longer than most commands of the Dev Center take in total.',
      severity: 'error',
      from: { path: '^apps/dev-center/src/(credentials|provision)\\.main\\.ts$' },
      to: { path: 'node_modules/@nestjs/', reachable: true },
    },
    {
      name: 'libraries-by-their-door',
      comment:
        'A library is used through its index.ts, so that its internals can change. Parts that need a framework or a client have a separate entry point.',
      severity: 'error',
      from: {
        path: '^(apps|libs|tools)/([^/]+)/',
        pathNot: '\\.spec\\.ts$',
      },
      to: {
        path: '^libs/[^/]+/src/',
        pathNot:
          '^libs/[^/]+/src/index\\.ts$|^libs/(auth/src/doors/(nest|node|forward|lambda)/index|fusionauth/src/(control|kickstart))\\.ts$|^$1/$2/',
      },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that import each other belong in one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports is either an entry point or dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '(main|\\.spec|jest-setup|\\.d)\\.ts$|/generated/|^apps/lambda-authorizer/src/lean/|^tools/(bench|compare)/src/targets/[^/]+$|/browser/',
      },
      to: {},
    },
    {
      name: 'no-development-packages-in-production',
      comment: 'Packages that production imports must be installed in production.',
      severity: 'error',
      from: { path: '^(apps|libs)/', ...production },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/generated/'] },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
