// SPDX-License-Identifier: BSD-3-Clause
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PAGES } from '../src/docs/main.ts';

describe('generated pages', () => {
  it.each(PAGES.map(page => [page.file, page] as const))(
    'docs/%s is current; `npm run docs` writes it anew',
    (file, page) => {
      expect(readFileSync(resolve(__dirname, '../../docs', file), 'utf8')).toBe(page.text());
    },
  );
});
