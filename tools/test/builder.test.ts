// SPDX-License-Identifier: BSD-3-Clause
/** What the builder makes of a product file that is right. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elementId } from '@scp/framework';
import { buildProduct } from '../src/builder/build.ts';
import { nearest } from '../src/builder/nearest.ts';
import { orderModules } from '../src/builder/order.ts';
import { formatProblem } from '../src/builder/problems.ts';
import { formatQuantity, parseQuantity } from '../src/builder/quantity.ts';
import { Fixture } from './fixture.ts';

const PRODUCT = `# A product that uses each trait of the fixture's modules.
description: A board of "clocks"
modules:
  scmi-clock:
    config:
      agents:
        ospm0: [clock/uart, clock/gpu]
        ospm1: [clock/uart]
  scmi: { config: { vendor: Linaro } }
  clock:
    elements:
      gpu: { driver: mock-clock/pll, parents: [clock/uart] }
      uart: { driver: mock-clock/osc }
  virtio-scmi:
  mock-clock:
    elements:
      osc: { rate: 24 MHz }
      pll: { enabled: false, rates: [600MHz, "0x4000_0000"], rate: 1.8GHz }
  mock-sensor:
    elements:
      cpu: { trace: { period: 2.5ms, kind: wave } }
      board: { trace: -40, trips: [50] }
`;

describe('a product that is right', () => {
  let fixture: Fixture;
  let out: string;
  beforeAll(async () => {
    fixture = new Fixture();
    const folder = fixture.product('board', PRODUCT);
    const { ok, problems, summary } = await buildProduct(fixture.root, folder);
    expect({ ok, problems }).toEqual({ ok: true, problems: '' });
    expect(summary).toMatch(/^dist\/products\/board: \d+ kB of firmware; modules in order: /);
    out = fixture.path('dist/products/board');
  });
  afterAll(() => fixture.remove());

  const run = (bundle: string): unknown =>
    JSON.parse(execFileSync(process.execPath, [bundle], { encoding: 'utf8', cwd: tmpdir() }));

  // Modules: 0 scmi, 1 virtio-scmi, 2 mock-clock, 3 clock, 4 scmi-clock, 5 mock-sensor.
  const [osc, pll] = [elementId(2, 0), elementId(2, 1)];
  const [gpu, uart] = [elementId(3, 0), elementId(3, 1)];
  const modules = [
    { module: 'scmi', config: { vendor: 'Linaro', mode: 'safe' }, elements: [] },
    { module: 'virtio-scmi', config: {}, elements: [] },
    {
      module: 'mock-clock',
      config: {},
      elements: [
        { name: 'osc', config: { rate: 24_000_000, rates: [], enabled: true } },
        { name: 'pll', config: { rate: 1_800_000_000, rates: [600_000_000, 0x4000_0000], enabled: false } },
      ],
    },
    {
      module: 'clock',
      config: {},
      elements: [
        { name: 'gpu', config: { driver: pll, parents: [uart] } },
        { name: 'uart', config: { driver: osc, parents: [] } },
      ],
    },
    { module: 'scmi-clock', config: { agents: { ospm0: [uart, gpu], ospm1: [uart] } }, elements: [] },
    {
      module: 'mock-sensor',
      config: {},
      elements: [
        { name: 'cpu', config: { trace: { kind: 'wave', period: 2500, seed: 1 }, trips: [] } },
        { name: 'board', config: { trace: -40, trips: [50] } },
      ],
    },
  ];

  it('hands its host ordered modules, with defaults, numbers for quantities and identifiers for names', () => {
    const koffi: unknown = expect.any(String);
    const expected = { name: 'board', version: '1.2.3', description: 'A board of "clocks"', modules, koffi };
    expect(run(join(out, 'firmware.cjs'))).toEqual(expected);
  });

  it('gives all elements of a module one order of keys', () => {
    const bundle = readFileSync(join(out, 'firmware.cjs'), 'utf8');
    expect(bundle).toContain('{ "rate": 18e8, "rates": [6e8, 1073741824], "enabled": false }');
  });

  it('runs from a folder of its own, with the native files beside it', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'scp-elsewhere-'));
    try {
      cpSync(out, elsewhere, { recursive: true });
      expect(run(join(elsewhere, 'firmware.cjs'))).toMatchObject({ name: 'board' });
      rmSync(join(elsewhere, 'native'), { recursive: true });
      expect(() => execFileSync(process.execPath, [join(elsewhere, 'firmware.cjs')], { stdio: 'pipe' })).toThrow(
        'Koffi',
      );
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('writes source map, normalised product and device tree', () => {
    expect(readdirSync(out).sort()).toEqual([
      'board.dtsi',
      'firmware.cjs',
      'firmware.cjs.map',
      'native',
      'product.json',
    ]);
    expect(JSON.parse(readFileSync(join(out, 'product.json'), 'utf8'))).toEqual({
      name: 'board',
      version: '1.2.3',
      description: 'A board of "clocks"',
      host: 'node',
      modules: modules.map(({ module: name, ...rest }) => ({ name, options: [], ...rest })),
    });
    expect(readFileSync(join(out, 'board.dtsi'), 'utf8').split('*/\n')[1]).toBe(`&{/} {
\tfirmware {
\t\tscmi {
\t\t\tcompatible = "arm,scmi-virtio";
\t\t\t#address-cells = <1>;
\t\t\t#size-cells = <0>;

\t\t\tscmi_clk: protocol@14 {
\t\t\t\treg = <0x14>;
\t\t\t\t#clock-cells = <1>;
\t\t\t};
\t\t};
\t};
};
`);
  });

  it('is the same under another name, and the same each time', async () => {
    const folder = fixture.product('other', PRODUCT);
    await buildProduct(fixture.root, folder);
    const text = readFileSync(fixture.path('dist/products/other/firmware.cjs'), 'utf8');
    await buildProduct(fixture.root, folder);
    expect(readFileSync(fixture.path('dist/products/other/firmware.cjs'), 'utf8')).toBe(text);
    expect(text.replaceAll('other', 'board')).toBe(readFileSync(join(out, 'firmware.cjs'), 'utf8'));
  });

  it('leaves nothing of an earlier build', async () => {
    fixture.write('dist/products/small/old.txt', '');
    await buildProduct(fixture.root, fixture.product('small', 'description: A\nmodules:\n  mock-sensor:\n'));
    expect(readdirSync(fixture.path('dist/products/small'))).toEqual([
      'firmware.cjs',
      'firmware.cjs.map',
      'native',
      'product.json',
    ]);
  });

  it('is only checked on demand', async () => {
    const folder = fixture.product('checked', PRODUCT);
    expect(await buildProduct(fixture.root, folder, true)).toMatchObject({ ok: true, problems: '' });
    expect(existsSync(fixture.path('dist/products/checked'))).toBe(false);
  });
});

describe('the floor plan of a bundle', () => {
  let fixture: Fixture;
  beforeAll(() => (fixture = new Fixture()));
  afterAll(() => fixture.remove());

  const build = async (source: string): Promise<string> => {
    fixture.write('modules/virtio-scmi/src/module.ts', source);
    const folder = fixture.product('p', 'description: A\nmodules:\n  virtio-scmi:\n');
    return (await buildProduct(fixture.root, folder)).problems;
  };
  const definition = (use: string) =>
    `export default { name: 'virtio-scmi', type: 'SERVICE', create: () => ({ init() { return ${use}; } }) };`;

  it.each([
    [
      'a package that its modules do not depend on',
      `import x from '@scp/mock-sensor'; ${definition('x')}`,
      'modules/mock-sensor/src/module.ts',
    ],
    [
      'another module’s contract without depending on it',
      `import * as x from '@scp/clock/api'; ${definition('x')}`,
      'modules/clock/src/api.ts',
    ],
    ['its own schema', `import x from './schema.ts'; ${definition('x')}`, 'modules/virtio-scmi/src/schema.ts'],
  ])('has no %s', async (_title, source, file) => {
    const problems = await build(source);
    expect(problems).toContain('products/p/product.yaml: error: products/p: these do not belong into its bundle:\n');
    expect(problems).toContain(`\n  ${file}`);
  });

  it('has another module’s contract when its own module depends on it, but not that module', async () => {
    const product = 'description: A\nmodules:\n  mock-clock: { elements: { a: { rate: 1 } } }\n';
    expect(await buildProduct(fixture.root, fixture.product('q', product))).toMatchObject({ ok: true, problems: '' });
    fixture.write('modules/clock/src/api.ts', "export { default as CLOCK_DRIVER } from './module.ts';");
    fixture.write('modules/clock/src/module.ts', "export default { name: 'CLOCK_DRIVER' };");
    expect((await buildProduct(fixture.root, 'products/q')).problems).toContain('\n  modules/clock/src/module.ts');
  });

  it('reports what esbuild reports', async () => {
    expect(await build("import x from './missing.ts'; export default x;")).toContain(
      'Could not resolve "./missing.ts"',
    );
  });
});

describe('the order of modules', () => {
  const need = (text: string) => {
    const [from = '', to = ''] = text.split('→');
    return { from, to };
  };
  const ordered = (names: string, ...needs: string[]) => orderModules(names.split(''), needs.map(need));

  it.each([
    ['is that of the file when there are no needs', 'cab', [], 'cab'],
    ['puts what is needed first', 'abc', ['a→c'], 'bca'],
    ['follows chains', 'abcd', ['a→b', 'b→c', 'c→d'], 'dcba'],
    ['moves nothing that need not move', 'abcd', ['b→d'], 'acdb'],
    ['ignores a need of itself', 'ab', ['a→a'], 'ab'],
    ['ignores a need of what is not there', 'ab', ['a→z'], 'ab'],
  ])('%s', (_title, names, needs, order) => {
    expect(ordered(names, ...needs)).toEqual({ order: order.split('') });
  });

  it.each([
    ['two', 'ab', ['a→b', 'b→a'], ['a→b', 'b→a']],
    ['three, found from outside', 'xabc', ['x→a', 'a→b', 'b→c', 'c→a'], ['a→b', 'b→c', 'c→a']],
    ['two beside what can be ordered', 'abcd', ['a→b', 'c→d', 'd→c'], ['c→d', 'd→c']],
  ])('shows a circle of %s', (_title, names, needs, circle) => {
    expect(ordered(names, ...needs)).toEqual({ circle: circle.map(need) });
  });
});

describe('quantities', () => {
  it.each([
    ['0', 'Hz', 0],
    ['1', 'Hz', 1],
    ['1Hz', 'Hz', 1],
    ['1.8GHz', 'Hz', 1_800_000_000],
    ['1.8 GHz', 'Hz', 1_800_000_000],
    ['0.3V', 'uV', 300_000],
    ['1.100 V', 'uV', 1_100_000],
    ['250 ms', 'us', 250_000],
    ['3µs', 'us', 3],
    ['1_000_000', 'Hz', 1_000_000],
    ['0x8000_0000', 'Hz', 2_147_483_648],
    ['1.5e6 Hz', 'Hz', 1_500_000],
    ['9007199254740991', 'Hz', Number.MAX_SAFE_INTEGER],
    ['4.19 MHz', 'Hz', 4_190_000],
    ['-40 mV', 'uV', -40_000],
    ['-0', 'Hz', 0],
  ])('%s in %s is %d', (text, unit, value) => {
    expect(parseQuantity(text, unit)).toEqual({ value });
  });

  it.each(['', 'Hz', '1.5Hz', '1.0005 kHz', '1..2 Hz', '1,5 GHz', '0x', '1 2 Hz', '.5 V', '1e-3 GHz', '--1', '0x1.8'])(
    '"%s" is none',
    text => {
      expect(parseQuantity(text, 'Hz')).toHaveProperty('message');
    },
  );

  it.each([
    [4e9, '4 GHz'],
    [594_000_000, '594 MHz'],
    [1_536_001, '1536001 Hz'],
    [0, '0 Hz'],
  ])('%d Hz is written %s', (value, text) => {
    expect(formatQuantity(value, 'Hz')).toBe(text);
  });
});

describe('the nearest name', () => {
  it.each([
    ['uart1', ['uart0', 'gpu'], 'uart0'],
    ['mok-clock', ['clock', 'mock-clock'], 'mock-clock'],
    ['raet', ['rate', 'date'], 'rate'],
    ['RATE', ['rate'], 'rate'],
    ['x', ['y'], 'y'],
    ['vpu', ['pixel', 'uart'], undefined],
    ['anything', [], undefined],
  ])('to %s among %j is %s', (wrong, names, found) => {
    expect(nearest(wrong, names)).toBe(found);
  });
});

describe('the text of a problem', () => {
  it('keeps tabs, so that the marker stands below what it marks', () => {
    const place = { file: 'p.yaml', line: 120, column: 3, length: 2, text: '\ta bc' };
    expect(formatProblem({ severity: 'error', place, message: 'wrong', hint: 'right' })).toBe(
      'p.yaml:120:3: error: wrong\n  120 | \ta bc\n      | \t ^^\n  right',
    );
  });
});
