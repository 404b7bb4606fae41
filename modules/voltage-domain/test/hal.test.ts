// SPDX-License-Identifier: BSD-3-Clause
import { configure, elementId, moduleId, type ModuleDefinition, Status } from '@scp/framework';
import { VOLTAGE_DOMAIN, type VoltageDriverFacts } from '@scp/voltage-domain/api';
import { FakeSupply, fakeVoltageDriver, VoltageBench } from '@scp/voltage-domain/testing';

const LIST: VoltageDriverFacts = { levels: { kind: 'list', list: [800, 900, 1000] } };

/** Supplies `a` and `b`; `a` as its facts say. */
function make(facts: VoltageDriverFacts = LIST, asynchronous = false) {
  const supplies = { a: new FakeSupply(facts), b: new FakeSupply(LIST) };
  const bench = new VoltageBench(fakeVoltageDriver(supplies), [
    { name: 'a', config: { driver: elementId(0, 0), asynchronous } },
    { name: 'b', config: { driver: elementId(0, 1), asynchronous: false } },
  ]);
  return { ...supplies, bench };
}

describe('what is known of a supply', () => {
  it('is what its driver and the product say', () => {
    const { bench } = make({ ...LIST, switchable: false, readOnly: true, modes: [8, 15] }, true);
    expect(bench.info('a')).toEqual({
      name: 'a',
      levels: LIST.levels,
      isFixed: false,
      switchable: false,
      readOnly: true,
      modes: [8, 15],
      asynchronous: true,
    });
    expect(bench.info('b')).toMatchObject({ switchable: true, readOnly: false, modes: [], asynchronous: false });
    expect(bench.domains.info(elementId(1, 2))).toBeUndefined();
    expect(bench.domains.info(elementId(0, 0))).toBeUndefined();
  });

  it.each<readonly [string, VoltageDriverFacts, boolean, string]>([
    ['no level', { levels: { kind: 'list', list: [] } }, false, 'it has no level'],
    ['an architectural mode', { ...LIST, modes: [7] }, false, 'mode 7 is not one of 8 to 15'],
    ['a mode beyond all', { ...LIST, modes: [16] }, false, 'mode 16 is not one of 8 to 15'],
    ['one level to be set later', { levels: { kind: 'list', list: [1] } }, true, 'one level only'],
  ])('is refused: %s', (_what, facts, asynchronous, text) => {
    expect(() => make(facts, asynchronous)).toThrow(text);
  });
});

describe('the level', () => {
  it('reaches the driver, also the one it has', () => {
    const { bench, a, b } = make();
    for (const level of [900, 900, 800]) expect(bench.setLevel('a', level)).toBe('SUCCESS');
    expect(a.taken()).toEqual(['level 900', 'level 900', 'level 800']);
    expect(b.taken()).toEqual([]);
    expect(bench.level('a')).toBe(800);
  });

  it('is read as the nearest that the supply has', () => {
    const { bench, a } = make();
    for (const [actual, told] of [
      [899, 900],
      [949, 900],
      [951, 1000],
      [-5, 800],
      [5000, 1000],
    ] as const) {
      a.level = actual;
      expect(bench.level('a')).toBe(told);
    }
  });

  it.each<readonly [string, VoltageDriverFacts, number, string]>([
    ['that it does not have', LIST, 850, 'E_RANGE'],
    ['of a fixed supply, the one it has too', { levels: { kind: 'list', list: [5] } }, 5, 'E_SUPPORT'],
    ['of a supply with a range of one', { levels: { kind: 'range', min: 5, max: 5, step: 1 } }, 5, 'E_SUPPORT'],
    ['of a read-only supply', { ...LIST, readOnly: true }, 900, 'E_ACCESS'],
  ])('is not set: %s', (_what, facts, level, status) => {
    const { bench, a } = make(facts);
    expect(bench.setLevel('a', level)).toBe(status);
    expect(a.taken()).toEqual([]);
  });
});

describe('the mode', () => {
  it('reaches the driver unless it is so', () => {
    const { bench, a } = make({ ...LIST, modes: [9] });
    for (const mode of [0, 7, 7, 9, 9, 0, 0]) expect(bench.setMode('a', mode)).toBe('SUCCESS');
    expect(a.taken()).toEqual(['mode 7', 'mode 9', 'mode 0']);
  });

  it.each<readonly [string, VoltageDriverFacts, number, string]>([
    ['that is reserved', LIST, 1, 'E_PARAM'],
    ['that it does not have', { ...LIST, modes: [9] }, 8, 'E_PARAM'],
    ['of a supply that can’t be switched', { ...LIST, switchable: false }, 7, 'E_SUPPORT'],
    ['of a read-only supply', { ...LIST, readOnly: true }, 7, 'E_ACCESS'],
  ])('is not set: %s', (_what, facts, mode, status) => {
    const { bench, a } = make(facts);
    expect(bench.setMode('a', mode)).toBe(status);
    expect(a.taken()).toEqual([]);
  });
});

describe('every operation', () => {
  it('answers E_PARAM for an id that is no supply', () => {
    const { domains } = make().bench;
    for (const id of [elementId(1, 2), elementId(0, 0)]) {
      const out = { value: 0 };
      expect([
        domains.getLevel(id, out),
        domains.getMode(id, out),
        domains.setLevel(id, 800),
        domains.setMode(id, 7),
      ]).toEqual(Array(4).fill(Status.E_PARAM));
    }
  });

  it('answers what the driver says', () => {
    const { bench, a } = make();
    a.status = Status.E_DEVICE;
    a.readStatus = Status.E_TIMEOUT;
    expect([bench.setLevel('a', 900), bench.setMode('a', 7)]).toEqual(['E_DEVICE', 'E_DEVICE']);
    const out = { value: 0 };
    expect(bench.domains.getLevel(bench.id('a'), out)).toBe(Status.E_TIMEOUT);
    expect(bench.domains.getMode(bench.id('a'), out)).toBe(Status.E_TIMEOUT);
    expect(bench.setLevel('b', 900)).toBe('SUCCESS');
  });
});

describe('what takes time', () => {
  it.each([
    ['a level', (bench: VoltageBench) => bench.beginLevel('a', 900)],
    ['a mode', (bench: VoltageBench) => bench.beginMode('a', 7)],
  ])('is answered to the user when it ends: %s', (_what, begin) => {
    const { bench, a } = make();
    a.status = Status.PENDING;
    expect(begin(bench)).toBe('PENDING');
    expect([bench.beginLevel('a', 1000), bench.beginMode('a', 7)]).toEqual(['E_BUSY', 'E_BUSY']);
    expect([bench.level('a'), bench.mode('a')]).toEqual([800, 0]);
    expect(bench.setLevel('b', 900)).toBe('SUCCESS');
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
    expect(bench.host.logged()[0]).toBe('[VOLTAGE] a: its driver completes what is not under way');
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
          if (round === 0) framework.bind(moduleId(1), VOLTAGE_DOMAIN);
        },
      }),
    };
    expect(() => new VoltageBench(configure(careless, undefined), [])).toThrow('VOLTAGE_DOMAIN_CLIENT of careless');
    expect(() => new VoltageBench(fakeVoltageDriver({}), [])).not.toThrow();
  });
});
