// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type Event, type Framework, FrameworkError, type ModuleId, Status } from '@scp/framework';
import { AgentViews, type Handlers, type ScmiHub, type ScmiProtocol } from '@scp/scmi/api';
import { type Out, type VoltageDomain, type VoltageDomainClient, VoltageMode } from '@scp/voltage-domain/api';
import { Describe, type Views } from './describe.ts';
import { V2_1, VOLTAGE_DOMAIN_PROTOCOL } from './messages.ts';
import { LEVEL_EVENT } from './module-events.ts';
import { Resource } from './resource.ts';
import type { ScmiVoltageDomainConfig } from './schema.ts';
import { Settings } from './settings.ts';

/** The Voltage domain management protocol of one firmware. */
export class ScmiVoltageDomain implements ScmiProtocol, VoltageDomainClient {
  readonly declaration = VOLTAGE_DOMAIN_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof VOLTAGE_DOMAIN_PROTOCOL>;
  private readonly domains: VoltageDomain;
  private readonly views: Views;
  private readonly settings: Settings;

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(
    framework: Framework,
    module: ModuleId,
    config: ScmiVoltageDomainConfig,
    hub: ScmiHub,
    domains: VoltageDomain,
  ) {
    this.version = config.version ?? V2_1;
    this.domains = domains;
    const views: Views = (this.views = new AgentViews(
      hub,
      config.agents,
      entry => (typeof entry === 'number' ? entry : entry.domain),
      (index, id) => {
        const info = domains.info(id);
        if (info === undefined) throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no voltage domain`);
        return new Resource(index, id, info, hub.agents.length);
      },
    ));
    const describe = new Describe(hub, domains, views);
    const settings = (this.settings = new Settings({ framework, module, hub, domains, views }));
    this.handlers = {
      attributes: message => describe.attributes(message),
      domainAttributes: message => describe.domainAttributes(message),
      describeLevels: message => describe.describeLevels(message),
      configSet: message => settings.configSet(message),
      configGet: message => describe.configGet(message),
      levelSet: message => settings.levelSet(message),
      levelGet: message => describe.levelGet(message),
      nameGet: message => describe.nameGet(message),
    };
  }

  /** Learns what only a started HAL knows: the modes of domains without votes. */
  start(): void {
    const out: Out = { value: 0 };
    for (const { id, votes } of this.views.resources) {
      votes.initial = this.domains.getMode(id, out) === Status.SUCCESS ? out.value : VoltageMode.OFF;
    }
  }

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  resetAgent(agent: number): void {
    this.settings.resetAgent(agent);
  }

  ended(domain: ElementId, status: Status): void {
    this.settings.ended(domain, status);
  }

  /** Handles the module's own event. */
  processEvent(event: Event): Status {
    this.settings.begin(event.param(LEVEL_EVENT.at.domain));
    return Status.SUCCESS;
  }
}
