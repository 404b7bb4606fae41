// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type Event, type Framework, type ModuleId, Status } from '@scp/framework';
import { type Clock, CLOCK_RATE_CHANGED } from '@scp/clock/api';
import type { Handlers, ScmiHub, ScmiProtocol } from '@scp/scmi/api';
import { Control } from './control.ts';
import { Describe } from './describe.ts';
import { Jobs } from './jobs.ts';
import { CLOCK_PROTOCOL, V3 } from './messages.ts';
import { Notifications } from './notifications.ts';
import { RateChanges } from './rate-changes.ts';
import type { ScmiClockConfig } from './schema.ts';
import { createViews, type Views } from './view.ts';

/** The Clock management protocol of one firmware. */
export class ScmiClock implements ScmiProtocol {
  readonly declaration = CLOCK_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof CLOCK_PROTOCOL>;
  private readonly clock: Clock;
  private readonly views: Views;
  private readonly jobs: Jobs;
  private readonly changes: RateChanges;
  private readonly notifications: Notifications;

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(framework: Framework, module: ModuleId, config: ScmiClockConfig, hub: ScmiHub, clock: Clock) {
    this.version = config.version ?? V3;
    this.clock = clock;
    const views = (this.views = createViews(config, hub, clock));
    const changes = (this.changes = new RateChanges(hub.agents.length, config.maxPendingRateChanges));
    const jobs = (this.jobs = new Jobs(framework, module, hub, clock, views, changes));
    const notifications = (this.notifications = new Notifications(hub, views));
    const describe = new Describe(hub, clock, views, config.maxPendingRateChanges);
    const control = new Control({ hub, clock, views, jobs, changes, notifications });
    this.handlers = {
      attributes: message => describe.attributes(message),
      clockAttributes: message => describe.clockAttributes(message),
      describeRates: message => describe.describeRates(message),
      rateSet: message => control.rateSet(message),
      rateGet: message => control.rateGet(message),
      configSet: message => control.configSet(message),
      nameGet: message => describe.nameGet(message),
      rateNotify: message => notifications.rateNotify(message),
      rateChangeRequestedNotify: message => notifications.rateChangeRequestedNotify(message),
      configGet: message => describe.configGet(message),
      possibleParentsGet: message => describe.possibleParentsGet(message),
      parentSet: message => control.parentSet(message),
      parentGet: message => describe.parentGet(message),
      getPermissions: message => describe.getPermissions(message),
    };
  }

  /** Learns what only a started HAL knows. */
  start(): void {
    for (const resource of this.views.resources) {
      resource.slow = this.clock.isSlow(resource.id);
      resource.votes.initial = this.clock.initialState(resource.id);
    }
  }

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  resetAgent(agent: number): void {
    this.notifications.clear(agent);
    this.jobs.abandon(agent);
    const { resources } = this.views;
    for (let at = 0; at < resources.length; at++) {
      const resource = resources[at];
      if (resource?.votes.of(agent) === undefined) continue;
      resource.votes.set(agent, undefined);
      this.jobs.reconcile(resource);
    }
  }

  /** Handles the module's own events and the HAL's responses. */
  processEvent(event: Event): Status {
    return this.jobs.process(event);
  }

  /** Handles the HAL's notification of a rate. */
  rateChanged(event: Event): Status {
    const resource = this.views.ofElement(event.param(CLOCK_RATE_CHANGED.at.clock));
    if (resource !== undefined) {
      const rate = event.param(CLOCK_RATE_CHANGED.at.rate);
      this.notifications.rateChanged(resource, rate, event.param(CLOCK_RATE_CHANGED.at.cause));
    }
    return Status.SUCCESS;
  }
}
