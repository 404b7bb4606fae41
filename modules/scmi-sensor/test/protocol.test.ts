// SPDX-License-Identifier: BSD-3-Clause
import type { CommandDeclaration } from '@scp/scmi/api';
import { layoutAt } from '@scp/scmi/api';
import { SENSOR_PROTOCOL, SensorVersion } from '@scp/scmi-sensor/messages';
import type { SensorElementConfig } from '@scp/sensor/schema';
import { ask, serve, speak, STATUS, word } from './fixture.ts';

const commands: readonly CommandDeclaration[] = Object.values(SENSOR_PROTOCOL.commands);
const { V1_0, V2_0, V3_0, V3_1 } = SensorVersion;

describe('versions', () => {
  it.each([
    [V1_0, [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6]],
    [V2_0, [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xa, 0xb]],
    [V3_0, [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xa, 0xb, 0xc, 0xd]],
    [V3_1, [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xa, 0xb, 0xc, 0xd, 0x10]],
  ])('0x%s has exactly its messages', (version, ids) => {
    const server = serve({ sensors: { s: {} }, scmi: { version } });
    expect(ask(server, 'version')).toBe(`00000000 ${word(version)}`);
    const answers = Array.from({ length: 256 }, (_, id) => ask(server, 'messageAttributes', [id]));
    expect(answers).toEqual(answers.map((_, id) => (ids.includes(id) ? '00000000 00000000' : STATUS.NOT_FOUND)));
    for (const { id } of commands.filter(({ since }) => since > version)) {
      const header = word(id | (0x15 << 10));
      expect(server.exchange('ospm0', header)).toBe(`${header} ${STATUS.NOT_FOUND}`);
    }
  });

  it.each([
    [V1_0, 'SUCCESS'],
    [V2_0, 'SUCCESS'],
    [V3_0, 'SUCCESS'],
    [V3_1, 'SUCCESS'],
    [0x30002, 'NOT_SUPPORTED'],
    [0x40000, 'NOT_SUPPORTED'],
    [0x20001, 'NOT_SUPPORTED'],
    [0, 'NOT_SUPPORTED'],
  ] as const)('negotiating 0x%s: %s', (version, status) => {
    expect(ask(serve({ sensors: { s: {} } }), 'negotiate', [version])).toBe(STATUS[status]);
  });

  it('are negotiated by each agent for itself, until it is gone', () => {
    const server = serve({ sensors: { s: {} }, agents: { ospm0: ['s'], ospm1: ['s'] } });
    const size = (agent: string) => ask(server, 'readingGet', [0, 0], { agent }).split(' ').length;
    speak(server, V1_0);
    expect([size('ospm0'), size('ospm1')]).toEqual([3, 5]);
    server.disconnect('ospm0');
    expect(size('ospm0')).toBe(5);
  });

  it('a product’s version that there is not is refused', () => {
    expect(() => serve({ sensors: { s: {} }, scmi: { version: 0x20001 } })).toThrow(
      'init, module scmi-sensor: version 0x20001 is not one of 0x10000, 0x20000, 0x30000, 0x30001 (E_DATA)',
    );
  });
});

describe('lengths', () => {
  const own = Object.entries(SENSOR_PROTOCOL.commands);
  it.each(own.map(([key, command]) => [command.name, key, command] as const))('%s', (_name, _key, command) => {
    const server = serve({ sensors: { s: {} } });
    const { size } = layoutAt(command.request, V3_1);
    const header = word(command.id | (0x15 << 10));
    for (const wrong of [0, size - 4, size - 1, size + 1, size + 4].filter(bytes => bytes >= 0 && bytes !== size)) {
      expect(server.exchange('ospm0', header + '00'.repeat(wrong))).toBe(`${header} ${STATUS.PROTOCOL_ERROR}`);
    }
    expect(server.exchange('ospm0', header + '00'.repeat(size))).not.toContain(STATUS.PROTOCOL_ERROR);
  });
});

describe('what each agent sees', () => {
  it('is its own list, in its order', () => {
    const server = serve({
      sensors: { a: {}, b: {}, c: {} },
      agents: { ospm0: ['c', 'a'], ospm1: ['b'], ospm2: [] },
    });
    const names = (agent: string) =>
      server.command(agent, SENSOR_PROTOCOL, 'descriptionGet', [0]).values['descriptors'];
    expect(names('ospm0')).toMatchObject([
      { sensorId: 0, name: 'c' },
      { sensorId: 1, name: 'a' },
    ]);
    expect(names('ospm1')).toMatchObject([{ sensorId: 0, name: 'b' }]);
    expect(ask(server, 'readingGet', [1, 0], { agent: 'ospm1' })).toBe(STATUS.NOT_FOUND);
  });

  it('without a sensor the protocol is not there', () => {
    const server = serve({ sensors: { a: {} }, agents: { ospm0: ['a'], ospm1: [] } });
    expect(ask(server, 'version', [], { agent: 'ospm1' })).toBe(STATUS.NOT_SUPPORTED);
    // LIST_PROTOCOLS
    expect(server.exchange('ospm0', '06400000 00000000')).toBe('06400000 00000000 01000000 15000000');
    expect(server.exchange('ospm1', '06400000 00000000')).toBe('06400000 00000000 00000000');
  });

  it('no answer depends on what was asked before', () => {
    const server = serve({ sensors: { a: { config: { tripPoints: 1 } }, b: {} } });
    const enumerate = () => [
      ask(server, 'attributes'),
      ask(server, 'descriptionGet', [0]),
      ask(server, 'nameGet', [1]),
    ];
    expect(enumerate()).toEqual(enumerate());
  });
});

describe('configuration that is refused', () => {
  const axes = (count: number): Partial<SensorElementConfig> => ({
    axes: Array.from({ length: count }, (_, at) => ({ name: `a${at}`, type: 'volts', exponent: 0 })),
  });

  it('more axes than a message carries', () => {
    expect(() => serve({ sensors: { s: { config: axes(7) } } })).not.toThrow();
    expect(() => serve({ sensors: { s: { config: axes(8) } } })).toThrow(
      /module scmi-sensor: sensor s has 8 axes; a message carries at most 7 \(E_DATA\)/,
    );
    // Nobody sees it through the protocol.
    expect(() => serve({ sensors: { s: { config: axes(8) } }, agents: { ospm0: [] } })).not.toThrow();
  });

  it.each([
    ['in a list', { updateIntervals: [65_535_000, 65_536_000] }, '65536000 µs'],
    ['as a step', { updateIntervalSegment: { lowest: 1, highest: 1 + 2 * 65_537, step: 65_537 } }, '131075 µs'],
    ['between listed ones', { updateIntervalSegment: { lowest: 10, highest: 1_000_000, step: 10 } }, '1000000 µs'],
  ])('an update interval with too many digits, %s', (_name, config, interval) => {
    expect(() => serve({ sensors: { s: { config } } })).toThrow(`sensor s: update interval ${interval} is not 65535`);
  });

  it('the longest that can be told is not', () => {
    const updateIntervalSegment = { lowest: 1, highest: 65_535, step: 2 };
    expect(() => serve({ sensors: { s: { config: { updateIntervalSegment } } } })).not.toThrow();
  });

  it('a sensor twice', () => {
    expect(() => serve({ sensors: { s: {} }, agents: { ospm0: ['s', 's'] } })).toThrow(
      'agent ospm0 lists sensor s twice; each once (E_DATA)',
    );
  });

  it('an agent that there is not', () => {
    expect(() => serve({ sensors: { s: {} }, agents: { ospm0: ['s'] }, scmi: { agents: { ospm9: [] } } })).toThrow(
      'no agent is called ospm9; the agents are ospm0 (E_DATA)',
    );
  });
});

describe('stop', () => {
  it('is clean with everything under way', () => {
    const server = serve({ sensors: { s: { config: { tripPoints: 1, continuousUpdates: true } } } });
    ask(server, 'continuousUpdateNotify', [0, 1]);
    ask(server, 'tripPointConfig', [0, 3, 0, 0]);
    expect(server.framework.stop()).toEqual([]);
    expect(server.host.deadline).toBe(Infinity);
  });
});
