// SPDX-License-Identifier: BSD-3-Clause
/** Commands that wait for a domain to come to rest: of each agent one, since what it asks for is the same. */
import type { Message } from '@scp/scmi/api';

/** The commands that wait for one domain. */
export class Waiting {
  /** By agent id. */
  private readonly messages: (Message | undefined)[];
  private readonly sequences: Float64Array;
  /** How many transitions are still to end: what others want after the command came must not keep it waiting. */
  private readonly ends: Uint8Array;

  constructor(agentCount: number) {
    this.messages = Array.from({ length: agentCount + 1 }, () => undefined);
    this.sequences = new Float64Array(agentCount + 1);
    this.ends = new Uint8Array(agentCount + 1);
  }

  /** Keeps a command until so many transitions have ended. False when the agent has one waiting already. */
  add(message: Message, ends: number): boolean {
    const { agent } = message;
    // What an agent's former connection left holds other commands than the one that waited.
    if (this.messages[agent]?.sequence === this.sequences[agent]) return false;
    this.messages[agent] = message;
    this.sequences[agent] = message.sequence;
    this.ends[agent] = ends;
    return true;
  }

  /** A transition has ended. The command of `agent` if it need not wait for more, or nothing more comes (`isAtRest`). */
  take(agent: number, isAtRest: boolean): Message | undefined {
    const message = this.messages[agent];
    if (message === undefined) return undefined;
    const left = (this.ends[agent] ?? 1) - 1;
    this.ends[agent] = left;
    if (left > 0 && !isAtRest) return undefined;
    this.messages[agent] = undefined;
    return message.sequence === this.sequences[agent] ? message : undefined;
  }
}
