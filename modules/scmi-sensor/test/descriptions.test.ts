// SPDX-License-Identifier: BSD-3-Clause
import type { ProtocolDeclaration } from '@scp/scmi/api';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { accelerometer, ask, serve, speak, STATUS, word } from './fixture.ts';

const socTemp = {
  exponent: -3,
  tripPoints: 2,
  power: 150,
  resolution: { value: 125, exponent: -3 },
  minimum: -40_000,
  maximum: 125_000,
};

const P: ProtocolDeclaration = SENSOR_PROTOCOL;

/** A name as it stands in a 16-byte or 64-byte field. */
const nameHex = (text: string, size: 16 | 64): string => {
  const bytes = Array.from({ length: size }, (_, at) => (at < size - 1 ? text.charCodeAt(at) || 0 : 0));
  return bytes.map((byte, at) => (at > 0 && at % 4 === 0 ? ' ' : '') + byte.toString(16).padStart(2, '0')).join('');
};

describe('PROTOCOL_ATTRIBUTES', () => {
  it('counts the agent’s sensors and the asynchronous reads it may have', () => {
    const server = serve({ sensors: { a: { config: { asynchronous: true } }, b: {} } });
    expect(ask(server, 'attributes')).toBe('00000000 02000800 00000000 00000000 00000000');
  });

  it('promises no asynchronous read when no sensor, or no channel, has them', () => {
    expect(ask(serve({ sensors: { a: {} } }), 'attributes')).toBe('00000000 01000000 00000000 00000000 00000000');
    const server = serve({ sensors: { a: { config: { asynchronous: true } } }, scmi: { maxPendingReads: 255 } });
    expect(ask(server, 'attributes').slice(9, 17)).toBe('0100ff00');
    server.setP2a('ospm0', false);
    expect(ask(server, 'attributes').slice(9, 17)).toBe('01000000');
  });
});

describe('SENSOR_DESCRIPTION_GET', () => {
  it('is the specification’s worked example', () => {
    const server = serve({ sensors: { 'soc-temp': { config: socTemp }, b: {}, c: {} } });
    // Room for one descriptor.
    expect(server.exchange('ospm0', '03548400 00000000', 4 + 8 + 52)).toBe(
      '03548400 00000000 01000200' +
        ' 00000000 02010000 02e80000' +
        ' 736f632d 74656d70 00000000 00000000' +
        ' 96000000 7d0000e8' +
        ' c063ffff ffffffff 48e80100 00000000',
    );
  });

  const describe1 = (config: object, version?: number) => {
    const server = serve({ sensors: { s: { config } } });
    if (version !== undefined) speak(server, version);
    return ask(server, 'descriptionGet', [0]).slice(18);
  };
  const plain = (low: string, high: string) => `00000000 ${low} ${high} ${nameHex('s', 16)}`;
  const all = {
    asynchronous: true,
    continuousUpdates: true,
    timestampExponent: -6,
    tripPoints: 255,
    type: 'volts' as const,
    exponent: -3,
    updateIntervals: [250_000],
  };

  it.each([
    ['1.0', 0x10000, plain('ff000080', '05e880cf')],
    ['2.0', 0x20000, plain('ff6a00c0', '05e80000')],
    ['3.0', 0x30000, plain('ff6a00c0', '05e80000')],
    ['3.1', 0x30001, plain('ff6a00c0', '05e80000')],
  ])('attribute bits of %s', (_name, version, descriptor) => {
    expect(describe1(all, version)).toBe(descriptor);
  });

  it('without a platform-to-agent channel promises no reads to come, no updates, no trip points', () => {
    const server = serve({ sensors: { s: { config: all } } });
    server.setP2a('ospm0', false);
    expect(ask(server, 'descriptionGet', [0]).slice(18)).toBe(plain('006a0000', '05e80000'));
  });

  it.each([
    [1_000_000, '02000008', '1 × 10^0 s'],
    [31_000_000, '020000f8', '31 × 10^0 s'],
    [32_000_000, '02000000', 'more than 31: not reported'],
    [1, '0200800e', '1 × 10^-6 s'],
    [100_000, '0200c00f', '1 × 10^-1 s'],
  ])('1.0 reports an update interval of %d µs as %s: %s', (interval, high) => {
    expect(describe1({ updateIntervals: [interval] }, 0x10000)).toBe(plain('00000000', high));
  });

  it('reports limits that are not known as the extremes', () => {
    expect(describe1({ power: 1 })).toBe(
      `${plain('00010000', '02000000')} 01000000 00000000 00000000 00000080 ffffffff ffffff7f`,
    );
    expect(describe1({ minimum: -(2 ** 40) })).toBe(
      `${plain('00010000', '02000000')} 00000000 00000000 00000000 00ffffff ffffffff ffffff7f`,
    );
  });

  it('has 28 bytes plain, 32 for axes with power, 52 extended, mixed in one answer', () => {
    const server = serve({
      sensors: {
        plain: {},
        axes: { config: { ...accelerometer, power: 9 } },
        soc: { config: socTemp },
      },
    });
    expect(ask(server, 'descriptionGet', [0], { capacity: 4 + 8 + 28 + 32 + 52 })).toBe(
      [
        '00000000 03000000',
        `00000000 00000000 02000000 ${nameHex('plain', 16)}`,
        `01000000 006b0040 00010300 ${nameHex('accelerometer', 16)} 09000000`,
        `02000000 02010000 02e80000 ${nameHex('soc', 16)} 96000000 7d0000e8 c063ffff ffffffff 48e80100 00000000`,
      ].join(' '),
    );
    const decoded = server.command('ospm0', P, 'descriptionGet', [0]);
    expect(decoded.values['descriptors']).toMatchObject([
      { sensorId: 0, name: 'plain' },
      { sensorId: 1, name: 'accelerometer', power: 9 },
      { sensorId: 2, name: 'soc', power: 150, minimum: -40_000, maximum: 125_000 },
    ]);
  });

  it('shows axes without power in 28 bytes, and to an agent of 1.0 the first axis', () => {
    const server = serve({ sensors: { s: { config: { ...accelerometer, name: 's' } } } });
    expect(ask(server, 'descriptionGet', [0]).slice(18)).toBe(plain('006a0040', '00010300'));
    speak(server, 0x10000);
    expect(ask(server, 'descriptionGet', [0]).slice(18)).toBe(plain('00000000', '59e80008'));
  });

  it('cuts a long name to 15 characters; the bit for it is there from 3.0', () => {
    const name = 'CPU temperature near the big cluster';
    const lowAt = (version: number) => {
      const server = serve({ sensors: { s: { config: { name } } } });
      speak(server, version);
      const descriptor = ask(server, 'descriptionGet', [0]).slice(18);
      expect(descriptor.slice(27)).toBe(nameHex('CPU temperature', 16));
      return descriptor.slice(9, 17);
    };
    expect([0x10000, 0x20000, 0x30000, 0x30001].map(lowAt)).toEqual(['00000000', '00000000', '00000020', '00000020']);
    expect(describe1({ name: 'fifteen letters' }).slice(9, 17)).toBe('00000000');
  });

  describe('pages', () => {
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}`, {}]));
    const pages = (capacity: number) => {
      const server = serve({ sensors: nine });
      const flags: string[] = [];
      for (let next = 0; next < 9;) {
        const answer = ask(server, 'descriptionGet', [next], { capacity });
        flags.push(answer.slice(9, 17));
        const returned = Number.parseInt(answer.slice(9, 11), 16);
        expect(answer.slice(18, 26)).toBe(word(next));
        expect(answer.split(' ')).toHaveLength(2 + 7 * returned);
        next += returned;
      }
      return flags;
    };
    it.each([
      ['Linux over virtio', 136, ['04000500', '04000100', '01000000']],
      ['raw mode', 132, ['04000500', '04000100', '01000000']],
      ['a byte too few for four', 4 + 8 + 4 * 28 - 1, ['03000600', '03000300', '03000000']],
      ['one', 4 + 8 + 28, Array.from({ length: 9 }, (_, at) => `01000${8 - at}00`)],
      ['all', 1024, ['09000000']],
    ])('%s', (_name, capacity, flags) => {
      expect(pages(capacity)).toEqual(flags);
    });

    it('without room for one descriptor it is a COMMS_ERROR', () => {
      expect(ask(serve({ sensors: nine }), 'descriptionGet', [0], { capacity: 4 + 8 + 27 })).toBe(STATUS.COMMS_ERROR);
    });

    it.each([9, 10, 0xffffffff])('index %d is INVALID_PARAMETERS', index => {
      expect(ask(serve({ sensors: nine }), 'descriptionGet', [index])).toBe(STATUS.INVALID_PARAMETERS);
    });
  });
});

describe('SENSOR_AXIS_DESCRIPTION_GET', () => {
  const long = 'acceleration along axis Y of the board';
  const axes = [
    { name: 'acc_X', type: 'metres-per-second-squared' as const, exponent: -3 },
    {
      name: long,
      type: 'radians-per-second' as const,
      exponent: 15,
      resolution: { value: 1, exponent: -16 },
      minimum: -1,
      maximum: 2,
    },
    { name: 'acc_Z', type: 'oem' as const, exponent: -16 },
  ];
  const server = () => serve({ sensors: { plain: {}, s: { config: { axes } } } });
  const first = `00000000 00000000 59e80000 ${nameHex('acc_X', 16)}`;
  const second = (low: string) =>
    `01000000 ${low} 57780000 ${nameHex(long, 16)} 01000080 ffffffff ffffffff 02000000 00000000`;
  const third = `02000000 00000000 ff800000 ${nameHex('acc_Z', 16)}`;

  it('has 28 or 48 bytes for an axis, and 6-bit counters', () => {
    const one = server();
    expect(ask(one, 'axisDescriptionGet', [1, 0])).toBe(`00000000 03000000 ${first} ${second('00030000')} ${third}`);
    expect(one.command('ospm0', P, 'axisDescriptionGet', [1, 0]).values['axes']).toMatchObject([
      { axisId: 0, name: 'acc_X' },
      { axisId: 1, resolution: 0x80000001, minimum: -1, maximum: 2 },
      { axisId: 2 },
    ]);
  });

  it('shows no extended name to 2.0', () => {
    const one = server();
    speak(one, 0x20000);
    expect(ask(one, 'axisDescriptionGet', [1, 1])).toBe(`00000000 02000000 ${second('00010000')} ${third}`);
  });

  it('is paged', () => {
    const capacity = 4 + 8 + 28 + 47;
    expect(ask(server(), 'axisDescriptionGet', [1, 0], { capacity })).toBe(`00000000 01000008 ${first}`);
    expect(ask(server(), 'axisDescriptionGet', [1, 1], { capacity })).toBe(`00000000 01000004 ${second('00030000')}`);
    expect(ask(server(), 'axisDescriptionGet', [1, 2], { capacity })).toBe(`00000000 01000000 ${third}`);
    expect(ask(server(), 'axisDescriptionGet', [1, 1], { capacity: 4 + 8 + 47 })).toBe(STATUS.COMMS_ERROR);
  });

  it.each([
    ['NOT_FOUND', [2, 0]],
    ['NOT_FOUND', [0xffffffff, 0]],
    ['NOT_SUPPORTED', [0, 0]],
    ['INVALID_PARAMETERS', [1, 3]],
    ['INVALID_PARAMETERS', [1, 0xffffffff]],
  ] as const)('%s: %j', (status, payload) => {
    expect(ask(server(), 'axisDescriptionGet', payload)).toBe(STATUS[status]);
  });
});

describe('SENSOR_LIST_UPDATE_INTERVALS', () => {
  it('is the specification’s example', () => {
    const server = serve({ sensors: { s: { config: { updateIntervals: [10_000, 100_000, 1_000_000] } } } });
    expect(ask(server, 'listUpdateIntervals', [0, 0])).toBe('00000000 03000000 3e000000 3f000000 20000000');
    expect(ask(server, 'listUpdateIntervals', [0, 2])).toBe('00000000 01000000 20000000');
  });

  it.each([
    [1, 0x3a],
    [65_535, (65_535 << 5) | 0x1a],
    [655_350, (65_535 << 5) | 0x1b],
    [3600_000_000, (36 << 5) | 2],
    [86_400_000_000, (864 << 5) | 2],
  ])('%d µs', (interval, encoded) => {
    const server = serve({ sensors: { s: { config: { updateIntervals: [interval] } } } });
    expect(ask(server, 'listUpdateIntervals', [0, 0])).toBe(`00000000 01000000 ${word(encoded)}`);
  });

  it('pages a list by the room there is', () => {
    const updateIntervals = Array.from({ length: 40 }, (_, at) => 1000 * (at + 1));
    const server = serve({ sensors: { s: { config: { updateIntervals } } } });
    const flags = (index: number, capacity: number) =>
      ask(server, 'listUpdateIntervals', [0, index], { capacity }).slice(9, 17);
    expect(flags(0, 136)).toBe('1f000900');
    expect(flags(31, 136)).toBe('09000000');
    expect(flags(0, 4 + 8 + 4)).toBe('01002700');
    expect(ask(server, 'listUpdateIntervals', [0, 0], { capacity: 4 + 8 })).toBe(STATUS.COMMS_ERROR);
  });

  it('tells a segment in three words, never fewer', () => {
    const updateIntervalSegment = { lowest: 10_000, highest: 1_000_000, step: 10_000 };
    const server = serve({ sensors: { s: { config: { updateIntervalSegment } } } });
    expect(ask(server, 'listUpdateIntervals', [0, 0])).toBe('00000000 03100000 3e000000 20000000 3e000000');
    expect(ask(server, 'listUpdateIntervals', [0, 1])).toBe(STATUS.INVALID_PARAMETERS);
    expect(ask(server, 'listUpdateIntervals', [0, 0], { capacity: 4 + 8 + 11 })).toBe(STATUS.COMMS_ERROR);
  });

  it.each([
    ['NOT_FOUND', [2, 0]],
    ['NOT_SUPPORTED', [0, 0]],
    ['INVALID_PARAMETERS', [1, 2]],
    ['INVALID_PARAMETERS', [1, 0xffffffff]],
  ] as const)('%s: %j', (status, payload) => {
    const server = serve({ sensors: { a: {}, b: { config: { updateIntervals: [1, 2] } } } });
    expect(ask(server, 'listUpdateIntervals', payload)).toBe(STATUS[status]);
  });
});

describe('SENSOR_NAME_GET', () => {
  const name = 'CPU temperature near the big cluster';
  const server = () => serve({ sensors: { short: {}, s: { config: { name } } } });

  it('is the whole name, also a short one', () => {
    expect(ask(server(), 'nameGet', [1])).toBe(`00000000 00000000 ${nameHex(name, 64)}`);
    expect(ask(server(), 'nameGet', [0])).toBe(`00000000 00000000 ${nameHex('short', 64)}`);
    expect(server().command('ospm0', P, 'nameGet', [1]).values).toEqual({ flags: 0, name });
  });

  it('NOT_FOUND', () => {
    expect([2, 3, 0xffffffff].map(id => ask(server(), 'nameGet', [id]))).toEqual(Array(3).fill(STATUS.NOT_FOUND));
  });
});

describe('SENSOR_AXIS_NAME_GET', () => {
  const axis = (name: string) => ({ name, type: 'metres-per-second-squared' as const, exponent: 0 });
  const longs = ['acceleration of the board along axis_Y', 'acceleration of the board along axis_Z'] as const;
  const server = () =>
    serve({
      sensors: {
        plain: {},
        short: { config: { axes: [axis('acc_X')] } },
        s: { config: { axes: [axis('acc_X'), axis(longs[0]), axis(longs[1])] } },
      },
    });

  it('lists the axes that have one, by their ids; the index counts these', () => {
    const one = `01000000 ${nameHex(longs[0], 64)}`;
    const two = `02000000 ${nameHex(longs[1], 64)}`;
    expect(ask(server(), 'axisNameGet', [2, 0], { capacity: 200 })).toBe(`00000000 02000000 ${one} ${two}`);
    expect(ask(server(), 'axisNameGet', [2, 0])).toBe(`00000000 01000004 ${one}`);
    expect(ask(server(), 'axisNameGet', [2, 1])).toBe(`00000000 01000000 ${two}`);
    expect(ask(server(), 'axisNameGet', [2, 1], { capacity: 4 + 8 + 67 })).toBe(STATUS.COMMS_ERROR);
  });

  it.each([
    ['NOT_FOUND', [3, 0]],
    ['NOT_SUPPORTED', [0, 0]],
    ['NOT_SUPPORTED', [1, 0]],
    ['INVALID_PARAMETERS', [2, 2]],
    ['INVALID_PARAMETERS', [2, 0xffffffff]],
  ] as const)('%s: %j', (status, payload) => {
    expect(ask(server(), 'axisNameGet', payload)).toBe(STATUS[status]);
  });
});
