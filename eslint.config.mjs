// What a reader may trust about every file. Types are tsc's job, layout is Prettier's, imports are dependency-cruiser's.
import tseslint from 'typescript-eslint';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: it is the same name everywhere, and the file is named after it.',
};
const noWildcard = {
  selector: 'ExportAllDeclaration',
  message: 'Name what you re-export, so that a reader sees what the folder offers.',
};
const noAsyncExecutor = {
  selector: "NewExpression[callee.name='Promise'] > :function[async=true]",
  message: 'An async executor swallows what it throws.',
};
const everywhere = [noDefaultExport, noWildcard, noAsyncExecutor];

const noRawSql = {
  selector: "CallExpression[callee.property.name='raw']",
  message: 'Use query of core/store: lost connections come out of it as STORE_UNAVAILABLE.',
};

const useClock = 'Take a Clock (core/model/clock.ts), so that tests own the time.';
const noWallClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: useClock },
  { selector: "CallExpression[callee.name='Date']", message: useClock },
];

const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'The environment is read in cli/ and handed down as options.',
};
const noImplicitTime = [
  { object: 'Date', property: 'now', message: useClock },
  { object: 'performance', property: 'now', message: useClock },
  { object: 'AbortSignal', property: 'timeout', message: useClock },
];

export default tseslint.config(
  { ignores: ['**/*.mjs', '**/*.js', 'dist/', '.crossdock/', 'coverage/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A port's method may have nothing to wait for in one of its implementations.
      '@typescript-eslint/require-await': 'off',
      // Strictly typed node:assert and mocha need neither.
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-syntax': ['error', ...everywhere],
      'no-restricted-properties': ['error', noEnvironment],
      eqeqeq: 'error',
      'no-control-regex': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
    },
  },
  {
    files: ['api/**/*.ts', 'cli/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, noRawSql],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/core/store/index.ts'],
              importNames: ['query'],
              message: 'SQL stands in the core module that owns the table; call what that offers.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['core/**/*.ts', 'connectors/**/*.ts'],
    ignores: ['core/clock.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...noWallClock, noRawSql],
      'no-restricted-properties': ['error', noEnvironment, ...noImplicitTime],
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval'].map((name) => ({ name, message: useClock })),
        { name: 'fetch', message: 'HTTP goes through the guarded client (core/http, host.http).' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['timers', 'node:timers', 'timers/promises', 'node:timers/promises'].map((name) => ({
            name,
            message: useClock,
          })),
        },
      ],
    },
  },
  {
    files: ['core/store/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...noWallClock] },
  },
  {
    files: ['cli/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'test/support/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Suites are lists of behaviours; long ones are split by subject, not by line count.
    files: ['test/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }] },
  },
);
