// SPDX-License-Identifier: BSD-3-Clause
/** The programs of this package as a user starts them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qemuCommand, umlCommand } from '../src/start/attach.ts';
import { testSteps } from '../src/test-run/steps.ts';
import { REAL_ROOT } from './fixture.ts';

// A time limit here is that of a hang: the build and two agents take seconds on a loaded machine.
jest.setTimeout(120_000);

const program = (name: string): string => join(REAL_ROOT, 'tools/bin', `${name}.mjs`);
const run = (name: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program(name), ...args], {
    cwd: REAL_ROOT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('a wrong command line', () => {
  it.each([
    ['build-product', [], 'build-product: name one product folder (see --help)\n'],
    ['build-product', ['products/a', 'products/b'], 'build-product: name one product folder (see --help)\n'],
    ['build-product', ['--chek', 'products/a'], "build-product: Unknown option '--chek'"],
    ['test-product', [], 'test-product: name one product folder (see --help)\n'],
    ['start', ['products/none'], 'start: name one product: products/'],
    ['start', ['--socket-dir'], "start: Option '--socket-dir <value>' argument missing"],
    ['test', ['lint'], 'test: there is no step "lint"; steps: eslint, '],
  ])('of %s %j is answered with status 2 and one line', (name, args, message) => {
    const { status, stdout, stderr } = run(name, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it.each(['build-product', 'start', 'test'])('does not include --help: %s prints its usage and answers 0', name => {
    const { status, stdout, stderr } = run(name, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^usage: /);
  });
});

describe('build-product', () => {
  it('answers a product that is wrong with status 1', () => {
    const { status, stdout, stderr } = run('build-product', 'products/none');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('products/none/product.yaml: error: there is no such file\n');
  });
});

describe('npm test', () => {
  it('has steps whose programs npm has installed', () => {
    const steps = testSteps(REAL_ROOT);
    expect(steps.map(({ name }) => name)).toEqual(['eslint', 'prettier', 'types', 'jest', 'products', 'guests']);
    for (const { args } of steps)
      if (args !== undefined)
        expect(readdirSync(join(REAL_ROOT, 'node_modules/.bin'))).toContain(args[0]?.split('/').at(-1));
  });
});

describe('the command lines that attach guests', () => {
  it('name the socket', () => {
    expect(qemuCommand('/run/a.sock').split('\n').at(-1)).toBe(
      '  -chardev socket,id=scmi,path=/run/a.sock -device vhost-user-scmi-pci,chardev=scmi',
    );
    expect(umlCommand('/run/a.sock').split('\n').at(-1)).toBe(
      '  virtio_uml.device=/run/a.sock:32 con=null con0=fd:0,fd:1',
    );
  });

  it('survive the shell and QEMU with any path', () => {
    expect(qemuCommand("/run/it's,me/a.sock")).toContain("-chardev 'socket,id=scmi,path=/run/it'\\''s,,me/a.sock'");
    expect(umlCommand('/run/a b.sock')).toContain("'virtio_uml.device=/run/a b.sock:32'");
  });
});

describe('npm start', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'scp-start-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Starts it and waits until it has shown everything. */
  async function started(): Promise<{ child: ChildProcess; output: () => string; ended: Promise<number | null> }> {
    const env = { ...process.env, XDG_RUNTIME_DIR: folder };
    const child = spawn(process.execPath, [program('start')], {
      cwd: REAL_ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const ended = new Promise<number | null>(resolve => child.on('close', resolve));
    const shown = new Promise<void>(resolve => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (output.includes('Ctrl-C stops it.')) resolve();
        });
      }
    });
    await Promise.race([shown, ended]);
    return { child, output: () => output, ended };
  }

  it.each([
    ['SIGINT', 2],
    ['SIGTERM', 1],
  ] as const)('builds, serves, shows what agents see, and ends in order with %s × %d', async (signal, times) => {
    const { child, output, ended } = await started();
    const [own = ''] = readdirSync(folder);
    expect(readdirSync(join(folder, own)).sort()).toEqual(['vscmi-ospm0.sock', 'vscmi-ospm1.sock']);
    expect(output().match(/as its agent sees it/g)).toHaveLength(2);
    expect(output().match(/CLOCK_0/g)).toHaveLength(2);
    expect(output().match(/qemu-system-aarch64 /g)).toHaveLength(2);
    for (let sent = 0; sent < times; sent++) child.kill(signal);
    expect(await ended).toBe(0);
    expect(output()).toContain('[FWK] Stopped');
    expect(readdirSync(folder)).toEqual([]);
  });
});
