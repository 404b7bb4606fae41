// SPDX-License-Identifier: BSD-3-Clause
/** What a product says of domains, and what the HAL makes of ids; with the drivers that products use. */
import { configure, elementId, Framework, moduleId, type ModuleDefinition, Status } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { DVFS } from '@scp/dvfs/api';
import schema, { type DvfsElementConfig } from '@scp/dvfs/schema';
import { type DomainPlan, DvfsBench, dvfsModules, FakeBoard } from '@scp/dvfs/testing';
import mockPsu from '@scp/mock-psu';
import systemPll from '@scp/system-pll';

const opp = (level: number, voltage: number, frequency?: number) => ({
  level,
  voltage,
  power: 0,
  ...(frequency === undefined ? {} : { frequency }),
});
const OPPS = [opp(100, 600_000), opp(200, 700_000)];

const make = (plan: Partial<DomainPlan> = {}) => {
  const board = new FakeBoard(['a']);
  return new DvfsBench(board.module, { a: { opps: OPPS, ...plan } });
};
const config = (plan: Partial<DvfsElementConfig> = {}): DvfsElementConfig => ({
  clock: elementId(1, 0),
  supply: elementId(2, 0),
  opps: OPPS,
  latency: 0,
  rateLimit: 0,
  levelIndexing: false,
  retries: 4,
  ...plan,
});

describe('what is known of a domain', () => {
  it('is what the product says, with frequencies of levels in kHz and the highest level as the sustained one', () => {
    const bench = make();
    expect(bench.dvfs.info(bench.id('a'))).toEqual({
      name: 'a',
      opps: [
        { level: 100, frequency: 100_000, voltage: 600_000, power: 0 },
        { level: 200, frequency: 200_000, voltage: 700_000, power: 0 },
      ],
      sustained: 1,
      latency: 0,
      rateLimit: 0,
      levelIndexing: false,
    });
    expect(bench.opp('a')).toBe(1);
  });

  it('is all that can be said', () => {
    const opps = [{ level: 1, frequency: 5_000_000, voltage: 1, power: 77 }, opp(2, 1, 6_000_000)];
    const bench = make({ opps, sustained: 1, latency: 1200, rateLimit: 50, levelIndexing: true });
    expect(bench.dvfs.info(bench.id('a'))).toEqual({
      name: 'a',
      opps,
      sustained: 0,
      latency: 1200,
      rateLimit: 50,
      levelIndexing: true,
    });
    expect(bench.opp('a')).toBe(0);
  });
});

describe('every operation', () => {
  it('knows what is no domain and no operating point', () => {
    const { dvfs, id } = (bench => ({ dvfs: bench.dvfs, id: bench.id('a') }))(make());
    for (const none of [elementId(3, 1), elementId(0, 0), elementId(1, 0)]) {
      expect([dvfs.info(none), dvfs.opp(none), dvfs.underWay(none), dvfs.setOpp(none, 0, 0)]).toEqual([
        undefined,
        -1,
        0,
        Status.E_PARAM,
      ]);
    }
    for (const none of [-1, 2, 0.5, 0xffffffff]) expect(dvfs.setOpp(id, none, 0)).toBe(Status.E_RANGE);
  });

  it('is for users who can be told', () => {
    const careless: ModuleDefinition = {
      name: 'careless',
      type: 'SERVICE',
      create: framework => ({
        init: () => undefined,
        bind: (_id, round) => {
          if (round === 0) framework.bind(moduleId(3), DVFS);
        },
      }),
    };
    const board = new FakeBoard(['a']);
    const modules = [...dvfsModules(0, board.module, { a: { opps: OPPS } }), configure(careless, undefined)];
    const framework = new Framework({ name: 'bench', version: '0', modules }, new TestHost());
    expect(() => framework.start()).toThrow('DVFS_CLIENT of careless');
  });
});

describe('a domain is refused, when the product is built and when it starts:', () => {
  it.each<readonly [string, Partial<DvfsElementConfig>, string]>([
    ['levels that descend', { opps: [opp(2, 1), opp(1, 1)] }, 'levels must ascend, but 2 comes before 1'],
    ['a level twice', { opps: [opp(2, 1), opp(2, 1)] }, 'levels must ascend, but 2 comes before 2'],
    [
      'a frequency twice',
      { opps: [opp(1, 1, 5000), opp(2, 1, 5000)] },
      'frequencies must ascend with levels, but level 2 has 5000 Hz after 5000 Hz',
    ],
    [
      'a voltage that falls',
      { opps: [opp(1, 2), opp(2, 1)] },
      'level 2 has 1 µV, less than the 2 µV of the slower level 1',
    ],
    ['a part of a kHz', { opps: [opp(1, 1, 1500)] }, 'frequency 1500 of level 1: whole kHz, 1 to 2^32 - 1'],
    ['a frequency of nothing', { opps: [opp(1, 1, 0)] }, 'frequency 0 of level 1: whole kHz, 1 to 2^32 - 1'],
    [
      'a frequency beyond a word',
      { opps: [opp(1, 1, 2 ** 32 * 1000)] },
      'frequency 4294967296000 of level 1: whole kHz, 1 to 2^32 - 1',
    ],
    ['a sustained level it does not have', { sustained: 150 }, 'the sustained level 150 is not one of its levels'],
  ])('%s', (_what, plan, text) => {
    expect(schema.check({}, [{ name: 'a', config: config(plan) }])).toEqual([
      { path: ['elements', 'a'], message: text },
    ]);
    expect(() => make(plan)).toThrow(text);
  });

  it.each(['clock', 'supply'] as const)('the %s of another domain', key => {
    const other = { clock: elementId(1, 1), supply: elementId(2, 1), [key]: config()[key] };
    const elements = [
      { name: 'a', config: config() },
      { name: 'b', config: config(other) },
    ];
    expect(schema.check({}, elements)).toEqual([
      {
        path: ['elements', 'b', key],
        message: `has the ${key} of a, and two domains would change each other’s`,
        hint: `a ${key} of its own`,
      },
    ]);
    const modules = dvfsModules(0, new FakeBoard(['a', 'b']).module, { a: { opps: OPPS }, b: { opps: OPPS } });
    const dvfs = modules[3];
    if (dvfs === undefined) throw new Error('no dvfs module');
    const clashing = [...modules.slice(0, 3), configure(dvfs.definition, {}, elements)];
    const framework = new Framework({ name: 'bench', version: '0', modules: clashing }, new TestHost());
    expect(() => framework.start()).toThrow(`element b: has the ${key} of a; each domain has its own`);
  });
});

describe('a domain is refused when it starts:', () => {
  const start = (opps: DomainPlan['opps']) => {
    const pll = { range: { min: 100_000, max: 1_000_000, step: 100_000 }, on: true, lock: 0 };
    const psu = { range: { min: 500_000, max: 1_000_000, step: 50_000 }, on: true, delay: 0 };
    return () =>
      new DvfsBench(
        configure(systemPll, {}, [{ name: 'a', config: pll }]),
        { a: { opps } },
        configure(mockPsu, {}, [{ name: 'a', config: psu }]),
      );
  };

  it('a frequency its clock can’t have', () => {
    expect(start([opp(150, 500_000)])).toThrow('element a: clock a can’t have 150000 Hz, of level 150');
    expect(start([opp(2000, 500_000)])).toThrow('clock a can’t have 2000000 Hz, of level 2000');
  });

  it('a voltage its supply can’t have', () => {
    expect(start([opp(100, 510_000)])).toThrow('element a: supply a can’t have 510000 µV, of level 100');
    expect(start([opp(100, 450_000)])).toThrow('supply a can’t have 450000 µV, of level 100');
  });

  it('not one that fits', () => {
    expect(start([opp(100, 500_000), opp(200, 550_000)])).not.toThrow();
  });
});

describe('what Linux would misunderstand', () => {
  it.each<readonly [string, Partial<DvfsElementConfig>, number | undefined]>([
    ['levels in kHz', {}, undefined],
    ['levels in MHz', { opps: [opp(1, 1, 1_000_000), opp(2, 1, 2_000_000)] }, undefined],
    ['levels that follow from nothing', { opps: [opp(1, 1, 1_000_000), opp(2, 1, 2_500_000)] }, 1],
    [
      'those with level indexing',
      { opps: [opp(1, 1, 1_000_000), opp(2, 1, 2_500_000)], levelIndexing: true },
      undefined,
    ],
  ])('is warned of: %s', (_what, plan, level) => {
    const problems = schema.check({}, [{ name: 'a', config: config(plan) }]);
    expect(problems.map(({ warning, message }) => [warning, message.includes(`level ${level ?? ''} for`)])).toEqual(
      level === undefined ? [] : [[true, true]],
    );
  });
});

describe('with PLLs that lock and supplies that take time', () => {
  const bench = (lock: number, delay: number) =>
    new DvfsBench(
      configure(systemPll, {}, [{ name: 'a', config: { range: { min: 0, max: 1e9, step: 1 }, on: true, lock } }]),
      { a: { opps: [...OPPS, opp(300, 800_000)], sustained: 100 } },
      configure(mockPsu, {}, [{ name: 'a', config: { on: true, delay } }]),
    );

  it.each([
    [0, 0, 0],
    [100, 0, 100],
    [0, 300, 300],
    [100, 300, 400],
  ])('of %i µs and %i µs a transition takes %i µs', (lock, delay, total) => {
    const one = bench(lock, delay);
    for (const opp of [2, 0]) {
      const status = one.set('a', opp);
      expect(status).toBe(total === 0 ? 'SUCCESS' : 'PENDING');
      if (total === 0) continue;
      one.advance(total - 1);
      expect(one.outcomes).toEqual([]);
      one.advance(1);
      expect([one.outcomes.splice(0), one.opp('a')]).toEqual([[['a', 'SUCCESS']], opp]);
    }
  });

  it('one that is wanted meanwhile follows', () => {
    const one = bench(100, 300);
    one.set('a', 2, 1);
    one.set('a', 1, 2);
    one.advance(799);
    expect(one.changes).toEqual([['a', 2, 1]]);
    one.advance(1);
    expect([one.changes, one.opp('a')]).toEqual([
      [
        ['a', 2, 1],
        ['a', 1, 2],
      ],
      1,
    ]);
  });
});
