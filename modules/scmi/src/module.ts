// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi` module: one element, a service, for each channel; protocols bind to the module. */
import {
  type ElementId,
  type EntityId,
  type Framework,
  FrameworkError,
  isModuleId,
  type Module,
  type ModuleDefinition,
  type ModuleId,
  provide,
  Status,
} from '@scp/framework';
import { RESOURCE_PERMISSIONS } from '@scp/resource-perms/api';
import { Agent, unknownAgent } from './agents.ts';
import { SCMI_HUB, SCMI_PROTOCOL, SCMI_SERVICE, SCMI_TRANSPORT } from './api.ts';
import { Base } from './base.ts';
import { Hub } from './hub.ts';
import { MESSAGE_EVENT } from './module-events.ts';
import type { ScmiConfig, ServiceConfig } from './schema.ts';
import { Service } from './service.ts';

function create(framework: Framework): Module<ScmiConfig, ServiceConfig> {
  const hub = new Hub(framework);
  const protocols = new Set<EntityId>();
  const transports = new Map<EntityId, ElementId>();
  let base: Base | undefined;

  function bindService(id: ElementId): void {
    const transport = transports.get(id);
    const service = hub.serviceOf(id);
    if (transport !== undefined && service !== undefined) {
      service.transport = framework.bind(transport, SCMI_TRANSPORT);
    }
  }

  function bindProtocols(): void {
    if (framework.hasModule('resource-perms')) {
      hub.permissions = framework.bind(framework.moduleId('resource-perms'), RESOURCE_PERMISSIONS);
      hub.permissions.setAgents(name => hub.agentId(name));
    }
    const bound = [...protocols].map(id => framework.bind(id, SCMI_PROTOCOL));
    hub.registry.fill(base === undefined ? bound : [base, ...bound]);
    hub.prepare();
  }

  return {
    apis: [
      provide(SCMI_HUB, (source, target) => {
        if (!isModuleId(source) || !isModuleId(target)) return Status.E_SUPPORT;
        protocols.add(source);
        return hub;
      }),
      provide(SCMI_SERVICE, (source, target) => {
        const service = hub.serviceOf(target);
        return service !== undefined && transports.get(service.id) === source ? service : Status.E_ACCESS;
      }),
    ],

    init(config) {
      const names = new Set<string>();
      config.agents.forEach(({ name, trusted }, index) => {
        if (names.has(name)) throw new FrameworkError(Status.E_DATA, `two agents are called ${name}`);
        names.add(name);
        hub.addAgent(new Agent(index + 1, name, trusted));
      });
      base = new Base(hub, config);
    },

    elementInit(id, { agent: name, transport }) {
      const agent = hub.agents.find(one => one.name === name);
      if (agent === undefined) throw unknownAgent(name, hub.agents);
      transports.set(id, transport);
      hub.addService(new Service(id, framework.nameOf(id), agent, hub));
    },

    bind(id: ModuleId | ElementId, round) {
      if (isModuleId(id)) {
        if (round === 1) bindProtocols();
      } else if (round === 0) {
        bindService(id);
      }
    },

    processEvent(event) {
      const service = hub.serviceOf(event.target);
      if (service === undefined) return Status.E_PARAM;
      hub.process(service, event.param(MESSAGE_EVENT.at.sequence));
      return Status.SUCCESS;
    },
  };
}

const definition: ModuleDefinition<ScmiConfig, ServiceConfig> = {
  name: 'scmi',
  type: 'SERVICE',
  apis: [SCMI_HUB, SCMI_SERVICE],
  events: [MESSAGE_EVENT],
  create,
};

export default definition;
