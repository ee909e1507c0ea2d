// Who may import whom (design, section 6). Every rule says what to do instead.

const CODE = '^(core|connectors|api|cli|sandbox|console)/';

/** A package that does one job is used in one place, so that it can be understood, guarded and replaced there. */
const vendor = (name, where, instead) => ({
  name: `${name.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}-in-one-place`,
  severity: 'error',
  comment: instead,
  from: { path: CODE, pathNot: where },
  to: { path: `node_modules/${name}/` },
});

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files that need each other are one idea: join them, or move what both need below them.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'The file or package does not exist. Imports end in .ts; packages are in package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'model-is-pure',
      severity: 'error',
      comment:
        'The model imports nothing. Put what needs a package, a clock or I/O into the module that uses it.',
      from: { path: '^core/model/' },
      to: { pathNot: '^core/model/' },
    },
    {
      name: 'modules-through-their-index',
      severity: 'error',
      comment:
        'Core modules see each other through the index.ts of the other folder, or its port file. Export there what is missing.',
      from: { path: '^core/([^/]+)/' },
      to: {
        path: '^core/[^/]+/',
        pathNot: [
          '^core/$1/',
          '^core/model/',
          '^core/[^/]+/index[.]ts$',
          '^core/http/(inbound|outbound|server)/index[.]ts$',
          '^core/(transport/(transport|envelope)|store/database|language/project|http/outbound/address-guard)[.]ts$',
        ],
      },
    },
    {
      name: 'outside-sees-the-index',
      severity: 'error',
      comment:
        'The API, the CLI and the sandbox see a core module through its index.ts. Export there what is missing.',
      from: { path: '^(api|cli|sandbox|console)/' },
      to: {
        path: '^core/[^/]+/',
        pathNot: [
          '^core/model/',
          '^core/[^/]+/index[.]ts$',
          '^core/http/(inbound|outbound|server)/index[.]ts$',
          '^core/(transport/transport|store/database|language/project)[.]ts$',
        ],
      },
    },
    {
      name: 'clock-and-log-are-given',
      severity: 'error',
      comment: 'Take a Clock and a Logger (core/model); the composition root has the real ones.',
      from: { path: '^(core/[^/]+|connectors|api)/' },
      to: { path: '^core/(clock|log)[.]ts$' },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      comment: 'The core is given its connectors, its API and its settings by the composition root.',
      from: { path: '^core/' },
      to: { path: '^(connectors|api|cli|sandbox|console|scripts|bench|test)/' },
    },
    {
      name: 'connectors-through-the-sdk',
      severity: 'error',
      comment:
        'A connector sees core/sdk.ts, its own folder and npm. If something is missing, widen the sdk in a commit of its own.',
      from: { path: '^connectors/([^/]+)/' },
      to: {
        path: '^(core|connectors|api|cli|sandbox|console|scripts|bench|test)/',
        pathNot: ['^core/sdk[.]ts$', '^connectors/$1/'],
      },
    },
    {
      name: 'the-sdk-is-for-connectors',
      severity: 'error',
      comment: 'Inside the hub, import from core/model and the module itself.',
      from: { path: '^(core|api|cli)/' },
      to: { path: '^core/sdk[.]ts$' },
    },
    {
      name: 'sql-where-its-tables-are',
      severity: 'error',
      comment:
        'SQL stands in the module that owns the table, on a Db that core/store made. Ask that module for what you need.',
      from: {
        path: '^core/',
        pathNot: '^core/(audit|recovery|intake|delivery|access|store)/',
      },
      to: { path: '^core/store/' },
    },
    {
      name: 'contracts-load-no-hub',
      severity: 'error',
      comment:
        'Clients read the contracts: they import core/model and each other, and of all else only types.',
      from: { path: ['^api/contract[.]ts$', '^api/[^/]+/contract[.]ts$'] },
      to: {
        pathNot: ['^core/model/', '^api/(endpoint|shapes|contract)[.]ts$', '^api/[^/]+/contract[.]ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'api-stands-on-core',
      severity: 'error',
      comment: 'The API offers what the core can do; it is composed in cli/compose*.ts.',
      from: { path: '^api/' },
      to: { path: '^(connectors|cli|sandbox|console|scripts|bench|test)/' },
    },
    {
      name: 'only-composition-sees-all',
      severity: 'error',
      comment:
        'Commands talk to the API of a running hub (cli/client.ts). What needs the parts of a hub belongs into cli/compose*.ts; only doctor tries them one by one.',
      from: { path: '^cli/', pathNot: '^cli/(compose[^/]*[.]ts$|compose/|local/|start/|doctor/)' },
      to: {
        path: ['^core/(store|transport|intake|delivery|recovery|access|audit)/', '^api/', '^connectors/'],
        pathNot: '^api/contract[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'local-commands-see-files-and-store',
      severity: 'error',
      comment:
        'What runs without a hub works on project files, the list of connectors and the store; the running parts are composed in cli/compose*.ts.',
      from: { path: '^cli/(local|start)/' },
      to: {
        path: ['^core/(transport|delivery|recovery|access|audit)/', '^api/'],
        pathNot: '^api/contract[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nobody-imports-the-cli',
      severity: 'error',
      comment: 'The CLI is the outermost ring. Move what others need into core.',
      from: { path: '^(core|connectors|api|sandbox|console)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'sandbox-stays-outside',
      severity: 'error',
      comment:
        'The sandbox is a third party: the hub meets it over HTTP only. `start` runs it as a process of its own.',
      from: { path: '^(core|connectors|api|cli|console)/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'sandbox-does-not-know-the-hub',
      severity: 'error',
      comment: 'A system that shares code with the hub shares its mistakes: it would not notice them.',
      from: { path: '^sandbox/' },
      to: { path: '^(core|connectors|api|cli|console)/', pathNot: '^core/(clock|log|model/.*)([.]ts)?$' },
    },
    {
      name: 'no-test-in-production',
      severity: 'error',
      comment: 'Move what production needs out of test, bench or scripts.',
      from: { path: CODE },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'bench-stands-alone',
      severity: 'error',
      comment: 'Tests and scripts do not depend on a bench.',
      from: { path: '^(test|scripts)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'data-has-no-code',
      severity: 'error',
      comment: 'mappings, schemas and config are data, as in any project of a user.',
      from: {},
      to: { path: '^(mappings|schemas|config)/.*[.][cm]?[jt]s$' },
    },
    {
      name: 'no-dev-package-in-production',
      severity: 'error',
      comment: 'Users install dependencies only: move the package there, or do without it.',
      from: { path: CODE },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'Name the package in package.json, with its exact version.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    vendor('amqplib', '^core/transport/', 'Use the Transport port.'),
    vendor('knex', '^core/store/', 'Take a Db (core/store/database.ts) and write SQL with db.raw(...).'),
    vendor('pg', '^core/store/', 'Take a Db (core/store/database.ts).'),
    vendor('@electric-sql', '^core/store/', 'Take a Db (core/store/database.ts).'),
    vendor('express', '^(core/http|sandbox)/', 'Declare an endpoint; core/http serves it.'),
    vendor(
      'axios',
      '^(core/http/|cli/client[.]ts$)',
      'Use the guarded client of core/http (host.http in a connector).',
    ),
    vendor(
      'undici',
      '^(core/http|sandbox)/',
      'Use the guarded client of core/http (host.http in a connector).',
    ),
    vendor('ajv', '^core/language/', 'Use the schema compiler of core/language.'),
    vendor('ajv-formats', '^core/language/', 'Use the schema compiler of core/language.'),
    vendor('jsonata', '^core/language/', 'Use the expressions of core/language: they have limits.'),
    vendor('re2js', '^core/language/', 'Use the expressions of core/language.'),
    vendor(
      'temporal-polyfill',
      '^core/language/functions/',
      'Take a Clock; dates of messages are for expressions.',
    ),
    vendor(
      'yaml',
      '^(core/language|cli)/',
      'Files are read by core/language, so that mistakes have positions.',
    ),
    vendor('node-cron', '^core/intake/', 'Schedules are run by core/intake, with a lease.'),
    vendor('winston', '^core/log[.]ts$', 'Take a Logger (core/model/logger.ts).'),
    vendor('prom-client', '^core/metrics/', 'Take the metrics of core/metrics.'),
    vendor('commander', '^cli/', 'Commands live in cli/.'),
    vendor('csv-(parse|stringify)', '^core/formats/', 'Use core/formats.'),
    vendor(
      'fast-xml-parser',
      '^(core/formats|connectors/soap|sandbox)/',
      'Use core/formats: it refuses DTDs and entities.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|[.]crossdock)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
    moduleSystems: ['es6'],
  },
};
