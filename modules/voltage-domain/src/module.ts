// SPDX-License-Identifier: BSD-3-Clause
/** The `voltage-domain` module, the HAL: one element for each supply. SCP-firmware: module/voltage_domain. */
import {
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { VOLTAGE_DOMAIN, VOLTAGE_DOMAIN_CLIENT, VOLTAGE_DRIVER, VOLTAGE_DRIVER_RESPONSE } from './api.ts';
import { VoltageHal, VoltageUser } from './hal.ts';
import { DomainRecord, type Requester } from './record.ts';
import type { VoltageDomainConfig, VoltageDomainElementConfig } from './schema.ts';

function create(framework: Framework): Module<VoltageDomainConfig, VoltageDomainElementConfig> {
  const hal = new VoltageHal(framework);

  return {
    apis: [
      provide(VOLTAGE_DOMAIN, source => {
        const requester: Requester = { id: source, client: undefined };
        hal.requesters.push(requester);
        return new VoltageUser(hal, requester);
      }),
      provide(VOLTAGE_DRIVER_RESPONSE, (source, target) =>
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
        if (record !== undefined && round === 0) record.attach(framework.bind(record.driverId, VOLTAGE_DRIVER));
      } else if (round === 1) {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, VOLTAGE_DOMAIN_CLIENT);
      }
    },
  };
}

const definition: ModuleDefinition<VoltageDomainConfig, VoltageDomainElementConfig> = {
  name: 'voltage-domain',
  type: 'HAL',
  apis: [VOLTAGE_DOMAIN, VOLTAGE_DRIVER_RESPONSE],
  create,
};

export default definition;
