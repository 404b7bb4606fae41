// SPDX-License-Identifier: BSD-3-Clause
import type { TestServer } from '@scp/scmi/testing';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { FakeSensor } from '@scp/sensor/testing';
import { accelerometer, ask, serve, speak, STATUS, word } from './fixture.ts';

const SECOND = 1_000_000;
const trips = { tripPoints: 3 };
const POSITIVE = 1;
const NEGATIVE = 2;
const BOTH = 3;

/** Programs a trip point with a threshold of two words. */
const program = (server: TestServer, control: number, threshold: number, sensor = 0, agent = 'ospm0') =>
  ask(server, 'tripPointConfig', [sensor, control, threshold % 2 ** 32, Math.floor(threshold / 2 ** 32)], { agent });
const notify = (server: TestServer, sensor = 0, enable = 1, agent = 'ospm0') =>
  ask(server, 'tripPointNotify', [sensor, enable], { agent });
const updates = (server: TestServer, sensor = 0, enable = 1, agent = 'ospm0') =>
  ask(server, 'continuousUpdateNotify', [sensor, enable], { agent });

describe('SENSOR_TRIP_POINT_NOTIFY', () => {
  const server = () => serve({ sensors: { plain: {}, s: { config: trips } } });
  it.each([
    ['SUCCESS', [1, 1]],
    ['SUCCESS', [1, 0]],
    ['NOT_FOUND', [2, 1]],
    ['NOT_FOUND', [3, 0xf]],
    ['NOT_FOUND', [0xffffffff, 1]],
    ['INVALID_PARAMETERS', [1, 2]],
    ['INVALID_PARAMETERS', [1, 0x80000001]],
    ['INVALID_PARAMETERS', [0, 0xf]],
    ['NOT_SUPPORTED', [0, 1]],
    ['NOT_SUPPORTED', [0, 0]],
  ] as const)('%s: %j', (status, payload) => {
    expect(ask(server(), 'tripPointNotify', payload)).toBe(STATUS[status]);
  });
});

describe('SENSOR_TRIP_POINT_CONFIG', () => {
  const server = () => serve({ sensors: { plain: {}, s: { config: trips } } });
  it.each([
    ['SUCCESS', [1, BOTH, 5, 0]],
    ['SUCCESS', [1, (2 << 4) | POSITIVE, 0, 0x80000000]],
    ['SUCCESS', [1, 0, 0, 0]],
    ['NOT_FOUND', [2, 0, 0, 0]],
    ['NOT_FOUND', [0xffffffff, 0xf, 0, 0]],
    ['INVALID_PARAMETERS', [1, 0xf, 0, 0]],
    ['INVALID_PARAMETERS', [1, 4, 0, 0]],
    ['INVALID_PARAMETERS', [1, 8, 0, 0]],
    ['INVALID_PARAMETERS', [1, 0x1000, 0, 0]],
    ['INVALID_PARAMETERS', [1, 0x80000000, 0, 0]],
    ['INVALID_PARAMETERS', [1, 3 << 4, 0, 0]],
    ['INVALID_PARAMETERS', [1, 4 << 4, 0, 0]],
    ['INVALID_PARAMETERS', [1, 0xff << 4, 0, 0]],
    ['INVALID_PARAMETERS', [0, 0, 0, 0]],
    ['INVALID_PARAMETERS', [0, 1 << 4, 0, 0]],
  ] as const)('%s: %j', (status, payload) => {
    expect(ask(server(), 'tripPointConfig', payload)).toBe(STATUS[status]);
  });
});

describe('SENSOR_TRIP_POINT_EVENT', () => {
  it('goes to the subscriber, with the trip point and the direction', () => {
    const fake = new FakeSensor([20_000]);
    const server = serve({ sensors: { a: {}, s: { config: trips, fake } } });
    notify(server, 1);
    program(server, (2 << 4) | BOTH, 30_000, 1);
    fake.values = [30_000];
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual(['00570000 00000000 01000000 02000100']);
    server.advance(5 * SECOND);
    expect(server.events('ospm0')).toEqual([]);
    fake.values = [29_999];
    server.advance(SECOND);
    fake.values = [30_001];
    server.advance(SECOND);
    fake.values = [30_000];
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual([
      '00570000 00000000 01000000 02000100',
      '00570000 00000000 01000000 02000000',
    ]);
  });

  it.each([
    ['up', POSITIVE, ['00570000 00000000 00000000 00000100']],
    ['down', NEGATIVE, ['00570000 00000000 00000000 00000000']],
    ['both', BOTH, ['00570000 00000000 00000000 00000100', '00570000 00000000 00000000 00000000']],
    ['disabled', 0, []],
  ])('%s, with a threshold of 64 bits', (_name, mode, expected) => {
    const threshold = -(2 ** 45) + 1;
    const fake = new FakeSensor([threshold - 1]);
    const server = serve({ sensors: { s: { config: trips, fake } } });
    notify(server);
    program(server, mode, threshold);
    fake.values = [threshold + 1];
    server.advance(SECOND);
    fake.values = [threshold - 1];
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual(expected);
  });

  it('fires on a read, after the answer to it', () => {
    const fake = new FakeSensor([1]);
    const server = serve({ sensors: { s: { config: trips, fake } } });
    notify(server);
    program(server, POSITIVE, 5);
    fake.values = [6];
    ask(server, 'readingGet', [0, 0]);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('goes to each agent under its own id, and only to those who asked', () => {
    const fake = new FakeSensor([1]);
    const server = serve({
      sensors: { a: {}, b: {}, s: { config: trips, fake } },
      agents: { ospm0: ['s'], ospm1: ['a', 'b', 's'], ospm2: ['s'] },
    });
    notify(server, 0, 1, 'ospm0');
    notify(server, 2, 1, 'ospm1');
    program(server, POSITIVE, 5, 0, 'ospm2');
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual(['00570000 00000000 00000000 00000100']);
    expect(server.events('ospm1')).toEqual(['00570000 00000000 02000000 00000100']);
    expect(server.events('ospm2')).toEqual([]);
    notify(server, 2, 0, 'ospm1');
    fake.values = [1];
    server.advance(SECOND);
    fake.values = [6];
    server.advance(SECOND);
    expect([server.events('ospm0').length, server.events('ospm1').length]).toEqual([1, 0]);
  });

  it('can be programmed first and asked for later', () => {
    const fake = new FakeSensor([1]);
    const server = serve({ sensors: { s: { config: trips, fake } } });
    program(server, POSITIVE, 5);
    server.advance(SECOND);
    notify(server);
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('comes in 1.0 too', () => {
    const fake = new FakeSensor([1]);
    const server = serve({ sensors: { s: { config: trips, fake } } });
    speak(server, 0x10000);
    notify(server);
    program(server, POSITIVE, 5);
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual(['00570000 00000000 00000000 00000100']);
  });

  it('of a slow sensor comes when the sample is there', () => {
    const fake = new FakeSensor([1], true);
    const server = serve({ sensors: { s: { config: trips, fake } } });
    notify(server);
    program(server, POSITIVE, 5);
    fake.finish();
    fake.values = [6];
    server.advance(SECOND);
    fake.finish();
    server.advance(0);
    expect(server.events('ospm0')).toHaveLength(1);
  });
});

describe('SENSOR_CONTINUOUS_UPDATE_NOTIFY', () => {
  const server = () => serve({ sensors: { plain: {}, s: { config: accelerometer } } });
  it.each([
    ['SUCCESS', [1, 1]],
    ['SUCCESS', [1, 0]],
    ['NOT_FOUND', [2, 1]],
    ['NOT_FOUND', [0xffffffff, 0xf]],
    ['INVALID_PARAMETERS', [1, 2]],
    ['INVALID_PARAMETERS', [0, 0xff]],
    ['NOT_SUPPORTED', [0, 1]],
  ] as const)('%s: %j', (status, payload) => {
    expect(ask(server(), 'continuousUpdateNotify', payload)).toBe(STATUS[status]);
  });
});

describe('SENSOR_UPDATE', () => {
  const sensors = (fake = new FakeSensor([1, -2, 3])) => ({ s: { config: accelerometer, fake } });

  it('comes once per update interval, with a reading for each axis and its time', () => {
    const server = serve({ sensors: sensors() });
    ask(server, 'configSet', [0, 3]);
    updates(server);
    server.advance(2_500_000);
    const at = (time: string) =>
      `01570000 00000000 00000000 01000000 00000000 ${time} feffffff ffffffff ${time} 03000000 00000000 ${time}`;
    expect(server.events('ospm0')).toEqual([at('40420f00 00000000'), at('80841e00 00000000')]);
  });

  it('has zeroes for time while timestamps are off', () => {
    const server = serve({
      sensors: { s: { config: { ...accelerometer, ...{ axes: accelerometer.axes.slice(0, 1) } } } },
    });
    updates(server);
    server.advance(SECOND);
    expect(server.events('ospm0')).toEqual(['01570000 00000000 00000000 00000000 00000000 00000000 00000000']);
  });

  it('follows the interval, stops while the sensor is disabled, and when it is not wanted', () => {
    const server = serve({ sensors: sensors() });
    const count = () => {
      server.advance(SECOND);
      return server.events('ospm0').length;
    };
    updates(server);
    expect(count()).toBe(1);
    ask(server, 'configSet', [0, 0x0001fc01]);
    expect(count()).toBe(10);
    ask(server, 'configSet', [0, 0]);
    expect(count()).toBe(0);
    ask(server, 'configSet', [0, 1]);
    expect(count()).toBe(10);
    updates(server, 0, 0);
    expect(count()).toBe(0);
    updates(server);
    updates(server);
    expect(count()).toBe(10);
    updates(server, 0, 0);
    expect(count()).toBe(0);
    expect(server.host.deadline).toBe(Infinity);
  });

  it('goes to each agent under its own id; not to one that speaks 1.0', () => {
    const server = serve({
      sensors: { ...sensors(), t: {} },
      agents: { ospm0: ['s'], ospm1: ['t', 's'], ospm2: ['s'] },
    });
    updates(server);
    updates(server, 1, 1, 'ospm1');
    updates(server, 0, 1, 'ospm2');
    speak(server, 0x10000, 'ospm2');
    server.advance(SECOND);
    expect(server.events('ospm0')[0]).toMatch(/^01570000 00000000 00000000 01000000/);
    expect(server.events('ospm1')[0]).toMatch(/^01570000 00000000 01000000 01000000/);
    expect(server.events('ospm2')).toEqual([]);
  });

  it('is dropped without buffers and comes again after', () => {
    const server = serve({ sensors: sensors() });
    updates(server);
    server.setBuffers('ospm0', false);
    server.advance(3 * SECOND);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toEqual([]);
    server.advance(SECOND);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('is decoded by its declaration', () => {
    const server = serve({ sensors: sensors() });
    updates(server);
    server.advance(SECOND);
    const bytes = Uint8Array.from(Buffer.from((server.events('ospm0')[0] ?? '').split(' ').join(''), 'hex'));
    const { payload } = SENSOR_PROTOCOL.notifications.update;
    expect(payload.decode(new DataView(bytes.buffer), 4, bytes.length)).toEqual({
      agentId: 0,
      sensorId: 0,
      readings: [1, -2, 3].map(value => ({ value, timestamp: 0 })),
    });
  });
});

describe('without a platform-to-agent channel', () => {
  it('commands that turn notifications on are not there, and no trip point is', () => {
    const server = serve({ sensors: { s: { config: { ...trips, continuousUpdates: true } } } });
    server.setP2a('ospm0', false);
    expect([notify(server), updates(server)]).toEqual([STATUS.NOT_SUPPORTED, STATUS.NOT_SUPPORTED]);
    expect([0x4, 0xb].map(id => ask(server, 'messageAttributes', [id]))).toEqual(Array(2).fill(STATUS.NOT_FOUND));
    expect(program(server, POSITIVE, 5)).toBe(STATUS.INVALID_PARAMETERS);
    server.setP2a('ospm0', true);
    expect([notify(server), updates(server), program(server, POSITIVE, 5)]).toEqual(Array(3).fill('00000000'));
  });
});

describe('permissions', () => {
  it('DENIED, and what was asked for before is not sent', () => {
    const fake = new FakeSensor([1]);
    const config = { tripPoints: 1, continuousUpdates: true };
    const server = serve({
      sensors: { s: { config, fake }, t: {} },
      agents: { ospm0: ['s'], ospm1: ['s', 't'] },
      devices: [['s']],
    });
    notify(server, 0, 1, 'ospm1');
    updates(server, 0, 1, 'ospm1');
    program(server, POSITIVE, 5);
    const permit = (allowed: number) => server.exchange('ospm0', `09400000 ${word(2)} ${word(0)} ${word(allowed)}`);
    permit(0);
    expect([notify(server, 0, 0, 'ospm1'), updates(server, 0, 0, 'ospm1'), program(server, 0, 0, 0, 'ospm1')]).toEqual(
      Array(3).fill(STATUS.DENIED),
    );
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm1')).toEqual([]);
    permit(1);
    server.advance(SECOND);
    expect(server.events('ospm1')).toHaveLength(1);
  });
});

describe('an agent that is gone', () => {
  const both = { agents: { ospm0: ['s'], ospm1: ['s'] } };

  it('loses its subscriptions; sampling ends', () => {
    const server = serve({ sensors: { s: { config: { ...trips, continuousUpdates: true } } }, ...both });
    notify(server);
    updates(server);
    updates(server, 0, 1, 'ospm1');
    server.disconnect('ospm0');
    server.advance(SECOND);
    expect([server.events('ospm0').length, server.events('ospm1').length]).toEqual([0, 1]);
    server.disconnect('ospm1');
    server.disconnect('ospm1');
    expect(server.host.deadline).toBe(Infinity);
  });

  it('loses the trip points it programmed last', () => {
    const fake = new FakeSensor([1]);
    const server = serve({ sensors: { s: { config: trips, fake } }, ...both });
    program(server, POSITIVE, 5);
    program(server, (1 << 4) | POSITIVE, 5);
    program(server, (1 << 4) | POSITIVE, 5, 0, 'ospm1');
    server.disconnect('ospm0');
    notify(server, 0, 1, 'ospm1');
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm1')).toEqual(['00570000 00000000 00000000 01000100']);
  });

  it('but not those of a sensor whose events another agent receives', () => {
    const fake = new FakeSensor([1]);
    const server = serve({ sensors: { s: { config: trips, fake } }, ...both });
    program(server, POSITIVE, 5);
    notify(server, 0, 1, 'ospm1');
    server.disconnect('ospm0');
    fake.values = [6];
    server.advance(SECOND);
    expect(server.events('ospm1')).toHaveLength(1);
  });
});
