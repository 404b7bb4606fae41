// SPDX-License-Identifier: BSD-3-Clause
/** Every command: bytes, lengths, and the statuses that need no other agent and no slow driver. */
import { elementId, type ElementId, elementIndex, Status } from '@scp/framework';
import { elementsOf, FakePinctrlDriver } from '@scp/pinctrl/testing';
import { header, layoutAt, MessageType } from '@scp/scmi/api';
import { words } from '@scp/scmi/testing';
import { PINCTRL_PROTOCOL } from '@scp/scmi-pinctrl/messages';
import schema from '@scp/scmi-pinctrl/schema';
import { configurePayload, hexHalves, hexWords, PinctrlServer, type Setup } from './pins.ts';

const LONG = 'a-pin-with-a-very-long-name';
const PLAN: Setup['plan'] = {
  pins: { tx: [0, 4], rx: [0, 5], [LONG]: [0, 7] },
  groups: { uart_grp: ['tx', 'rx'], rx_grp: ['rx'], long_grp: [LONG] },
  functions: { uart: [1, 'uart_grp'], pwm: [2, 'long_grp', 'rx_grp'] },
  pinFunctions: { gpio: [3, 'tx', LONG] },
};

const make = (setup: Partial<Setup> = {}) => new PinctrlServer({ plan: PLAN, ...setup });

const [PIN, GROUP, FUNCTION] = [0, 1, 2];

describe('PROTOCOL_ATTRIBUTES', () => {
  it('counts what the agent sees', () => {
    const server = make({
      agents: {
        ospm0: { pins: ['tx', 'rx'], groups: ['rx_grp'], functions: ['pwm', 'gpio'] },
        ospm1: { pins: ['rx'] },
      },
    });
    expect(server.exchange('ospm0', '01640000')).toBe('01640000 00000000 02000100 02000000');
    expect(server.exchange('ospm1', '01640000')).toBe('01640000 00000000 01000000 00000000');
    expect(server.exchange('ospm2', '01640000')).toBe('01640000 ffffffff');
  });
});

describe('PINCTRL_ATTRIBUTES', () => {
  it.each([
    ['a pin', PIN, 0, '01000000 74780000 00000000 00000000 00000000'],
    ['a pin with a long name', PIN, 2, '01000080 612d7069 6e2d7769 74682d61 2d766500'],
    ['a group', GROUP, 0, '02000000 75617274 5f677270 00000000 00000000'],
    ['a function of a group', FUNCTION, 0, '01000000 75617274 00000000 00000000 00000000'],
    ['a function of groups', FUNCTION, 1, '02000000 70776d00 00000000 00000000 00000000'],
    ['a function of pins, as GPIO', FUNCTION, 2, '02000300 6770696f 00000000 00000000 00000000'],
  ])('of %s', (_what, selector, id, bytes) => {
    expect(make().exchange('ospm0', `03640000 ${hexWords(id, selector)}`)).toBe(`03640000 00000000 ${bytes}`);
  });

  it.each([
    ['the reserved selector, whatever else', [9, 0xff], -2],
    ['what is not there, whatever else', [3, 0xf0], -4],
    ['reserved bits', [0, 4], -2],
    ['reserved bits', [0, 0x80000001], -2],
  ] as const)('refuses %s', (_what, payload, status) => {
    expect(make().status('ospm0', 'pinctrlAttributes', ...payload)).toBe(status);
    expect(make().status('ospm0', 'nameGet', ...payload)).toBe(status);
  });
});

describe('PINCTRL_NAME_GET', () => {
  it.each([
    [PIN, 2, LONG],
    [PIN, 1, 'rx'],
    [GROUP, 1, 'rx_grp'],
    [FUNCTION, 2, 'gpio'],
  ])('of selector %i, id %i: %s', (selector, id, name) => {
    const answer = make().exchange('ospm0', `09640000 ${hexWords(id, selector)}`);
    const bytes = Buffer.from(name).toString('hex').padEnd(128, '0');
    expect(answer.split(' ').join('')).toBe(`09640000${'0'.repeat(8)}${'0'.repeat(8)}${bytes}`);
  });
});

describe('PINCTRL_LIST_ASSOCIATIONS', () => {
  const agents = {
    ospm0: { pins: [LONG, 'rx', 'tx'], groups: ['rx_grp', 'uart_grp', 'long_grp'], functions: ['pwm', 'gpio', 'uart'] },
    ospm1: { pins: ['rx', LONG], groups: ['rx_grp'], functions: ['gpio', 'pwm'] },
  };

  it.each<readonly [string, number, number, number, number[]]>([
    ['ospm0', GROUP, 1, 0, [1, 2]],
    ['ospm0', GROUP, 1, 1, [2]],
    ['ospm0', FUNCTION, 0, 0, [0, 2]],
    ['ospm0', FUNCTION, 1, 0, [0, 2]],
    ['ospm0', FUNCTION, 2, 0, [1]],
    ['ospm1', GROUP, 0, 0, [0]],
    ['ospm1', FUNCTION, 0, 0, [1]],
    ['ospm1', FUNCTION, 1, 0, [0]],
  ])('tells the agent’s ids of what it sees, ascending: %s, selector %i, id %i', (agent, selector, id, index, ids) => {
    const server = make({ agents });
    expect(server.exchange(agent, `04640000 ${hexWords(id, selector, index)}`)).toBe(
      `04640000 00000000 ${hexWords(ids.length)} ${hexHalves(...ids)}`,
    );
  });

  it.each([
    ['a pin', [0, PIN, 0], -2],
    ['a selector that is none, whatever else', [9, 0xff, 9], -2],
    ['what is not there, whatever else', [3, 0xf1, 9], -4],
    ['reserved bits', [0, 5, 0], -2],
    ['an index past the end', [0, GROUP, 2], -5],
    ['an index past the end', [0, FUNCTION, 1], -5],
    ['an index past the end', [0, GROUP, 0xffffffff], -5],
  ] as const)('refuses %s', (_what, payload, status) => {
    expect(make().status('ospm0', 'listAssociations', ...payload)).toBe(status);
  });

  it.each([
    [136, [62, 62, 6]],
    [128, [58, 58, 14]],
    [14, Array.from({ length: 130 }, () => 1)],
    [15, Array.from({ length: 130 }, () => 1)],
    [1024, [130]],
  ])('fills the room there is: %i bytes', (capacity, pages) => {
    const names = Array.from({ length: 130 }, (_, at) => `p${at}`);
    const pins = Object.fromEntries(names.map((name, at) => [name, [0, at] as const]));
    const server = new PinctrlServer({ plan: { pins, groups: { all: names } } });
    let index = 0;
    for (const returned of pages) {
      const answer = server.exchange('ospm0', `04640000 ${hexWords(0, GROUP, index)}`, capacity);
      const ids = Array.from({ length: returned }, (_, at) => index + at);
      const flags = hexWords(((130 - index - returned) << 16) | returned);
      expect(answer).toBe(`04640000 00000000 ${flags} ${hexHalves(...ids)}`);
      index += returned;
    }
    expect(server.exchange('ospm0', `04640000 ${hexWords(0, GROUP, 0)}`, 13)).toBe('04640000 f9ffffff');
  });
});

describe('PINCTRL_SETTINGS_GET', () => {
  it('of a group tells its first pin’s values, and the function of all its pins', () => {
    const server = make();
    server.configure('ospm0', [PIN, 0], [[10, 8]]);
    server.configure('ospm0', [GROUP, 0], [], 0);
    const get = (selector: number, id: number) =>
      server.exchange('ospm0', `05640000 ${hexWords(id, (selector << 16) | 10)}`);
    expect(get(GROUP, 0)).toBe('05640000 00000000 00000000 01000000 0a000000 08000000');
    expect(get(PIN, 1)).toBe('05640000 00000000 00000000 01000000 0a000000 00000000');
    server.configure('ospm0', [GROUP, 1], [], 1);
    expect(get(GROUP, 0)).toBe('05640000 00000000 ffffffff 01000000 0a000000 08000000');
    expect(get(PIN, 1)).toBe('05640000 00000000 01000000 01000000 0a000000 00000000');
  });

  it('does not tell of a function that the agent does not see', () => {
    const server = make({
      agents: {
        ospm0: { pins: ['tx', 'rx'], groups: ['uart_grp'], functions: ['uart'] },
        ospm1: { pins: ['rx', 'tx'] },
      },
    });
    server.configure('ospm0', [GROUP, 0], [], 0);
    expect(server.exchange('ospm1', `05640000 ${hexWords(0, 2 << 18)}`)).toBe('05640000 00000000 ffffffff 00000000');
  });

  it.each([
    ['a function', [0, (2 << 16) | 10], -2],
    ['a selector that is none, whatever else', [9, 0xffffffff], -2],
    ['what is not there, whatever else', [3, 0xfff00000], -4],
    ['reserved bits', [0, 0x00100000 | 10], -2],
    ['reserved bits', [0, 0x80000000 | 10], -2],
    ['the reserved mode', [0, 3 << 18], -2],
    ['a setting that means nothing', [0, 21], -2],
    ['a setting that means nothing', [0, 191], -2],
    ['a setting that the pin does not have', [0, 11], -1],
    ['a setting of the platform’s that the pin does not have', [0, 193], -1],
    ['what can only be written', [0, 0], -1],
    ['skipping all there are', [0, (1 << 18) | (9 << 8)], -2],
  ] as const)('refuses %s', (_what, payload, status) => {
    const server = make({ driver: new FakePinctrlDriver(['soc', 'aon']) });
    expect(server.status('ospm0', 'settingsGet', ...payload)).toBe(status);
  });

  it('ignores what a mode does not use', () => {
    const server = make({ driver: new FakePinctrlDriver(['soc', 'aon']) });
    expect(server.status('ospm0', 'settingsGet', 0, (0xff << 8) | 10)).toBe(0);
    expect(server.status('ospm0', 'settingsGet', 0, (1 << 18) | 21)).toBe(0);
    expect(server.status('ospm0', 'settingsGet', 0, (2 << 18) | (0xff << 8) | 21)).toBe(0);
  });

  it('has all of nothing for a pin without settings', () => {
    const server = make({ controller: { settings: [] } });
    expect(server.exchange('ospm0', `05640000 ${hexWords(0, 1 << 18)}`)).toBe('05640000 00000000 ffffffff 00000000');
    expect(server.status('ospm0', 'settingsGet', 0, (1 << 18) | (1 << 8))).toBe(-2);
  });

  it.each([
    [
      'zero',
      [
        [0, [2, 1]],
        [0, [4, 0]],
        [0, [7, 0]],
        [0, [9, 1]],
        [0, [10, 0]],
      ],
      5,
    ],
    ['not-supported', [[0, [2, 1]], [-1], [-1], [0, [9, 1]], [0, [10, 0]]], 3],
  ] as const)('tells of a bias or way to drive that does not hold: %s', (inactive, expected, count) => {
    const settings = ['bias-disable', 'bias-pull-up', 'drive-open-drain', 'drive-push-pull', 'drive-strength'] as const;
    const server = make({ inactive, controller: { settings: [...settings] } });
    server.configure(
      'ospm0',
      [PIN, 0],
      [
        [2, 0],
        [9, 0],
      ],
    );
    [2, 4, 7, 9, 10].forEach((type, at) => {
      const { status, values } = server.pinctrl('ospm0', 'settingsGet', 0, type);
      const [wanted, config] = expected[at] ?? [];
      expect(status).toBe(wanted);
      if (config !== undefined) expect(values['configs']).toEqual([{ type: config[0], value: config[1] }]);
    });
    expect(server.pinctrl('ospm0', 'settingsGet', 0, 1 << 18).values['numConfigs']).toBe(count);
    expect(server.pinctrl('ospm0', 'settingsGet', 0, (1 << 18) | (1 << 8)).values['numConfigs']).toBe(count - 1);
    expect(server.status('ospm0', 'settingsGet', 0, (1 << 18) | (count << 8))).toBe(-2);
  });

  it.each([
    [136, [15, 5]],
    [128, [14, 6]],
    [24, Array.from({ length: 20 }, () => 1)],
  ])('fills the room there is: %i bytes', (capacity, pages) => {
    const server = make();
    let skip = 0;
    for (const returned of pages) {
      const answer = server.exchange('ospm0', `05640000 ${hexWords(0, (1 << 18) | (skip << 8))}`, capacity);
      const configs = Array.from({ length: returned }, (_, at) => [skip + at + 1, 0]).flat();
      const counts = ((20 - skip - returned) << 24) | returned;
      expect(answer).toBe(`05640000 00000000 ${hexWords(0xffffffff, counts, ...configs)}`);
      skip += returned;
    }
    expect(server.exchange('ospm0', `05640000 ${hexWords(0, 1 << 18)}`, 23)).toBe('05640000 f9ffffff');
    expect(server.exchange('ospm0', `05640000 ${hexWords(0, 10)}`, 23)).toBe('05640000 f9ffffff');
    expect(server.exchange('ospm0', `05640000 ${hexWords(0, 10)}`, 24)).toContain('05640000 00000000');
  });
});

describe('PINCTRL_SETTINGS_CONFIGURE', () => {
  it.each<
    readonly [string, readonly [number, number], readonly (readonly [number, number])[], number | undefined, string]
  >([
    [
      'a pin',
      [PIN, 0],
      [
        [10, 8],
        [0, 0],
      ],
      undefined,
      'soc [4] 10=8 0=0',
    ],
    ['a group', [GROUP, 0], [[4, 50_000]], undefined, 'soc [4,5] 4=50000'],
    ['a group’s function', [GROUP, 1], [], 1, 'soc [5] mux 2'],
    ['a pin’s function', [PIN, 2], [], 2, 'soc [7] mux 3'],
    ['function and settings', [GROUP, 0], [[2, 0]], 0, 'soc [4,5] mux 1 2=0'],
    ['a setting of the platform’s', [PIN, 0], [[192, 77]], undefined, 'soc [4] 192=77'],
  ])('changes %s', (_what, target, settings, functionId, call) => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    const server = make({ driver });
    expect(server.configure('ospm0', target, settings, functionId)).toBe(0);
    expect(driver.taken()).toEqual([call]);
  });

  it.each<readonly [string, number[], number]>([
    ['fewer settings than it says', [0, 0, (2 << 2) | PIN, 10, 8], -10],
    ['half a setting', [0, 0, (2 << 2) | PIN, 10, 8, 4], -10],
    ['more settings than it says', [0, 0, (1 << 2) | PIN, 10, 8, 4, 1], -10],
    ['fewer settings than it says, whatever else', [9, 0, (2 << 2) | 3, 10, 8], -10],
    ['a function', [0, 0, (1 << 2) | FUNCTION, 10, 8], -2],
    ['a selector that is none, whatever else', [9, 0, 0xffffff80 | (1 << 2) | 3, 10, 8], -10],
    ['a selector that is none', [9, 0, 0xfffff800 | (1 << 2) | 3, 10, 8], -2],
    ['what is not there, whatever else', [3, 0, 0xfffff800 | (1 << 2), 21, 8], -4],
    ['a function that is not there', [0, 3, 0x400 | GROUP], -4],
    ['reserved bits', [0, 0, 0x800 | (1 << 2), 10, 8], -2],
    ['reserved bits', [0, 0, 0x80000000 | (1 << 2), 10, 8], -2],
    ['nothing to do', [0, 0, PIN], -2],
    ['a setting that means nothing', [0, 0, 1 << 2, 21, 0], -2],
    ['a setting that means nothing', [0, 0, 1 << 2, 191, 0], -2],
    ['reserved bits of a setting', [0, 0, 1 << 2, 0x10a, 0], -2],
    ['a setting that the pin does not have', [0, 0, 2 << 2, 10, 8, 11, 0], -1],
    ['a setting that can’t be written', [0, 0, 1 << 2, 14, 1], -1],
    ['a value out of range', [0, 0, 2 << 2, 4, 1, 10, 0x1000000], -2],
    ['a switch neither on nor off', [0, 0, 1 << 2, 17, 2], -2],
    ['a function of other groups', [0, 1, 0x400 | GROUP], -2],
    ['a function of groups on a pin', [0, 0, 0x400 | PIN], -2],
    ['a function of pins on a group', [2, 2, 0x400 | GROUP], -2],
    ['a function of other pins', [1, 2, 0x400 | PIN], -2],
  ])('refuses %s', (_what, payload, status) => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    const server = make({ driver });
    expect(server.status('ospm0', 'settingsConfigure', ...payload)).toBe(status);
    expect(driver.taken()).toEqual([]);
  });

  it('ignores the function’s id unless it is to be selected', () => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    const server = make({ driver });
    for (const id of [1, 9, 0xffffffff])
      expect(server.status('ospm0', 'settingsConfigure', 0, id, 1 << 2, 10, 8)).toBe(0);
    expect(driver.taken()).toEqual(Array.from({ length: 3 }, () => 'soc [4] 10=8'));
  });

  it('takes as many settings as a request holds', () => {
    const server = make();
    const settings = (count: number) => Array.from({ length: count }, (_, at) => [10, at] as const);
    expect(server.configure('ospm0', [PIN, 0], settings(14))).toBe(0);
    expect(server.value('tx', 10)).toBe(13);
    expect(server.configure('ospm0', [PIN, 0], settings(30))).toBe(0);
    expect(server.value('tx', 10)).toBe(29);
    expect(server.configure('ospm0', [PIN, 0], settings(31))).toBe(-10);
    expect(server.configure('ospm0', [PIN, 0], settings(255))).toBe(-10);
    expect(server.value('tx', 10)).toBe(29);
  });

  it.each([
    [Status.E_DEVICE, -9],
    [Status.E_ACCESS, -3],
    [Status.E_BUSY, -6],
    [Status.E_SUPPORT, -1],
    [Status.E_TIMEOUT, -8],
  ])('answers what the driver says: %i is %i', (status, answer) => {
    const driver = new FakePinctrlDriver(['soc', 'aon']);
    const server = make({ driver });
    driver.answer = status;
    expect(server.configure('ospm0', [GROUP, 0], [[10, 8]])).toBe(answer);
  });
});

describe('PINCTRL_REQUEST and PINCTRL_RELEASE', () => {
  it.each([
    ['a function', [0, FUNCTION], -2],
    ['a selector that is none, whatever else', [9, 0xff], -2],
    ['what is not there, whatever else', [3, 0xf0], -4],
    ['reserved bits', [0, 4], -2],
  ] as const)('refuse %s', (_what, payload, status) => {
    for (const key of ['request', 'release']) expect(make().status('ospm0', key, ...payload)).toBe(status);
  });
});

describe('lengths', () => {
  const cases = Object.values(PINCTRL_PROTOCOL.commands).map(({ name, id, request }) => {
    const { size, tail } = layoutAt(request, 0x10000);
    return { name, id, size, isOpen: tail !== undefined };
  });

  it.each(cases)('$name takes $size bytes', ({ id, size, isOpen }) => {
    const word = header(PINCTRL_PROTOCOL.id, id, MessageType.COMMAND, 0);
    const server = make();
    const send = (length: number) => {
      const bytes = new Uint8Array(4 + length);
      bytes.set(words(word));
      const answer = server.send('ospm0', bytes);
      return answer === undefined ? [] : [answer.length, new DataView(answer.buffer).getInt32(4, true)];
    };
    for (let length = 0; length < size; length++) expect(send(length)).toEqual([8, -10]);
    for (const length of [size + 1, size + 4, size + 8, 252, 400]) expect(send(length)).toEqual([8, -10]);
    expect(send(size)[1]).not.toBe(-10);
    expect(isOpen).toBe(id === 6);
  });

  it('of settings count', () => {
    const server = make();
    expect(
      server.status(
        'ospm0',
        'settingsConfigure',
        ...configurePayload(PIN, 0, [
          [10, 1],
          [10, 2],
        ]),
      ),
    ).toBe(0);
  });

  it.each([
    ['01', '', 16],
    ['03', '00000000 00000000', 28],
    ['09', '00000000 00000000', 76],
  ])('of the answer to message %s: room is needed', (message, payload, size) => {
    for (const [capacity, status] of [
      [size - 1, 'f9ffffff'],
      [size, '00000000'],
      [128, '00000000'],
      [136, '00000000'],
    ] as const) {
      expect(make().exchange('ospm0', `${message}640000 ${payload}`, capacity).slice(9, 17)).toBe(status);
    }
  });
});

describe('a configuration', () => {
  it.each<readonly [string, Setup['agents'], string]>([
    ['an agent that is not there', { nobody: { pins: ['tx'] } }, 'no agent is called nobody'],
    ['a pin twice', { ospm0: { pins: ['tx', 'tx'] } }, 'lists its resource 1 twice'],
    ['a group among pins', { ospm0: { pins: ['uart_grp'] } }, 'uart_grp is no pin'],
    ['a pin among groups', { ospm0: { pins: ['tx'], groups: ['tx'] } }, 'tx is no group'],
    ['a group among functions', { ospm0: { pins: ['tx'], functions: ['uart_grp'] } }, 'uart_grp is no function'],
    [
      'a group without its pins',
      { ospm0: { pins: ['tx'], groups: ['uart_grp'] } },
      'agent ospm0 sees group uart_grp, but not all of its pins',
    ],
    [
      'a function without groups',
      { ospm0: { pins: ['tx'], functions: ['uart'] } },
      'agent ospm0 sees function uart, but no group it is for',
    ],
    [
      'a function without pins',
      { ospm0: { pins: ['rx'], functions: ['gpio'] } },
      'agent ospm0 sees function gpio, but no pin it is for',
    ],
  ])('is refused with %s', (_what, agents, text) => {
    expect(() => make(agents === undefined ? {} : { agents })).toThrow(text);
  });

  it('is checked when the product is built, for kinds', () => {
    const elements = elementsOf(PLAN, 1, 0).map(element => ({ module: 'pinctrl', ...element }));
    const facts = { host: 'node', modules: [], element: (id: ElementId) => elements[elementIndex(id)] };
    const id = (name: string) =>
      elementId(
        1,
        elements.findIndex(element => element.name === name),
      );
    const check = (pins: string[], groups: string[], functions: string[]) => {
      const ospm0 = { pins: pins.map(id), groups: groups.map(id), functions: functions.map(id) };
      return schema.check({ agents: { ospm0 }, inactive: 'zero' }, [], facts);
    };
    expect(check(['tx', 'rx'], ['rx_grp'], ['pwm'])).toEqual([]);
    expect(check(['tx', 'uart'], ['rx'], ['uart_grp'])).toEqual([
      { path: ['config', 'agents', 'ospm0', 'pins', 1], message: 'uart is no pin' },
      { path: ['config', 'agents', 'ospm0', 'groups', 0], message: 'rx is no group' },
      { path: ['config', 'agents', 'ospm0', 'functions', 0], message: 'uart_grp is no function' },
    ]);
  });
});
