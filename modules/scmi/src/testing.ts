// SPDX-License-Identifier: BSD-3-Clause
/**
 * A server for tests: the real framework and hub over a transport that tests drive directly. One channel for each agent,
 * on a virtual clock.
 */
import {
  configure,
  type ElementId,
  elementId,
  elementIndex,
  type EntityId,
  Framework,
  type FrameworkOptions,
  isElementId,
  type Module,
  type ModuleDefinition,
  type ProductModule,
  provide,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import {
  type AnyValues,
  type CommandDeclaration,
  layoutAt,
  type ProtocolDeclaration,
  SCMI_SERVICE,
  SCMI_TRANSPORT,
  type ScmiService,
  type ScmiTransport,
} from './api.ts';
import { header, MessageType } from './header.ts';
import scmi from './module.ts';
import type { Page } from './page.ts';
import type { ScmiConfig } from './schema.ts';

/** Where the modules given to `TestServer` start in the product: their element ids are `elementId(FIRST_MODULE + n, …)`. */
export const FIRST_MODULE = 2;

/** Bytes as `05 50 a8 00`, in words of four: `0550a800 01000000`. Spaces are for readers. */
export function fromHex(hex: string): Uint8Array {
  const digits = [...hex].filter(digit => digit !== ' ' && digit !== '\n').join('');
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Bytes in groups of four: `0550a800 01000000`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  bytes.forEach((byte, at) => (text += `${at > 0 && at % 4 === 0 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`));
  return text;
}

/** Payload words as bytes, little-endian. */
export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setUint32(4 * at, value >>> 0, true));
  return bytes;
}

/** Bytes in hex, as of `toHex`, as little-endian words. */
export function fromWords(hex: string): number[] {
  const bytes = fromHex(hex);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true));
}

/** The status in an answer, header first. */
export const statusOf = (answer: Uint8Array): number =>
  new DataView(answer.buffer, answer.byteOffset, answer.length).getInt32(4, true);

/** The agent's end of one channel. */
class Channel implements ScmiTransport {
  hasP2a = true;
  /** Whether event buffers are there; without, notifications are dropped and delayed responses wait. */
  hasBuffers = true;
  service: ScmiService | undefined = undefined;
  answer: Uint8Array | undefined = undefined;
  /** A command has been sent and not answered. */
  busy = false;
  readonly events: Uint8Array[] = [];
  readonly waiting: Uint8Array[] = [];

  respond(length: number): void {
    this.busy = false;
    this.answer = this.service?.response.bytes.slice(0, length);
  }

  transmit(page: Page, length: number, delayed: boolean): boolean {
    if (!this.hasP2a) return false;
    if (this.hasBuffers) this.events.push(page.bytes.slice(0, length));
    else if (delayed) this.waiting.push(page.bytes.slice(0, length));
    return this.hasBuffers || delayed;
  }
}

function transportModule(channels: readonly Channel[]): ModuleDefinition {
  return {
    name: 'test-transport',
    type: 'SERVICE',
    apis: [SCMI_TRANSPORT],
    create: (framework): Module => {
      const sources = new Map<EntityId, ElementId>();
      return {
        apis: [
          provide(SCMI_TRANSPORT, (source, target) => {
            const channel = isElementId(target) ? channels[elementIndex(target)] : undefined;
            if (channel === undefined || !isElementId(source)) return Status.E_ACCESS;
            sources.set(target, source);
            return channel;
          }),
        ],
        init: () => undefined,
        elementInit: () => undefined,
        bind(id, round) {
          const source = sources.get(id);
          const channel = isElementId(id) ? channels[elementIndex(id)] : undefined;
          if (round === 1 && source !== undefined && channel !== undefined) {
            channel.service = framework.bind(source, SCMI_SERVICE);
          }
        },
      };
    },
  };
}

/** What a test's server is made of. */
export interface TestServerOptions {
  /** Names of the agents; each has a channel of its name. */
  readonly agents: readonly string[];
  /** Agents that may change others' permissions. */
  readonly trusted?: readonly string[];
  /** Modules behind the hub, from index FIRST_MODULE on. */
  readonly modules?: readonly ProductModule[];
  readonly scmi?: Partial<ScmiConfig>;
  readonly framework?: FrameworkOptions;
  /** Whether messages are traced, at log level TRACE. */
  readonly trace?: boolean;
}

/** The answer to a command, decoded by its declaration. */
export interface Answer {
  readonly status: number;
  /** The response's fields; empty unless the status is SUCCESS. */
  readonly values: AnyValues;
}

/** A started server. */
export class TestServer {
  readonly host = new TestHost();
  readonly framework: Framework;
  private readonly channels: readonly Channel[];
  private readonly agents: readonly string[];
  private token = 0;

  constructor(options: TestServerOptions) {
    this.agents = options.agents;
    if (options.trace === true) this.host.options.set('trace', 'true');
    this.channels = options.agents.map(() => new Channel());
    const names = options.agents.map(name => ({ name, config: undefined }));
    const config: ScmiConfig = {
      vendor: 'Vendor',
      subVendor: 'Sub',
      implementationVersion: 1,
      agents: options.agents.map(name => ({ name, trusted: options.trusted?.includes(name) ?? false })),
      ...options.scmi,
    };
    const services = options.agents.map((agent, index) => ({
      name: agent,
      config: { agent, transport: elementId(0, index) },
    }));
    this.framework = new Framework(
      {
        name: 'test',
        version: '0',
        modules: [
          configure(transportModule(this.channels), undefined, names),
          configure(scmi, config, services),
          ...(options.modules ?? []),
        ],
      },
      this.host,
      options.framework,
    );
    this.framework.start();
  }

  /**
   * Sends raw bytes, header first, and answers what comes back at once: undefined while the command is pending (see
   * `take`). `capacity` is the room for the answer with its header; 136 is Linux's over virtio.
   */
  send(agent: string, bytes: Uint8Array | string, capacity = 136): Uint8Array | undefined {
    const channel = this.channel(agent);
    const { service } = channel;
    if (service === undefined) throw new Error(`${agent} has no service`);
    if (channel.busy) throw new Error(`${agent} has a command under way`);
    const request = typeof bytes === 'string' ? fromHex(bytes) : bytes;
    channel.answer = undefined;
    channel.busy = true;
    service.request.bytes.fill(0);
    service.request.bytes.set(request.subarray(0, service.request.bytes.length));
    if (!service.signal(request.length, capacity)) throw new Error(`the service of ${agent} takes no command`);
    this.framework.run();
    return this.take(agent);
  }

  /** As `send`, in hex both ways; the empty string while the command is pending. */
  exchange(agent: string, hex: string, capacity = 136): string {
    const answer = this.send(agent, hex, capacity);
    return answer === undefined ? '' : toHex(answer);
  }

  /** Sends a declared command with payload words and decodes the answer by the version spoken. */
  command(
    agent: string,
    protocol: ProtocolDeclaration,
    key: string,
    payload: readonly number[] = [],
    capacity = 136,
  ): Answer {
    const command = this.declared(protocol, key);
    const answer = this.send(agent, this.encode(protocol, command, payload), capacity);
    if (answer === undefined) throw new Error(`${command.name} is pending`);
    return this.decode(protocol, command, answer);
  }

  /** Sends a declared command that is pending; its answer comes through `take` or `takeStatus`. */
  beginCommand(agent: string, protocol: ProtocolDeclaration, key: string, payload: readonly number[] = []): void {
    const command = this.declared(protocol, key);
    const answer = this.send(agent, this.encode(protocol, command, payload));
    if (answer !== undefined) throw new Error(`${command.name} is not pending, it answers ${toHex(answer)}`);
  }

  /** The bytes of a declared command; tokens count up. */
  encode(protocol: ProtocolDeclaration, command: CommandDeclaration, payload: readonly number[]): Uint8Array {
    this.token = (this.token + 1) & 0x3ff;
    return words(header(protocol.id, command.id, MessageType.COMMAND, this.token), ...payload);
  }

  /** Decodes an answer by its declaration. */
  decode(protocol: ProtocolDeclaration, command: CommandDeclaration, answer: Uint8Array, version?: number): Answer {
    const status = statusOf(answer);
    if (status !== 0) return { status, values: {} };
    const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
    const spoken = version ?? protocol.versions[protocol.versions.length - 1] ?? 0;
    return { status, values: layoutAt(command.response, spoken).decode(view, 4, answer.length) };
  }

  /** Takes the answer of a command that was pending. */
  take(agent: string): Uint8Array | undefined {
    const channel = this.channel(agent);
    const { answer } = channel;
    channel.answer = undefined;
    return answer;
  }

  /** Takes the status of a command that was pending; undefined while it still is. */
  takeStatus(agent: string): number | undefined {
    const answer = this.take(agent);
    return answer === undefined ? undefined : statusOf(answer);
  }

  /** Takes the notifications and delayed responses that have come, in hex. */
  events(agent: string): string[] {
    return this.channel(agent).events.splice(0).map(toHex);
  }

  /** Whether the agent has a platform-to-agent channel. */
  setP2a(agent: string, hasP2a: boolean): void {
    this.channel(agent).hasP2a = hasP2a;
  }

  /** Whether the agent gives buffers for events. What waited comes when it does again. */
  setBuffers(agent: string, hasBuffers: boolean): void {
    const channel = this.channel(agent);
    channel.hasBuffers = hasBuffers;
    if (hasBuffers) channel.events.push(...channel.waiting.splice(0));
  }

  /** The connection of the agent ends. */
  disconnect(agent: string): void {
    const channel = this.channel(agent);
    channel.waiting.length = 0;
    channel.busy = false;
    channel.service?.reset();
    this.framework.run();
  }

  /** Lets time pass, µs. */
  advance(us: number): void {
    this.host.advance(this.framework, us);
  }

  private declared(protocol: ProtocolDeclaration, key: string): CommandDeclaration {
    const command = protocol.commands[key];
    if (command === undefined) throw new Error(`${protocol.name} declares no ${key}`);
    return command;
  }

  private channel(agent: string): Channel {
    const channel = this.channels[this.agents.indexOf(agent)];
    if (channel === undefined) throw new Error(`no agent ${agent}`);
    return channel;
  }
}
