// SPDX-License-Identifier: BSD-3-Clause
/**
 * A small workspace in a temporary folder: the real framework, a host that prints what it is given, and modules that
 * show one trait each. Products are built in it as in the real one.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The root of the real workspace. */
export const REAL_ROOT = resolve(__dirname, '../..');

interface FixtureModule {
  readonly module: string;
  readonly schema: string;
  readonly api?: string;
  readonly dependencies?: readonly string[];
}

const definition = (name: string, traits = ''): string =>
  `export default { name: '${name}', type: 'HAL', ${traits} create: () => ({ init() {}, elementInit() {} }) };\n`;
const schema = (text: string): string =>
  `import { Type } from '@sinclair/typebox';\nimport { Quantity, Reference, ElementOf } from '@scp/framework/schema';\n${text}\n`;
const NO_CONFIG = 'config: Type.Object({}, { additionalProperties: false })';

/** The modules of the fixture by name. */
const MODULES: { readonly [name: string]: FixtureModule } = {
  clock: {
    api: `import { defineApi } from '@scp/framework';\nexport const CLOCK_DRIVER = defineApi('CLOCK_DRIVER');\nexport const CLOCK = defineApi('CLOCK');\n`,
    module: `import { CLOCK } from './api.ts';\n${definition('clock', 'apis: [CLOCK],')}`,
    schema: schema(`export default { ${NO_CONFIG}, element: Type.Object({
      driver: Reference('CLOCK_DRIVER', { description: 'The driver of the clock, module/element.' }),
      parents: Type.Array(ElementOf('clock', { description: 'A clock it can run from.' }), { default: [], description: 'Parents.' }),
    }, { additionalProperties: false }) };`),
  },
  'mock-clock': {
    dependencies: ['@scp/clock'],
    module: `import { CLOCK_DRIVER } from '@scp/clock/api';\n${definition('mock-clock', 'apis: [CLOCK_DRIVER],')}`,
    schema: schema(`export default { ${NO_CONFIG}, element: Type.Object({
      rate: Quantity('Hz', { description: 'Rate in Hz, 1 Hz to 4 GHz.', minimum: 1, maximum: 4e9 }),
      rates: Type.Array(Quantity('Hz', { description: 'A rate in Hz.' }), { default: [], description: 'Rates, ascending.' }),
      enabled: Type.Boolean({ default: true, description: 'Whether it runs at boot. Left out: yes.' }),
    }, { additionalProperties: false }),
    check: (_config, elements) => elements.flatMap(({ name, config }) =>
      config.rates.flatMap((rate, at) => at > 0 && rate <= config.rates[at - 1]
        ? [{ path: ['elements', name, 'rates', at], message: 'rates must ascend', hint: 'more than ' + config.rates[at - 1] + ' Hz' }]
        : [])) };`),
  },
  scmi: {
    module: definition('scmi'),
    schema: schema(`export default { config: Type.Object({
      vendor: Type.String({ minLength: 1, maxLength: 15, description: 'Vendor, at most 15 characters.' }),
      mode: Type.Union([Type.Literal('fast'), Type.Literal('safe')], { default: 'safe', description: 'How.' }),
    }, { additionalProperties: false }) };`),
  },
  'scmi-clock': {
    module: definition('scmi-clock', "requires: ['scmi'],"),
    schema: schema(`export default { config: Type.Object({
      agents: Type.Record(Type.String(), Type.Array(Reference('CLOCK', { description: 'A clock, module/element.' })),
        { default: {}, description: 'The clocks of each agent.' }),
    }, { additionalProperties: false }),
    check: (config, _elements, facts) => Object.entries(config.agents).flatMap(([agent, clocks]) =>
      clocks.flatMap((id, at) => facts.element(id).name.length > 15
        ? [{ path: ['config', 'agents', agent, at], message: 'Linux shows only 15 characters of this name', warning: true }] : [])) };`),
  },
  'virtio-scmi': { module: definition('virtio-scmi'), schema: schema(`export default { ${NO_CONFIG} };`) },
  'mock-sensor': {
    module: definition('mock-sensor'),
    schema: schema(`const Trace = Type.Union([
      Type.Object({ kind: Type.Literal('constant'), value: Type.Integer({ description: 'The value.' }) }, { additionalProperties: false }),
      Type.Object({ kind: Type.Literal('wave'), period: Quantity('us', { description: 'Period in µs.', minimum: 1000 }),
        seed: Type.Integer({ default: 1, minimum: 0, description: 'Noise seed.' }) }, { additionalProperties: false }),
      Type.Integer({ description: 'A constant.' }),
    ], { description: 'What it reads.' });
    export default { ${NO_CONFIG}, element: Type.Object({ trace: Trace,
      trips: Type.Array(Type.Integer(), { default: [], minItems: 0, maxItems: 2, uniqueItems: true, description: 'Trip points.' }),
    }, { additionalProperties: false }) };`),
  },
  firmware: { module: definition('firmware', "host: 'embedded',"), schema: schema(`export default { ${NO_CONFIG} };`) },
  chicken: {
    module: definition('chicken', "requires: ['egg'],"),
    schema: schema(`export default { ${NO_CONFIG}, element: Type.Object({}) };`),
  },
  egg: {
    module: definition('egg'),
    schema: schema(
      `export default { config: Type.Object({ from: ElementOf('chicken', { description: 'Who laid it.' }) }) };`,
    ),
  },
};

/** A host that prints its product as JSON. */
const HOST = `import koffi from 'koffi';
export const runNode = ({ name, version, modules }, { description }) => {
  const plain = modules.map(({ definition, config, elements }) => ({ module: definition.name, config, elements }));
  console.log(JSON.stringify({ name, version, description, modules: plain, koffi: koffi.version }));
};\n`;

/** A workspace of its own. */
export class Fixture {
  readonly root = mkdtempSync(join(tmpdir(), 'scp-tools-'));

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'fixture', version: '1.2.3' }));
    for (const name of ['@sinclair', '@koromix', 'koffi']) this.link(name, join(REAL_ROOT, 'node_modules', name));
    this.link('@scp/framework', join(REAL_ROOT, 'framework'));
    mkdirSync(this.path('framework'));
    cpSync(join(REAL_ROOT, 'framework/package.json'), this.path('framework/package.json'));
    this.addPackage('arch-none', 'arch-none', { './node': './src/node.ts' }, ['@scp/framework', 'koffi']);
    this.write('arch-none/src/node.ts', HOST);
    for (const [name, { module, schema: text, api, dependencies = [] }] of Object.entries(MODULES)) {
      this.addModule(name, dependencies);
      this.write(`modules/${name}/src/module.ts`, module);
      this.write(`modules/${name}/src/schema.ts`, text);
      if (api !== undefined) this.write(`modules/${name}/src/api.ts`, api);
    }
  }

  /** A path in the workspace. */
  path(name: string): string {
    return join(this.root, name);
  }

  /** Writes a file, making its folders. */
  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Writes the product file of product `name`. */
  product(name: string, text: string): string {
    this.write(`products/${name}/product.yaml`, text);
    return `products/${name}`;
  }

  /** Adds an empty module package. */
  addModule(name: string, dependencies: readonly string[] = []): void {
    const exports = { '.': './src/module.ts', './api': './src/api.ts', './schema': './src/schema.ts' };
    this.addPackage(`modules/${name}`, name, exports, ['@scp/framework', ...dependencies]);
  }

  /** Removes everything. */
  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private addPackage(folder: string, name: string, exports: object, dependencies: readonly string[]): void {
    const entries = dependencies.map((dependency): [string, string] => [dependency, '*']);
    const description = `The ${name} of the fixture`;
    const manifest = {
      name: `@scp/${name}`,
      description,
      type: 'module',
      exports,
      dependencies: Object.fromEntries(entries),
    };
    this.write(`${folder}/package.json`, JSON.stringify(manifest));
    this.link(`@scp/${name}`, this.path(folder));
  }

  private link(name: string, target: string): void {
    const link = this.path(`node_modules/${name}`);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}
