// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, moduleId, type ModuleDefinition, Status } from '@scp/framework';
import { hasVoltage, PSU, type Voltages } from '@scp/psu/api';
import { FakePsu, fakePsuDriver, PsuBench } from '@scp/psu/testing';

const STEPS: Voltages = { min: 600_000, max: 1_200_000, step: 12_500 };

/** Supplies `a` and `b`; `a` with the voltages it is given. */
function make(voltages: Voltages = STEPS) {
  const supplies = { a: new FakePsu(voltages), b: new FakePsu(STEPS) };
  const bench = new PsuBench(fakePsuDriver(supplies), [
    { name: 'a', config: { driver: elementId(0, 0) } },
    { name: 'b', config: { driver: elementId(0, 1) } },
  ]);
  return { ...supplies, bench };
}

describe('what is known of a supply', () => {
  it('is its name, and what its driver says', () => {
    const { bench } = make();
    expect(bench.voltages('a')).toEqual(STEPS);
    expect(bench.psu.name(bench.id('b'))).toBe('b');
    for (const id of [elementId(1, 2), elementId(0, 0)]) {
      expect([bench.psu.name(id), bench.psu.voltages(id)]).toEqual(['', undefined]);
    }
  });

  it.each<readonly [string, Voltages, string]>([
    ['a range upside down', { min: 2, max: 1, step: 1 }, 'voltages 2..1: whole µV, min not above max'],
    ['a range that does not end on a step', { min: 0, max: 9, step: 2 }, 'whole steps of 2 above min'],
    ['a step of nothing', { min: 0, max: 0, step: 0 }, 'step 0: at least 1 µV'],
    ['a voltage below ground', { min: -1, max: 1, step: 1 }, 'voltages -1..1'],
    ['a part of a µV', { min: 0.5, max: 1, step: 1 }, 'voltages 0.5..1'],
  ])('is refused: %s', (_what, voltages, text) => {
    expect(() => make(voltages)).toThrow(text);
  });

  it.each([
    [599_999, false],
    [600_000, true],
    [600_001, false],
    [612_500, true],
    [1_200_000, true],
    [1_212_500, false],
  ])('tells whether it can have %i: %s', (voltage, expected) => {
    expect(hasVoltage(STEPS, voltage)).toBe(expected);
  });
});

describe('the voltage', () => {
  it('reaches the driver, also the one it has, and no other supply', () => {
    const { bench, a, b } = make();
    for (const voltage of [900_000, 900_000, 600_000]) expect(bench.setVoltage('a', voltage)).toBe('SUCCESS');
    expect(a.taken()).toEqual(['voltage 900000', 'voltage 900000', 'voltage 600000']);
    expect(b.taken()).toEqual([]);
    expect(bench.voltage('a')).toBe(600_000);
  });

  it('is not set when the supply can’t have it', () => {
    const { bench, a } = make();
    for (const voltage of [0, -1, 600_001, 1_212_500]) expect(bench.setVoltage('a', voltage)).toBe('E_RANGE');
    expect(a.taken()).toEqual([]);
  });
});

describe('on and off', () => {
  it('reach the driver unless it is so', () => {
    const { bench, a } = make();
    for (const enabled of [true, false, false, true]) expect(bench.setEnabled('a', enabled)).toBe('SUCCESS');
    expect(a.taken()).toEqual(['enable 0', 'enable 1']);
    expect(bench.enabled('a')).toBe(1);
  });

  it('reach the driver when it can’t be told how it is', () => {
    const { bench, a } = make();
    a.readStatus = Status.E_DEVICE;
    expect(bench.setEnabled('a', true)).toBe('SUCCESS');
    expect(a.taken()).toEqual(['enable 1']);
  });
});

describe('every operation', () => {
  it('answers E_PARAM for an id that is no supply', () => {
    const { psu } = make().bench;
    for (const id of [elementId(1, 2), elementId(0, 0)]) {
      const out = { value: 0 };
      expect([
        psu.getVoltage(id, out),
        psu.getEnabled(id, out),
        psu.setVoltage(id, 600_000),
        psu.setEnabled(id, true),
      ]).toEqual(Array(4).fill(Status.E_PARAM));
    }
  });

  it('answers what the driver says', () => {
    const { bench, a } = make();
    a.status = Status.E_DEVICE;
    expect([bench.setVoltage('a', 900_000), bench.setEnabled('a', false)]).toEqual(['E_DEVICE', 'E_DEVICE']);
    a.readStatus = Status.E_TIMEOUT;
    const out = { value: 0 };
    expect(bench.psu.getVoltage(bench.id('a'), out)).toBe(Status.E_TIMEOUT);
    expect(bench.psu.getEnabled(bench.id('a'), out)).toBe(Status.E_TIMEOUT);
    expect(bench.setVoltage('b', 900_000)).toBe('SUCCESS');
  });
});

describe('what takes time', () => {
  it.each([
    ['a voltage', (bench: PsuBench) => bench.beginVoltage('a', 900_000)],
    ['off', (bench: PsuBench) => bench.beginEnabled('a', false)],
  ])('is answered to the user when it ends: %s', (_what, begin) => {
    const { bench, a } = make();
    a.status = Status.PENDING;
    expect(begin(bench)).toBe('PENDING');
    expect([bench.beginVoltage('a', 612_500), bench.beginEnabled('a', false)]).toEqual(['E_BUSY', 'E_BUSY']);
    expect([bench.voltage('a'), bench.enabled('a')]).toEqual([600_000, 1]);
    expect(bench.setVoltage('b', 900_000)).toBe('SUCCESS');
    a.finish(Status.E_TIMEOUT);
    expect(bench.outcomes.splice(0)).toEqual([['a', 'E_TIMEOUT']]);
    expect(begin(bench)).toBe('PENDING');
    a.finish();
    expect(bench.outcomes).toEqual([['a', 'SUCCESS']]);
  });

  it('and that nobody asked for is ignored, and told in the log', () => {
    const { bench, a } = make();
    for (let time = 0; time < 100; time++) a.finish();
    expect(bench.outcomes).toEqual([]);
    expect(bench.host.logged()[0]).toBe('[PSU] a: its driver completes what is not under way');
    expect(bench.host.logged().length).toBeLessThan(20);
  });
});

describe('binding', () => {
  it('wants of each user a way to tell it outcomes', () => {
    const careless: ModuleDefinition = {
      name: 'careless',
      type: 'SERVICE',
      create: framework => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) framework.bind(moduleId(1), PSU);
        },
      }),
    };
    expect(() => new PsuBench(configure(careless, undefined), [])).toThrow('PSU_CLIENT of careless');
    expect(() => new PsuBench(fakePsuDriver({}), [])).not.toThrow();
  });
});
