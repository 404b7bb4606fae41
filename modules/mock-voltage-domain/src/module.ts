// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-voltage-domain` module: a driver of supplies without hardware, one element for each. */
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
import {
  VOLTAGE_DRIVER,
  VOLTAGE_DRIVER_RESPONSE,
  type VoltageDriver,
  type VoltageDriverFacts,
} from '@scp/voltage-domain/api';
import { MockSupply } from './mock.ts';
import type { MockVoltageDomainConfig, MockVoltageDomainElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockVoltageDomainConfig, MockVoltageDomainElementConfig> {
  const supplies: MockSupply[] = [];
  const find = (id: ElementId): MockSupply | undefined => supplies[elementIndex(id)];
  const none: VoltageDriverFacts = { levels: { kind: 'list', list: [] } };

  const driver: VoltageDriver = {
    facts: id => find(id)?.facts ?? none,
    getLevel: (id, out) => find(id)?.getLevel(out) ?? Status.E_PARAM,
    setLevel: (id, level) => find(id)?.setLevel(level) ?? Status.E_PARAM,
    getMode: (id, out) => find(id)?.getMode(out) ?? Status.E_PARAM,
    setMode: (id, mode) => find(id)?.setMode(mode) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(VOLTAGE_DRIVER, (source, target) => {
        const supply = isElementId(target) ? find(target) : undefined;
        if (supply === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two domains on one supply would change each other.
        if (supply.hal !== undefined) return Status.E_ACCESS;
        supply.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      supplies.push(new MockSupply(id, config, framework));
    },

    bind(id, round) {
      const supply = isModuleId(id) ? undefined : find(id);
      if (round === 1 && supply?.hal !== undefined) {
        supply.response = framework.bind(supply.hal, VOLTAGE_DRIVER_RESPONSE);
      }
    },
  };
}

const definition: ModuleDefinition<MockVoltageDomainConfig, MockVoltageDomainElementConfig> = {
  name: 'mock-voltage-domain',
  type: 'DRIVER',
  apis: [VOLTAGE_DRIVER],
  create,
};

export default definition;
