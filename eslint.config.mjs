// SPDX-License-Identifier: BSD-3-Clause
/** Type-aware rules for all TypeScript, the floor plan as import rules, and what portable code may not use. */
import tseslint from 'typescript-eslint';

/** Modules that run on one kind of host only (`host` in their definition) and may use what it offers. */
const HOST_BOUND = ['vhost-user'];

const PORTABLE = ['framework/src/**/*.ts', 'modules/*/src/**/*.ts', 'arch-none/src/embedded/**/*.ts'];
/** Schemas and test helpers never get into a firmware. */
const NOT_FIRMWARE = ['**/src/schema.ts', '**/src/testing.ts', '**/src/testing/**'];

/** Forbids the imports that match none of `allowed` (regular expressions of whole specifiers). */
const onlyImports = (message, allowed, typeOnly = []) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      patterns: [
        { regex: `^(?!(?:${[...allowed, ...typeOnly].join('|')})$)`, message },
        ...typeOnly.map(regex => ({
          regex: `^${regex}$`,
          allowTypeImports: true,
          message: 'Types only: firmware never contains it.',
        })),
      ],
    },
  ],
});

const WITHIN_PACKAGE = '\\.{1,2}/(?!.*schema\\.ts).*';
const OWN_SCHEMA = '\\.{1,2}/(?:.*/)?schema\\.ts';
const CONTRACTS = '@scp/[a-z-]+/(?:api|messages)';

const globalsThatNeedAHost = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'process',
  'Buffer',
  'console',
  'performance',
  'fetch',
  'require',
].map(name => ({ name, message: 'Portable code reaches the outside through Host only.' }));

const globalsThatEnginesLack = ['BigInt', 'Promise', 'Proxy', 'WeakRef', 'FinalizationRegistry', 'Intl', 'eval'].map(
  name => ({ name, message: 'Not in the portable subset (docs/architecture.md).' }),
);

const syntaxOutsideTheSubset = [
  ['AwaitExpression', 'Portable code is synchronous: a driver that needs time answers PENDING.'],
  [':function[async=true]', 'Portable code is synchronous: a driver that needs time answers PENDING.'],
  [':function[generator=true]', 'Generators allocate and small engines run them slowly.'],
  ['Literal[regex]', 'No regular expressions in firmware.'],
  ['Literal[bigint]', 'No BigInt in firmware: 64-bit values are two words.'],
  ['PrivateIdentifier', '#private is lowered to a WeakMap for small engines: use TypeScript’s private.'],
  ['ImportExpression', 'Firmware is one script.'],
].map(([selector, message]) => ({ selector, message }));

export default tseslint.config(
  { ignores: ['**/dist/**', '.nx/**', 'coverage/**', 'node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },

  // The floor plan: modules → framework, arch-none → framework, tools → all.
  {
    files: ['framework/src/**/*.ts'],
    ignores: ['framework/src/schema.ts'],
    rules: onlyImports('The framework imports nothing but itself.', ['\\./.*']),
  },
  {
    files: ['framework/src/schema.ts', 'modules/*/src/schema.ts'],
    rules: onlyImports('A schema is built of typebox, the framework and what its own package says.', [
      '@sinclair/typebox',
      '@scp/framework(?:/schema)?',
      CONTRACTS,
      '\\./.*',
    ]),
  },
  {
    files: ['modules/*/src/**/*.ts'],
    ignores: ['modules/*/src/schema.ts', 'modules/*/src/testing.ts', 'modules/*/src/testing/**'],
    rules: onlyImports(
      'A module imports the framework, contracts (@scp/<module>/api, /messages) and its own files.',
      ['@scp/framework', CONTRACTS, WITHIN_PACKAGE],
      [OWN_SCHEMA, '@scp/framework/schema'],
    ),
  },
  {
    files: ['arch-none/src/**/*.ts'],
    rules: onlyImports('A host imports the framework, koffi, Node and its own files.', [
      '@scp/framework',
      'koffi',
      'node:.*',
      '\\.{1,2}/.*',
    ]),
  },

  {
    files: PORTABLE,
    ignores: [...NOT_FIRMWARE, ...HOST_BOUND.map(name => `modules/${name}/**`)],
    rules: {
      'no-restricted-globals': ['error', ...globalsThatNeedAHost, ...globalsThatEnginesLack],
      'no-restricted-syntax': ['error', ...syntaxOutsideTheSubset],
    },
  },

  {
    files: ['**/test/**/*.ts'],
    rules: {
      // `expect(host.log)` takes a method apart on purpose.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
