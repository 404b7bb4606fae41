// SPDX-License-Identifier: BSD-3-Clause
import type { ElementId } from '@scp/framework';
import type { Agent } from './agents.ts';
import type { ScmiService, ScmiTransport } from './api.ts';
import type { CommandDeclaration } from './declaration.ts';
import { Message } from './message.ts';
import type { Page } from './page.ts';

/** What a service needs of the hub. */
export interface ServiceOwner {
  /** Queues the message event of a service, in its channel's context. False when that is impossible. */
  queue(service: Service): boolean;
  /** The agent on this service is gone or starts anew. */
  resetAgent(agent: Agent): void;
  now(): number;
}

/** The server's end of one channel: its command under way and its transport. */
export class Service implements ScmiService {
  readonly id: ElementId;
  readonly name: string;
  readonly agent: Agent;
  readonly message = new Message();
  /** Known once the hub has bound it. */
  transport: ScmiTransport | undefined = undefined;
  /** A command waits for its answer. */
  busy = false;
  /** When the command under way arrived, µs. */
  since = 0;
  /** The declaration of the command under way, for the trace. */
  command: CommandDeclaration | undefined = undefined;
  /** Parameters of the message event: kept here so that queueing allocates nothing. */
  readonly params = { sequence: 0 };
  private readonly owner: ServiceOwner;

  constructor(id: ElementId, name: string, agent: Agent, owner: ServiceOwner) {
    this.id = id;
    this.name = name;
    this.agent = agent;
    this.owner = owner;
    this.message.agent = agent.id;
  }

  get request(): Page {
    return this.message.request;
  }

  get response(): Page {
    return this.message.response;
  }

  signal(length: number, capacity: number): boolean {
    if (this.busy) return false;
    const { message } = this;
    message.length = length - 4;
    message.capacity = Math.min(capacity - 4, message.response.capacity);
    message.sequence = (message.sequence + 1) >>> 0;
    this.params.sequence = message.sequence;
    this.since = this.owner.now();
    this.busy = this.owner.queue(this);
    return this.busy;
  }

  reset(): void {
    this.message.sequence = (this.message.sequence + 1) >>> 0;
    this.busy = false;
    this.owner.resetAgent(this.agent);
  }
}
