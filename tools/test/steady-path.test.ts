// SPDX-License-Identifier: BSD-3-Clause
/**
 * The whole path of a message through products/vhost-user, ring to driver and back: a million messages leave the heap as it
 * was, and next to no garbage.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BASE_PROTOCOL } from '@scp/scmi/messages';
import { type CommandDeclaration, header, MessageType, type ProtocolDeclaration } from '@scp/scmi/api';
import { CLOCK_PROTOCOL } from '@scp/scmi-clock/messages';
import { PERF_PROTOCOL } from '@scp/scmi-perf/messages';
import { PINCTRL_PROTOCOL } from '@scp/scmi-pinctrl/messages';
import { POWERCAP_PROTOCOL } from '@scp/scmi-power-capping/messages';
import { POWER_DOMAIN_PROTOCOL } from '@scp/scmi-power-domain/messages';
import { RESET_DOMAIN_PROTOCOL } from '@scp/scmi-reset-domain/messages';
import { SENSOR_PROTOCOL } from '@scp/scmi-sensor/messages';
import { VOLTAGE_DOMAIN_PROTOCOL } from '@scp/scmi-voltage-domain/messages';
import { ProductBench } from './product-bench.ts';

jest.setTimeout(300_000);

setFlagsFromString('--expose-gc');
const isCollector = (value: unknown): value is () => void => typeof value === 'function';
const collect: unknown = runInNewContext('gc');

function heap(): number {
  if (isCollector(collect)) collect();
  return process.memoryUsage().heapUsed;
}

function command(protocol: ProtocolDeclaration, declared: CommandDeclaration, ...parameters: number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * parameters.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header(protocol.id, declared.id, MessageType.COMMAND, 1), true);
  parameters.forEach((value, at) => view.setUint32(4 + 4 * at, value, true));
  return bytes;
}

const base = BASE_PROTOCOL.commands;
const clock = CLOCK_PROTOCOL.commands;
const sensor = SENSOR_PROTOCOL.commands;
const power = POWER_DOMAIN_PROTOCOL.commands;
const perf = PERF_PROTOCOL.commands;
const reset = RESET_DOMAIN_PROTOCOL.commands;
const voltage = VOLTAGE_DOMAIN_PROTOCOL.commands;
const powercap = POWERCAP_PROTOCOL.commands;
const pinctrl = PINCTRL_PROTOCOL.commands;

/** What agents send while they run, and what they must not send. */
const STEADY: readonly Uint8Array[] = [
  command(BASE_PROTOCOL, base.version),
  command(BASE_PROTOCOL, base.discoverListProtocols, 0),
  command(BASE_PROTOCOL, base.discoverAgent, 1),
  command(CLOCK_PROTOCOL, clock.clockAttributes, 2),
  command(CLOCK_PROTOCOL, clock.describeRates, 0, 0),
  command(CLOCK_PROTOCOL, clock.rateGet, 2),
  command(CLOCK_PROTOCOL, clock.rateSet, 0, 2, 500_000_000, 0),
  command(CLOCK_PROTOCOL, clock.rateSet, 0, 2, 600_000_000, 0),
  command(CLOCK_PROTOCOL, clock.configSet, 1, 0, 0),
  command(CLOCK_PROTOCOL, clock.configSet, 1, 1, 0),
  command(CLOCK_PROTOCOL, clock.configGet, 1, 0),
  command(SENSOR_PROTOCOL, sensor.descriptionGet, 0),
  command(SENSOR_PROTOCOL, sensor.readingGet, 0, 0),
  command(SENSOR_PROTOCOL, sensor.readingGet, 13, 0),
  command(SENSOR_PROTOCOL, sensor.configGet, 13),
  command(POWER_DOMAIN_PROTOCOL, power.stateSet, 0, 0, 0x4000_0000),
  command(POWER_DOMAIN_PROTOCOL, power.stateSet, 0, 0, 0),
  command(POWER_DOMAIN_PROTOCOL, power.stateGet, 0),
  command(PERF_PROTOCOL, perf.levelSet, 0, 665_000),
  command(PERF_PROTOCOL, perf.levelSet, 0, 1_330_000),
  command(PERF_PROTOCOL, perf.levelGet, 0),
  command(PERF_PROTOCOL, perf.limitsSet, 0, 1_596_000, 665_000),
  command(PERF_PROTOCOL, perf.describeLevels, 0, 0),
  command(RESET_DOMAIN_PROTOCOL, reset.reset, 0, 1, 0),
  command(VOLTAGE_DOMAIN_PROTOCOL, voltage.levelSet, 0, 0, 1_000_000),
  command(VOLTAGE_DOMAIN_PROTOCOL, voltage.levelSet, 0, 0, 900_000),
  command(VOLTAGE_DOMAIN_PROTOCOL, voltage.describeLevels, 2, 0),
  command(POWERCAP_PROTOCOL, powercap.capSet, 0, 0, 9000),
  command(POWERCAP_PROTOCOL, powercap.capSet, 0, 0, 10_000),
  command(POWERCAP_PROTOCOL, powercap.measurementsGet, 0),
  command(PINCTRL_PROTOCOL, pinctrl.settingsGet, 0, 1 << 18),
  command(PINCTRL_PROTOCOL, pinctrl.settingsConfigure, 0, 0, 0x405, 4, 1),
  command(PINCTRL_PROTOCOL, pinctrl.listAssociations, 0, 1, 0),
  command(CLOCK_PROTOCOL, clock.rateGet, 99),
  command(CLOCK_PROTOCOL, clock.rateSet, 0xff, 0, 0, 0),
];

/** Rounds between two looks at the heap. */
const SLICE = 500;

describe('a million messages to products/vhost-user', () => {
  it('leave the heap as it was', () => {
    const bench = new ProductBench('vhost-user');
    const side = bench.side('ospm0');
    // A subscriber: rate changes are told as events.
    expect(side.exchange(command(CLOCK_PROTOCOL, clock.rateNotify, 2, 1))?.length).toBe(8);
    const send = (): void => {
      for (let at = 0; at < STEADY.length; at++) {
        const request = STEADY[at];
        if (request !== undefined) side.driver.post(request, 136);
        side.pump();
        side.driver.reap();
        if (side.driver.events.take()) side.driver.events.offer(side.driver.events.id);
      }
    };
    for (let round = 0; round < 5_000; round++) send();
    const before = heap();
    const rounds = Math.ceil(1_000_000 / STEADY.length);
    let garbage = 0;
    for (let round = 0; round < rounds; round += SLICE) {
      const start = process.memoryUsage().heapUsed;
      for (let one = 0; one < SLICE; one++) send();
      // A collection in the middle makes a slice useless; there are enough others.
      garbage += Math.max(0, process.memoryUsage().heapUsed - start);
    }
    const grown = heap() - before;
    expect(side.defects).toEqual([]);
    expect(side.exchange(command(CLOCK_PROTOCOL, clock.rateGet, 2))?.length).toBe(16);
    // What a collection leaves behind either way; a byte a message would be a million.
    expect(grown).toBeLessThan(200_000);
    // Numbers above 2^31 may be boxed where the engine has not yet inlined a call: nothing that grows with the message.
    expect(garbage / (rounds * STEADY.length)).toBeLessThan(8);
  });
});
