// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-ppu` module: a driver of power domains without hardware, one element for each power policy unit. */
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
import { POWER_DOMAIN_DRIVER, POWER_DOMAIN_DRIVER_RESPONSE, type PowerDomainDriver } from '@scp/power-domain/api';
import { MockPpu } from './mock.ts';
import type { MockPpuConfig, MockPpuElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockPpuConfig, MockPpuElementConfig> {
  const units: MockPpu[] = [];
  const find = (id: ElementId): MockPpu | undefined => units[elementIndex(id)];

  const driver: PowerDomainDriver = {
    hasState: (id, state) => find(id)?.hasState(state) ?? false,
    getState: (id, out) => find(id)?.getState(out) ?? Status.E_PARAM,
    setState: (id, state) => find(id)?.setState(state) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(POWER_DOMAIN_DRIVER, (source, target) => {
        const unit = isElementId(target) ? find(target) : undefined;
        if (unit === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two domains on one unit would switch each other.
        if (unit.domain !== undefined) return Status.E_ACCESS;
        unit.domain = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      units.push(new MockPpu(id, config, framework));
    },

    bind(id, round) {
      const unit = isModuleId(id) ? undefined : find(id);
      if (round !== 1 || unit?.domain === undefined) return;
      unit.response = framework.bind(unit.domain, POWER_DOMAIN_DRIVER_RESPONSE);
    },
  };
}

const definition: ModuleDefinition<MockPpuConfig, MockPpuElementConfig> = {
  name: 'mock-ppu',
  type: 'DRIVER',
  apis: [POWER_DOMAIN_DRIVER],
  create,
};

export default definition;
