// SPDX-License-Identifier: BSD-3-Clause
/** The `psu` module, the HAL: one element for each power supply. SCP-firmware: module/psu. */
import {
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { PSU, PSU_CLIENT, PSU_DRIVER, PSU_DRIVER_RESPONSE } from './api.ts';
import { PsuHal, PsuUser } from './hal.ts';
import { type Requester, SupplyRecord } from './record.ts';
import type { PsuConfig, PsuElementConfig } from './schema.ts';

function create(framework: Framework): Module<PsuConfig, PsuElementConfig> {
  const hal = new PsuHal(framework);

  return {
    apis: [
      provide(PSU, source => {
        const requester: Requester = { id: source, client: undefined };
        hal.requesters.push(requester);
        return new PsuUser(hal, requester);
      }),
      provide(PSU_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && hal.find(target)?.driverId === source ? hal : Status.E_ACCESS,
      ),
    ],

    init: () => undefined,

    elementInit(id, { driver }) {
      hal.records.push(new SupplyRecord(id, framework.nameOf(id), driver));
    },

    bind(id, round) {
      if (!isModuleId(id)) {
        const record = hal.find(id);
        if (record !== undefined && round === 0) record.attach(framework.bind(record.driverId, PSU_DRIVER));
      } else if (round === 1) {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, PSU_CLIENT);
      }
    },
  };
}

const definition: ModuleDefinition<PsuConfig, PsuElementConfig> = {
  name: 'psu',
  type: 'HAL',
  apis: [PSU, PSU_DRIVER_RESPONSE],
  create,
};

export default definition;
