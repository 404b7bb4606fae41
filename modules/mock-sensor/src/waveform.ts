// SPDX-License-Identifier: BSD-3-Clause
import type { WaveformConfig } from './schema.ts';

/** A wave over time, with noise that repeats: the same times read in the same order give the same values. */
export class Waveform {
  private readonly shape: WaveformConfig['shape'];
  private readonly offset: number;
  private readonly amplitude: number;
  private readonly period: number;
  private readonly noise: number;
  private state: number;

  constructor({ shape, offset, amplitude, period, noise }: WaveformConfig) {
    this.shape = shape;
    this.offset = offset;
    this.amplitude = amplitude;
    this.period = period;
    this.noise = noise?.amplitude ?? 0;
    this.state = noise?.seed ?? 0;
  }

  /** The value at `now` µs, a whole number. */
  at(now: number): number {
    const level = this.amplitude * unit(this.shape, (now % this.period) / this.period);
    // Adding 0 turns -0, which rounding can give, into 0.
    return this.offset + Math.round(level) + this.nextNoise() + 0;
  }

  /** Evenly from -noise to noise. */
  private nextNoise(): number {
    if (this.noise === 0) return 0;
    // mulberry32 (public domain, Tommy Ettinger): 32-bit arithmetic only, so the same everywhere.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const random = ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
    return Math.floor(random * (2 * this.noise + 1)) - this.noise;
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
