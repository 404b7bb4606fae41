// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-power-capping` module: protocol 0x18 over the `power-capping` HAL. SCP-firmware: module/scmi_power_capping. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { POWER_CAPPING, POWER_CAPPING_CLIENT, POWER_CAPPING_NOTIFICATIONS } from '@scp/power-capping/api';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { CAP_SET_EVENT } from './module-events.ts';
import { ScmiPowerCapping } from './protocol.ts';
import type { ScmiPowerCappingConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiPowerCappingConfig> {
  let config: ScmiPowerCappingConfig = { agents: {} };
  let protocol: ScmiPowerCapping | undefined;

  return {
    apis: [
      provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE),
      provide(POWER_CAPPING_CLIENT, () => protocol ?? Status.E_STATE),
    ],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const source = framework.moduleId('power-capping');
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      protocol = new ScmiPowerCapping(framework, id, config, hub, framework.bind(source, POWER_CAPPING));
      for (const token of POWER_CAPPING_NOTIFICATIONS) framework.subscribe(token, source, id);
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,
    processNotification: event => protocol?.processNotification(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiPowerCappingConfig> = {
  name: 'scmi-power-capping',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL, POWER_CAPPING_CLIENT],
  events: [CAP_SET_EVENT],
  requires: ['scmi', 'power-capping'],
  create,
};

export default definition;
