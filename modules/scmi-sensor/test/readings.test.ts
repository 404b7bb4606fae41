// SPDX-License-Identifier: BSD-3-Clause
import { configure, Status } from '@scp/framework';
import mockSensor from '@scp/mock-sensor';
import type { TestServer } from '@scp/scmi/testing';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { FakeSensor } from '@scp/sensor/testing';
import { accelerometer, ask, serve, speak, STATUS, word } from './fixture.ts';

const slow = (...values: number[]) => new FakeSensor(values, true);
const asynchronous = { config: { asynchronous: true } };

/** Sends with a token and answers everything in hex. */
const send = (server: TestServer, hex: string, agent = 'ospm0') => server.exchange(agent, hex);

describe('SENSOR_READING_GET, synchronous', () => {
  it('is the specification’s worked example', () => {
    const server = serve({ sensors: { s: { fake: new FakeSensor([45_250]) } } });
    expect(send(server, '06548800 00000000 00000000')).toBe('06548800 00000000 c2b00000 00000000 00000000 00000000');
  });

  it.each([
    [-1, 'ffffffff ffffffff'],
    [-40_000, 'c063ffff ffffffff'],
    [2 ** 32, '00000000 01000000'],
    [-(2 ** 40), '00000000 00ffffff'],
    [Number.MAX_SAFE_INTEGER, 'ffffffff ffff1f00'],
    [Number.MIN_SAFE_INTEGER, '01000000 0000e0ff'],
  ])('%d', (value, bytes) => {
    const server = serve({ sensors: { s: { fake: new FakeSensor([value]) } } });
    expect(ask(server, 'readingGet', [0, 0])).toBe(`00000000 ${bytes} 00000000 00000000`);
    expect(server.command('ospm0', SENSOR_PROTOCOL, 'readingGet', [0, 0]).values).toEqual({
      readings: [{ value, timestamp: 0 }],
    });
  });

  it.each([
    [0x10000, 'd2040000 00000000'],
    [0x20000, 'd2040000 00000000 00000000 00000000'],
    [0x30000, 'd2040000 00000000 00000000 00000000'],
    [0x30001, 'd2040000 00000000 00000000 00000000'],
  ])('in version 0x%s', (version, reading) => {
    const server = serve({ sensors: { s: { fake: new FakeSensor([1234]) } } });
    speak(server, version);
    expect(ask(server, 'readingGet', [0, 0])).toBe(`00000000 ${reading}`);
  });

  it('has a reading for each axis with a timestamp; 1.0 gets the first axis', () => {
    const server = serve({ sensors: { s: { config: accelerometer, fake: new FakeSensor([1, -2, 3]) } } });
    ask(server, 'configSet', [0, 3]);
    server.advance(5000);
    const at = '88130000 00000000';
    expect(ask(server, 'readingGet', [0, 0])).toBe(
      `00000000 01000000 00000000 ${at} feffffff ffffffff ${at} 03000000 00000000 ${at}`,
    );
    speak(server, 0x10000);
    expect(ask(server, 'readingGet', [0, 0])).toBe('00000000 01000000 00000000');
  });

  it('seven axes fit in Linux’s buffers; in smaller ones it is a COMMS_ERROR', () => {
    const axes = Array.from({ length: 7 }, (_, at) => ({ name: `a${at}`, type: 'volts' as const, exponent: 0 }));
    const server = serve({ sensors: { s: { config: { axes }, fake: new FakeSensor([1, 2, 3, 4, 5, 6, 7]) } } });
    expect(ask(server, 'readingGet', [0, 0]).split(' ')).toHaveLength(1 + 4 * 7);
    expect(ask(server, 'readingGet', [0, 0], { capacity: 8 + 111 })).toBe(STATUS.COMMS_ERROR);
  });

  it('follows a waveform in time', () => {
    const waveform = { shape: 'triangle' as const, offset: 25_000, amplitude: 1000, period: 4_000_000 };
    const driver = configure(mockSensor, {}, [{ name: 's', config: { waveform, delay: 0 } }]);
    const server = serve({ sensors: { s: {} }, driver });
    const readings = Array.from({ length: 5 }, () => {
      const { values } = server.command('ospm0', SENSOR_PROTOCOL, 'readingGet', [0, 0]);
      server.advance(500_000);
      return values['readings'];
    });
    expect(readings).toEqual([25_000, 25_500, 26_000, 25_500, 25_000].map(value => [{ value, timestamp: 0 }]));
  });
});

describe('SENSOR_READING_GET that is refused', () => {
  const server = () => serve({ sensors: { plain: {}, off: { config: { enabled: false } }, a: asynchronous } });

  it.each([
    ['NOT_FOUND', [3, 0]],
    ['NOT_FOUND', [0xffffffff, 2]],
    ['INVALID_PARAMETERS', [0, 2]],
    ['INVALID_PARAMETERS', [0, 0xf]],
    ['INVALID_PARAMETERS', [2, 0x80000001]],
    ['NOT_SUPPORTED', [0, 1]],
    ['NOT_SUPPORTED', [1, 1]],
    ['PROTOCOL_ERROR', [1, 0]],
  ] as const)('%s: %j', (status, payload) => {
    const one = server();
    expect(ask(one, 'readingGet', payload)).toBe(STATUS[status]);
    one.advance(1000);
    expect(one.events('ospm0')).toEqual([]);
  });

  it('disabled is a HARDWARE_ERROR to 1.0, which knows no disabled sensors', () => {
    const one = server();
    speak(one, 0x10000);
    expect(ask(one, 'readingGet', [1, 0])).toBe(STATUS.HARDWARE_ERROR);
  });

  it.each([
    [Status.E_DEVICE, 'HARDWARE_ERROR'],
    [Status.E_TIMEOUT, 'HARDWARE_ERROR'],
    [Status.E_BUSY, 'BUSY'],
  ] as const)('the driver fails with %d', (status, answer) => {
    const fake = Object.assign(new FakeSensor(), { status: Status.SUCCESS });
    const one = serve({ sensors: { s: { fake } } });
    Object.assign(fake, { status });
    expect(ask(one, 'readingGet', [0, 0])).toBe(STATUS[answer]);
  });

  it('DENIED', () => {
    const one = serve({
      sensors: { a: asynchronous, b: {} },
      agents: { ospm0: ['a', 'b'], ospm1: ['a', 'b'] },
      devices: [['a']],
    });
    // SET_DEVICE_PERMISSIONS: agent 2, device 0, denied.
    expect(send(one, '09400000 02000000 00000000 00000000')).toBe('09400000 00000000');
    expect([0, 1].map(flags => ask(one, 'readingGet', [0, flags], { agent: 'ospm1' }))).toEqual(
      Array(2).fill(STATUS.DENIED),
    );
    expect(ask(one, 'readingGet', [0, 0])).not.toBe(STATUS.DENIED);
    expect(ask(one, 'readingGet', [1, 0], { agent: 'ospm1' })).not.toBe(STATUS.DENIED);
  });
});

describe('SENSOR_READING_GET, asynchronous', () => {
  it('is the specification’s worked example: the status alone, then the reading with the same token', () => {
    const fake = slow(12_000);
    const server = serve({ sensors: { a: {}, b: { ...asynchronous, fake } } });
    expect(send(server, '06548c00 01000000 01000000')).toBe('06548c00 00000000');
    server.advance(1000);
    expect(server.events('ospm0')).toEqual([]);
    fake.finish();
    server.advance(0);
    expect(server.events('ospm0')).toEqual(['06568c00 00000000 01000000 e02e0000 00000000 00000000 00000000']);
  });

  it('of a fast sensor completes after its answer', () => {
    const server = serve({ sensors: { s: { ...asynchronous, fake: new FakeSensor([5]) } } });
    expect(send(server, '06548c00 00000000 01000000')).toBe('06548c00 00000000');
    expect(server.events('ospm0')).toEqual(['06568c00 00000000 00000000 05000000 00000000 00000000 00000000']);
  });

  it('in 1.0 has 8 bytes of reading', () => {
    const server = serve({ sensors: { s: { ...asynchronous, fake: new FakeSensor([5]) } } });
    speak(server, 0x10000);
    send(server, '06548c00 00000000 01000000');
    expect(server.events('ospm0')).toEqual(['06568c00 00000000 00000000 05000000 00000000']);
  });

  it('has a reading for each axis', () => {
    const config = { ...accelerometer, asynchronous: true };
    const server = serve({ sensors: { s: { config, fake: new FakeSensor([1, 2, 3]) } } });
    send(server, '06540000 00000000 01000000');
    expect(server.events('ospm0')[0]?.split(' ')).toHaveLength(3 + 4 * 3);
  });

  it.each([
    [Status.E_DEVICE, STATUS.HARDWARE_ERROR],
    [Status.E_BUSY, STATUS.GENERIC_ERROR],
  ])('that fails with %d says so in four bytes', (status, answer) => {
    const fake = slow();
    const server = serve({ sensors: { s: { ...asynchronous, fake } } });
    send(server, '06548c00 00000000 01000000');
    fake.finish(status);
    server.advance(0);
    expect(server.events('ospm0')).toEqual([`06568c00 ${answer}`]);
  });

  it('is BUSY when as many as promised are under way, for this agent only, until one completes', () => {
    const fake = slow(1);
    const sensors = { s: { ...asynchronous, fake } };
    const server = serve({ sensors, agents: { ospm0: ['s'], ospm1: ['s'] }, scmi: { maxPendingReads: 2 } });
    const read = (agent: string) => ask(server, 'readingGet', [0, 1], { agent });
    expect([read('ospm0'), read('ospm0'), read('ospm0')]).toEqual(['00000000', '00000000', STATUS.BUSY]);
    expect(read('ospm1')).toBe('00000000');
    fake.finish();
    server.advance(0);
    expect([server.events('ospm0').length, server.events('ospm1').length]).toEqual([2, 1]);
    expect(read('ospm0')).toBe('00000000');
  });

  it('is BUSY when the framework has no event left', () => {
    const server = serve({ sensors: { s: asynchronous }, framework: { eventCount: 1 } });
    expect(ask(server, 'readingGet', [0, 1])).toBe(STATUS.BUSY);
    expect(ask(server, 'readingGet', [0, 0])).toMatch(/^00000000/);
  });

  it('without a platform-to-agent channel is NOT_SUPPORTED', () => {
    const server = serve({ sensors: { s: asynchronous } });
    server.setP2a('ospm0', false);
    expect(ask(server, 'readingGet', [0, 1])).toBe(STATUS.NOT_SUPPORTED);
  });

  it('waits for buffers', () => {
    const server = serve({ sensors: { s: asynchronous } });
    server.setBuffers('ospm0', false);
    ask(server, 'readingGet', [0, 1]);
    expect(server.events('ospm0')).toEqual([]);
    server.setBuffers('ospm0', true);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('of a sensor that is disabled meanwhile: what was under way completes', () => {
    const fake = slow(4);
    const server = serve({ sensors: { s: { ...asynchronous, fake } } });
    ask(server, 'readingGet', [0, 1]);
    ask(server, 'configSet', [0, 0]);
    fake.finish();
    server.advance(0);
    expect(server.events('ospm0')[0]).toMatch(/^06560000 00000000 00000000 04000000/);
  });
});

describe('a slow sensor', () => {
  const two = (fake: FakeSensor) =>
    serve({
      sensors: { s: { fake }, quick: { fake: new FakeSensor([7]) } },
      agents: { ospm0: ['s', 'quick'], ospm1: ['quick', 's'] },
    });

  it('answers a synchronous read when it is ready, and holds up nobody else', () => {
    const fake = slow(45_250);
    const server = two(fake);
    expect(send(server, '06548800 00000000 00000000')).toBe('');
    expect(ask(server, 'readingGet', [0, 0], { agent: 'ospm1' })).toMatch(/^00000000 07000000/);
    fake.finish();
    server.advance(0);
    expect(server.take('ospm0')).toEqual(
      Uint8Array.from([6, 0x54, 0x88, 0, 0, 0, 0, 0, 0xc2, 0xb0, ...Array<number>(14).fill(0)]),
    );
  });

  it('answers everybody who waits with one reading', () => {
    const fake = slow(9);
    const server = two(fake);
    fake.take();
    expect(ask(server, 'readingGet', [0, 0])).toBe('');
    expect(ask(server, 'readingGet', [1, 0], { agent: 'ospm1' })).toBe('');
    expect(fake.take()).toEqual(['read']);
    fake.finish();
    server.advance(0);
    expect(server.take('ospm0')).toEqual(server.take('ospm1'));
  });

  it.each([
    [Status.E_DEVICE, STATUS.HARDWARE_ERROR],
    [Status.E_BUSY, STATUS.BUSY],
    [Status.E_PWRSTATE, STATUS.PROTOCOL_ERROR],
  ])('answers its failure %d', (status, answer) => {
    const fake = slow();
    const server = two(fake);
    ask(server, 'readingGet', [0, 0]);
    fake.finish(status);
    server.advance(0);
    expect(server.take('ospm0')?.slice(4)).toEqual(Uint8Array.from(Buffer.from(answer, 'hex')));
  });

  it('answers COMMS_ERROR when its reading does not fit', () => {
    const fake = slow(1, 2, 3);
    const server = serve({ sensors: { s: { config: accelerometer, fake } } });
    expect(ask(server, 'readingGet', [0, 0], { capacity: 8 + 47 })).toBe('');
    fake.finish();
    server.advance(0);
    expect(server.take('ospm0')).toEqual(Uint8Array.from([6, 0x54, 0, 0, 0xf9, 0xff, 0xff, 0xff]));
  });

  it('is read by the mock driver’s delay', () => {
    const driver = configure(mockSensor, {}, [{ name: 's', config: { value: 1, delay: 10_000 } }]);
    const server = serve({ sensors: { s: asynchronous }, driver });
    expect(ask(server, 'readingGet', [0, 0])).toBe('');
    server.advance(9999);
    expect(server.take('ospm0')).toBeUndefined();
    server.advance(1);
    expect(server.take('ospm0')).toHaveLength(24);
  });
});

describe('an agent that is gone', () => {
  it('is told nothing of reads that were under way, and finds all its places free again', () => {
    const fake = slow(1);
    const server = serve({ sensors: { s: { ...asynchronous, fake } }, scmi: { maxPendingReads: 3 } });
    for (let time = 0; time < 5; time++) {
      for (let read = 0; read < 3; read++) expect(ask(server, 'readingGet', [0, 1])).toBe('00000000');
      server.disconnect('ospm0');
    }
    fake.finish();
    server.advance(0);
    expect(server.events('ospm0')).toEqual([]);
    expect(ask(server, 'readingGet', [0, 1])).toBe('00000000');
    fake.finish();
    server.advance(0);
    expect(server.events('ospm0')).toHaveLength(1);
  });

  it('is not told of one sensor what comes of another that it read before', () => {
    const [before, after] = [slow(1), slow(2)];
    const sensors = { a: { ...asynchronous, fake: before }, b: { ...asynchronous, fake: after } };
    const server = serve({ sensors });
    ask(server, 'readingGet', [0, 1]);
    server.disconnect('ospm0');
    ask(server, 'readingGet', [1, 1]);
    before.finish();
    server.advance(0);
    expect(server.events('ospm0')).toEqual([]);
    after.finish();
    server.advance(0);
    expect(server.events('ospm0')).toEqual(['06560000 00000000 01000000 02000000 00000000 00000000 00000000']);
  });

  it('gets no answer to a read of the connection before', () => {
    const fake = slow(1);
    const server = serve({ sensors: { s: { fake } } });
    for (let time = 0; time < 12; time++) {
      expect(ask(server, 'readingGet', [0, 0])).toBe('');
      server.disconnect('ospm0');
    }
    expect(ask(server, 'configGet', [0])).toBe('00000000 01000000');
    fake.finish();
    server.advance(0);
    expect(server.take('ospm0')).toBeUndefined();
  });

  it('by RESET_AGENT_CONFIGURATION loses asynchronous reads, but a channel that waits is answered', () => {
    const fake = slow(6);
    const sensors = { s: { ...asynchronous, fake } };
    const server = serve({ sensors, agents: { ospm0: ['s'], ospm1: ['s'] } });
    ask(server, 'readingGet', [0, 1], { agent: 'ospm1' });
    expect(ask(server, 'readingGet', [0, 0], { agent: 'ospm1' })).toBe('');
    expect(send(server, `0b400000 ${word(2)} ${word(0)}`)).toBe('0b400000 00000000');
    fake.finish();
    server.advance(0);
    expect(server.events('ospm1')).toEqual([]);
    expect(server.take('ospm1')).toHaveLength(24);
  });
});
