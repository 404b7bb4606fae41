// SPDX-License-Identifier: BSD-3-Clause
/** The protocols of a product, as tables that the message path indexes: protocol, version, message. */
import { FrameworkError, Status } from '@scp/framework';
import type { Handler, ScmiProtocol } from './api.ts';
import { COMMON, type CommandDeclaration, layoutAt } from './declaration.ts';

/** One command at one version, ready to be checked and handled. */
export interface Entry {
  readonly command: CommandDeclaration;
  /** Undefined for the common commands that the hub answers itself. */
  readonly handler: Handler | undefined;
  /** Bytes of request payload that are accepted, from and to. */
  readonly shortest: number;
  readonly longest: number;
  /** Bytes of the response's fixed fields, status included. */
  readonly responseSize: number;
}

/** A protocol of the product. */
export interface Registered {
  readonly protocol: ScmiProtocol;
  /** Position among the product's protocols: Base is 0. */
  readonly index: number;
  /** By position of the version in the declaration, then by message id. */
  readonly tables: readonly (readonly (Entry | undefined)[])[];
  /** Position of the offered version in the declaration. */
  readonly offered: number;
}

/** Ids of protocols are a byte. */
const PROTOCOL_IDS = 256;
const HUB_ANSWERS: readonly number[] = [COMMON.VERSION, COMMON.MESSAGE_ATTRIBUTES, COMMON.NEGOTIATE];

/** Holds the protocols by id. Filled in the bind stage, then constant. */
export class Registry {
  /** In ascending order of protocol id: Base first. */
  readonly all: Registered[] = [];
  private readonly byId = new Array<Registered | undefined>(PROTOCOL_IDS).fill(undefined);

  /** The protocol with an id, undefined when the product has none. */
  find(id: number): Registered | undefined {
    return this.byId[id];
  }

  /** Takes the protocols. FrameworkError E_STATE for an id used twice, E_DATA for a version that is not declared. */
  fill(protocols: readonly ScmiProtocol[]): void {
    const sorted = [...protocols].sort((a, b) => a.declaration.id - b.declaration.id);
    for (const protocol of sorted) {
      const { id, name } = protocol.declaration;
      if (this.byId[id] !== undefined) {
        throw new FrameworkError(
          Status.E_STATE,
          `two modules provide protocol 0x${id.toString(16)} (${name}); one may`,
        );
      }
      const registered = register(protocol, this.all.length);
      this.byId[id] = registered;
      this.all.push(registered);
    }
  }
}

function register(protocol: ScmiProtocol, index: number): Registered {
  const { declaration } = protocol;
  const offered = declaration.versions.indexOf(protocol.version);
  if (offered < 0) {
    const known = declaration.versions.map(hex).join(', ');
    throw new FrameworkError(
      Status.E_DATA,
      `protocol ${declaration.name} has no version ${hex(protocol.version)}; it has ${known}`,
    );
  }
  const tables = declaration.versions.map(version => {
    const table = new Array<Entry | undefined>(PROTOCOL_IDS).fill(undefined);
    for (const [key, command] of Object.entries(declaration.commands)) {
      // Negotiation stays possible after an agent has negotiated a version that did not know it.
      const present = command.id === COMMON.NEGOTIATE ? protocol.version : version;
      if (command.since <= present) table[command.id] = entry(protocol, key, command, version);
    }
    return table;
  });
  return { protocol, index, tables, offered };
}

function entry(protocol: ScmiProtocol, key: string, command: CommandDeclaration, version: number): Entry {
  const request = layoutAt(command.request, version);
  const handler = protocol.handlers[key];
  if (handler === undefined && !HUB_ANSWERS.includes(command.id)) {
    throw new FrameworkError(Status.E_DATA, `protocol ${protocol.declaration.name} has no handler for ${command.name}`);
  }
  return {
    command,
    handler,
    shortest: Math.min(command.requestMinimum ?? request.size, request.size),
    longest: request.tail === undefined ? request.size : Infinity,
    responseSize: layoutAt(command.response, version).size,
  };
}

const hex = (value: number): string => `0x${value.toString(16)}`;
