// SPDX-License-Identifier: BSD-3-Clause
/** Where the values of a sensor without hardware come from. */
import { FrameworkError, Status } from '@scp/framework';
import type { MockSensorElementConfig } from './schema.ts';
import { Waveform } from './waveform.ts';

/** A source of readings. */
export interface Source {
  /** Values in a reading, undefined when it serves any number. */
  readonly valueCount: number | undefined;
  /** Fills in a reading taken at `now` µs. */
  sample(now: number, values: Float64Array): void;
}

type Value = number | readonly number[];

const countOf = (value: Value): number | undefined => (typeof value === 'number' ? undefined : value.length);

function fill(values: Float64Array, value: Value): void {
  if (typeof value === 'number') {
    values.fill(value);
  } else {
    for (let axis = 0; axis < values.length; axis++) values[axis] = value[axis] ?? 0;
  }
}

function list(steps: readonly Value[], period: number | undefined): Source {
  const counts = new Set(steps.map(countOf).filter(count => count !== undefined));
  if (steps.length === 0 || counts.size > 1) {
    throw new FrameworkError(Status.E_DATA, 'each of values has one number, or as many as there are axes');
  }
  const [valueCount] = counts;
  let next = 0;
  return {
    valueCount,
    sample(now, values) {
      const at = period === undefined ? next : Math.floor(now / period) % steps.length;
      next = (at + 1) % steps.length;
      fill(values, steps[at] ?? 0);
    },
  };
}

function waves(waveforms: readonly Waveform[], valueCount: number | undefined): Source {
  return {
    valueCount,
    sample(now, values) {
      for (let axis = 0; axis < values.length; axis++) {
        values[axis] = (waveforms[axis] ?? waveforms[0])?.at(now) ?? 0;
      }
    },
  };
}

/** The source that a configuration describes. FrameworkError E_DATA unless it is exactly one. */
export function sourceOf(config: MockSensorElementConfig): Source {
  const { value, values, period, waveform, waveforms } = config;
  if (period !== undefined && values === undefined) {
    throw new FrameworkError(Status.E_DATA, 'period says how long each of values lasts: there are none');
  }
  const sources: Source[] = [];
  if (value !== undefined) sources.push(list([value], undefined));
  if (values !== undefined) sources.push(list(values, period));
  if (waveform !== undefined) sources.push(waves([new Waveform(waveform)], undefined));
  if (waveforms !== undefined)
    sources.push(
      waves(
        waveforms.map(one => new Waveform(one)),
        waveforms.length,
      ),
    );
  const [source] = sources;
  if (source === undefined || sources.length > 1) {
    throw new FrameworkError(Status.E_DATA, 'has exactly one of value, values, waveform and waveforms');
  }
  return source;
}
