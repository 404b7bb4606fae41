// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-pinctrl` module: protocol 0x19 over the `pinctrl` HAL. SCP-firmware: module/scmi_pin_control. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { PINCTRL, PINCTRL_CLIENT } from '@scp/pinctrl/api';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { ScmiPinctrl } from './protocol.ts';
import type { ScmiPinctrlConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiPinctrlConfig> {
  let config: ScmiPinctrlConfig = { agents: {}, inactive: 'zero' };
  let protocol: ScmiPinctrl | undefined;

  return {
    apis: [
      provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE),
      provide(PINCTRL_CLIENT, () => protocol ?? Status.E_STATE),
    ],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      protocol = new ScmiPinctrl(framework, config, hub, framework.bind(framework.moduleId('pinctrl'), PINCTRL));
    },
  };
}

const definition: ModuleDefinition<ScmiPinctrlConfig> = {
  name: 'scmi-pinctrl',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL, PINCTRL_CLIENT],
  requires: ['scmi', 'pinctrl'],
  create,
};

export default definition;
