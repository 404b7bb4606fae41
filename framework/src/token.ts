// SPDX-License-Identifier: BSD-3-Clause
/**
 * Tokens name a contract and carry its type. A module exports them in its `api.ts`; whoever binds an API or sends an
 * event uses the token, so a wrong API or a wrong parameter does not compile.
 */
import type { EntityId } from './id.ts';
import type { Status } from './status.ts';

/** Names the API contract `T`. Several modules may provide the same contract: every clock driver provides CLOCK_DRIVER. */
export interface ApiToken<T> {
  readonly kind: 'api';
  readonly name: string;
  /** Type only: what binding with this token returns. */
  readonly contract?: T;
}

/** The positions of an event's parameters, by field name. */
export type ParamPositions<F extends string> = { readonly [K in F]: number };

interface MessageToken<K extends string, F extends string> {
  readonly kind: K;
  readonly name: string;
  readonly fields: readonly F[];
  /** Where each field stands in `event.param(…)`. */
  readonly at: ParamPositions<F>;
}

/** Names an event and its parameters, at most four numbers. */
export type EventToken<F extends string = string> = MessageToken<'event', F>;
/** Names a notification and its parameters, at most four numbers. */
export type NotificationToken<F extends string = string> = MessageToken<'notification', F>;

/** The parameters that a token's fields ask for. */
export type Params<F extends string> = { readonly [K in F]: number };

/** How many parameters an event carries at most: SCP-firmware's 16 bytes, a word each. */
export const PARAM_COUNT = 4;

function positions<F extends string>(name: string, fields: readonly F[]): ParamPositions<F> {
  if (fields.length > PARAM_COUNT) {
    throw new RangeError(`${name}: ${fields.length} parameters, an event carries at most ${PARAM_COUNT}`);
  }
  const at: { [K in string]: number } = {};
  fields.forEach((field, index) => (at[field] = index));
  const complete = (found: { [K in string]: number }): found is { [K in F]: number } =>
    fields.every(field => field in found);
  if (!complete(at)) throw new RangeError(`${name}: a field has no position`);
  return at;
}

/** Declares an API contract, by the name that configuration schemas and error texts use: `CLOCK_DRIVER`. */
export const defineApi = <T>(name: string): ApiToken<T> => ({ kind: 'api', name });

/** Declares an event with its parameters in order. Throws RangeError for more than four. */
export const defineEvent = <const F extends string = never>(
  name: string,
  fields: readonly F[] = [],
): EventToken<F> => ({
  kind: 'event',
  name,
  fields,
  at: positions(name, fields),
});

/** Declares a notification with its parameters in order. Throws RangeError for more than four. */
export const defineNotification = <const F extends string = never>(
  name: string,
  fields: readonly F[] = [],
): NotificationToken<F> => ({ kind: 'notification', name, fields, at: positions(name, fields) });

/** What a module gives to those who bind one of its APIs: the API, or the status that refuses. */
export class ApiProvider<T> {
  readonly token: ApiToken<T>;
  private readonly give: (source: EntityId, target: EntityId) => T | Status;

  constructor(token: ApiToken<T>, give: (source: EntityId, target: EntityId) => T | Status) {
    this.token = token;
    this.give = give;
  }

  /** Whether this provides `token`: tokens are compared by identity, which is what makes the type sound. */
  isFor<U>(token: ApiToken<U>): this is ApiProvider<U> {
    return Object.is(token, this.token);
  }

  /** Asks for the API on behalf of `source`. Answers a status to refuse (E_ACCESS, E_PARAM, E_SUPPORT, E_NOMEM). */
  request(source: EntityId, target: EntityId): T | Status {
    return this.give(source, target);
  }
}

/** Pairs a token with the function that hands out its API to `source` binding to `target`. */
export const provide = <T>(
  token: ApiToken<T>,
  give: (source: EntityId, target: EntityId) => T | Status,
): ApiProvider<T> => new ApiProvider(token, give);
