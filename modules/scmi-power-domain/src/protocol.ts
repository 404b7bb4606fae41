// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type Event, type Framework, FrameworkError, type ModuleId, Status } from '@scp/framework';
import { POWER_DOMAIN_STATE_CHANGED, type PowerDomain } from '@scp/power-domain/api';
import { AgentViews, type Handlers, type ScmiHub, type ScmiProtocol } from '@scp/scmi/api';
import { Describe } from './describe.ts';
import { POWER_DOMAIN_PROTOCOL, V3_1 } from './messages.ts';
import { Notifications } from './notifications.ts';
import { Resource, wordOf } from './resource.ts';
import type { ScmiPowerDomainConfig } from './schema.ts';
import { StateSets } from './state-sets.ts';
import type { Views } from './view.ts';

/** The Power domain management protocol of one firmware. */
export class ScmiPowerDomain implements ScmiProtocol {
  readonly declaration = POWER_DOMAIN_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof POWER_DOMAIN_PROTOCOL>;
  private readonly power: PowerDomain;
  private readonly views: Views;
  private readonly stateSets: StateSets;
  private readonly notifications: Notifications;

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(framework: Framework, module: ModuleId, config: ScmiPowerDomainConfig, hub: ScmiHub, power: PowerDomain) {
    this.version = config.version ?? V3_1;
    this.power = power;
    const views: Views = (this.views = new AgentViews(
      hub,
      config.agents,
      entry => (typeof entry === 'number' ? entry : entry.domain),
      (index, id) => {
        const name = power.name(id);
        if (name === '') throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no power domain`);
        return new Resource(index, id, name, power.type(id), hub.agents.length);
      },
    ));
    const describe = new Describe(hub, power, views, config.report);
    const notifications = (this.notifications = new Notifications(hub, views));
    const stateSets = (this.stateSets = new StateSets({ framework, module, hub, power, views, notifications }));
    this.handlers = {
      attributes: message => describe.attributes(message),
      domainAttributes: message => describe.domainAttributes(message),
      stateSet: message => stateSets.stateSet(message),
      stateGet: message => describe.stateGet(message),
      stateNotify: message => notifications.stateNotify(message),
      stateChangeRequestedNotify: message => notifications.stateChangeRequestedNotify(message),
      nameGet: message => describe.nameGet(message),
    };
  }

  /** Learns what only a started HAL knows: where domains without votes go. */
  start(): void {
    for (const { id, votes } of this.views.resources) votes.initial = this.power.initialState(id);
  }

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  resetAgent(agent: number): void {
    this.notifications.clear(agent);
    this.stateSets.resetAgent(agent);
  }

  /** Handles the module's own events and the HAL's responses. */
  processEvent(event: Event): Status {
    return this.stateSets.process(event);
  }

  /** Handles the HAL's notification of a state. */
  stateChanged(event: Event): Status {
    const { at } = POWER_DOMAIN_STATE_CHANGED;
    const resource = this.views.ofElement(event.param(at.domain));
    if (resource === undefined) return Status.SUCCESS;
    const word = wordOf(event.param(at.state));
    const cause = event.param(at.cause);
    if (!this.stateSets.hold(resource, word, cause)) this.notifications.stateChanged(resource, word, cause);
    return Status.SUCCESS;
  }
}
