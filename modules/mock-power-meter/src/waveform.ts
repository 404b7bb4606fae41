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
    let sum = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const time = now - (interval * (sample + 0.5)) / SAMPLES;
      const phase = time / this.period - Math.floor(time / this.period);
      const power = this.offset + this.amplitude * unit(this.shape, phase);
      sum += Math.min(Math.max(0, power), limit);
    }
    return Math.round(sum / SAMPLES);
  }
}

/** A shape of amplitude 1 at `phase` 0..1 of its period. */
function unit(shape: WaveformConfig['shape'], phase: number): number {
  switch (shape) {
    case 'sine':
      return Math.sin(2 * Math.PI * phase);
    case 'triangle':
      if (phase < 0.25) return 4 * phase;
      return phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
    case 'square':
      return phase < 0.5 ? 1 : -1;
    case 'sawtooth':
      return 2 * phase - 1;
  }
}
