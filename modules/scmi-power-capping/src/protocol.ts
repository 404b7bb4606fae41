// SPDX-License-Identifier: BSD-3-Clause
import {
  type ElementId,
  type Event,
  type Framework,
  FrameworkError,
  type ModuleId,
  moduleIndex,
  notificationId,
  type NotificationId,
  Status,
} from '@scp/framework';
import {
  POWER_CAP_CHANGED,
  POWER_CAPPING_NOTIFICATIONS,
  POWER_MEASURED,
  type PowerCapping,
  type PowerCappingClient,
  type PowerDomainInfo,
} from '@scp/power-capping/api';
import type { CommandDeclaration, Handlers, ScmiHub, ScmiProtocol } from '@scp/scmi/api';
import { CapChanges } from './cap-changes.ts';
import { Describe } from './describe.ts';
import { Measurements } from './measurements.ts';
import { POWERCAP_PROTOCOL, V2 } from './messages.ts';
import { CAP_SET_EVENT } from './module-events.ts';
import { Resource } from './resource.ts';
import type { ScmiPowerCappingConfig } from './schema.ts';
import { Settings } from './settings.ts';
import { View } from './view.ts';

/** The commands that only some domains have. */
function serves(command: CommandDeclaration, info: PowerDomainInfo): boolean {
  const { commands } = POWERCAP_PROTOCOL;
  switch (command.id) {
    case commands.capSet.id:
      return info.isCapConfigurable;
    case commands.paiSet.id:
      return info.isIntervalConfigurable;
    case commands.measurementsGet.id:
      return info.monitored;
    case commands.capNotify.id:
      return info.capNotifications;
    case commands.measurementsNotify.id:
      return info.powerNotifications;
    default:
      return true;
  }
}

/** The Powercap protocol of one firmware. */
export class ScmiPowerCapping implements ScmiProtocol, PowerCappingClient {
  readonly declaration = POWERCAP_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof POWERCAP_PROTOCOL>;
  private readonly view: View;
  private readonly settings: Settings;
  private readonly capChanges: CapChanges;
  private readonly measurements: Measurements;
  private readonly measuredId: NotificationId;
  /** By agent id, then by command id: whether a domain of the agent has it. */
  private readonly available: readonly (readonly boolean[])[];

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(
    framework: Framework,
    module: ModuleId,
    config: ScmiPowerCappingConfig,
    hub: ScmiHub,
    domains: PowerCapping,
  ) {
    this.version = config.version ?? V2;
    const view = (this.view = new View(hub, domains, config.agents, (index, id) => {
      const info = domains.info(id);
      if (info === undefined) throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no power domain`);
      return new Resource(index, id, info, hub.agents.length);
    }));
    this.measuredId = notificationId(
      moduleIndex(framework.moduleId('power-capping')),
      POWER_CAPPING_NOTIFICATIONS.indexOf(POWER_MEASURED),
    );
    this.available = [0, ...hub.agents.map(agent => agent.id)].map(agent => {
      const seen = view.resources.filter(resource => view.idOf(agent, resource) >= 0);
      const table: boolean[] = [];
      for (const command of Object.values(POWERCAP_PROTOCOL.commands)) {
        table[command.id] = seen.some(({ info }) => serves(command, info));
      }
      return table;
    });
    const describe = new Describe(view);
    const settings = (this.settings = new Settings(framework, module, view));
    const capChanges = (this.capChanges = new CapChanges(view));
    const measurements = (this.measurements = new Measurements(view));
    this.handlers = {
      attributes: message => describe.attributes(message),
      domainAttributes: message => describe.domainAttributes(message),
      capGet: message => describe.capGet(message),
      capSet: message => settings.capSet(message),
      paiGet: message => describe.paiGet(message),
      paiSet: message => settings.paiSet(message),
      nameGet: message => describe.nameGet(message),
      measurementsGet: message => measurements.get(message),
      capNotify: message => capChanges.notify(message),
      measurementsNotify: message => measurements.notify(message),
    };
  }

  resourceCount(agent: number): number {
    return this.view.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.view.find(agent, index)?.id;
  }

  /** A command is there when a domain of the agent has what it is about. */
  isAvailable(command: CommandDeclaration, agent: number): boolean {
    return this.available[agent]?.[command.id] === true;
  }

  resetAgent(agent: number): void {
    this.capChanges.clear(agent);
    this.measurements.clear(agent);
    this.settings.resetAgent(agent);
  }

  ended(domain: ElementId, status: Status): void {
    this.settings.ended(domain, status);
  }

  /** Handles the module's own event. */
  processEvent(event: Event): Status {
    this.settings.begin(event.param(CAP_SET_EVENT.at.domain));
    return Status.SUCCESS;
  }

  /** Handles the HAL's notifications. */
  processNotification(event: Event): Status {
    const isMeasured = event.id === this.measuredId;
    const at = isMeasured ? POWER_MEASURED.at.domain : POWER_CAP_CHANGED.at.domain;
    const resource = this.view.ofElement(event.param(at));
    if (resource === undefined) return Status.SUCCESS;
    if (isMeasured) {
      this.measurements.measured(resource, event.param(POWER_MEASURED.at.power));
    } else {
      const { cap, interval, cause } = POWER_CAP_CHANGED.at;
      this.capChanges.changed(resource, event.param(cap), event.param(interval), event.param(cause));
    }
    return Status.SUCCESS;
  }
}
