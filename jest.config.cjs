module.exports = {
  roots: ['<rootDir>/framework', '<rootDir>/arch-none', '<rootDir>/modules', '<rootDir>/tools'],
  testMatch: ['**/test/**/*.test.ts'],
  // Boots guests: jest.guest.cjs.
  testPathIgnorePatterns: ['/node_modules/', '/tools/test/guest/'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['/dist/'],
  watchman: false,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
