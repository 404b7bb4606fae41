// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-power-domain` module: protocol 0x11 over the `power-domain` HAL. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { POWER_DOMAIN, POWER_DOMAIN_STATE_CHANGED } from '@scp/power-domain/api';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { STATE_EVENT } from './module-events.ts';
import { ScmiPowerDomain } from './protocol.ts';
import type { ScmiPowerDomainConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiPowerDomainConfig> {
  let config: ScmiPowerDomainConfig = { agents: {}, report: 'own' };
  let protocol: ScmiPowerDomain | undefined;

  return {
    apis: [provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE)],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const source = framework.moduleId('power-domain');
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      protocol = new ScmiPowerDomain(framework, id, config, hub, framework.bind(source, POWER_DOMAIN));
      framework.subscribe(POWER_DOMAIN_STATE_CHANGED, source, id);
    },

    start() {
      protocol?.start();
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,
    processNotification: event => protocol?.stateChanged(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiPowerDomainConfig> = {
  name: 'scmi-power-domain',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL],
  events: [STATE_EVENT],
  requires: ['scmi', 'power-domain'],
  create,
};

export default definition;
