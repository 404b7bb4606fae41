// SPDX-License-Identifier: BSD-3-Clause
import { type Status, statusName } from './status.ts';

/** What was thrown, with the stack where there is one; not every engine repeats the message in it. */
export function describeError(error: unknown): string {
  const text = String(error);
  if (!(error instanceof Error) || error.stack === undefined) return text;
  return error.stack.includes(error.message) ? error.stack : `${text}\n${error.stack}`;
}

/** The stages of a firmware's life, in order. */
export type Stage = 'init' | 'bind' | 'start' | 'run' | 'stop' | 'stopped';

/** Where a rule was broken: what is known of it when the error is made. */
export interface Place {
  readonly stage?: Stage | undefined;
  readonly module?: string | undefined;
  readonly element?: string | undefined;
}

/** A broken rule of the framework or of a module's configuration: the firmware does not start, or stops uncleanly. */
export class FrameworkError extends Error {
  override readonly name = 'FrameworkError';
  readonly status: Status;
  /** What was wrong and what would be right, without the place. */
  readonly rule: string;
  readonly place: Place;

  constructor(status: Status, rule: string, place: Place = {}) {
    const where = [
      place.stage,
      place.module === undefined ? undefined : `module ${place.module}`,
      place.element === undefined ? undefined : `element ${place.element}`,
    ].filter(part => part !== undefined);
    super(`${where.length === 0 ? '' : `${where.join(', ')}: `}${rule} (${statusName(status)})`);
    this.status = status;
    this.rule = rule;
    this.place = place;
  }

  /** The same error with the parts of `place` that it lacks. */
  at(place: Place): FrameworkError {
    return new FrameworkError(this.status, this.rule, {
      stage: this.place.stage ?? place.stage,
      module: this.place.module ?? place.module,
      element: this.place.module === undefined ? (this.place.element ?? place.element) : this.place.element,
    });
  }
}
