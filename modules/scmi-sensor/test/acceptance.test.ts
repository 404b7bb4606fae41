// SPDX-License-Identifier: BSD-3-Clause
/** The sensor cases of Arm's compliance suite, on the profile that they are written for: plain sensors. */
import type { AnyValues } from '@scp/scmi/api';
import { fromWords } from '@scp/scmi/testing';
import { SENSOR_PROTOCOL, SensorVersion } from '@scp/scmi-sensor/messages';
import { FakeSensor } from '@scp/sensor/testing';
import { ask, serve, STATUS, word } from './fixture.ts';

const COUNT = 9;

/** Nine plain sensors: some with trip points, some asynchronous, on any version. */
const profile = (version: number) =>
  serve({
    sensors: Object.fromEntries(
      Array.from({ length: COUNT }, (_, at) => [
        `sensor${at}`,
        { config: { tripPoints: at % 3, asynchronous: at % 2 === 1 }, fake: new FakeSensor([at]) },
      ]),
    ),
    scmi: { version },
  });

const ids = Array.from({ length: COUNT }, (_, at) => at);
const invalidId = COUNT + 1;

const tripPointsOf = (id: number) => id % 3;
const isAsynchronous = (id: number) => id % 2 === 1;

describe.each(Object.entries(SensorVersion))('version %s', (_name, version) => {
  const server = () => profile(version);

  it('M001 PROTOCOL_VERSION: one word', () => {
    expect(ask(server(), 'version')).toBe(`00000000 ${word(version)}`);
  });

  it('M002 PROTOCOL_ATTRIBUTES: reserved bits zero, count, no register region', () => {
    const [status, attributes = NaN, ...region] = fromWords(ask(server(), 'attributes'));
    expect([status, attributes >>> 24, attributes & 0xffff, region]).toEqual([0, 0, COUNT, [0, 0, 0]]);
  });

  it('M003 PROTOCOL_MESSAGE_ATTRIBUTES of mandatory commands: 0', () => {
    expect([0x3, 0x6].map(id => ask(server(), 'messageAttributes', [id]))).toEqual(Array(2).fill('00000000 00000000'));
  });

  it('M004 unknown commands: NOT_FOUND', () => {
    for (const id of [0xe, 0xf, 0x11, 0x60, 0xff]) {
      const header = word(id | (0x15 << 10));
      expect(server().exchange('ospm0', header)).toBe(`${header} ${STATUS.NOT_FOUND}`);
      expect(ask(server(), 'messageAttributes', [id])).toBe(STATUS.NOT_FOUND);
    }
    expect(ask(server(), 'messageAttributes', [0x103])).toBe(STATUS.NOT_FOUND);
  });

  it('M005 SENSOR_DESCRIPTION_GET: all sensors, reserved bits zero; past the end INVALID_PARAMETERS', () => {
    const one = server();
    const seen: number[] = [];
    for (let remaining = 1; remaining > 0;) {
      const [status, flags = NaN, ...rest] = fromWords(ask(one, 'descriptionGet', [seen.length]));
      expect([status, flags & 0xf000, rest.length % 7]).toEqual([0, 0, 0]);
      expect(rest.length / 7).toBe(flags & 0xfff);
      for (let at = 0; at < rest.length; at += 7) {
        const [id = NaN, low = NaN, high = NaN] = rest.slice(at);
        expect([low & 0x7fffff00, high & 0x003f0000, high & 0x700]).toEqual([0, 0, 0]);
        expect([low & 0xff, low >>> 31]).toEqual([tripPointsOf(id), isAsynchronous(id) ? 1 : 0]);
        seen.push(id);
      }
      remaining = flags >>> 16;
    }
    expect(seen).toEqual(ids);
    expect(ask(one, 'descriptionGet', [COUNT])).toBe(STATUS.INVALID_PARAMETERS);
  });

  it('M006 SENSOR_TRIP_POINT_NOTIFY: reserved bits INVALID_PARAMETERS on every sensor', () => {
    const one = server();
    expect(ids.map(id => ask(one, 'tripPointNotify', [id, 0xf]))).toEqual(ids.map(() => STATUS.INVALID_PARAMETERS));
  });

  it('M007 SENSOR_TRIP_POINT_NOTIFY: NOT_FOUND', () => {
    expect(ask(server(), 'tripPointNotify', [invalidId, 0])).toBe(STATUS.NOT_FOUND);
  });

  it('M008 SENSOR_TRIP_POINT_CONFIG: reserved bits and bad trip points INVALID_PARAMETERS on every sensor', () => {
    const one = server();
    for (const id of ids) {
      expect(ask(one, 'tripPointConfig', [id, 0xf, 0, 0])).toBe(STATUS.INVALID_PARAMETERS);
      expect(ask(one, 'tripPointConfig', [id, (tripPointsOf(id) + 1) << 4, 0, 0])).toBe(STATUS.INVALID_PARAMETERS);
    }
  });

  it('M009 SENSOR_TRIP_POINT_CONFIG: NOT_FOUND', () => {
    expect(ask(server(), 'tripPointConfig', [invalidId, 0, 0, 0])).toBe(STATUS.NOT_FOUND);
  });

  it('M010 SENSOR_TRIP_POINT_CONFIG: every trip point of every sensor can be disabled', () => {
    const one = server();
    for (const id of ids) {
      for (let trip = 0; trip < tripPointsOf(id); trip++) {
        expect(ask(one, 'tripPointConfig', [id, trip << 4, 0, 0])).toBe(STATUS.SUCCESS);
      }
    }
  });

  it('M011 SENSOR_READING_GET: reserved flags INVALID_PARAMETERS', () => {
    const one = server();
    expect(ids.map(id => ask(one, 'readingGet', [id, 0xf]))).toEqual(ids.map(() => STATUS.INVALID_PARAMETERS));
  });

  it('M012 SENSOR_READING_GET: NOT_FOUND', () => {
    expect(ask(server(), 'readingGet', [invalidId, 0])).toBe(STATUS.NOT_FOUND);
  });

  it('M013 SENSOR_READING_GET: synchronous on every sensor', () => {
    const one = server();
    const readings = ids.map(id => fromWords(ask(one, 'readingGet', [id, 0])));
    expect(readings).toEqual(ids.map(id => (version === 0x10000 ? [0, id, 0] : [0, id, 0, 0, 0])));
  });

  it('M014 SENSOR_READING_GET: asynchronous where it is supported', () => {
    const one = server();
    for (const id of ids.filter(isAsynchronous)) {
      expect(ask(one, 'readingGet', [id, 1])).toBe(STATUS.SUCCESS);
      const [header, status, sensor] = one.events('ospm0').flatMap(fromWords);
      expect([header, status, sensor]).toEqual([0x06 | (2 << 8) | (0x15 << 10), 0, id]);
    }
  });

  it('M015 SENSOR_READING_GET: asynchronous NOT_SUPPORTED where it is not', () => {
    const one = server();
    const others = ids.filter(id => !isAsynchronous(id));
    expect(others.map(id => ask(one, 'readingGet', [id, 1]))).toEqual(others.map(() => STATUS.NOT_SUPPORTED));
  });
});

describe('as Linux does', () => {
  it('probes: version, attributes, notifications, descriptors, intervals', () => {
    const server = profile(SensorVersion.V3_1);
    expect(ask(server, 'version')).toBe('00000000 01000300');
    expect([0x4, 0xb].map(id => ask(server, 'messageAttributes', [id]))).toEqual(Array(2).fill('00000000 00000000'));
    const names: unknown[] = [];
    while (names.length < COUNT) {
      const { values } = server.command('ospm0', SENSOR_PROTOCOL, 'descriptionGet', [names.length]);
      const { descriptors } = values;
      if (!isList(descriptors)) throw new Error('no descriptors');
      for (const { name } of descriptors) names.push(name);
    }
    expect(names).toEqual(ids.map(id => `sensor${id}`));
    expect(ids.map(id => ask(server, 'listUpdateIntervals', [id, 0]))).toEqual(ids.map(() => STATUS.NOT_SUPPORTED));
  });
});

const isList = (value: unknown): value is readonly AnyValues[] => Array.isArray(value);
