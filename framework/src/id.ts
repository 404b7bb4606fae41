// SPDX-License-Identifier: BSD-3-Clause
/**
 * Identifiers: 32-bit words with SCP-firmware's layout and printed form, typed by kind so that an element cannot be
 * passed where a module is wanted.
 *
 * | kind         | [3:0] | [11:4] | then                                  |
 * | ------------ | ----- | ------ | ------------------------------------- |
 * | module       | 2     | module |                                       |
 * | element      | 3     | module | [23:12] element                       |
 * | sub-element  | 4     | module | [23:12] element, [31:24] sub-element  |
 * | API          | 5     | module | [15:12] API                           |
 * | event        | 6     | module | [17:12] event                         |
 * | notification | 7     | module | [17:12] notification                  |
 *
 * 0 is INVALID, so that an identifier nobody set is caught; 1 is NONE, "deliberately nothing".
 */

declare const kind: unique symbol;
type Id<Kind extends string> = number & { readonly [kind]: Kind };

/** A module of the product. */
export type ModuleId = Id<'module'>;
/** A resource that a module owns: a clock, a channel, a sensor. */
export type ElementId = Id<'element'>;
/** An index below an element, without data of its own. */
export type SubElementId = Id<'sub-element'>;
/** An API of a module. */
export type ApiId = Id<'api'>;
/** An event that a module receives. */
export type EventId = Id<'event'>;
/** A notification that a module sends. */
export type NotificationId = Id<'notification'>;
/** The identifier that names nothing on purpose. */
export type NoneId = Id<'none'>;
/** What can send and receive events: a module, an element or a sub-element. */
export type EntityId = ModuleId | ElementId | SubElementId;
/** Any identifier. */
export type AnyId = EntityId | ApiId | EventId | NotificationId | NoneId;

const TYPE = { none: 1, module: 2, element: 3, subElement: 4, api: 5, event: 6, notification: 7 } as const;

/** Sizes that follow from the layout: how many of each kind can be told apart. */
export const ID_LIMIT = {
  modules: 256,
  elements: 4096,
  subElements: 256,
  apis: 16,
  events: 64,
  notifications: 64,
} as const;

/** The word of an identifier that was never set. It is of no kind. */
export const INVALID_ID = 0;

const isOfType = (id: number, type: number): boolean => (id & 0xf) === type && id >>> 0 === id;

/** Whether `id` names nothing on purpose. */
export const isNoneId = (id: number): id is NoneId => id === TYPE.none;
/** Whether `id` has the layout of a module identifier; says nothing of whether the product has that module. */
export const isModuleId = (id: number): id is ModuleId => isOfType(id, TYPE.module) && id >>> 12 === 0;
/** Whether `id` has the layout of an element identifier. */
export const isElementId = (id: number): id is ElementId => isOfType(id, TYPE.element) && id >>> 24 === 0;
/** Whether `id` has the layout of a sub-element identifier. */
export const isSubElementId = (id: number): id is SubElementId => isOfType(id, TYPE.subElement);
/** Whether `id` has the layout of an API identifier. */
export const isApiId = (id: number): id is ApiId => isOfType(id, TYPE.api) && id >>> 16 === 0;
/** Whether `id` has the layout of an event identifier. */
export const isEventId = (id: number): id is EventId => isOfType(id, TYPE.event) && id >>> 18 === 0;
/** Whether `id` has the layout of a notification identifier. */
export const isNotificationId = (id: number): id is NotificationId =>
  isOfType(id, TYPE.notification) && id >>> 18 === 0;
/** Whether `id` has the layout of a module, element or sub-element identifier. */
export const isEntityId = (id: number): id is EntityId => isModuleId(id) || isElementId(id) || isSubElementId(id);

const inRange = (value: number, size: number): boolean => Number.isInteger(value) && value >= 0 && value < size;

function compose<T extends number>(
  is: (id: number) => id is T,
  type: number,
  what: string,
  module: number,
  index: number,
  limit: number,
  sub = 0,
): T {
  if (!inRange(module, ID_LIMIT.modules)) {
    throw new RangeError(`${what}: module index ${module} is not within 0..${ID_LIMIT.modules - 1}`);
  }
  if (!inRange(index, limit)) throw new RangeError(`${what}: index ${index} is not within 0..${limit - 1}`);
  if (!inRange(sub, ID_LIMIT.subElements)) {
    throw new RangeError(`${what}: sub-element index ${sub} is not within 0..${ID_LIMIT.subElements - 1}`);
  }
  const id = (type | (module << 4) | (index << 12) | (sub << 24)) >>> 0;
  if (!is(id)) throw new RangeError(`${what}: ${id} is not an identifier of this kind`);
  return id;
}

/** The identifier of nothing. */
export const NONE_ID: NoneId = compose(isNoneId, TYPE.none, 'none', 0, 0, 1);

/** The module at `module` in the product's list. Throws RangeError outside 0..255. */
export const moduleId = (module: number): ModuleId => compose(isModuleId, TYPE.module, 'module', module, 0, 1);
/** Element `element` (0..4095) of module `module`. Throws RangeError. */
export const elementId = (module: number, element: number): ElementId =>
  compose(isElementId, TYPE.element, 'element', module, element, ID_LIMIT.elements);
/** Sub-element `sub` (0..255) of element `element` of module `module`. Throws RangeError. */
export const subElementId = (module: number, element: number, sub: number): SubElementId =>
  compose(isSubElementId, TYPE.subElement, 'sub-element', module, element, ID_LIMIT.elements, sub);
/** API `api` (0..15) of module `module`. Throws RangeError. */
export const apiId = (module: number, api: number): ApiId =>
  compose(isApiId, TYPE.api, 'API', module, api, ID_LIMIT.apis);
/** Event `event` (0..63) of module `module`. Throws RangeError. */
export const eventId = (module: number, event: number): EventId =>
  compose(isEventId, TYPE.event, 'event', module, event, ID_LIMIT.events);
/** Notification `notification` (0..63) of module `module`. Throws RangeError. */
export const notificationId = (module: number, notification: number): NotificationId =>
  compose(isNotificationId, TYPE.notification, 'notification', module, notification, ID_LIMIT.notifications);

/** The module part of any identifier but NONE. */
export const moduleIndex = (id: number): number => (id >>> 4) & 0xff;
/** The element part of an element or sub-element. */
export const elementIndex = (id: ElementId | SubElementId): number => (id >>> 12) & 0xfff;
/** The sub-element part. */
export const subElementIndex = (id: SubElementId): number => id >>> 24;
/** The index of an API among its module's. */
export const apiIndex = (id: ApiId): number => (id >>> 12) & 0xf;
/** The index of an event among its module's. */
export const eventIndex = (id: EventId): number => (id >>> 12) & 0x3f;
/** The index of a notification among its module's. */
export const notificationIndex = (id: NotificationId): number => (id >>> 12) & 0x3f;

/** The printed form, as in SCP-firmware's log: `[MOD 3]`, `[ELM 3:5]`, `[SUB 3:5:1]`, `[NON 0]`, `[INV]`. */
export function formatId(id: number): string {
  const module = moduleIndex(id);
  if (isNoneId(id)) return '[NON 0]';
  if (isModuleId(id)) return `[MOD ${module}]`;
  if (isElementId(id)) return `[ELM ${module}:${elementIndex(id)}]`;
  if (isSubElementId(id)) return `[SUB ${module}:${elementIndex(id)}:${subElementIndex(id)}]`;
  if (isApiId(id)) return `[API ${module}:${apiIndex(id)}]`;
  if (isEventId(id)) return `[EVT ${module}:${eventIndex(id)}]`;
  if (isNotificationId(id)) return `[NOT ${module}:${notificationIndex(id)}]`;
  return '[INV]';
}
