// SPDX-License-Identifier: BSD-3-Clause
import { type Dvfs, DVFS_OPP_CHANGED, type DvfsClient } from '@scp/dvfs/api';
import { type ElementId, type Event, type Framework, FrameworkError, type ModuleId, Status } from '@scp/framework';
import { AgentViews, type CommandDeclaration, type Handlers, type ScmiHub, type ScmiProtocol } from '@scp/scmi/api';
import { Describe } from './describe.ts';
import { Levels } from './levels.ts';
import { PERF_PROTOCOL, PowerUnit, V4 } from './messages.ts';
import { LIMITS_EVENT } from './module-events.ts';
import { Notifications } from './notifications.ts';
import { Resource } from './resource.ts';
import type { ScmiPerfConfig } from './schema.ts';
import { mayNotify, type Views } from './view.ts';

const { commands } = PERF_PROTOCOL;

const POWER_UNITS = { abstract: PowerUnit.ABSTRACT, mW: PowerUnit.MILLIWATT, uW: PowerUnit.MICROWATT } as const;

/** The Performance domain management protocol of one firmware. */
export class ScmiPerf implements ScmiProtocol, DvfsClient {
  readonly declaration = PERF_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof PERF_PROTOCOL>;
  private readonly views: Views;
  private readonly levels: Levels;
  private readonly notifications: Notifications;
  /** By agent id: whether a domain of the agent has notifications. */
  private readonly hasNotifications: readonly boolean[];

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(framework: Framework, module: ModuleId, config: ScmiPerfConfig, hub: ScmiHub, dvfs: Dvfs) {
    this.version = config.version ?? V4;
    const views: Views = (this.views = new AgentViews(
      hub,
      config.agents,
      entry => (typeof entry === 'number' ? entry : entry.domain),
      (index, id) => {
        const info = dvfs.info(id);
        if (info === undefined) {
          throw new FrameworkError(Status.E_DATA, `${framework.nameOf(id)} is no performance domain`);
        }
        return new Resource(index, id, info, hub.agents.length);
      },
    ));
    this.hasNotifications = [0, ...hub.agents.map(agent => agent.id)].map(agent =>
      views.resources.some(resource => mayNotify(views.entry(agent, views.idOf(agent, resource)))),
    );
    const describe = new Describe(hub, views, POWER_UNITS[config.powerUnit]);
    const levels = (this.levels = new Levels({ framework, module, hub, dvfs, views }));
    const notifications = (this.notifications = new Notifications(hub, views));
    this.handlers = {
      attributes: message => describe.attributes(message),
      domainAttributes: message => describe.domainAttributes(message),
      describeLevels: message => describe.describeLevels(message),
      limitsSet: message => levels.limitsSet(message),
      limitsGet: message => describe.limitsGet(message),
      levelSet: message => levels.levelSet(message),
      levelGet: message => levels.levelGet(message),
      notifyLimits: message => notifications.notifyLimits(message),
      notifyLevel: message => notifications.notifyLevel(message),
      describeFastchannel: message => describe.describeFastchannel(message),
      nameGet: message => describe.nameGet(message),
    };
  }

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  /** Notifications are there when a domain of the agent has them. */
  isAvailable({ id }: CommandDeclaration, agent: number): boolean {
    return (id !== commands.notifyLimits.id && id !== commands.notifyLevel.id) || this.hasNotifications[agent] === true;
  }

  resetAgent(agent: number): void {
    this.notifications.clear(agent);
    this.levels.resetAgent(agent);
  }

  ended(domain: ElementId): void {
    this.levels.ended(domain);
  }

  /** Handles the module's own event. */
  processEvent(event: Event): Status {
    const { domain, max, min, cause } = LIMITS_EVENT.at;
    const resource = this.views.ofElement(event.param(domain));
    if (resource === undefined) return Status.E_PARAM;
    this.notifications.limitsChanged(resource, event.param(max), event.param(min), event.param(cause));
    return Status.SUCCESS;
  }

  /** Handles the HAL's notification of a level. */
  processNotification(event: Event): Status {
    const { domain, opp, cause } = DVFS_OPP_CHANGED.at;
    const resource = this.views.ofElement(event.param(domain));
    if (resource !== undefined) this.notifications.levelChanged(resource, event.param(opp), event.param(cause));
    return Status.SUCCESS;
  }
}
