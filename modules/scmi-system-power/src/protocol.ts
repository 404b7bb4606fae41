// SPDX-License-Identifier: BSD-3-Clause
import { type ElementId, type Event, type Framework, isElementId, type ModuleId, Status } from '@scp/framework';
import {
  AgentViews,
  type CommandDeclaration,
  type Handlers,
  type Message,
  type ScmiHub,
  type ScmiProtocol,
  ScmiStatus,
  scmiStatusOf,
  type ViewedResource,
} from '@scp/scmi/api';
import { SYSTEM_POWER_REQUESTED, type SystemPower, SystemState } from '@scp/system-power/api';
import {
  FIRST_VENDOR_STATE,
  GRACEFUL,
  NOTIFY_REQUEST,
  STATE_GET_RESPONSE,
  STATE_SET_REQUEST,
  StateSetAttribute,
  SYSTEM_POWER_PROTOCOL,
  SYSTEM_PROTOCOL_ATTRIBUTES,
  V2_1,
} from './messages.ts';
import { Notifications, type Views } from './notifications.ts';
import type { ScmiSystemPowerConfig, SystemEntry } from './schema.ts';

const { commands } = SYSTEM_POWER_PROTOCOL;

/** By word of the message; undefined for reserved and vendors' states. */
const STATES: readonly (SystemState | undefined)[] = [
  SystemState.SHUTDOWN,
  SystemState.COLD_RESET,
  SystemState.WARM_RESET,
  SystemState.POWER_UP,
  SystemState.SUSPEND,
];

const isInside = (entry: SystemEntry | undefined): boolean => typeof entry !== 'object' || entry.view !== 'outside';
const maySet = (entry: SystemEntry | undefined): boolean => typeof entry !== 'object' || entry.set !== false;

/** The System power management protocol of one firmware. */
export class ScmiSystemPower implements ScmiProtocol {
  readonly declaration = SYSTEM_POWER_PROTOCOL;
  readonly version: number;
  readonly handlers: Handlers<typeof SYSTEM_POWER_PROTOCOL>;
  private readonly hub: ScmiHub;
  private readonly power: SystemPower;
  private readonly views: Views;
  private readonly notifications: Notifications;

  /** FrameworkError E_DATA for a configuration that does not fit the agents. */
  constructor(framework: Framework, module: ModuleId, config: ScmiSystemPowerConfig, hub: ScmiHub, power: SystemPower) {
    this.version = config.version ?? V2_1;
    this.hub = hub;
    this.power = power;
    const lists: { [agent: string]: readonly SystemEntry[] } = {};
    for (const [agent, entry] of Object.entries(config.agents)) lists[agent] = [entry];
    this.views = new AgentViews(
      hub,
      lists,
      entry => (typeof entry === 'number' ? entry : entry.system),
      (index, id): ViewedResource => ({ index, id }),
    );
    this.notifications = new Notifications(hub, this.views);
    for (const { id } of this.views.resources) framework.subscribe(SYSTEM_POWER_REQUESTED, id, module);
    this.handlers = {
      attributes: message => {
        message.set(SYSTEM_PROTOCOL_ATTRIBUTES.at.attributes, 0);
        return ScmiStatus.SUCCESS;
      },
      stateSet: message => this.stateSet(message),
      stateGet: message => this.stateGet(message),
      stateNotify: message => this.stateNotify(message),
    };
  }

  // ---------------------------------------------------------------- commands

  /**
   * SYSTEM_POWER_STATE_SET: INVALID_PARAMETERS for reserved flags and states; NOT_SUPPORTED for a vendor's state, one that
   * the system does not have, and power up from inside; DENIED; BUSY while a graceful request is under way; and what the
   * driver says. A graceful request is accepted, and carried out later.
   */
  private stateSet(message: Message): ScmiStatus {
    const { agent } = message;
    const system = this.find(message);
    if (system === undefined) return ScmiStatus.NOT_SUPPORTED;
    const flags = message.u32(STATE_SET_REQUEST.at.flags);
    const word = message.u32(STATE_SET_REQUEST.at.systemState);
    const state = word < STATES.length ? STATES[word] : undefined;
    if ((flags & ~GRACEFUL) !== 0) return ScmiStatus.INVALID_PARAMETERS;
    if (state === undefined) {
      return word >= FIRST_VENDOR_STATE ? ScmiStatus.NOT_SUPPORTED : ScmiStatus.INVALID_PARAMETERS;
    }
    const entry = this.views.entry(agent, 0);
    if (!this.power.supports(system.id, state)) return ScmiStatus.NOT_SUPPORTED;
    if (state === SystemState.POWER_UP && isInside(entry)) return ScmiStatus.NOT_SUPPORTED;
    if (!maySet(entry) || !this.isPermitted(message, commands.stateSet.id, system)) return ScmiStatus.DENIED;
    return scmiStatusOf(this.power.request(system.id, state, flags === GRACEFUL, 0, agent));
  }

  /** SYSTEM_POWER_STATE_GET: NOT_SUPPORTED for an agent inside the system, DENIED. */
  private stateGet(message: Message): ScmiStatus {
    const system = this.find(message);
    if (system === undefined || isInside(this.views.entry(message.agent, 0))) return ScmiStatus.NOT_SUPPORTED;
    if (!this.isPermitted(message, commands.stateGet.id, system)) return ScmiStatus.DENIED;
    message.set(STATE_GET_RESPONSE.at.systemState, this.power.state(system.id));
    return ScmiStatus.SUCCESS;
  }

  /** SYSTEM_POWER_STATE_NOTIFY: INVALID_PARAMETERS, DENIED. */
  private stateNotify(message: Message): ScmiStatus {
    const { agent } = message;
    const system = this.find(message);
    if (system === undefined) return ScmiStatus.NOT_SUPPORTED;
    const enable = message.u32(NOTIFY_REQUEST.at.notifyEnable);
    if (enable > 1) return ScmiStatus.INVALID_PARAMETERS;
    if (!this.isPermitted(message, commands.stateNotify.id, system)) return ScmiStatus.DENIED;
    const isNew = this.notifications.set(system, agent, enable === 1);
    if (isNew && isInside(this.views.entry(agent, 0))) this.power.listens(system.id);
    return ScmiStatus.SUCCESS;
  }

  /** The sender's system. One who runs in it shows by its command that the system is up. */
  private find({ agent }: Message): ViewedResource | undefined {
    const system = this.views.find(agent, 0);
    if (system !== undefined && isInside(this.views.entry(agent, 0))) this.power.seenUp(system.id);
    return system;
  }

  private isPermitted(message: Message, messageId: number, { id }: ViewedResource): boolean {
    return this.hub.isPermitted(message.agent, SYSTEM_POWER_PROTOCOL.id, messageId, id);
  }

  // ---------------------------------------------------------------- what the hub asks

  resourceCount(agent: number): number {
    return this.views.count(agent);
  }

  resource(agent: number, index: number): ElementId | undefined {
    return this.views.find(agent, index)?.id;
  }

  messageAttributes({ id }: CommandDeclaration, agent: number): number {
    const system = this.views.find(agent, 0);
    if (id !== commands.stateSet.id || system === undefined) return 0;
    let bits = 0;
    if (this.power.supports(system.id, SystemState.WARM_RESET)) bits |= StateSetAttribute.WARM_RESET;
    if (this.power.supports(system.id, SystemState.SUSPEND)) bits |= StateSetAttribute.SUSPEND;
    return bits;
  }

  /** Notifications that are not there are the one case in which message attributes say so. */
  absentStatus({ id }: CommandDeclaration): ScmiStatus {
    return id === commands.stateNotify.id ? ScmiStatus.NOT_SUPPORTED : ScmiStatus.NOT_FOUND;
  }

  /** Ends an agent's notifications. A graceful request of its own goes on: it is the system's now. */
  resetAgent(agent: number): void {
    this.notifications.clear(agent);
  }

  /** Handles the notification of a request. */
  requested(event: Event): Status {
    const system = isElementId(event.source) ? this.views.ofElement(event.source) : undefined;
    if (system === undefined) return Status.E_PARAM;
    const { at } = SYSTEM_POWER_REQUESTED;
    const isGraceful = event.param(at.isGraceful) === 1;
    const timeout = event.param(at.timeout);
    this.notifications.requested(system, event.param(at.state), isGraceful, timeout, event.param(at.cause));
    return Status.SUCCESS;
  }
}
