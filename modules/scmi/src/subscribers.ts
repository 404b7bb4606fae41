// SPDX-License-Identifier: BSD-3-Clause
/** Which agents want a notification of which resource: one bit each, all off at first. */
export class Subscribers {
  private readonly agentCount: number;
  private readonly enabled: Uint8Array;

  /** `agentCount` counts agents 1..N without the platform. */
  constructor(resourceCount: number, agentCount: number) {
    this.agentCount = agentCount;
    this.enabled = new Uint8Array(resourceCount * (agentCount + 1));
  }

  /** Turns a notification on or off; twice is the same as once. */
  set(resource: number, agent: number, enabled: boolean): void {
    this.enabled[resource * (this.agentCount + 1) + agent] = enabled ? 1 : 0;
  }

  /** Whether `agent` wants it. */
  has(resource: number, agent: number): boolean {
    return this.enabled[resource * (this.agentCount + 1) + agent] === 1;
  }

  /** Whether an agent other than `agent` wants it. */
  hasOther(resource: number, agent: number): boolean {
    for (let other = 1; other <= this.agentCount; other++)
      if (other !== agent && this.has(resource, other)) return true;
    return false;
  }

  /** Turns everything of one agent off. */
  clear(agent: number): void {
    for (let at = agent; at < this.enabled.length; at += this.agentCount + 1) this.enabled[at] = 0;
  }
}
