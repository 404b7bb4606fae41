// SPDX-License-Identifier: BSD-3-Clause
/** Who has which pins to itself. */
import { Status } from '@scp/framework';
import { type Message, ScmiStatus } from '@scp/scmi/api';
import { PINCTRL_PROTOCOL, Selector, SELECTOR_MASK, TARGET_REQUEST } from './messages.ts';
import type { View } from './view.ts';

const { commands } = PINCTRL_PROTOCOL;

/** Handles PINCTRL_REQUEST and PINCTRL_RELEASE. */
export class Ownership {
  private readonly view: View;

  constructor(view: View) {
    this.view = view;
  }

  /**
   * PINCTRL_REQUEST, also of what the agent has already: INVALID_PARAMETERS for a selector that is neither pin nor group,
   * NOT_FOUND, INVALID_PARAMETERS for reserved bits, DENIED, IN_USE while another agent has a pin of it.
   */
  request(message: Message): ScmiStatus {
    return this.handle(message, true);
  }

  /** PINCTRL_RELEASE: as PINCTRL_REQUEST, but INVALID_PARAMETERS of what the agent does not have. */
  release(message: Message): ScmiStatus {
    return this.handle(message, false);
  }

  private handle(message: Message, isRequest: boolean): ScmiStatus {
    const { agent } = message;
    const { pinctrl } = this.view;
    const flags = message.u32(TARGET_REQUEST.at.flags);
    const selector = flags & SELECTOR_MASK;
    if (selector !== Selector.PIN && selector !== Selector.GROUP) return ScmiStatus.INVALID_PARAMETERS;
    const resource = this.view.find(agent, selector, message.u32(TARGET_REQUEST.at.identifier));
    if (resource === undefined) return ScmiStatus.NOT_FOUND;
    if (flags > SELECTOR_MASK) return ScmiStatus.INVALID_PARAMETERS;
    const command = isRequest ? commands.request : commands.release;
    if (!this.view.mayChange(agent, command.id, resource)) return ScmiStatus.DENIED;
    if (isRequest) {
      return pinctrl.request(resource.id, agent) === Status.SUCCESS ? ScmiStatus.SUCCESS : ScmiStatus.IN_USE;
    }
    const isReleased = pinctrl.release(resource.id, agent) === Status.SUCCESS;
    return isReleased ? ScmiStatus.SUCCESS : ScmiStatus.INVALID_PARAMETERS;
  }
}
