// SPDX-License-Identifier: BSD-3-Clause
/** The `reset-domain` module, the HAL: one element for each reset domain. SCP-firmware: module/reset_domain. */
import {
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { RESET_DOMAIN, RESET_DOMAIN_CLIENT, RESET_DOMAIN_RESET, RESET_DRIVER, RESET_DRIVER_RESPONSE } from './api.ts';
import { ResetHal, ResetUser } from './hal.ts';
import { DomainRecord, type Requester } from './record.ts';
import type { ResetDomainConfig, ResetDomainElementConfig } from './schema.ts';

function create(framework: Framework): Module<ResetDomainConfig, ResetDomainElementConfig> {
  const hal = new ResetHal(framework);

  return {
    apis: [
      provide(RESET_DOMAIN, source => {
        const requester: Requester = { id: source, client: undefined };
        hal.requesters.push(requester);
        return new ResetUser(hal, requester);
      }),
      provide(RESET_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && hal.find(target)?.driverId === source ? hal : Status.E_ACCESS,
      ),
    ],

    init: () => undefined,

    elementInit(id, config) {
      hal.records.push(new DomainRecord(id, framework.nameOf(id), config));
    },

    bind(id, round) {
      if (!isModuleId(id)) {
        const record = hal.find(id);
        if (record !== undefined && round === 0) record.driver = framework.bind(record.driverId, RESET_DRIVER);
      } else if (round === 0) {
        hal.source = id;
      } else {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, RESET_DOMAIN_CLIENT);
      }
    },
  };
}

const definition: ModuleDefinition<ResetDomainConfig, ResetDomainElementConfig> = {
  name: 'reset-domain',
  type: 'HAL',
  apis: [RESET_DOMAIN, RESET_DRIVER_RESPONSE],
  notifications: [RESET_DOMAIN_RESET],
  create,
};

export default definition;
