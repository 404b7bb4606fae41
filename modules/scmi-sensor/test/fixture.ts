// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, type FrameworkOptions, type ProductModule } from '@scp/framework';
import resourcePerms from '@scp/resource-perms';
import { FIRST_MODULE, TestServer, toHex, words } from '@scp/scmi/testing';
import scmiSensor from '@scp/scmi-sensor';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import type { ScmiSensorConfig } from '@scp/scmi-sensor/schema';
import sensorModule from '@scp/sensor';
import type { SensorElementConfig } from '@scp/sensor/schema';
import { FakeSensor, fakeDriver, SENSOR_DEFAULTS } from '@scp/sensor/testing';

/** A sensor of a test's server: its configuration, and its hardware. */
export interface Sensor {
  readonly config?: Partial<SensorElementConfig>;
  readonly fake?: FakeSensor;
}

export interface Options {
  readonly sensors: Readonly<Record<string, Sensor>>;
  /** By agent, names of its sensors. Default: `ospm0` sees all. */
  readonly agents?: Readonly<Record<string, readonly string[]>>;
  readonly scmi?: Partial<ScmiSensorConfig>;
  /** By device, names of its sensors. */
  readonly devices?: readonly (readonly string[])[];
  /** Instead of the fake sensors. */
  readonly driver?: ProductModule;
  readonly framework?: FrameworkOptions;
}

/** The element of the sensor module with this position. */
const sensorId = (index: number) => elementId(FIRST_MODULE + 1, index);

/** A server with sensors, and a second agent `ospm1` when it is given any. */
export function serve({ sensors, agents, scmi = {}, devices, driver, framework = {} }: Options): TestServer {
  const names = Object.keys(sensors);
  const lists = agents ?? { ospm0: names };
  const ids = (list: readonly string[]) => list.map(name => sensorId(names.indexOf(name)));
  const elements = names.map((name, index) => {
    const { config = {} } = sensors[name] ?? {};
    const type = config.axes === undefined ? ({ type: 'celsius' } as const) : {};
    return { name, config: { ...SENSOR_DEFAULTS, ...type, driver: elementId(FIRST_MODULE, index), ...config } };
  });
  const fakes = Object.fromEntries(names.map(name => [name, sensors[name]?.fake ?? new FakeSensor()]));
  const config = {
    maxPendingReads: 8,
    agents: Object.fromEntries(Object.entries(lists).map(([agent, list]) => [agent, ids(list)])),
    ...scmi,
  };
  const perms = (devices ?? []).map((list, index) => ({
    name: `device${index}`,
    config: { resources: ids(list), deny: [] },
  }));
  return new TestServer({
    agents: Object.keys(lists),
    trusted: ['ospm0'],
    modules: [
      driver ?? fakeDriver(fakes),
      configure(sensorModule, { maxWaitingReaders: 16 }, elements),
      ...(devices === undefined ? [] : [configure(resourcePerms, {}, perms)]),
      configure(scmiSensor, config),
    ],
    framework,
  });
}

/** Ids of the statuses, as bytes on the wire. */
export const STATUS = {
  SUCCESS: '00000000',
  NOT_SUPPORTED: 'ffffffff',
  INVALID_PARAMETERS: 'feffffff',
  DENIED: 'fdffffff',
  NOT_FOUND: 'fcffffff',
  BUSY: 'faffffff',
  COMMS_ERROR: 'f9ffffff',
  GENERIC_ERROR: 'f8ffffff',
  HARDWARE_ERROR: 'f7ffffff',
  PROTOCOL_ERROR: 'f6ffffff',
} as const;

type Key = keyof typeof SENSOR_PROTOCOL.commands;

/** A little-endian word in hex. */
export const word = (value: number): string => toHex(words(value));

/** Sends a command with payload words (token 0) and answers the payload of the response in hex: status first. */
export function ask(server: TestServer, key: Key, payload: readonly number[] = [], more: Ask = {}): string {
  const { agent = 'ospm0', capacity = 136 } = more;
  const command = SENSOR_PROTOCOL.commands[key];
  const header = word(command.id | (SENSOR_PROTOCOL.id << 10));
  const answer = server.exchange(agent, header + payload.map(word).join(''), capacity);
  if (answer === '') return '';
  if (!answer.startsWith(header)) throw new Error(`header ${header} came back as ${answer}`);
  return answer.slice(9);
}

export interface Ask {
  readonly agent?: string;
  readonly capacity?: number;
}

/** Speaks an older version from here on. */
export function speak(server: TestServer, version: number, agent = 'ospm0'): void {
  const answer = ask(server, 'negotiate', [version], { agent });
  if (answer !== STATUS.SUCCESS) throw new Error(`negotiation answered ${answer}`);
}

/** A sensor of three axes, as Linux IIO wants it. */
export const accelerometer = {
  name: 'accelerometer',
  axes: (['X', 'Y', 'Z'] as const).map(letter => ({
    name: `acc_${letter}`,
    type: 'metres-per-second-squared' as const,
    exponent: -3,
  })),
  timestampExponent: -6,
  updateIntervals: [10_000, 100_000, 1_000_000],
  continuousUpdates: true,
} satisfies Partial<SensorElementConfig>;
