// SPDX-License-Identifier: BSD-3-Clause
/** An inventory as text for people. */
import type { ClockFacts } from './clocks.ts';
import type { Inventory } from './inventory.ts';
import type { SensorFacts } from './sensors.ts';
import { hertz, table, versionText } from './table.ts';

/** Rates that are listed before the rest is summed up. */
const SHOWN_RATES = 4;

/** A readable inventory: the server, its protocols, clocks and sensors. */
export function inventoryText(inventory: Inventory): string {
  const { agent, protocols, clocks, sensors } = inventory;
  const vendor = [inventory.vendor, inventory.subVendor].filter(part => part !== '').join(' ');
  const self = agent === undefined ? 'agent of unknown name' : `agent ${agent.id} ${agent.name}`;
  const spoken = protocols.map(
    ({ id, name, version }) =>
      `0x${id.toString(16)} ${name ?? 'unknown'}${version === undefined ? '' : ` ${versionText(version)}`}`,
  );
  return [
    `${self} of ${vendor}, implementation ${inventory.implementationVersion}`,
    `protocols: ${[`0x10 base ${versionText(inventory.baseVersion)}`, ...spoken].join(', ')}`,
    ...(clocks.length === 0 ? [] : ['', clockTable(clocks)]),
    ...(sensors.length === 0 ? [] : ['', sensorTable(sensors)]),
  ].join('\n');
}

const clockTable = (clocks: readonly ClockFacts[]): string =>
  table(
    ['clock', 'name', 'rate', 'state', 'parent', 'can be'],
    clocks.map(clock => [
      clock.id,
      clock.name,
      clock.rate === undefined ? 'unknown' : hertz(clock.rate),
      clock.enabled ? 'on' : 'off',
      clock.parent === undefined ? '' : (clocks[clock.parent]?.name ?? `clock ${clock.parent}`),
      ratesText(clock),
    ]),
  );

function ratesText({ rates }: ClockFacts): string {
  if (rates === undefined) return 'unknown';
  if ('step' in rates) return `${hertz(rates.lowest)} to ${hertz(rates.highest)} by ${hertz(rates.step)}`;
  if (rates.list.length === 1) return 'fixed';
  const shown = rates.list.slice(0, SHOWN_RATES).map(hertz).join(', ');
  return rates.list.length > SHOWN_RATES ? `${shown}, ${rates.list.length - SHOWN_RATES} more` : shown;
}

const sensorTable = (sensors: readonly SensorFacts[]): string =>
  table(
    ['sensor', 'name', 'reading', 'offers'],
    sensors.map(sensor => [sensor.id, sensor.name, readingText(sensor), sensor.abilities.join(', ')]),
  );

function readingText({ axes, values, refusal }: SensorFacts): string {
  if (values === undefined) return refusal ?? 'unknown';
  const [first] = axes;
  if (first !== undefined && axes.length === 1) return scaled(values[0] ?? 0, first.exponent, first.unit);
  return axes.map((axis, at) => `${axis.name} ${scaled(values[at] ?? 0, axis.exponent, axis.unit)}`).join(', ');
}

/** A value times a power of ten, with as many digits after the point as the exponent says. */
function scaled(value: number, exponent: number, unit: string): string {
  const text = exponent < 0 ? (value * 10 ** exponent).toFixed(-exponent) : String(value * 10 ** exponent);
  return `${text} ${unit}`.trimEnd();
}
