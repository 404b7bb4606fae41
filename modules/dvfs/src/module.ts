// SPDX-License-Identifier: BSD-3-Clause
/** The `dvfs` module, the HAL: one element for each performance domain. SCP-firmware: module/dvfs. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide } from '@scp/framework';
import { CLOCK } from '@scp/clock/api';
import { PSU, PSU_CLIENT } from '@scp/psu/api';
import { DVFS, DVFS_CLIENT, DVFS_OPP_CHANGED } from './api.ts';
import { DvfsHal } from './hal.ts';
import type { DvfsConfig, DvfsElementConfig } from './schema.ts';

function create(framework: Framework): Module<DvfsConfig, DvfsElementConfig> {
  const hal = new DvfsHal(framework);

  return {
    apis: [
      provide(DVFS, source => {
        hal.requesters.push({ id: source, client: undefined });
        return hal;
      }),
      provide(PSU_CLIENT, () => hal),
    ],

    init: () => undefined,

    elementInit(id, config) {
      hal.add(id, config);
    },

    bind(id, round) {
      if (!isModuleId(id)) return;
      if (round === 0) {
        hal.source = id;
        hal.clock = framework.bind(framework.moduleId('clock'), CLOCK);
        hal.psu = framework.bind(framework.moduleId('psu'), PSU);
      } else {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, DVFS_CLIENT);
      }
    },

    start(id) {
      const record = isModuleId(id) ? undefined : hal.find(id);
      if (record !== undefined) hal.start(record);
    },

    processEvent: event => hal.process(event),
  };
}

const definition: ModuleDefinition<DvfsConfig, DvfsElementConfig> = {
  name: 'dvfs',
  type: 'HAL',
  apis: [DVFS, PSU_CLIENT],
  notifications: [DVFS_OPP_CHANGED],
  requires: ['clock', 'psu'],
  create,
};

export default definition;
