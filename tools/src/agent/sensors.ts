// SPDX-License-Identifier: BSD-3-Clause
/** The sensors an agent sees. */
import { type AnyValues, scmiStatusName } from '@scp/scmi/api';
import { SENSOR_PROTOCOL, SensorVersion } from '@scp/scmi-sensor/messages';
import { type Agent, optional, type Spoken } from './agent.ts';
import { entriesOf, textOf, walkPages } from './pages.ts';
import { unitOf } from './units.ts';

/** One quantity of a sensor. */
export interface AxisFacts {
  readonly name: string;
  /** The unit's symbol, empty for a number without one. */
  readonly unit: string;
  /** A value counts 10^exponent of the unit. */
  readonly exponent: number;
}

/** A sensor as the server describes it, with a reading. */
export interface SensorFacts {
  readonly id: number;
  readonly name: string;
  readonly axes: readonly AxisFacts[];
  /** A value for each axis; undefined when the server gave none. */
  readonly values: readonly number[] | undefined;
  /** Why there is no reading. */
  readonly refusal: string | undefined;
  /** What it offers beyond reading: trip points, asynchronous reads, updates. */
  readonly abilities: readonly string[];
}

/** Asks for every sensor. */
export function readSensors(agent: Agent): SensorFacts[] {
  const spoken = agent.speak(SENSOR_PROTOCOL);
  const descriptors = walkPages(have => {
    const answer = agent.call(spoken, SENSOR_PROTOCOL.commands.descriptionGet, [have]);
    return { page: entriesOf(answer, 'descriptors'), remaining: Number(answer['flags']) >>> 16 };
  });
  return descriptors.map(descriptor => readSensor(agent, spoken, descriptor));
}

function readSensor(agent: Agent, spoken: Spoken, descriptor: AnyValues): SensorFacts {
  const id = Number(descriptor['sensorId']);
  const low = Number(descriptor['attributesLow']);
  const high = Number(descriptor['attributesHigh']);
  const { nameGet, readingGet } = SENSOR_PROTOCOL.commands;
  const isLong = spoken.version >= SensorVersion.V3_0 && (low & (1 << 29)) !== 0;
  const long = isLong ? optional(() => textOf(agent.call(spoken, nameGet, [id]), 'name')) : undefined;
  const name = long ?? textOf(descriptor, 'name');
  const { status, values } = agent.exchange(spoken, readingGet, [id, 0]);
  const readings = spoken.version < SensorVersion.V2_0 ? [values] : entriesOf(values, 'readings');
  return {
    id,
    name,
    axes: hasAxes(spoken, high) ? readAxes(agent, spoken, id) : [quantity(name, high)],
    values: status === 0 ? readings.map(reading => Number(reading['value'])) : undefined,
    refusal: status === 0 ? undefined : refusal(agent, spoken, id, status),
    abilities: abilities(spoken, low),
  };
}

/** A sensor that is disabled answers PROTOCOL_ERROR; people would rather read why. */
function refusal(agent: Agent, spoken: Spoken, id: number, status: number): string {
  const { configGet } = SENSOR_PROTOCOL.commands;
  const config = optional(() => Number(agent.call(spoken, configGet, [id])['config']));
  return config !== undefined && (config & 1) === 0 ? 'disabled' : scmiStatusName(status);
}

const hasAxes = (spoken: Spoken, high: number): boolean =>
  spoken.version >= SensorVersion.V2_0 && (high & (1 << 8)) !== 0;

/** The unit and exponent that the high attributes of a sensor or axis tell. */
function quantity(name: string, high: number): AxisFacts {
  const exponent = (high >>> 11) & 0x1f;
  return { name, unit: unitOf(high & 0xff), exponent: exponent < 16 ? exponent : exponent - 32 };
}

function readAxes(agent: Agent, spoken: Spoken, id: number): AxisFacts[] {
  return walkPages(have => {
    const answer = agent.call(spoken, SENSOR_PROTOCOL.commands.axisDescriptionGet, [id, have]);
    const page = entriesOf(answer, 'axes').map(axis => quantity(textOf(axis, 'name'), Number(axis['attributesHigh'])));
    return { page, remaining: Number(answer['flags']) >>> 26 };
  });
}

function abilities(spoken: Spoken, low: number): string[] {
  const tripPoints = low & 0xff;
  const later = spoken.version >= SensorVersion.V2_0;
  return [
    ...(tripPoints === 0 ? [] : [`${tripPoints} trip point${tripPoints === 1 ? '' : 's'}`]),
    ...(low >>> 31 === 1 ? ['asynchronous reads'] : []),
    ...(later && (low & (1 << 30)) !== 0 ? ['updates'] : []),
    ...(later && (low & (1 << 9)) !== 0 ? ['timestamps'] : []),
  ];
}
