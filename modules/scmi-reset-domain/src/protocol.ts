// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type Event, type Framework, FrameworkError, type ModuleId, Status } from '@scp/framework';
import { RESET_DOMAIN_RESET, type ResetDomain, type ResetDomainClient } from '@scp/reset-domain/api';
import { AgentViews, type CommandDeclaration, type Handlers, type ScmiHub, type ScmiProtocol } from '@scp/scmi/api';
import { Describe, type Views } from './describe.ts';
import { RESET_DOMAIN_PROTOCOL, V3_1 } from './messages.ts';
import { RESET_EVENT } from './module-events.ts';
import { Notifications } from './notifications.ts';
import { Resets } from './resets.ts';
import { Resource } from './resource.ts';
import type { ScmiResetDomainConfig } from './schema.ts';

/** The Reset domain management protocol of one firmware. */
export class ScmiResetDomain implements ScmiProtocol, ResetDomainClient {
  readonly declaration = RESET_DOMAIN_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof RESET_DOMAIN_PROTOCOL>;
  private readonly domains: ResetDomain;
  private readonly views: Views;
  private readonly resets: Resets;
  private readonly notifications: Notifications;
  /** By agent id: whether a domain of the agent has notifications. */
  private readonly hasNotifications: readonly boolean[];

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(
    framework: Framework,
    module: ModuleId,
    config: ScmiResetDomainConfig,
    hub: ScmiHub,
    domains: ResetDomain,
  ) {
    this.version = config.version ?? V3_1;
    this.domains = domains;
    const views: Views = (this.views = new AgentViews(
      hub,
      config.agents,
      entry => (typeof entry === 'number' ? entry : entry.domain),
      (index, id) => {
        const info = domains.info(id);
        if (info === undefined) throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no reset domain`);
        return new Resource(index, id, info, hub.agents.length);
      },
    ));
    this.hasNotifications = [0, ...hub.agents.map(agent => agent.id)].map(agent =>
      views.resources.some(resource => views.idOf(agent, resource) >= 0 && resource.info.notifications),
    );
    const describe = new Describe(hub, views);
    const resets = (this.resets = new Resets({ framework, module, hub, domains, views, sharing: config.sharing }));
    const notifications = (this.notifications = new Notifications(hub, views));
    this.handlers = {
      attributes: message => describe.attributes(message),
      domainAttributes: message => describe.domainAttributes(message),
      reset: message => resets.reset(message),
      notify: message => notifications.notify(message),
      nameGet: message => describe.nameGet(message),
    };
  }

  /** Learns what only a started HAL knows: where lines without votes go. */
  start(): void {
    for (const { id, votes } of this.views.resources) votes.asserted = this.domains.isAsserted(id);
  }

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  /** RESET_NOTIFY is there when a domain of the agent has notifications. */
  isAvailable(command: CommandDeclaration, agent: number): boolean {
    return command.id !== RESET_DOMAIN_PROTOCOL.commands.notify.id || this.hasNotifications[agent] === true;
  }

  resetAgent(agent: number): void {
    this.notifications.clear(agent);
    this.resets.resetAgent(agent);
  }

  ended(domain: ElementId, status: Status): void {
    this.resets.ended(domain, status);
  }

  /** Handles the module's own event. */
  processEvent(event: Event): Status {
    this.resets.begin(event.param(RESET_EVENT.at.domain));
    return Status.SUCCESS;
  }

  /** Handles the HAL's notification of a reset. */
  processNotification(event: Event): Status {
    const { domain, state, cause } = RESET_DOMAIN_RESET.at;
    const resource = this.views.ofElement(event.param(domain));
    if (resource !== undefined) this.notifications.issued(resource, event.param(state), event.param(cause));
    return Status.SUCCESS;
  }
}
