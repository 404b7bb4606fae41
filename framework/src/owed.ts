// SPDX-License-Identifier: BSD-3-Clause
import type { Event } from './event.ts';
import type { EntityId } from './id.ts';

/** The responses of one holder, oldest first, chained through `nextOwed`. */
interface Chain {
  first: Event | undefined;
  last: Event | undefined;
}

/**
 * The responses that handlers promised for later, by holder (the response's source). As in SCP-firmware each entity has a
 * list of its own, so what one finds and answers takes no longer for what others owe, in however many contexts.
 */
export class OwedResponses {
  /** A holder keeps its chain, so only its first delay ever makes one. */
  private readonly chains = new Map<EntityId, Chain>();

  /** Keeps a response until it is taken. */
  add(response: Event): void {
    const chain = this.chains.get(response.source);
    if (chain === undefined) {
      this.chains.set(response.source, { first: response, last: response });
      return;
    }
    if (chain.last === undefined) chain.first = response;
    else chain.last.nextOwed = response;
    chain.last = response;
  }

  /** The oldest response that `holder` owes. */
  first(holder: EntityId): Event | undefined {
    return this.chains.get(holder)?.first;
  }

  /** Whether `holder` owes a response for the request with `cookie`. */
  has(holder: EntityId, cookie: number): boolean {
    for (let response = this.first(holder); response !== undefined; response = response.nextOwed) {
      if (response.cookie === cookie) return true;
    }
    return false;
  }

  /** Takes away the response that `holder` owes for the request with `cookie`; the others keep their order. */
  take(holder: EntityId, cookie: number): Event | undefined {
    const chain = this.chains.get(holder);
    if (chain === undefined) return undefined;
    let before: Event | undefined = undefined;
    let response = chain.first;
    while (response !== undefined && response.cookie !== cookie) {
      before = response;
      response = response.nextOwed;
    }
    if (response === undefined) return undefined;
    if (before === undefined) chain.first = response.nextOwed;
    else before.nextOwed = response.nextOwed;
    if (chain.last === response) chain.last = before;
    response.nextOwed = undefined;
    return response;
  }

  /** Forgets all: the stop stage, after which no pool is used any more. */
  clear(): void {
    this.chains.clear();
  }
}
