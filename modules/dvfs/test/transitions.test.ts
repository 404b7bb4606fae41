// SPDX-License-Identifier: BSD-3-Clause
/** The way from one operating point to the next: its order, what takes time, what fails, and what is wanted meanwhile. */
import { Status } from '@scp/framework';
import { type DomainPlan, DvfsBench, FakeBoard } from '@scp/dvfs/testing';

const OPPS = [
  { level: 500, frequency: 500_000, voltage: 600_000, power: 0 },
  { level: 1000, frequency: 1_000_000, voltage: 800_000, power: 0 },
  { level: 1500, frequency: 1_500_000, voltage: 800_000, power: 0 },
  { level: 2000, frequency: 2_000_000, voltage: 1_000_000, power: 0 },
];
/** The least voltage for a rate. */
const needed = (rate: number): number => OPPS.find(opp => opp.frequency >= rate)?.voltage ?? Infinity;

/** A domain `a` in its second operating point, and a domain `b`. */
function make(plan: Partial<DomainPlan> = {}, prepare: (board: FakeBoard) => void = () => undefined) {
  const board = new FakeBoard(['a', 'b']);
  prepare(board);
  const bench = new DvfsBench(board.module, {
    a: { opps: OPPS, sustained: 1000, ...plan },
    b: { opps: OPPS, sustained: 1000 },
  });
  board.taken();
  const unsafe: string[] = [];
  board.watch = (name, rate, voltage) => {
    if (voltage < needed(rate)) unsafe.push(`${name}: ${rate} Hz at ${voltage} µV`);
  };
  return { board, bench, unsafe };
}

/** Clock and supply of `a` need time; both go on only when told to. */
const slow = (board: FakeBoard) => board.slowClocks.add('a');
const answerSlow = (board: FakeBoard) => {
  board.answers.set('a rate', Status.PENDING);
  board.answers.set('a voltage', Status.PENDING);
};

describe('at the start', () => {
  it.each([
    ['from below', 100, 0, ['a voltage 800000', 'a rate 1000000']],
    ['from above', 3_000_000, 2_000_000, ['a rate 1000000', 'a voltage 800000']],
    ['from a voltage that is too low for what it will be', 3_000_000, 0, ['a voltage 800000', 'a rate 1000000']],
    ['from there', 1_000_000, 800_000, []],
  ])('a domain comes to its sustained level: %s', (_what, rate, voltage, calls) => {
    const board = new FakeBoard(['a']);
    board.put('a', rate, voltage);
    const bench = new DvfsBench(board.module, { a: { opps: OPPS, sustained: 1000 } });
    expect(board.taken()).toEqual(calls);
    expect([bench.opp('a'), board.at('a'), bench.changes]).toEqual([1, [1_000_000, 800_000], []]);
  });

  it.each([
    ['voltage', 'dvfs, element a: it does not come to level 1000 at the start: E_DEVICE'],
    ['rate', 'dvfs, element a: it does not come to level 1000 at the start: E_DEVICE'],
  ])('a failure of its %s ends the start, also when it would be tried again', (operation, text) => {
    expect(() => make({ retry: 10 }, board => board.answers.set(`a ${operation}`, Status.E_DEVICE))).toThrow(text);
  });
});

describe('a transition', () => {
  it.each([
    ['up', 3, ['a voltage 1000000', 'a rate 2000000']],
    ['down', 0, ['a rate 500000', 'a voltage 600000']],
    ['up at the same voltage', 2, ['a rate 1500000']],
    ['to where it is', 1, []],
  ])('%s sets voltage and frequency in order', (_what, opp, calls) => {
    const { board, bench, unsafe } = make();
    expect(bench.set('a', opp, 7)).toBe('SUCCESS');
    expect(board.taken()).toEqual(calls);
    expect(board.at('a')).toEqual([OPPS[opp]?.frequency, OPPS[opp]?.voltage]);
    expect([bench.opp('a'), bench.opp('b')]).toEqual([opp, 1]);
    expect(bench.changes).toEqual(opp === 1 ? [] : [['a', opp, 7]]);
    expect([unsafe, bench.outcomes]).toEqual([[], []]);
  });

  it('between two levels of one voltage changes the clock in both directions', () => {
    const { board, bench } = make();
    bench.set('a', 2);
    bench.set('a', 1);
    expect(board.taken()).toEqual(['a rate 1500000', 'a rate 1000000']);
  });
});

describe('a driver that fails', () => {
  it.each([
    ['up, the voltage', 3, 'voltage', ['a voltage 1000000']],
    ['up, the frequency', 3, 'rate', ['a voltage 1000000', 'a rate 2000000', 'a voltage 800000']],
    ['down, the frequency', 0, 'rate', ['a rate 500000']],
    ['down, the voltage', 0, 'voltage', ['a rate 500000', 'a voltage 600000', 'a rate 1000000']],
  ])('at once leaves the domain where it was: %s', (_what, opp, operation, calls) => {
    const { board, bench, unsafe } = make();
    board.once.set(`a ${operation}`, [Status.E_DEVICE]);
    expect(bench.set('a', opp)).toBe('E_DEVICE');
    expect(board.taken()).toEqual(calls);
    expect([bench.opp('a'), board.at('a')]).toEqual([1, [1_000_000, 800_000]]);
    expect([bench.changes, bench.outcomes, unsafe]).toEqual([[], [], []]);
    expect(bench.set('a', opp)).toBe('SUCCESS');
  });

  it('on the way back too leaves more voltage than needed, and the next transition sets it right', () => {
    const { board, bench, unsafe } = make();
    board.answers.set('a rate', Status.E_DEVICE);
    board.once.set('a voltage', [Status.SUCCESS, Status.E_TIMEOUT]);
    expect(bench.set('a', 3)).toBe('E_DEVICE');
    expect([bench.opp('a'), board.at('a')]).toEqual([1, [1_000_000, 1_000_000]]);
    expect(bench.set('a', 1)).toBe('SUCCESS');
    expect(board.at('a')).toEqual([1_000_000, 800_000]);
    expect(unsafe).toEqual([]);
  });

  it('on the way back from down leaves the domain where its clock is, and tells so', () => {
    const { board, bench } = make();
    board.once.set('a rate', [Status.SUCCESS, Status.E_TIMEOUT]);
    board.answers.set('a voltage', Status.E_DEVICE);
    expect(bench.set('a', 0, 7)).toBe('E_DEVICE');
    expect([bench.opp('a'), board.at('a')]).toEqual([0, [500_000, 800_000]]);
    expect(bench.changes).toEqual([['a', 0, 0]]);
  });

  it('does not touch other domains', () => {
    const { board, bench } = make();
    board.answers.set('a voltage', Status.E_DEVICE);
    expect([bench.set('a', 3), bench.set('b', 3)]).toEqual(['E_DEVICE', 'SUCCESS']);
  });
});

describe('a transition that is tried again', () => {
  it('succeeds when the driver does', () => {
    const { board, bench, unsafe } = make({ retry: 100 });
    board.once.set('a rate', [Status.E_BUSY, Status.E_BUSY]);
    expect(bench.set('a', 3, 7)).toBe('PENDING');
    expect(board.taken()).toEqual(['a voltage 1000000', 'a rate 2000000']);
    expect(bench.dvfs.underWay(bench.id('a'))).toBe(1);
    bench.advance(99);
    expect(board.taken()).toEqual([]);
    bench.advance(1);
    // What has been reached is not set again.
    expect(board.taken()).toEqual(['a rate 2000000']);
    bench.advance(100);
    expect(board.taken()).toEqual(['a rate 2000000']);
    expect([bench.opp('a'), bench.outcomes, bench.changes]).toEqual([3, [['a', 'SUCCESS']], [['a', 3, 7]]]);
    expect(unsafe).toEqual([]);
  });

  it.each([
    [1, 2],
    [4, 5],
  ])('at most %i times, then goes back', (retries, tries) => {
    const { board, bench, unsafe } = make({ retry: 100, retries });
    board.answers.set('a rate', Status.E_DEVICE);
    bench.set('a', 3);
    bench.advance(10_000);
    expect(board.taken()).toEqual([
      'a voltage 1000000',
      ...Array<string>(tries).fill('a rate 2000000'),
      'a voltage 800000',
    ]);
    expect([bench.opp('a'), bench.outcomes, bench.changes]).toEqual([1, [['a', 'E_DEVICE']], []]);
    expect(bench.host.logged()).toEqual(['[DVFS] a does not come to level 2000: E_DEVICE']);
    expect(unsafe).toEqual([]);
  });

  it('gives way to what is wanted meanwhile, which has its own tries', () => {
    const { board, bench } = make({ retry: 100, retries: 1 });
    board.once.set('a rate', [Status.E_BUSY, Status.E_BUSY]);
    bench.set('a', 3, 7);
    expect(bench.set('a', 0, 8)).toBe('PENDING');
    expect(bench.dvfs.underWay(bench.id('a'))).toBe(2);
    bench.advance(100);
    expect(bench.outcomes).toEqual([['a', 'E_OVERWRITTEN']]);
    bench.advance(100);
    expect([bench.opp('a'), bench.outcomes, bench.changes]).toEqual([
      0,
      [
        ['a', 'E_OVERWRITTEN'],
        ['a', 'SUCCESS'],
      ],
      [['a', 0, 8]],
    ]);
    expect(board.at('a')).toEqual([500_000, 600_000]);
    expect(bench.host.logged()).toEqual([]);
  });

  it('fails often with little in the log', () => {
    const { board, bench } = make({ retry: 1 });
    board.answers.set('a voltage', Status.E_DEVICE);
    for (let time = 0; time < 200; time++) {
      bench.set('a', 3);
      bench.advance(10);
    }
    expect(bench.outcomes).toHaveLength(200);
    expect(bench.host.logged().length).toBeLessThan(20);
  });
});

describe('drivers that need time', () => {
  it.each([
    ['up', 3, ['voltage', 'rate'], ['a voltage 1000000', 'a rate 2000000']],
    ['down', 0, ['rate', 'voltage'], ['a rate 500000', 'a voltage 600000']],
    ['up at the same voltage', 2, ['rate'], ['a rate 1500000']],
  ] as const)('are waited for, one after the other: %s', (_what, opp, order, calls) => {
    const { board, bench, unsafe } = make({}, slow);
    answerSlow(board);
    expect(bench.set('a', opp, 7)).toBe('PENDING');
    for (const [at, operation] of order.entries()) {
      bench.advance(0);
      expect(board.taken()).toEqual([calls[at]]);
      expect([bench.opp('a'), bench.outcomes, bench.dvfs.underWay(bench.id('a'))]).toEqual([1, [], 1]);
      board.finish('a', operation);
      bench.advance(0);
    }
    expect(board.taken()).toEqual([]);
    expect([bench.opp('a'), bench.outcomes, bench.changes]).toEqual([opp, [['a', 'SUCCESS']], [['a', opp, 7]]]);
    expect([bench.dvfs.underWay(bench.id('a')), unsafe]).toEqual([0, []]);
  });

  it('fail later, and then the domain goes back and the user is told', () => {
    const { board, bench, unsafe } = make({}, slow);
    answerSlow(board);
    bench.set('a', 3);
    board.finish('a', 'voltage');
    bench.advance(0);
    board.finish('a', 'rate', Status.E_TIMEOUT);
    bench.advance(0);
    expect(board.taken()).toEqual(['a voltage 1000000', 'a rate 2000000', 'a voltage 800000']);
    expect(bench.outcomes).toEqual([]);
    board.finish('a', 'voltage');
    bench.advance(0);
    expect([bench.opp('a'), bench.outcomes, bench.changes]).toEqual([1, [['a', 'E_TIMEOUT']], []]);
    expect(unsafe).toEqual([]);
  });

  it('leave other domains alone', () => {
    const { board, bench } = make({}, slow);
    answerSlow(board);
    bench.set('a', 3);
    expect(bench.set('b', 3)).toBe('SUCCESS');
  });

  it('may answer at once all the same', () => {
    const { board, bench } = make({}, slow);
    expect(bench.set('a', 3)).toBe('PENDING');
    bench.advance(0);
    expect([bench.opp('a'), bench.outcomes]).toEqual([3, [['a', 'SUCCESS']]]);
    expect(board.taken()).toEqual(['a voltage 1000000', 'a rate 2000000']);
  });

  it('are not heard after the stop', () => {
    const { board, bench } = make({}, slow);
    answerSlow(board);
    bench.set('a', 3);
    expect(bench.framework.stop()).toEqual([]);
    bench.advance(1000);
    expect([board.taken(), bench.outcomes, bench.host.deadline]).toEqual([['a voltage 1000000'], [], Infinity]);
  });

  it('keep the voltage up when the outcome of their clock can’t be told', () => {
    const { board, bench, unsafe } = make();
    board.once.set('a rate', [Status.E_NOMEM]);
    board.answers.set('a rate', Status.E_BUSY);
    expect(bench.set('a', 3)).toBe('E_NOMEM');
    expect(board.taken()).toEqual(['a voltage 1000000', 'a rate 2000000', 'a rate 1000000']);
    expect(board.at('a')[1]).toBe(1_000_000);
    expect(unsafe).toEqual([]);
  });
});

describe('what is wanted while a transition is under way', () => {
  function under() {
    const made = make();
    made.board.answers.set('a voltage', Status.PENDING);
    made.bench.set('a', 3, 1);
    made.board.taken();
    const finish = () => {
      made.board.finish('a', 'voltage');
      made.bench.advance(0);
    };
    return { ...made, finish, underWay: () => made.bench.dvfs.underWay(made.bench.id('a')) };
  }

  it('follows it', () => {
    const { bench, board, finish, underWay } = under();
    expect(bench.set('a', 0, 2)).toBe('PENDING');
    expect([underWay(), board.taken()]).toEqual([2, []]);
    finish();
    expect([underWay(), bench.opp('a')]).toEqual([1, 3]);
    expect(board.taken()).toEqual(['a rate 2000000', 'a rate 500000', 'a voltage 600000']);
    finish();
    expect([underWay(), bench.opp('a')]).toEqual([0, 0]);
    expect(bench.outcomes).toEqual([
      ['a', 'SUCCESS'],
      ['a', 'SUCCESS'],
    ]);
    expect(bench.changes).toEqual([
      ['a', 3, 1],
      ['a', 0, 2],
    ]);
  });

  it('is the last of all that was wanted', () => {
    const { bench, board, finish, underWay } = under();
    for (const opp of [0, 2, 0, 1]) expect(bench.set('a', opp, opp)).toBe('PENDING');
    expect(underWay()).toBe(2);
    finish();
    expect(board.taken()).toEqual(['a rate 2000000', 'a rate 1000000', 'a voltage 800000']);
    finish();
    expect([bench.opp('a'), bench.changes]).toEqual([
      1,
      [
        ['a', 3, 1],
        ['a', 1, 1],
      ],
    ]);
  });

  it('is nothing when it is where the domain is going', () => {
    const { bench, finish, underWay } = under();
    bench.set('a', 0, 2);
    expect(bench.set('a', 3, 3)).toBe('PENDING');
    expect(underWay()).toBe(1);
    finish();
    expect([underWay(), bench.opp('a'), bench.changes]).toEqual([0, 3, [['a', 3, 1]]]);
  });

  it('is tried although the one before has failed', () => {
    const { bench, board } = under();
    bench.set('a', 2, 2);
    board.finish('a', 'voltage', Status.E_DEVICE);
    bench.advance(0);
    expect(bench.outcomes).toEqual([
      ['a', 'E_DEVICE'],
      ['a', 'SUCCESS'],
    ]);
    expect([bench.opp('a'), bench.changes]).toEqual([2, [['a', 2, 2]]]);
  });

  it('can be where the domain was going when it goes back', () => {
    const { bench, board, finish, unsafe, underWay } = under();
    board.once.set('a rate', [Status.E_DEVICE]);
    finish();
    expect(board.taken()).toEqual(['a rate 2000000', 'a voltage 800000']);
    expect(bench.set('a', 3, 2)).toBe('PENDING');
    expect(underWay()).toBe(2);
    finish();
    expect([underWay(), bench.outcomes]).toEqual([1, [['a', 'E_DEVICE']]]);
    finish();
    expect([bench.opp('a'), bench.changes, unsafe]).toEqual([3, [['a', 3, 2]], []]);
  });

  it('may come from whoever is told of the end', () => {
    const { bench, finish } = under();
    bench.set('a', 0, 2);
    bench.onEnded = () => {
      bench.onEnded = undefined;
      expect(bench.set('a', 2, 3)).toBe('PENDING');
    };
    for (let time = 0; time < 3; time++) finish();
    expect(bench.opp('a')).toBe(2);
    expect(bench.outcomes).toHaveLength(3);
  });
});

describe('whatever happens', () => {
  it('the voltage is enough for the frequency, and the last thing wanted comes about', () => {
    // A linear congruential generator: the same in every run.
    let seed = 12345;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 60; round++) {
      const isSlow = random(2) === 1;
      const { board, bench, unsafe } = make(
        random(2) === 1 ? { retry: 50, retries: 2 } : {},
        isSlow ? slow : undefined,
      );
      const outcomes = [Status.SUCCESS, Status.SUCCESS, Status.E_DEVICE, ...(isSlow ? [Status.PENDING] : [])];
      let [pending, wanted] = [0, 1];
      for (let step = 0; step < 80; step++) {
        for (const operation of ['rate', 'voltage'] as const) {
          board.answers.set(`a ${operation}`, outcomes[random(outcomes.length)] ?? Status.SUCCESS);
        }
        if (random(3) === 0) {
          wanted = random(4);
          pending += bench.set('a', wanted) === 'PENDING' ? 1 : 0;
        } else if (random(2) === 0) {
          for (const operation of ['rate', 'voltage'] as const) {
            board.finish('a', operation, random(3) === 0 ? Status.E_TIMEOUT : Status.SUCCESS);
          }
        }
        bench.advance(random(80));
      }
      board.answers.clear();
      for (let time = 0; time < 20; time++) {
        board.finish('a', 'rate');
        board.finish('a', 'voltage');
        bench.advance(1000);
      }
      expect(bench.dvfs.underWay(bench.id('a'))).toBe(0);
      expect(bench.outcomes.length).toBeLessThanOrEqual(pending);
      bench.set('a', wanted);
      bench.advance(1000);
      expect([bench.opp('a'), board.at('a')]).toEqual([wanted, [OPPS[wanted]?.frequency, OPPS[wanted]?.voltage]]);
      expect(unsafe).toEqual([]);
    }
  });
});
