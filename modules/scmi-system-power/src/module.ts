// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-system-power` module: protocol 0x12 over `system-power`. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { SYSTEM_POWER } from '@scp/system-power/api';
import { ScmiSystemPower } from './protocol.ts';
import type { ScmiSystemPowerConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiSystemPowerConfig> {
  let config: ScmiSystemPowerConfig = { agents: {} };
  let protocol: ScmiSystemPower | undefined;

  return {
    apis: [provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE)],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      const power = framework.bind(framework.moduleId('system-power'), SYSTEM_POWER);
      protocol = new ScmiSystemPower(framework, id, config, hub, power);
    },

    processNotification: event => protocol?.requested(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiSystemPowerConfig> = {
  name: 'scmi-system-power',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL],
  requires: ['scmi', 'system-power'],
  create,
};

export default definition;
