// SPDX-License-Identifier: BSD-3-Clause
// The tests that boot a real Linux: minutes, and programs that not every machine has. `npm test` runs them where it can.
const { testPathIgnorePatterns, ...base } = require('./jest.config.cjs');

module.exports = {
  ...base,
  roots: ['<rootDir>/tools/test/guest'],
  testPathIgnorePatterns: testPathIgnorePatterns.filter(pattern => !pattern.includes('guest')),
  verbose: true,
  // All build the product, into the same folder.
  maxWorkers: 1,
};
