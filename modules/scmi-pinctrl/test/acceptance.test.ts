// SPDX-License-Identifier: BSD-3-Clause
/** The cases that the reference suggests for the Pin control protocol, which Arm's suite does not cover; and what Linux does. */
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { hexHalves, hexWords, PinctrlServer, type Setup } from './pins.ts';

const PLAN: Setup['plan'] = {
  pins: { sda: [0, 4], scl: [0, 5], irq: [0, 6], led: [0, 7], key: [1, 0] },
  groups: { i2c0_grp: ['sda', 'scl', 'irq'], led_grp: ['led'] },
  functions: { gpio: [0, 'i2c0_grp', 'led_grp'], i2c0: [1, 'i2c0_grp'] },
};

const EVERYTHING = {
  pins: ['sda', 'scl', 'irq', 'led', 'key'],
  groups: ['i2c0_grp', 'led_grp'],
  functions: ['gpio', 'i2c0'],
};

const make = (setup: Partial<Setup> = {}) =>
  new PinctrlServer({ plan: PLAN, agents: { ospm0: EVERYTHING, ospm1: EVERYTHING }, ...setup });

const PINS = 5;

describe('every protocol, pin control', () => {
  it('version', () => {
    expect(make().exchange('ospm0', '00640000')).toBe('00640000 00000000 00000100');
  });

  it('MESSAGE_ATTRIBUTES for each implemented id = 0 and NOT_FOUND for each other id', () => {
    const server = make();
    const known = [];
    for (let id = 0; id < 0x120; id++) {
      const { status, values } = server.pinctrl('ospm0', 'messageAttributes', id);
      if (status === 0) {
        expect(values).toEqual({ attributes: 0 });
        known.push(id);
      } else expect(status).toBe(-4);
    }
    expect(known).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16]);
    expect(server.exchange('ospm0', '0a640000 00000000')).toBe('0a640000 fcffffff');
  });

  it('NEGOTIATE own version -> SUCCESS, next major -> NOT_SUPPORTED', () => {
    expect(make().exchange('ospm0', '10640000 00000100')).toBe('10640000 00000000');
    expect(make().exchange('ospm0', '10640000 00000200')).toBe('10640000 ffffffff');
  });

  it.each([
    ['pins', 0, PINS],
    ['groups', 1, 2],
    ['functions', 2, 2],
  ])('ids count, count + 1 and 0xFFFFFFFF -> NOT_FOUND: %s', (_what, selector, count) => {
    const server = make();
    for (const id of [count, count + 1, 0x10000, 0xffffffff]) {
      for (const key of ['pinctrlAttributes', 'nameGet']) expect(server.status('ospm0', key, id, selector)).toBe(-4);
      if (selector > 0) expect(server.status('ospm0', 'listAssociations', id, selector, 0)).toBe(-4);
      if (selector === 2) {
        expect(server.configure('ospm0', [1, 0], [], id)).toBe(-4);
        continue;
      }
      expect(server.status('ospm0', 'settingsGet', id, (selector << 16) | 10)).toBe(-4);
      expect(server.configure('ospm0', [selector, id], [[10, 8]])).toBe(-4);
      for (const key of ['request', 'release']) expect(server.status('ospm0', key, id, selector)).toBe(-4);
    }
  });
});

describe('suggested cases, pin control', () => {
  it('counts in two words', () => {
    expect(make().exchange('ospm0', '01640000')).toBe('01640000 00000000 05000200 02000000');
  });

  it('selector 3 -> INVALID_PARAMETERS', () => {
    const server = make();
    for (const key of ['pinctrlAttributes', 'nameGet', 'request', 'release']) {
      expect(server.status('ospm0', key, 0, 3)).toBe(-2);
    }
    expect(server.status('ospm0', 'listAssociations', 0, 3, 0)).toBe(-2);
    expect(server.status('ospm0', 'settingsGet', 0, 3 << 16)).toBe(-2);
    expect(server.configure('ospm0', [3, 0], [[10, 8]])).toBe(-2);
  });

  it('LIST_ASSOCIATIONS selector 0 rejected', () => {
    expect(make().status('ospm0', 'listAssociations', 0, 0, 0)).toBe(-2);
  });

  it('LIST_ASSOCIATIONS odd counts', () => {
    const server = make();
    // The worked example of the reference, with pins 0, 1 and 2.
    expect(server.exchange('ospm0', '04648001 00000000 01000000 00000000')).toBe(
      '04648001 00000000 03000000 00000100 0200',
    );
    expect(server.exchange('ospm0', '04648001 01000000 02000000 00000000')).toBe('04648001 00000000 01000000 0000');
  });

  it('LIST_ASSOCIATIONS paging > 62', () => {
    const names = Array.from({ length: 130 }, (_, at) => `p${at}`);
    const pins = Object.fromEntries(names.map((name, at) => [name, [0, at] as const]));
    const server = new PinctrlServer({ plan: { pins, groups: { all: names } } });
    const ids: number[] = [];
    for (const [index, remaining, returned] of [
      [0, 68, 62],
      [62, 6, 62],
      [124, 0, 6],
    ] as const) {
      const numbers = Array.from({ length: returned }, (_, at) => index + at);
      expect(server.exchange('ospm0', `04640000 00000000 01000000 ${hexWords(index)}`)).toBe(
        `04640000 00000000 ${hexWords((remaining << 16) | returned)} ${hexHalves(...numbers)}`,
      );
      ids.push(...numbers);
    }
    expect(ids).toHaveLength(130);
    expect(server.status('ospm0', 'listAssociations', 0, 1, 130)).toBe(-5);
  });

  it('GET one/all/function modes', () => {
    const server = make({ controller: { settings: ['bias-pull-up', 'drive-strength'] } });
    expect(server.configure('ospm0', [1, 0], [[10, 8]], 1)).toBe(0);
    const send = (attributes: number) => server.exchange('ospm0', `05640000 00000000 ${hexWords(attributes)}`);
    expect(send(10)).toBe('05640000 00000000 01000000 01000000 0a000000 08000000');
    expect(send(1 << 18)).toBe('05640000 00000000 01000000 02000000 04000000 00000000 0a000000 08000000');
    expect(send(2 << 18)).toBe('05640000 00000000 01000000 00000000');
    expect(send(3 << 18)).toBe('05640000 feffffff');
  });

  it('GET skip paging', () => {
    const server = make();
    const types = (skip: number) => {
      const { status, values } = server.pinctrl('ospm0', 'settingsGet', 0, (1 << 18) | (skip << 8));
      expect(status).toBe(0);
      const configs = values['configs'];
      if (typeof configs !== 'object') throw new Error('no configs');
      return [values['numConfigs'], configs.map(config => config['type'])];
    };
    const all = Array.from({ length: 20 }, (_, at) => at + 1);
    expect(types(0)).toEqual([(5 << 24) | 15, all.slice(0, 15)]);
    expect(types(15)).toEqual([5, all.slice(15)]);
    expect(types(19)).toEqual([1, [20]]);
    for (const skip of [20, 21, 255]) {
      expect(server.status('ospm0', 'settingsGet', 0, (1 << 18) | (skip << 8))).toBe(-2);
    }
  });

  it('CONFIGURE with 0 configs and no function -> INVALID_PARAMETERS', () => {
    const server = make();
    expect(server.configure('ospm0', [1, 0], [])).toBe(-2);
    expect(server.configure('ospm0', [1, 0], [], 1)).toBe(0);
  });

  it('CONFIGURE unsorted accepted', () => {
    const server = make();
    expect(
      server.configure(
        'ospm0',
        [0, 0],
        [
          [15, 1],
          [12, 1],
          [10, 4],
          [10, 8],
          [4, 1],
          [2, 0],
          [18, 1],
          [18, 0],
        ],
      ),
    ).toBe(0);
    expect(server.state('sda')).toEqual(['gpio', [2, 1], [10, 8], [12, 1], [15, 1]]);
  });

  it('CONFIGURE all-or-nothing', () => {
    const server = make({ controller: { limits: [{ setting: 'drive-strength', min: 2, max: 12 }] } });
    const before = server.state('sda');
    expect(
      server.configure(
        'ospm0',
        [1, 0],
        [
          [4, 1],
          [10, 13],
        ],
        1,
      ),
    ).toBe(-2);
    expect(
      server.configure(
        'ospm0',
        [1, 0],
        [
          [4, 1],
          [192, 0],
        ],
        1,
      ),
    ).toBe(-1);
    expect(
      server.configure(
        'ospm0',
        [1, 0],
        [
          [4, 1],
          [21, 0],
        ],
        1,
      ),
    ).toBe(-2);
    expect(server.state('sda')).toEqual(before);
  });

  it('REQUEST by a second agent -> IN_USE, after RELEASE -> SUCCESS', () => {
    const server = make();
    expect(server.exchange('ospm0', '07640000 00000000 00000000')).toBe('07640000 00000000');
    expect(server.exchange('ospm1', '07640000 00000000 00000000')).toBe('07640000 f5ffffff');
    expect(server.exchange('ospm0', '08640000 00000000 00000000')).toBe('08640000 00000000');
    expect(server.exchange('ospm1', '07640000 00000000 00000000')).toBe('07640000 00000000');
  });

  it('agent reset frees pins', () => {
    const server = make();
    server.status('ospm0', 'request', 0, 1);
    server.disconnect('ospm0');
    expect(server.status('ospm1', 'request', 0, 1)).toBe(0);
    expect(server.command('ospm0', BASE_PROTOCOL, 'resetAgentConfiguration', [2, 0]).status).toBe(0);
    expect(server.status('ospm0', 'request', 0, 1)).toBe(0);
  });

  it('the worked example of CONFIGURE', () => {
    const server = make();
    const bytes = '06648401 00000000 01000000 09040000 04000000 01000000 0a000000 08000000';
    expect(server.exchange('ospm0', bytes)).toBe('06648401 00000000');
    for (const pin of ['sda', 'scl', 'irq']) expect(server.state(pin)).toEqual(['i2c0', [4, 1], [10, 8], [14, 1]]);
    expect(server.state('led')).toEqual(['gpio']);
  });
});

describe('Linux 6.12, pinctrl-scmi', () => {
  it('probes pins, then functions with their groups, then groups', () => {
    const server = make();
    for (let pin = 0; pin < PINS; pin++) expect(server.status('ospm0', 'pinctrlAttributes', pin, 0)).toBe(0);
    for (let one = 0; one < 2; one++) {
      const { values } = server.pinctrl('ospm0', 'pinctrlAttributes', one, 2);
      const count = Number(values['attributes']) & 0xffff;
      expect(count).toBeGreaterThan(0);
      expect(server.pinctrl('ospm0', 'listAssociations', one, 2, 0).values['flags']).toBe(count);
    }
    expect(server.pinctrl('ospm0', 'pinctrlAttributes', 0, 1).values).toEqual({ attributes: 3, name: 'i2c0_grp' });
  });

  it('selects a state by its own sequence, and gives it back', () => {
    const server = make();
    for (const pin of [0, 1, 2]) expect(server.status('ospm0', 'request', pin, 0)).toBe(0);
    expect(server.configure('ospm0', [1, 0], [], 1)).toBe(0);
    expect(
      server.configure(
        'ospm0',
        [1, 0],
        [
          [4, 1],
          [10, 8],
        ],
      ),
    ).toBe(0);
    expect(
      server.configure(
        'ospm0',
        [0, 3],
        [
          [9, 0],
          [18, 1],
        ],
      ),
    ).toBe(0);
    expect(server.state('scl')).toEqual(['i2c0', [4, 1], [10, 8], [14, 1]]);
    expect(server.state('led')).toEqual(['gpio', [9, 1], [18, 1]]);
    expect(server.configure('ospm1', [1, 0], [[10, 2]])).toBe(-11);
    for (const pin of [0, 1, 2]) expect(server.status('ospm0', 'release', pin, 0)).toBe(0);
    expect(server.configure('ospm1', [1, 0], [[10, 2]])).toBe(0);
  });

  it('lists a pin’s settings: what is answered for each type that it knows is a value or quiet', () => {
    const server = make({ inactive: 'not-supported' });
    server.configure(
      'ospm0',
      [0, 0],
      [
        [4, 1],
        [9, 0],
      ],
    );
    const answered = [];
    for (let type = 0; type < 24; type++) {
      const { status, values } = server.pinctrl('ospm0', 'settingsGet', 0, type);
      expect([0, -1, -2]).toContain(status);
      if (status === 0) answered.push(type);
      if (type === 4 || type === 9) expect(values['configs']).toEqual([{ type, value: 1 }]);
    }
    expect(answered).toEqual([4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });
});
