// SPDX-License-Identifier: BSD-3-Clause
/**
 * Messages are declared once. From a declaration come the offsets that handlers use, the length checks, what
 * PROTOCOL_MESSAGE_ATTRIBUTES answers, the text of the trace, the agent's encoding and decoding, and the documentation.
 */

/** One field of a payload: its size in bytes and how a value is read, written and shown. */
export interface Field<T> {
  readonly size: number;
  /** The specification's word for its type: `u32`, `i32`, `char[16]`. */
  readonly type: string;
  get(view: DataView, at: number): T;
  set(view: DataView, at: number, value: T): void;
}

/** An unsigned 32-bit little-endian word. */
export const u32: Field<number> = {
  size: 4,
  type: 'u32',
  get: (view, at) => view.getUint32(at, true),
  set: (view, at, value) => view.setUint32(at, value, true),
};

/** A signed 32-bit little-endian word. */
export const i32: Field<number> = {
  size: 4,
  type: 'i32',
  get: (view, at) => view.getInt32(at, true),
  set: (view, at, value) => view.setInt32(at, value, true),
};

/** An unsigned 64-bit value as two words, low first; exact up to 2^53. */
export const u64: Field<number> = {
  size: 8,
  type: 'u64',
  get: (view, at) => view.getUint32(at + 4, true) * 0x100000000 + view.getUint32(at, true),
  set: (view, at, value) => {
    view.setUint32(at, value % 0x100000000, true);
    view.setUint32(at + 4, Math.floor(value / 0x100000000), true);
  },
};

/** A signed 64-bit value as two words, low first; exact within ±2^53. */
export const i64: Field<number> = {
  size: 8,
  type: 'i64',
  get: (view, at) => view.getInt32(at + 4, true) * 0x100000000 + view.getUint32(at, true),
  set: (view, at, value) => {
    view.setUint32(at, value % 0x100000000, true);
    view.setInt32(at + 4, Math.floor(value / 0x100000000), true);
  },
};

const name = (size: 16 | 64): Field<string> => ({
  size,
  type: `char[${size}]`,
  get: (view, at) => {
    let text = '';
    for (let index = 0; index < size; index++) {
      const code = view.getUint8(at + index);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  },
  set: (view, at, value) => {
    for (let index = 0; index < size; index++) {
      view.setUint8(at + index, index < Math.min(value.length, size - 1) ? value.charCodeAt(index) : 0);
    }
  },
});

/** A 16-byte NUL-terminated name. */
export const name16 = name(16);
/** A 64-byte NUL-terminated name. */
export const name64 = name(64);

/** The fields of a layout, in order. */
export type Fields = Readonly<Record<string, Field<number> | Field<string>>>;
/** The values that fields take. */
export type Values<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };
/** Values of any fields, and of the list behind them. */
export type AnyValues = { readonly [field: string]: number | string | readonly AnyValues[] };

/** What follows the fixed fields of a payload: entries up to the end of the message. */
export interface Tail {
  /** What the entries are called: `rates`. */
  readonly name: string;
  /** Bytes of the smallest entry. */
  readonly entrySize: number;
  /** Reads the entries between `at` and `end`; an entry that is cut off is left out. */
  decode(view: DataView, at: number, end: number): readonly AnyValues[];
}

/** What a list of fields yields: the size and offsets for the message path, decoding and encoding for everyone else. */
export interface Layout<F extends Fields = Fields> {
  readonly fields: F;
  /** Payload offset of each field. */
  readonly at: { readonly [K in keyof F]: number };
  /** Bytes from payload offset 0 to the end of the last fixed field. */
  readonly size: number;
  /** Where entries of variable number follow, at offset `size`. */
  readonly tail?: Tail | undefined;
  /** Reads the payload whose offset 0 is at `start` and whose end is at `end`. RangeError if it is too short. */
  decode(view: DataView, start: number, end: number): AnyValues;
  /** Writes the fixed fields of the payload whose offset 0 is at `start`. */
  encode(view: DataView, start: number, values: Values<F>): void;
}

function makeLayout<const F extends Fields>(first: number, fields: F, tail?: Tail): Layout<F> {
  const at: { [field: string]: number } = {};
  let size = first;
  for (const [key, field] of Object.entries(fields)) {
    at[key] = size;
    size += field.size;
  }
  const complete = (found: object): found is { readonly [K in keyof F]: number } =>
    Object.keys(fields).every(key => key in found);
  if (!complete(at)) throw new RangeError('a field has no offset');
  const put = <T extends number | string>(view: DataView, offset: number, field: Field<T>, value: T) =>
    field.set(view, offset, value);
  return {
    fields,
    at,
    size,
    tail,
    decode(view, start, end) {
      if (end - start < size) throw new RangeError(`${end - start} bytes of payload, ${size} are needed`);
      const values: { [field: string]: number | string | readonly AnyValues[] } = {};
      for (const [key, field] of Object.entries(fields)) values[key] = field.get(view, start + (at[key] ?? 0));
      if (tail !== undefined) values[tail.name] = tail.decode(view, start + size, end);
      return values;
    },
    encode(view, start, values) {
      for (const [key, value] of Object.entries(values)) {
        const field: Field<number> | Field<string> | undefined = fields[key];
        const offset = start + (at[key] ?? 0);
        if (field === undefined) throw new RangeError(`no field ${key}`);
        if (isText(field)) put(view, offset, field, String(value));
        else put(view, offset, field, Number(value));
      }
    },
  };
}

const isText = (field: Field<number> | Field<string>): field is Field<string> => field.type.startsWith('char');

/** The payload of a command or notification: fields from offset 0. */
export const layout = <const F extends Fields>(fields: F, tail?: Tail): Layout<F> => makeLayout(0, fields, tail);

/** The payload of a response or delayed response: the status at offset 0 is understood, fields follow from offset 4. */
export const response = <const F extends Fields>(fields: F, tail?: Tail): Layout<F> => makeLayout(4, fields, tail);

/** Entries of one layout, one after the other. */
export const list = (listName: string, entry: Layout): Tail => ({
  name: listName,
  entrySize: entry.size,
  decode: (view, at, end) => {
    const entries: AnyValues[] = [];
    for (let next = at; next + entry.size <= end; next += entry.size)
      entries.push(entry.decode(view, next, next + entry.size));
    return entries;
  },
});

/** A layout, or several by the protocol version from which each holds, ascending. */
export type Versioned = Layout | readonly (readonly [since: number, layout: Layout])[];

const isPlain = (versioned: Versioned): versioned is Layout => !Array.isArray(versioned);

/** The layout that holds at `version`; an empty one before the first. */
export function layoutAt(versioned: Versioned, version: number): Layout {
  if (isPlain(versioned)) return versioned;
  let found: Layout = EMPTY;
  for (const [since, candidate] of versioned) if (version >= since) found = candidate;
  return found;
}

const EMPTY: Layout = makeLayout(0, {});

/** No parameters. */
export const nothing: Layout = EMPTY;
/** A response that is its status alone. */
export const statusOnly: Layout = makeLayout(4, {});

/** A command, its response and what may come later. */
export interface CommandDeclaration {
  /** 0..255, unique in the protocol. */
  readonly id: number;
  /** As in the specification: `CLOCK_RATE_SET`. */
  readonly name: string;
  /** The first protocol version that has it. */
  readonly since: number;
  readonly request: Versioned;
  /** The shortest request that is accepted when that is less than the whole layout: trailing fields that may be left out. */
  readonly requestMinimum?: number;
  readonly response: Versioned;
  /** The delayed response, if the command has an asynchronous form. */
  readonly delayed?: Versioned;
  /** Says that it turns notifications on and off: not there for an agent without a platform-to-agent channel. */
  readonly notifies?: boolean;
}

/** A notification from the platform. */
export interface NotificationDeclaration {
  readonly id: number;
  readonly name: string;
  readonly since: number;
  readonly payload: Versioned;
}

/** A protocol: its commands and notifications under the keys by which handlers are given. */
export interface ProtocolDeclaration<
  C extends Readonly<Record<string, CommandDeclaration>> = Readonly<Record<string, CommandDeclaration>>,
  N extends Readonly<Record<string, NotificationDeclaration>> = Readonly<Record<string, NotificationDeclaration>>,
> {
  /** 0x10..0xFF. */
  readonly id: number;
  /** A word for texts: `clock`. */
  readonly name: string;
  /** The versions whose layouts are implemented, ascending; the last is what a product offers unless it says otherwise. */
  readonly versions: readonly number[];
  readonly commands: C;
  readonly notifications: N;
}

/** The commands every protocol has. NEGOTIATE_PROTOCOL_VERSION is there from the version given by `negotiateSince`. */
export type CommonCommands = {
  readonly version: CommandDeclaration;
  readonly attributes: CommandDeclaration;
  readonly messageAttributes: CommandDeclaration;
  readonly negotiate: CommandDeclaration;
};

/** Offsets of the common commands' payloads. */
export const VERSION_RESPONSE = response({ version: u32 });
/** PROTOCOL_MESSAGE_ATTRIBUTES: the message asked for, which the answer repeats nowhere. */
export const MESSAGE_ATTRIBUTES_REQUEST = layout({ messageId: u32 });
/** Bits by protocol; 0 unless it defines some. */
export const MESSAGE_ATTRIBUTES_RESPONSE = response({ attributes: u32 });
/** NEGOTIATE_PROTOCOL_VERSION: the version the agent wants to speak. */
export const NEGOTIATE_REQUEST = layout({ version: u32 });

/** Ids of the common commands. */
export const COMMON = { VERSION: 0x0, ATTRIBUTES: 0x1, MESSAGE_ATTRIBUTES: 0x2, NEGOTIATE: 0x10 } as const;

/**
 * Declares a protocol from its own messages; the common ones are added. `attributes` is the response of
 * PROTOCOL_ATTRIBUTES, `negotiateSince` the version that brought NEGOTIATE_PROTOCOL_VERSION (SCMI 3.2).
 */
export function protocol<
  const C extends Readonly<Record<string, CommandDeclaration>>,
  const N extends Readonly<Record<string, NotificationDeclaration>>,
>(declaration: {
  readonly id: number;
  readonly name: string;
  readonly versions: readonly number[];
  readonly attributes: Versioned;
  readonly negotiateSince: number;
  readonly commands: C;
  readonly notifications: N;
}): ProtocolDeclaration<C & CommonCommands, N> {
  const { attributes, negotiateSince, ...rest } = declaration;
  const since = 0x10000;
  return {
    ...rest,
    commands: {
      ...rest.commands,
      version: { id: COMMON.VERSION, name: 'PROTOCOL_VERSION', since, request: nothing, response: VERSION_RESPONSE },
      attributes: { id: COMMON.ATTRIBUTES, name: 'PROTOCOL_ATTRIBUTES', since, request: nothing, response: attributes },
      messageAttributes: {
        id: COMMON.MESSAGE_ATTRIBUTES,
        name: 'PROTOCOL_MESSAGE_ATTRIBUTES',
        since,
        request: MESSAGE_ATTRIBUTES_REQUEST,
        response: MESSAGE_ATTRIBUTES_RESPONSE,
      },
      negotiate: {
        id: COMMON.NEGOTIATE,
        name: 'NEGOTIATE_PROTOCOL_VERSION',
        since: negotiateSince,
        request: NEGOTIATE_REQUEST,
        response: statusOnly,
      },
    },
  };
}
