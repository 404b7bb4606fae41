// SPDX-License-Identifier: BSD-3-Clause
/** The framework's public face: everything a module, a host or a product needs. */
export { Alarm } from './alarm.ts';
export { State } from './entities.ts';
export { FrameworkError, type Place, type Stage } from './error.ts';
export type { Event } from './event.ts';
export { Framework, type FrameworkOptions } from './framework.ts';
export type { Host } from './host.ts';
export * from './id.ts';
export { Log, LogLevel, LogLimit, logLevel } from './log.ts';
export {
  configure,
  type Elements,
  type Module,
  type ModuleDefinition,
  type ModuleType,
  type OptionDeclaration,
  type Product,
  type ProductElement,
  type ProductModule,
} from './module.ts';
export * from './posix.ts';
export { Status, statusName } from './status.ts';
export {
  ApiProvider,
  type ApiToken,
  defineApi,
  defineEvent,
  defineNotification,
  type EventToken,
  type NotificationToken,
  PARAM_COUNT,
  type Params,
  provide,
} from './token.ts';
