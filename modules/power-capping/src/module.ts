// SPDX-License-Identifier: BSD-3-Clause
/**
 * The `power-capping` module, the HAL: one element for each power domain. SCP-firmware has only interface headers for it
 * (power_allocator, power_coordinator, power_meter).
 */
import {
  type Framework,
  FrameworkError,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  type ProductElement,
  provide,
  Status,
} from '@scp/framework';
import {
  POWER_CAPPING,
  POWER_CAPPING_CLIENT,
  POWER_CAPPING_DRIVER,
  POWER_CAPPING_DRIVER_RESPONSE,
  POWER_CAPPING_NOTIFICATIONS,
} from './api.ts';
import { PowerCappingHal, PowerCappingUser } from './hal.ts';
import { DomainRecord, type Requester } from './record.ts';
import { domainInfo, domainProblems } from './rules.ts';
import type { PowerCappingConfig, PowerCappingElementConfig } from './schema.ts';

function create(framework: Framework): Module<PowerCappingConfig, PowerCappingElementConfig> {
  const hal = new PowerCappingHal(framework);
  const elements: ProductElement<PowerCappingElementConfig>[] = [];

  return {
    apis: [
      provide(POWER_CAPPING, source => {
        const requester: Requester = { id: source, client: undefined };
        hal.requesters.push(requester);
        return new PowerCappingUser(hal, requester);
      }),
      provide(POWER_CAPPING_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && hal.find(target)?.driverId === source ? hal : Status.E_ACCESS,
      ),
    ],

    init: () => undefined,

    elementInit(id, config) {
      const name = framework.nameOf(id);
      elements.push({ name, config });
      const alarm = framework.createAlarm(id, () => hal.tick(record));
      const record = new DomainRecord(id, domainInfo(name, config), config.driver, alarm);
      hal.records.push(record);
    },

    postInit() {
      const [problem] = domainProblems(elements);
      if (problem !== undefined) throw new FrameworkError(Status.E_DATA, `domain ${problem.element} ${problem.rule}`);
    },

    bind(id, round) {
      if (!isModuleId(id)) {
        const record = hal.find(id);
        if (record !== undefined && round === 0) record.driver = framework.bind(record.driverId, POWER_CAPPING_DRIVER);
      } else if (round === 0) {
        hal.source = id;
      } else {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, POWER_CAPPING_CLIENT);
      }
    },

    start(id) {
      const record = isModuleId(id) ? undefined : hal.find(id);
      if (record !== undefined) hal.start(record);
    },

    stop(id) {
      if (!isModuleId(id)) hal.find(id)?.alarm.stop();
    },
  };
}

const definition: ModuleDefinition<PowerCappingConfig, PowerCappingElementConfig> = {
  name: 'power-capping',
  type: 'HAL',
  apis: [POWER_CAPPING, POWER_CAPPING_DRIVER_RESPONSE],
  notifications: POWER_CAPPING_NOTIFICATIONS,
  create,
};

export default definition;
