// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-perf` module: protocol 0x13 over the `dvfs` HAL. SCP-firmware: module/scmi_perf. */
import { DVFS, DVFS_CLIENT, DVFS_OPP_CHANGED } from '@scp/dvfs/api';
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { LIMITS_EVENT } from './module-events.ts';
import { ScmiPerf } from './protocol.ts';
import type { ScmiPerfConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiPerfConfig> {
  let config: ScmiPerfConfig = { agents: {}, powerUnit: 'mW' };
  let protocol: ScmiPerf | undefined;

  return {
    apis: [
      provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE),
      provide(DVFS_CLIENT, () => protocol ?? Status.E_STATE),
    ],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      const source = framework.moduleId('dvfs');
      const dvfs = framework.bind(source, DVFS);
      protocol = new ScmiPerf(framework, id, config, hub, dvfs);
      framework.subscribe(DVFS_OPP_CHANGED, source, id);
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,

    processNotification: event => protocol?.processNotification(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiPerfConfig> = {
  name: 'scmi-perf',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL, DVFS_CLIENT],
  events: [LIMITS_EVENT],
  requires: ['scmi', 'dvfs'],
  create,
};

export default definition;
