// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-voltage-domain` module: protocol 0x17 over the `voltage-domain` HAL. SCP-firmware: module/scmi_voltage_domain. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { VOLTAGE_DOMAIN, VOLTAGE_DOMAIN_CLIENT } from '@scp/voltage-domain/api';
import { LEVEL_EVENT } from './module-events.ts';
import { ScmiVoltageDomain } from './protocol.ts';
import type { ScmiVoltageDomainConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiVoltageDomainConfig> {
  let config: ScmiVoltageDomainConfig = { agents: {} };
  let protocol: ScmiVoltageDomain | undefined;

  return {
    apis: [
      provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE),
      provide(VOLTAGE_DOMAIN_CLIENT, () => protocol ?? Status.E_STATE),
    ],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      const domains = framework.bind(framework.moduleId('voltage-domain'), VOLTAGE_DOMAIN);
      protocol = new ScmiVoltageDomain(framework, id, config, hub, domains);
    },

    start() {
      protocol?.start();
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiVoltageDomainConfig> = {
  name: 'scmi-voltage-domain',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL, VOLTAGE_DOMAIN_CLIENT],
  events: [LEVEL_EVENT],
  requires: ['scmi', 'voltage-domain'],
  create,
};

export default definition;
