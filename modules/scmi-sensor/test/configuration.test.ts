// SPDX-License-Identifier: BSD-3-Clause
import { Status } from '@scp/framework';
import type { TestServer } from '@scp/scmi/testing';
import { FakeSensor } from '@scp/sensor/testing';
import { accelerometer, ask, serve, STATUS, word } from './fixture.ts';

const intervals = { updateIntervals: [10_000, 100_000, 1_000_000] };
const UP = 1 << 9;
const CLOSEST = 1 << 10;

/** The interval field of a configuration word. */
const interval = (seconds: number, exponent: number) => ((seconds << 16) | ((exponent & 0x1f) << 11)) >>> 0;

const get = (server: TestServer, id = 0, agent = 'ospm0') => ask(server, 'configGet', [id], { agent });
const set = (server: TestServer, config: number, id = 0, agent = 'ospm0') =>
  ask(server, 'configSet', [id, config], { agent });

describe('SENSOR_CONFIG_GET', () => {
  it.each([
    ['enabled, no interval', {}, 1],
    ['disabled', { enabled: false }, 0],
    ['an interval of 1 s', intervals, interval(1, 0) | 1],
    ['an interval of 25 ms', { updateIntervals: [25_000] }, interval(25, -3) | 1],
    ['not configurable', { configurable: false }, 1],
  ])('%s', (_name, config, word32) => {
    expect(get(serve({ sensors: { s: { config } } }))).toBe(`00000000 ${word(word32)}`);
  });

  it('NOT_FOUND', () => {
    const server = serve({ sensors: { s: {} } });
    expect([1, 2, 0xffffffff].map(id => get(server, id))).toEqual(Array(3).fill(STATUS.NOT_FOUND));
  });
});

describe('SENSOR_CONFIG_SET', () => {
  it('takes the specification’s example: enable, timestamps, 100 ms, rounding by the platform', () => {
    const server = serve({ sensors: { a: {}, b: {}, s: { config: accelerometer } } });
    expect(server.exchange('ospm0', '0a548000 02000000 03fc0100')).toBe('0a548000 00000000');
    expect(server.exchange('ospm0', '09548400 02000000')).toBe('09548400 00000000 03f80100');
  });

  it.each([
    ['exact, round down', interval(100, -3), interval(1, -1)],
    ['exact, round up', interval(1, -1) | UP, interval(1, -1)],
    ['exact in other digits', interval(1000, -4), interval(1, -1)],
    ['down', interval(99, -3), interval(1, -2)],
    ['up', interval(11, -3) | UP, interval(1, -1)],
    ['closest, below', interval(54, -3) | CLOSEST, interval(1, -2)],
    ['closest, above', interval(56, -3) | CLOSEST, interval(1, -1)],
    ['bit 10 dominates bit 9', interval(11, -3) | CLOSEST | UP, interval(1, -2)],
    ['the closest to far too long', interval(65_535, 15) | CLOSEST, interval(1, 0)],
    ['the closest to far too short', interval(1, -16) | CLOSEST, interval(1, -2)],
    ['0 leaves it', 0, interval(1, 0)],
    ['0 leaves it, whatever the rounding', UP | CLOSEST, interval(1, 0)],
  ])('interval: %s', (_name, asked, taken) => {
    const server = serve({ sensors: { s: { config: intervals } } });
    expect(set(server, asked | 1)).toBe('00000000');
    expect(get(server)).toBe(`00000000 ${word(taken | 1)}`);
  });

  it('interval of a segment', () => {
    const updateIntervalSegment = { lowest: 10_000, highest: 90_000, step: 20_000 };
    const server = serve({ sensors: { s: { config: { updateIntervalSegment } } } });
    expect(set(server, interval(55, -3) | UP | 1)).toBe('00000000');
    expect(get(server)).toBe(`00000000 ${word(interval(7, -2) | 1)}`);
  });

  it.each([
    ['reserved bit 2', accelerometer, 4 | 1],
    ['reserved bit 8', accelerometer, 0x101],
    ['reserved bits before the lack of the feature', { configurable: false }, 4],
    ['timestamps on a sensor without', intervals, 3],
    ['nothing shorter to round down to', intervals, interval(9, -3) | 1],
    ['nothing longer to round up to', intervals, interval(2, 0) | UP | 1],
    ['an interval of 0 × 10^1', intervals, interval(0, 1) | CLOSEST | 1],
    ['an interval on a sensor without', {}, interval(1, 0) | CLOSEST | 1],
  ])('INVALID_PARAMETERS: %s', (_name, config, asked) => {
    const server = serve({ sensors: { s: { config: { ...config, enabled: false } } } });
    const before = get(server);
    expect(set(server, asked)).toBe(STATUS.INVALID_PARAMETERS);
    expect(get(server)).toBe(before);
  });

  it('NOT_FOUND, NOT_SUPPORTED', () => {
    const server = serve({ sensors: { s: { config: { configurable: false } } } });
    expect([1, 2, 0xffffffff].map(id => set(server, 1, id))).toEqual(Array(3).fill(STATUS.NOT_FOUND));
    expect([0, 1].map(config => set(server, config))).toEqual(Array(2).fill(STATUS.NOT_SUPPORTED));
  });

  it('DENIED, and CONFIG_GET too', () => {
    const server = serve({ sensors: { s: {}, t: {} }, agents: { ospm0: ['s'], ospm1: ['s', 't'] }, devices: [['s']] });
    server.exchange('ospm0', '09400000 02000000 00000000 00000000');
    expect(set(server, 0, 0, 'ospm1')).toBe(STATUS.DENIED);
    expect(get(server, 0, 'ospm1')).toBe(STATUS.DENIED);
    expect(get(server)).toBe('00000000 01000000');
  });

  it.each([
    [Status.E_DEVICE, STATUS.HARDWARE_ERROR],
    [Status.E_BUSY, STATUS.BUSY],
  ])('the driver fails with %d: nothing changes', (status, answer) => {
    const fake = new FakeSensor();
    const server = serve({ sensors: { s: { config: accelerometer, fake } } });
    const before = get(server);
    fake.status = status;
    expect(set(server, interval(1, -1) | 1)).toBe(answer);
    expect(set(server, 0)).toBe(answer);
    fake.status = Status.SUCCESS;
    expect(get(server)).toBe(before);
  });

  it('when enabling fails the interval goes back', () => {
    const fake = new FakeSensor();
    const server = serve({ sensors: { s: { config: { ...accelerometer, enabled: false }, fake } } });
    const before = get(server);
    fake.call = what => {
      fake.calls.push(what);
      return what === 'enable' ? Status.E_DEVICE : Status.SUCCESS;
    };
    fake.take();
    expect(set(server, interval(1, -1) | 3)).toBe(STATUS.HARDWARE_ERROR);
    expect(fake.take()).toEqual(['interval 100000', 'enable', 'interval 1000000']);
    expect(get(server)).toBe(before);
  });

  it('reads PROTOCOL_ERROR while it is disabled', () => {
    const server = serve({ sensors: { s: {} } });
    set(server, 0);
    expect(ask(server, 'readingGet', [0, 0])).toBe(STATUS.PROTOCOL_ERROR);
    set(server, 1);
    expect(ask(server, 'readingGet', [0, 0])).toMatch(/^00000000/);
  });
});

describe('two agents', () => {
  /** Votes of ospm0 and ospm1 in turn: `0+` enables, `1-` disables, `0x` resets; what is in force after each. */
  function play(enabled: boolean, votes: string): string {
    const server = serve({
      sensors: { other: {}, s: { config: { enabled } } },
      agents: { ospm0: ['s'], ospm1: ['other', 's'] },
    });
    return votes
      .split(' ')
      .map(([who, what]) => {
        const agent = `ospm${who}`;
        if (what === 'x') server.disconnect(agent);
        else expect(set(server, what === '+' ? 1 : 0, who === '0' ? 0 : 1, agent)).toBe('00000000');
        const [seen, other] = [get(server), get(server, 1, 'ospm1')];
        expect(seen).toBe(other);
        return seen === '00000000 01000000' ? '1' : '0';
      })
      .join(' ');
  }

  it.each([
    ['on while one wants it', false, '0+ 1+ 0- 1-', '1 1 1 0'],
    ['twice is once', false, '0+ 0+ 0-', '1 1 0'],
    ['one that never wanted it takes nothing away', false, '0+ 1- 0-', '1 1 0'],
    ['initially on until one wants it off', true, '0- 1+ 1-', '0 1 0'],
    ['a reset takes back the wish for on', false, '0+ 0x', '1 0'],
    ['a reset takes back the wish for off', true, '0- 0x', '0 1'],
    ['a reset leaves the other’s wish', false, '0+ 1+ 0x', '1 1 1'],
    ['a reset of one leaves the other’s off', true, '0- 1- 0x', '0 0 0'],
  ])('%s', (_name, enabled, votes, states) => {
    expect(play(enabled, votes)).toBe(states);
  });

  it('a reset returns interval and timestamps, if that agent set them last', () => {
    const server = serve({ sensors: { s: { config: accelerometer } }, agents: { ospm0: ['s'], ospm1: ['s'] } });
    const initial = get(server);
    set(server, interval(1, -1) | 3);
    server.disconnect('ospm1');
    expect(get(server)).toBe(`00000000 ${word(interval(1, -1) | 3)}`);
    server.disconnect('ospm0');
    expect(get(server)).toBe(initial);
  });

  it('but not while the other receives updates at that pace', () => {
    const server = serve({ sensors: { s: { config: accelerometer } }, agents: { ospm0: ['s'], ospm1: ['s'] } });
    ask(server, 'continuousUpdateNotify', [0, 1], { agent: 'ospm1' });
    set(server, interval(1, -1) | 3);
    server.disconnect('ospm0');
    expect(get(server)).toBe(`00000000 ${word(interval(1, -1) | 3)}`);
  });

  it('a wish that the driver did not follow is not kept', () => {
    const fake = new FakeSensor();
    const sensors = { s: { config: { enabled: false }, fake } };
    const server = serve({ sensors, agents: { ospm0: ['s'], ospm1: ['s'] } });
    fake.status = Status.E_DEVICE;
    expect(set(server, 1)).toBe(STATUS.HARDWARE_ERROR);
    fake.status = Status.SUCCESS;
    set(server, 1, 0, 'ospm1');
    set(server, 0, 0, 'ospm1');
    expect(get(server)).toBe('00000000 00000000');
  });

  it('a reset that the driver does not follow forgets the wish all the same', () => {
    const fake = new FakeSensor();
    const server = serve({ sensors: { s: { config: { enabled: false }, fake } } });
    set(server, 1);
    fake.status = Status.E_DEVICE;
    server.disconnect('ospm0');
    expect(get(server)).toBe('00000000 01000000');
    fake.status = Status.SUCCESS;
    set(server, 0);
    expect(get(server)).toBe('00000000 00000000');
  });
});
