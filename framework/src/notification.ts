// SPDX-License-Identifier: BSD-3-Clause
import type { Entities } from './entities.ts';
import { FrameworkError } from './error.ts';
import { type EntityId, formatId, type NotificationId } from './id.ts';
import { Status } from './status.ts';
import type { NotificationToken } from './token.ts';

const NOBODY: readonly EntityId[] = [];

/** Who has subscribed to which notification of whom in one firmware; bounded in number. */
export class Subscriptions {
  private readonly entities: Entities;
  private readonly capacity: number;
  private count = 0;
  private readonly targets = new Map<NotificationId, Map<EntityId, readonly EntityId[]>>();

  constructor(entities: Entities, capacity: number) {
    this.entities = entities;
    this.capacity = capacity;
  }

  /** The subscribers of a source's notification, in the order they subscribed; later changes make a new list. */
  of(id: NotificationId, source: EntityId): readonly EntityId[] {
    return this.targets.get(id)?.get(source) ?? NOBODY;
  }

  /** As `Framework.subscribe`. */
  subscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    const id = this.idOf(token, source, target);
    const handles = this.entities.module(target)?.instance.processNotification !== undefined;
    const status = handles ? this.add(id, source, target) : Status.E_HANDLER;
    if (status !== Status.SUCCESS) {
      const what = `${token.name} of ${this.entities.describe(source)}`;
      throw new FrameworkError(status, `subscribes ${this.entities.describe(target)} to ${what}`);
    }
  }

  /** As `Framework.unsubscribe`. */
  unsubscribe(token: NotificationToken, source: EntityId, target: EntityId): void {
    const id = this.idOf(token, source, target);
    if (!this.remove(id, source, target)) {
      const what = `${token.name} of ${this.entities.describe(source)}`;
      throw new FrameworkError(Status.E_STATE, `unsubscribes ${this.entities.describe(target)} from ${what}`);
    }
  }

  /** Removes all: the stop stage. */
  clear(): void {
    this.targets.clear();
    this.count = 0;
  }

  private idOf(token: NotificationToken, source: EntityId, target: EntityId): NotificationId {
    const id = this.entities.module(source)?.notifications.get(token);
    if (id === undefined || !this.entities.has(source) || !this.entities.has(target)) {
      throw new FrameworkError(Status.E_PARAM, `${formatId(source)} sends no ${token.name} to ${formatId(target)}`);
    }
    return id;
  }

  private add(id: NotificationId, source: EntityId, target: EntityId): Status {
    const present = this.of(id, source);
    if (present.includes(target)) return Status.E_STATE;
    if (this.count === this.capacity) return Status.E_NOMEM;
    const sources = this.targets.get(id) ?? new Map<EntityId, readonly EntityId[]>();
    this.targets.set(id, sources);
    sources.set(source, [...present, target]);
    this.count++;
    return Status.SUCCESS;
  }

  /** Whether it was there. */
  private remove(id: NotificationId, source: EntityId, target: EntityId): boolean {
    const present = this.of(id, source);
    const left = present.filter(other => other !== target);
    if (left.length === present.length) return false;
    this.targets.get(id)?.set(source, left);
    this.count--;
    return true;
  }
}
