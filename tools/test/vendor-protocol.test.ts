// SPDX-License-Identifier: BSD-3-Clause
/** The vendor protocol that docs/adding-a-module.md shows is taken from there, compiled, checked and run. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { buildSync } from 'esbuild';
import { configure, type ModuleDefinition } from '@scp/framework';
import { TestServer } from '@scp/scmi/testing';

const ROOT = resolve(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/adding-a-module.md'), 'utf8');

const isDefinition = (found: unknown): found is ModuleDefinition =>
  typeof found === 'object' && found !== null && 'create' in found && 'name' in found;

describe('the vendor protocol of docs/adding-a-module.md', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scmi-vendor-'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [, file = '', code = ''] of page.matchAll(/```ts file=(\S+)\n(.*?)```/gs)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), code);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles under the project’s rules', () => {
    const parsed = ts.getParsedCommandLineOfConfigFile(
      join(ROOT, 'tsconfig.portable.json'),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: () => undefined,
      },
    );
    const options = {
      ...parsed?.options,
      noEmit: true,
      composite: false,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
    };
    const program = ts.createProgram([join(folder, 'src/module.ts')], options);
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(problems).toEqual([]);
  });

  it('answers, refuses and notifies', () => {
    const outfile = join(folder, 'bundle.cjs');
    buildSync({
      entryPoints: [join(folder, 'src/module.ts')],
      bundle: true,
      format: 'cjs',
      // Tokens are compared by identity: the workspace's packages must be those that this test has.
      external: ['@scp/*'],
      outfile,
      logLevel: 'error',
    });
    const { default: definition } = jest.requireActual<{ default?: unknown }>(outfile);
    if (!isDefinition(definition)) throw new Error('the page exports no module');

    const server = new TestServer({ agents: ['a', 'b'], modules: [configure(definition, { serial: 4711 })] });
    expect(server.exchange('a', '06400000 00000000')).toBe('06400000 00000000 01000000 80000000');
    expect(server.exchange('a', '03000200')).toBe('03000200 00000000 67120000');
    expect(server.exchange('a', '04000200 02000000')).toBe('04000200 feffffff');
    expect(server.exchange('b', '04000200 01000000')).toBe('04000200 00000000');
    expect(server.events('a')).toEqual(['00030200 02000000 01000000']);
    server.exchange('b', '04000200 01000000');
    expect(server.events('a')).toEqual([]);
  });
});
