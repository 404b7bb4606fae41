// SPDX-License-Identifier: BSD-3-Clause
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PAGES } from '../src/docs/main.ts';
import { PROTOCOLS } from '../src/protocols.ts';
import { REAL_ROOT } from './fixture.ts';

describe('generated pages', () => {
  it.each(PAGES.map(page => [page.file, page] as const))(
    'docs/%s is current; `npm run docs` writes it anew',
    (file, page) => {
      expect(readFileSync(resolve(__dirname, '../../docs', file), 'utf8')).toBe(page.text(REAL_ROOT));
    },
  );

  it('name a test for every message but those that the hub answers for all', () => {
    const page = readFileSync(resolve(REAL_ROOT, 'docs/protocols.md'), 'utf8');
    const common = /PROTOCOL_VERSION|PROTOCOL_ATTRIBUTES|PROTOCOL_MESSAGE_ATTRIBUTES/;
    expect(
      page.split('\n').filter(line => line.startsWith('| 0x') && line.endsWith('|  |') && !common.test(line)),
    ).toEqual([]);
    expect(PROTOCOLS.map(({ declaration }) => declaration.id)).toEqual(
      [...PROTOCOLS.map(({ declaration }) => declaration.id)].sort(),
    );
  });
});
