// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-psu` module: a driver of power supplies without hardware, one element for each. SCP-firmware: module/mock_psu. */
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
import { PSU_DRIVER, PSU_DRIVER_RESPONSE, type PsuDriver, type Voltages } from '@scp/psu/api';
import { MockPsu } from './mock.ts';
import type { MockPsuConfig, MockPsuElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockPsuConfig, MockPsuElementConfig> {
  const supplies: MockPsu[] = [];
  const find = (id: ElementId): MockPsu | undefined => supplies[elementIndex(id)];
  const none: Voltages = { min: 0, max: 0, step: 1 };

  const driver: PsuDriver = {
    voltages: id => find(id)?.voltages ?? none,
    getVoltage: (id, out) => find(id)?.getVoltage(out) ?? Status.E_PARAM,
    setVoltage: (id, voltage) => find(id)?.setVoltage(voltage) ?? Status.E_PARAM,
    getEnabled: (id, out) => find(id)?.getEnabled(out) ?? Status.E_PARAM,
    setEnabled: (id, enabled) => find(id)?.setEnabled(enabled) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(PSU_DRIVER, (source, target) => {
        const supply = isElementId(target) ? find(target) : undefined;
        if (supply === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two supplies on one driver would change each other.
        if (supply.hal !== undefined) return Status.E_ACCESS;
        supply.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      supplies.push(new MockPsu(id, config, framework));
    },

    bind(id, round) {
      const supply = isModuleId(id) ? undefined : find(id);
      if (round === 1 && supply?.hal !== undefined) supply.response = framework.bind(supply.hal, PSU_DRIVER_RESPONSE);
    },
  };
}

const definition: ModuleDefinition<MockPsuConfig, MockPsuElementConfig> = {
  name: 'mock-psu',
  type: 'DRIVER',
  apis: [PSU_DRIVER],
  create,
};

export default definition;
