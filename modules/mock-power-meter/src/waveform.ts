// SPDX-License-Identifier: BSD-3-Clause
import type { WaveformConfig } from './schema.ts';

/** Values of a wave in an average. */
const SAMPLES = 32;

/** A power over time. */
export class Waveform {
  private readonly shape: WaveformConfig['shape'];
  private readonly offset: number;
  private readonly amplitude: number;
  private readonly period: number;

  constructor({ shape, offset, amplitude, period }: WaveformConfig) {
    this.shape = shape;
    this.offset = offset;
    this.amplitude = amplitude;
    this.period = period;
  }

  /** The average of the `interval` µs before `now`, where no value is below 0 or above `limit`. */
  average(now: number, interval: number, limit: number): number {
    const { shape, offset, amplitude, period } = this;
    let sum = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const time = now - (interval * (sample + 0.5)) / SAMPLES;
      const phase = time / period - Math.floor(time / period);
      // In one piece: a function that returns fractions makes the engine allocate each of them.
      let unit: number;
      if (shape === 'sine') unit = Math.sin(2 * Math.PI * phase);
      else if (shape === 'square') unit = phase < 0.5 ? 1 : -1;
      else if (shape === 'sawtooth') unit = 2 * phase - 1;
      else if (phase < 0.25) unit = 4 * phase;
      else unit = phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
      sum += Math.min(Math.max(0, offset + amplitude * unit), limit);
    }
    return Math.round(sum / SAMPLES);
  }
}
