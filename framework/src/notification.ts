// SPDX-License-Identifier: BSD-3-Clause
import type { EntityId, NotificationId } from './id.ts';
import { Status } from './status.ts';

/** Who wants which notification of whom. */
export interface Subscription {
  readonly id: NotificationId;
  readonly source: EntityId;
  readonly target: EntityId;
}

const NOBODY: readonly EntityId[] = [];

/** The subscriptions of a firmware, bounded in number. */
export class Subscriptions {
  private readonly capacity: number;
  private count = 0;
  private readonly targets = new Map<NotificationId, Map<EntityId, EntityId[]>>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The subscribers of a source's notification, in the order they subscribed. */
  of(id: NotificationId, source: EntityId): readonly EntityId[] {
    return this.targets.get(id)?.get(source) ?? NOBODY;
  }

  /** Adds a subscription. E_STATE if it is there, E_NOMEM if there are too many. */
  add({ id, source, target }: Subscription): Status {
    if (this.of(id, source).includes(target)) return Status.E_STATE;
    if (this.count === this.capacity) return Status.E_NOMEM;
    const sources = this.targets.get(id) ?? new Map<EntityId, EntityId[]>();
    this.targets.set(id, sources);
    sources.set(source, [...this.of(id, source), target]);
    this.count++;
    return Status.SUCCESS;
  }

  /** Removes a subscription. E_STATE if it is not there. */
  remove({ id, source, target }: Subscription): Status {
    const left = this.of(id, source).filter(other => other !== target);
    if (left.length === this.of(id, source).length) return Status.E_STATE;
    this.targets.get(id)?.set(source, left);
    this.count--;
    return Status.SUCCESS;
  }

  /** Removes all: the stop stage. */
  clear(): void {
    this.targets.clear();
    this.count = 0;
  }
}
