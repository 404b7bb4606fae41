// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-power-meter` module: measures and caps power without hardware, one element for each domain. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { POWER_CAPPING_DRIVER, POWER_CAPPING_DRIVER_RESPONSE, type PowerCappingDriver } from '@scp/power-capping/api';
import { MockPowerMeter } from './mock.ts';
import type { MockPowerMeterConfig, MockPowerMeterElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockPowerMeterConfig, MockPowerMeterElementConfig> {
  const meters: MockPowerMeter[] = [];
  const find = (id: ElementId): MockPowerMeter | undefined => meters[elementIndex(id)];

  const driver: PowerCappingDriver = {
    setCap: (id, cap) => find(id)?.setCap(cap) ?? Status.E_PARAM,
    setInterval: (id, interval) => find(id)?.setInterval(interval) ?? Status.E_PARAM,
    measure: (id, out) => find(id)?.measure(out) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(POWER_CAPPING_DRIVER, (source, target) => {
        const meter = isElementId(target) ? find(target) : undefined;
        if (meter === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two domains on one meter would cap each other.
        if (meter.hal !== undefined) return Status.E_ACCESS;
        meter.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      meters.push(new MockPowerMeter(framework, id, config));
    },

    bind(id, round) {
      const meter = isModuleId(id) ? undefined : find(id);
      if (round === 1 && meter?.hal !== undefined) {
        meter.response = framework.bind(meter.hal, POWER_CAPPING_DRIVER_RESPONSE);
      }
    },
  };
}

const definition: ModuleDefinition<MockPowerMeterConfig, MockPowerMeterElementConfig> = {
  name: 'mock-power-meter',
  type: 'DRIVER',
  apis: [POWER_CAPPING_DRIVER],
  create,
};

export default definition;
