// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-reset-domain` module: protocol 0x16 over the `reset-domain` HAL. SCP-firmware: module/scmi_reset_domain. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { RESET_DOMAIN, RESET_DOMAIN_CLIENT, RESET_DOMAIN_RESET } from '@scp/reset-domain/api';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { RESET_EVENT } from './module-events.ts';
import { ScmiResetDomain } from './protocol.ts';
import type { ScmiResetDomainConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiResetDomainConfig> {
  let config: ScmiResetDomainConfig = { agents: {}, sharing: 'exclusive' };
  let protocol: ScmiResetDomain | undefined;

  return {
    apis: [
      provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE),
      provide(RESET_DOMAIN_CLIENT, () => protocol ?? Status.E_STATE),
    ],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const source = framework.moduleId('reset-domain');
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      protocol = new ScmiResetDomain(framework, id, config, hub, framework.bind(source, RESET_DOMAIN));
      framework.subscribe(RESET_DOMAIN_RESET, source, id);
    },

    start() {
      protocol?.start();
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,
    processNotification: event => protocol?.processNotification(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiResetDomainConfig> = {
  name: 'scmi-reset-domain',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL, RESET_DOMAIN_CLIENT],
  events: [RESET_EVENT],
  requires: ['scmi', 'reset-domain'],
  create,
};

export default definition;
