// SPDX-License-Identifier: BSD-3-Clause
/** An SCMI agent: commands by their declarations, over any channel. */
import {
  type AnyValues,
  type CommandDeclaration,
  COMMON,
  header,
  layoutAt,
  MessageType,
  type ProtocolDeclaration,
  ScmiStatus,
  scmiStatusName,
  VERSION_RESPONSE,
} from '@scp/scmi/api';
import { type Channel, TransportError } from './channel.ts';

/** The room Linux gives an answer over virtio: header, status and 128 bytes. */
const CAPACITY = 136;

/** A command was answered with a status other than SUCCESS. */
export class ScmiError extends Error {
  override readonly name = 'ScmiError';
  readonly status: number;

  constructor(command: string, status: number) {
    super(`${command} answered ${scmiStatusName(status)} (${status})`);
    this.status = status;
  }
}

/** A protocol at the version this agent and the server both speak. */
export interface Spoken {
  readonly protocol: ProtocolDeclaration;
  /** As PROTOCOL_VERSION answered. */
  readonly version: number;
}

/** An agent on one channel. */
export class Agent {
  private readonly channel: Channel;
  private token = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /** Asks for a protocol's version. ScmiError when the server does not have the protocol. */
  speak(protocol: ProtocolDeclaration): Spoken {
    const command: CommandDeclaration = {
      id: COMMON.VERSION,
      name: `${protocol.name} PROTOCOL_VERSION`,
      since: 0,
      request: [],
      response: VERSION_RESPONSE,
    };
    const { version } = this.call({ protocol, version: 0 }, command, []);
    return { protocol, version: Number(version) };
  }

  /** Whether the server has a command of the protocol, by PROTOCOL_MESSAGE_ATTRIBUTES. */
  has(spoken: Spoken, command: CommandDeclaration): boolean {
    const ask = spoken.protocol.commands['messageAttributes'];
    if (ask === undefined || command.since > spoken.version) return false;
    return this.exchange(spoken, ask, [command.id]).status === ScmiStatus.SUCCESS;
  }

  /** Sends a command with its parameters in words and answers the fields of the response. ScmiError on another status. */
  call(spoken: Spoken, command: CommandDeclaration, parameters: readonly number[]): AnyValues {
    const { status, values } = this.exchange(spoken, command, parameters);
    if (status !== ScmiStatus.SUCCESS) throw new ScmiError(command.name, status);
    return values;
  }

  /** As `call`, but answers the status instead of throwing it. */
  exchange(
    spoken: Spoken,
    command: CommandDeclaration,
    parameters: readonly number[],
  ): { readonly status: number; readonly values: AnyValues } {
    this.token = (this.token + 1) & 0x3ff;
    const bytes = new Uint8Array(4 + 4 * parameters.length);
    const request = new DataView(bytes.buffer);
    const word = header(spoken.protocol.id, command.id, MessageType.COMMAND, this.token);
    request.setUint32(0, word, true);
    parameters.forEach((value, index) => request.setUint32(4 + 4 * index, value >>> 0, true));
    const answer = this.channel.call(bytes, CAPACITY);
    const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
    if (answer.length < 8 || view.getUint32(0, true) !== word) {
      throw new TransportError(`${command.name}: the answer of ${answer.length} bytes is not that of the command`);
    }
    const status = view.getInt32(4, true);
    const layout = layoutAt(command.response, spoken.version);
    return { status, values: status === ScmiStatus.SUCCESS ? layout.decode(view, 4, answer.length) : {} };
  }
}

/** What `read` answers, or undefined when the server refuses: for what a server may leave out. */
export function optional<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScmiError) return undefined;
    throw error;
  }
}
