// SPDX-License-Identifier: BSD-3-Clause
/** One mistake in a product file, and the exact text that says so. */
import { buildProduct } from '../src/builder/build.ts';
import { Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(() => (fixture = new Fixture()));
afterAll(() => fixture.remove());

type Case = readonly [title: string, yaml: string, text: string];

const CLOCKS = `description: A
modules:
  clock: { elements: { uart0: { driver: mock-clock/uart0 } } }
  mock-clock: { elements: { uart0: { rate: 1MHz } } }
  scmi: { config: { vendor: Linaro } }
`;

/** With this line after a product that is right otherwise. */
const after = (line: string): string => `${CLOCKS}${line}\n`;

const YAML: readonly Case[] = [
  [
    'an indentation that YAML cannot mean',
    'description: A\nmodules:\n  scmi: {}\n clock: {}\n',
    `p.yaml:4:1: error: All mapping items must start at the same column
  4 |  clock: {}
    | ^`,
  ],
  [
    'a tab',
    'description: A\nmodules:\n\tscmi:\n',
    `p.yaml:3:1: error: YAML is indented with spaces, not tabs
  3 | \tscmi:
    | ^`,
  ],
  [
    'a name given twice',
    after('  scmi: { config: { vendor: Other } }'),
    `p.yaml:6:3: error: this name is given twice
  6 |   scmi: { config: { vendor: Other } }
    |   ^`,
  ],
  [
    'an integer that a double cannot hold',
    'description: A\nmodules:\n  mock-sensor: { elements: { a: { trace: 9007199254740993 } } }\n',
    `p.yaml:3:42: error: 9007199254740993 is beyond 2^53: the firmware could not keep all its digits
  3 |   mock-sensor: { elements: { a: { trace: 9007199254740993 } } }
    |                                          ^^^^^^^^^^^^^^^^`,
  ],
  [
    'the one name JavaScript cannot store',
    after('  scmi-clock: { config: { agents: { __proto__: [] } } }'),
    `p.yaml:6:37: error: "__proto__" cannot be a name
  6 |   scmi-clock: { config: { agents: { __proto__: [] } } }
    |                                     ^^^^^^^^^`,
  ],
  [
    'an alias without an anchor',
    after('  scmi-clock: *nothing'),
    `p.yaml:1:1: error: Unresolved alias (the anchor must be set before the alias): nothing
  1 | description: A
    | ^`,
  ],
];

const SCHEMA: readonly Case[] = [
  [
    'an empty file',
    '',
    `p.yaml:1:1: error: the product must be a map
  1 | 
    | ^
  What a board is: the modules of its firmware, their configuration and their elements.`,
  ],
  [
    'a missing key',
    'modules:\n  virtio-scmi:\n',
    `p.yaml:1:1: error: "description" is missing
  1 | modules:
    | ^^^^^^^
  description: What this product is, in one line.`,
  ],
  [
    'no modules',
    'description: A\nmodules: {}\n',
    `p.yaml:2:10: error: modules must have at least 1 entry
  2 | modules: {}
    |          ^^
  The modules of the firmware by name. Their order does not matter: the builder finds the one needed.`,
  ],
  [
    'an unknown key',
    'descripton: A\ndescription: A\nmodules:\n  virtio-scmi:\n',
    `p.yaml:1:1: error: unknown key "descripton"
  1 | descripton: A
    | ^^^^^^^^^^
  keys here: description, host, modules   (did you mean "description"?)`,
  ],
  [
    'an unknown key that is like none',
    after('  virtio-scmi: { speed: 3 }'),
    `p.yaml:6:18: error: unknown key "speed"
  6 |   virtio-scmi: { speed: 3 }
    |                  ^^^^^
  keys here: config`,
  ],
  [
    'a wrong type',
    'description: [A]\nmodules:\n  virtio-scmi:\n',
    `p.yaml:1:14: error: description must be a text
  1 | description: [A]
    |              ^^^
  What this product is, in one line.`,
  ],
  [
    'a host that there is not',
    'description: A\nhost: nod\nmodules:\n  firmware:\n',
    `p.yaml:2:7: error: host cannot be "nod"
  2 | host: nod
    |       ^^^
  one of: node   (did you mean "node"?)`,
  ],
  [
    'a key that a module needs, of a module without a value',
    'description: A\nmodules:\n  scmi:\n',
    `p.yaml:3:3: error: "vendor" is missing
  3 |   scmi:
    |   ^^^^
  vendor: Vendor, at most 15 characters.`,
  ],
  [
    'a text that is too long',
    'description: A\nmodules:\n  scmi: { config: { vendor: "0123456789abcdef" } }\n',
    `p.yaml:3:29: error: vendor must have at most 15 characters
  3 |   scmi: { config: { vendor: "0123456789abcdef" } }
    |                             ^^^^^^^^^^^^^^^^^^
  Vendor, at most 15 characters.`,
  ],
  [
    'a choice that there is not',
    'description: A\nmodules:\n  scmi: { config: { vendor: L, mode: save } }\n',
    `p.yaml:3:38: error: mode cannot be "save"
  3 |   scmi: { config: { vendor: L, mode: save } }
    |                                      ^^^^
  one of: fast, safe   (did you mean "safe"?)`,
  ],
  [
    'elements of a module that has none',
    after('  virtio-scmi: { elements: { a: {} } }'),
    `p.yaml:6:18: error: module virtio-scmi has no elements
  6 |   virtio-scmi: { elements: { a: {} } }
    |                  ^^^^^^^^
  keys here: config`,
  ],
  [
    'a number for a name',
    after('  mock-sensor: { elements: { 7: { trace: 1 } } }'),
    `p.yaml:6:30: error: "7" cannot be the name of an element
  6 |   mock-sensor: { elements: { 7: { trace: 1 } } }
    |                              ^
  an element name begins with a letter or digit, is no bare number, and has no "/"`,
  ],
  [
    'a slash in a name',
    after('  mock-sensor: { elements: { a/b: { trace: 1 } } }'),
    `p.yaml:6:30: error: "a/b" cannot be the name of an element
  6 |   mock-sensor: { elements: { a/b: { trace: 1 } } }
    |                              ^^^
  an element name begins with a letter or digit, is no bare number, and has no "/"`,
  ],
  [
    'an element without a value',
    'description: A\nmodules:\n  mock-clock:\n    elements:\n      uart0:\n',
    `p.yaml:5:7: error: uart0 must be a map
  5 |       uart0:
    |       ^^^^^`,
  ],
  [
    'a key missing in a block',
    'description: A\nmodules:\n  mock-clock:\n    elements:\n      uart0:\n        enabled: false\n',
    `p.yaml:5:7: error: "rate" is missing
  5 |       uart0:
    |       ^^^^^
  rate: Rate in Hz, 1 Hz to 4 GHz.`,
  ],
  [
    'a list that is too long, over several lines',
    after(
      '  mock-sensor:\n    elements:\n      a:\n        trace: 1\n        trips:\n          - 1\n          - 2\n          - 3',
    ),
    `p.yaml:10:9: error: trips must have at most 2 entries
  10 |         trips:
     |         ^^^^^
  Trip points.`,
  ],
  [
    'a list with the same twice',
    after('  mock-sensor: { elements: { a: { trace: 1, trips: [4, 4] } } }'),
    `p.yaml:6:52: error: trips must not hold the same twice: entries 1 and 2 are equal
  6 |   mock-sensor: { elements: { a: { trace: 1, trips: [4, 4] } } }
    |                                                    ^^^^^^
  Trip points.`,
  ],
  [
    'an entry of the wrong type',
    after('  mock-sensor: { elements: { a: { trace: 1, trips: [4, yes] } } }'),
    `p.yaml:6:56: error: entry 2 of trips must be a whole number
  6 |   mock-sensor: { elements: { a: { trace: 1, trips: [4, yes] } } }
    |                                                        ^^^`,
  ],
  [
    'an alternative of no kind there is',
    after('  mock-sensor: { elements: { a: { trace: { kind: wav, period: 1s } } } }'),
    `p.yaml:6:50: error: kind cannot be "wav"
  6 |   mock-sensor: { elements: { a: { trace: { kind: wav, period: 1s } } } }
    |                                                  ^^^
  one of: constant, wave   (did you mean "wave"?)`,
  ],
  [
    'an alternative with a key of another',
    after('  mock-sensor: { elements: { a: { trace: { kind: wave, period: 1s, value: 3 } } } }'),
    `p.yaml:6:68: error: unknown key "value"
  6 |   mock-sensor: { elements: { a: { trace: { kind: wave, period: 1s, value: 3 } } } }
    |                                                                    ^^^^^
  keys here: kind, period, seed`,
  ],
  [
    'none of the alternatives’ types',
    after('  mock-sensor: { elements: { a: { trace: [1] } } }'),
    `p.yaml:6:42: error: trace must be a map or a whole number
  6 |   mock-sensor: { elements: { a: { trace: [1] } } }
    |                                          ^^^
  What it reads.`,
  ],
  [
    'too many elements',
    `description: A\nmodules:\n  mock-sensor:\n    elements:\n${Array.from({ length: 4097 }, (_, at) => `      s${at}: { trace: 1 }\n`).join('')}`,
    `p.yaml:4:5: error: elements must have at most 4096 entries
  4 |     elements:
    |     ^^^^^^^^
  The elements of mock-sensor by name, in the order of their identifiers.`,
  ],
];

const clock = (rate: string): string =>
  `description: A\nmodules:\n  mock-clock: { elements: { a: { rate: ${rate} } } }\n`;

const QUANTITIES: readonly Case[] = [
  [
    'a unit that there is not',
    clock('1Mhz'),
    `p.yaml:3:40: error: "Mhz" is not a unit of Hz
  3 |   mock-clock: { elements: { a: { rate: 1Mhz } } }
    |                                        ^^^^
  a number with one of the units Hz, kHz, MHz, GHz; without a unit, Hz   (did you mean "MHz"?)`,
  ],
  [
    'a unit of something else',
    clock('3 V'),
    `p.yaml:3:40: error: "V" is not a unit of Hz
  3 |   mock-clock: { elements: { a: { rate: 3 V } } }
    |                                        ^^^
  a number with one of the units Hz, kHz, MHz, GHz; without a unit, Hz`,
  ],
  [
    'no number',
    clock('fast'),
    `p.yaml:3:40: error: "fast" is not a quantity
  3 |   mock-clock: { elements: { a: { rate: fast } } }
    |                                        ^^^^
  a number with one of the units Hz, kHz, MHz, GHz; without a unit, Hz`,
  ],
  [
    'a fraction of the base unit',
    clock('1.00005kHz'),
    `p.yaml:3:40: error: "1.00005kHz" is not a whole number of Hz
  3 |   mock-clock: { elements: { a: { rate: 1.00005kHz } } }
    |                                        ^^^^^^^^^^
  the finest step is 1 Hz`,
  ],
  [
    'a fraction without a unit',
    clock('2.5'),
    `p.yaml:3:40: error: rate must be a quantity in Hz
  3 |   mock-clock: { elements: { a: { rate: 2.5 } } }
    |                                        ^^^
  Rate in Hz, 1 Hz to 4 GHz.`,
  ],
  [
    'too much',
    clock('5GHz'),
    `p.yaml:3:40: error: rate must be at most 4 GHz
  3 |   mock-clock: { elements: { a: { rate: 5GHz } } }
    |                                        ^^^^
  Rate in Hz, 1 Hz to 4 GHz.`,
  ],
  [
    'too little',
    clock('0'),
    `p.yaml:3:40: error: rate must be at least 1 Hz
  3 |   mock-clock: { elements: { a: { rate: 0 } } }
    |                                        ^
  Rate in Hz, 1 Hz to 4 GHz.`,
  ],
  [
    'below zero, where the schema gives no least',
    'description: A\nmodules:\n  mock-clock: { elements: { a: { rate: 1, rates: [-1] } } }\n',
    `p.yaml:3:51: error: entry 1 of rates must be at least 0 Hz
  3 |   mock-clock: { elements: { a: { rate: 1, rates: [-1] } } }
    |                                                   ^^
  A rate in Hz.`,
  ],
  [
    'more digits than a double has',
    clock('9007199254740992 Hz'),
    `p.yaml:3:40: error: "9007199254740992 Hz" is beyond 2^53 Hz
  3 |   mock-clock: { elements: { a: { rate: 9007199254740992 Hz } } }
    |                                        ^^^^^^^^^^^^^^^^^^^
  a smaller quantity`,
  ],
];

const NAMES: readonly Case[] = [
  [
    'a module that there is not',
    after('  virtoi-scmi:'),
    `p.yaml:6:3: error: no module named "virtoi-scmi"
  6 |   virtoi-scmi:
    |   ^^^^^^^^^^^
  modules there are: chicken, clock, egg, firmware, mock-clock, mock-sensor, scmi, scmi-clock, virtio-scmi   (did you mean "virtio-scmi"?)`,
  ],
  [
    'an element that there is not',
    after('  scmi-clock: { config: { agents: { a: [clock/uart1] } } }'),
    `p.yaml:6:47: error: no clock named "uart1"
  6 |   scmi-clock: { config: { agents: { a: [clock/uart1] } } }
    |                                               ^^^^^
  elements of clock: uart0   (did you mean "uart0"?)`,
  ],
  [
    'an element that there is not, quoted',
    after('  scmi-clock: { config: { agents: { a: ["clock/gpu"] } } }'),
    `p.yaml:6:48: error: no clock named "gpu"
  6 |   scmi-clock: { config: { agents: { a: ["clock/gpu"] } } }
    |                                                ^^^
  elements of clock: uart0`,
  ],
  [
    'an element of a module that there is not',
    after('  scmi-clock: { config: { agents: { a: [clok/uart0] } } }'),
    `p.yaml:6:41: error: no module named "clok"
  6 |   scmi-clock: { config: { agents: { a: [clok/uart0] } } }
    |                                         ^^^^
  modules of this product: clock   (did you mean "clock"?)`,
  ],
  [
    'an element of a module that the product lacks',
    'description: A\nmodules:\n  clock: { elements: { a: { driver: mock-clock/a } } }\n',
    `p.yaml:3:37: error: this product has no module "mock-clock"
  3 |   clock: { elements: { a: { driver: mock-clock/a } } }
    |                                     ^^^^^^^^^^
  add it to modules, or name an element of: none here`,
  ],
  [
    'an element of the wrong kind',
    after('  scmi-clock: { config: { agents: { a: [mock-clock/uart0] } } }'),
    `p.yaml:6:41: error: mock-clock does not provide CLOCK
  6 |   scmi-clock: { config: { agents: { a: [mock-clock/uart0] } } }
    |                                         ^^^^^^^^^^
  modules of this product that do: clock`,
  ],
  [
    'an element of another module than the one that is meant',
    'description: A\nmodules:\n  clock: { elements: { a: { driver: mock-clock/a, parents: [mock-clock/a] } } }\n  mock-clock: { elements: { a: { rate: 1 } } }\n',
    `p.yaml:3:61: error: an element of clock is needed here
  3 |   clock: { elements: { a: { driver: mock-clock/a, parents: [mock-clock/a] } } }
    |                                                             ^^^^^^^^^^
  modules of this product that do: clock`,
  ],
  [
    'a reference without a module',
    after('  scmi-clock: { config: { agents: { a: [uart0] } } }'),
    `p.yaml:6:41: error: entry 1 of a must be an element by name, module/element
  6 |   scmi-clock: { config: { agents: { a: [uart0] } } }
    |                                         ^^^^^
  A clock, module/element.`,
  ],
  [
    'a number for a reference',
    after('  scmi-clock: { config: { agents: { a: [0] } } }'),
    `p.yaml:6:41: error: entry 1 of a must be an element by name, module/element
  6 |   scmi-clock: { config: { agents: { a: [0] } } }
    |                                         ^
  A clock, module/element.`,
  ],
];

const RULES: readonly Case[] = [
  [
    'a module that another one needs',
    'description: A\nmodules:\n  scmi-clock:\n',
    `p.yaml:3:3: error: scmi-clock needs module scmi, which this product lacks
  3 |   scmi-clock:
    |   ^^^^^^^^^^
  add "scmi:" to modules`,
  ],
  [
    'a module for another host',
    after('  firmware:'),
    `p.yaml:6:3: error: firmware runs on host embedded only, this product is for node
  6 |   firmware:
    |   ^^^^^^^^
  a module for host node, or a product for host embedded`,
  ],
  [
    'a circle',
    'description: A\nmodules:\n  scmi: { config: { vendor: L } }\n  egg: { config: { from: chicken/c } }\n  chicken: { elements: { c: {} } }\n',
    `p.yaml:4:26: error: modules need each other in a circle: egg → chicken → egg
  4 |   egg: { config: { from: chicken/c } }
    |                          ^^^^^^^^^
  egg names chicken/c in line 4; chicken requires egg`,
  ],
  [
    'a rule of the module’s own',
    'description: A\nmodules:\n  mock-clock: { elements: { a: { rate: 1, rates: [1kHz, 900 Hz] } } }\n',
    `p.yaml:3:57: error: rates must ascend
  3 |   mock-clock: { elements: { a: { rate: 1, rates: [1kHz, 900 Hz] } } }
    |                                                         ^^^^^^
  more than 1000 Hz`,
  ],
];

const check = async (yaml: string) => {
  const { ok, problems } = await buildProduct(fixture.root, fixture.product('p', yaml), true);
  return { ok, problems: problems.replaceAll('products/p/product.yaml', 'p.yaml') };
};

describe('a product file with one mistake', () => {
  it.each([...YAML, ...SCHEMA, ...QUANTITIES, ...NAMES, ...RULES])('%s', async (_title, yaml, problems) => {
    expect(await check(yaml)).toEqual({ ok: false, problems });
  });

  it('is no product at all when it is not there', async () => {
    const { ok, problems } = await buildProduct(fixture.root, 'products/none', true);
    expect({ ok, problems }).toEqual({
      ok: false,
      problems: 'products/none/product.yaml: error: there is no such file',
    });
  });

  it('cannot have every name', async () => {
    const { problems } = await buildProduct(fixture.root, 'products/-x', true);
    expect(problems).toBe(
      'products/-x/product.yaml: error: "-x" cannot be the name of a product\n  letters, digits, "-", "_" and ".", a letter or digit first',
    );
  });
});

describe('a product file with several mistakes', () => {
  it('shows all of them, in the order of the file', async () => {
    const { problems } = await check(`modules:
  scmi-clock: { config: { agents: { a: [clock/x] } } }
  clock: { elements: { a: { driver: mock-clok/a } } }
  mock-clock: { elements: { a: { rate: 9GHz, rates: [2 m] } } }
  nothing:
`);
    expect(problems.split('\n').filter(line => line.includes(': error: '))).toEqual([
      'p.yaml:1:1: error: "description" is missing',
      'p.yaml:2:3: error: scmi-clock needs module scmi, which this product lacks',
      'p.yaml:2:47: error: no clock named "x"',
      'p.yaml:3:37: error: no module named "mock-clok"',
      'p.yaml:4:40: error: rate must be at most 4 GHz',
      'p.yaml:4:54: error: "m" is not a unit of Hz',
      'p.yaml:5:3: error: no module named "nothing"',
    ]);
  });
});

describe('warnings', () => {
  it.each<Case>([
    [
      'an element that nothing uses',
      after('  scmi-clock:'),
      `p.yaml:3:24: warning: nothing in this product uses clock/uart0
  3 |   clock: { elements: { uart0: { driver: mock-clock/uart0 } } }
    |                        ^^^^^`,
    ],
    [
      'what a module only warns of',
      `description: A
modules:
  clock: { elements: { a-clock-with-a-long-name: { driver: mock-clock/a } } }
  mock-clock: { elements: { a: { rate: 1 } } }
  scmi: { config: { vendor: L } }
  scmi-clock: { config: { agents: { ospm: [clock/a-clock-with-a-long-name] } } }
`,
      `p.yaml:6:44: warning: Linux shows only 15 characters of this name
  6 |   scmi-clock: { config: { agents: { ospm: [clock/a-clock-with-a-long-name] } } }
    |                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
    ],
  ])('do not stop a build: %s', async (_title, yaml, problems) => {
    expect(await check(yaml)).toEqual({ ok: true, problems });
  });

  it('do not concern elements that are not made to be used by others', async () => {
    const yaml = 'description: A\nmodules:\n  mock-sensor: { elements: { a: { trace: 1 } } }\n';
    expect(await check(yaml)).toEqual({ ok: true, problems: '' });
  });
});

describe('a module that is wrong itself', () => {
  beforeAll(() => fixture.addModule('odd'));

  const broken = async (schema: string, module = "export default { name: 'odd', type: 'HAL', create() {} };") => {
    fixture.write('modules/odd/src/module.ts', module);
    fixture.write('modules/odd/src/schema.ts', schema);
    const { ok, problems } = await check('description: A\nmodules:\n  odd:\n');
    expect(ok).toBe(false);
    return problems;
  };

  it.each([
    [
      'no schema',
      'export default 3;',
      'modules/odd/src/schema.ts: the default export must be { config, element?, check? }',
    ],
    [
      'a unit',
      "export default { config: { type: 'object', properties: { a: { type: 'integer', quantity: 'ell' } } } };",
      'modules/odd/src/schema.ts: there is no unit "ell"',
    ],
    [
      'a keyword',
      'export default { config: { allOf: [] } };',
      'modules/odd/src/schema.ts: the product builder does not know the keyword "allOf"',
    ],
    [
      'a misspelt keyword',
      "export default { config: { type: 'object', minPropertys: 1 } };",
      'the modules\' schemas do not compose: strict mode: unknown keyword: "minPropertys"',
    ],
  ])('is named: %s', async (_title, schema, message) => {
    expect(await broken(schema)).toBe(`p.yaml: error: ${message}`);
  });

  it('is named: no definition', async () => {
    expect(await broken('export default { config: {} };', 'export default 1;')).toBe(
      'p.yaml: error: modules/odd/src/module.ts: the default export must be the definition of module "odd"',
    );
  });

  it('is named: does not compile', async () => {
    expect(await broken('export default {', 'export default 1;')).toContain('modules/odd/src/schema.ts:1:16:');
  });
});
