// SPDX-License-Identifier: BSD-3-Clause
import { type Alarm, defineEvent, type Framework, LogLevel, moduleId, Status } from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { build, define } from './support.ts';

const OWNER = moduleId(0);

/** A host like a real one: an alarm that it has delivered is not there any more, so it must be asked again. */
class OneShotHost extends TestHost {
  /** The deadlines asked for, in order. */
  readonly asked: number[] = [];
  private clock = 0;

  override arm(deadline: number): void {
    this.asked.push(deadline);
    super.arm(deadline);
  }

  override now(): number {
    return this.clock;
  }

  /** Moves the clock without polling. */
  moveTo(time: number): void {
    this.clock = time;
  }

  /** Moves the clock to `end`, polling only when the alarm goes off. */
  deliver(framework: Framework, end: number): void {
    for (let polls = 0; this.deadline <= end; polls++) {
      if (polls > 2000) throw new Error('the alarm does not come to rest');
      this.moveTo(Math.max(this.deadline, this.clock));
      super.arm(Infinity);
      framework.poll();
    }
    this.moveTo(end);
  }
}

const start = () => {
  const host = new OneShotHost();
  const { framework } = build([define('a')], {}, host);
  framework.start();
  host.lines.length = 0;
  const fired: string[] = [];
  const alarm = (name: string, then: () => void = () => undefined): Alarm =>
    framework.createAlarm(OWNER, () => {
      fired.push(`${name}@${host.now()}`);
      then();
    });
  return { framework, host, fired, alarm };
};

describe('an alarm', () => {
  it('is stopped when it is made', () => {
    const { host, alarm } = start();
    const made = alarm('a');
    expect([made.running, made.deadline, made.owner]).toEqual([false, Infinity, OWNER]);
    expect(host.asked).toEqual([]);
  });

  it('fires once, not before its time', () => {
    const { framework, host, fired, alarm } = start();
    const once = alarm('a');
    once.start(100);
    expect([once.running, once.deadline, host.deadline]).toEqual([true, 100, 100]);
    host.moveTo(99);
    framework.poll();
    expect(fired).toEqual([]);
    host.deliver(framework, 1000);
    expect(fired).toEqual(['a@100']);
    expect([once.running, once.deadline, host.deadline]).toEqual([false, Infinity, Infinity]);
  });

  it('starts over when it is started again', () => {
    const { framework, host, fired, alarm } = start();
    const again = alarm('a');
    again.start(100);
    host.moveTo(60);
    again.start(100);
    expect(again.deadline).toBe(160);
    host.deliver(framework, 1000);
    expect(fired).toEqual(['a@160']);
    again.start(5);
    host.deliver(framework, 2000);
    expect(fired).toEqual(['a@160', 'a@1005']);
  });

  it('does not fire once it is stopped', () => {
    const { framework, host, fired, alarm } = start();
    const stopped = alarm('a');
    stopped.start(100);
    alarm('b').start(200);
    stopped.stop();
    expect([stopped.running, stopped.deadline, host.deadline]).toEqual([false, Infinity, 200]);
    stopped.stop();
    host.deliver(framework, 1000);
    expect(fired).toEqual(['b@200']);
  });

  it('fires at once for a delay that is none', () => {
    const { framework, host, fired, alarm } = start();
    host.moveTo(50);
    alarm('zero').start(0);
    alarm('negative').start(-10);
    framework.poll();
    expect(fired).toEqual(['zero@50', 'negative@50']);
  });

  it('runs outside any event: what it puts goes to the target’s context, from the source it names', () => {
    const TICK = defineEvent('TICK');
    const sources: number[] = [];
    const { framework, host } = build([
      define(
        'a',
        () => ({
          processEvent: event => {
            sources.push(event.source);
            return Status.SUCCESS;
          },
        }),
        { events: [TICK] },
      ),
      define('b'),
    ]);
    framework.start();
    framework.createAlarm(OWNER, () => framework.put(TICK, moduleId(1), moduleId(0))).start(10);
    host.advance(framework, 10);
    expect(sources).toEqual([moduleId(1)]);
  });

  it('does not fire before the start is complete', () => {
    const fired: number[] = [];
    const { framework } = build([
      define('a', self => ({
        init: () => self.createAlarm(OWNER, () => fired.push(0)).start(0),
        start: () => expect(self.poll()).toBe(false),
      })),
    ]);
    framework.start();
    expect(fired).toEqual([]);
    framework.poll();
    expect(fired).toEqual([0]);
  });
});

describe('a periodic alarm', () => {
  it('fires every period until it is stopped', () => {
    const { framework, host, fired, alarm } = start();
    const periodic = alarm('a');
    periodic.startPeriodic(100);
    expect(fired).toEqual([]);
    host.deliver(framework, 350);
    expect(fired).toEqual(['a@100', 'a@200', 'a@300']);
    expect([periodic.running, periodic.deadline]).toEqual([true, 400]);
    periodic.stop();
    expect(host.deadline).toBe(Infinity);
    host.deliver(framework, 1000);
    expect(fired).toHaveLength(3);
  });

  it.each([
    [100, 200],
    [199, 200],
    [200, 300],
    [299, 300],
    [1050, 1100],
  ])('polled at %i only, fires once and skips what it missed: next at %i', (now, next) => {
    const { framework, host, fired, alarm } = start();
    const periodic = alarm('a');
    periodic.startPeriodic(100);
    host.moveTo(now);
    framework.poll();
    expect(fired).toEqual([`a@${now}`]);
    expect([periodic.deadline, host.deadline]).toEqual([next, next]);
    framework.poll();
    expect(fired).toHaveLength(1);
  });

  it('has a period of at least 1 µs', () => {
    const { framework, host, fired, alarm } = start();
    alarm('a').startPeriodic(0);
    host.deliver(framework, 3);
    expect(fired).toEqual(['a@1', 'a@2', 'a@3']);
  });

  it('can stop itself, or become an alarm for once, in its callback', () => {
    const { framework, host, fired, alarm } = start();
    const stopping: Alarm = alarm('stop', () => stopping.stop());
    stopping.startPeriodic(10);
    let left = 1;
    const changing: Alarm = alarm('once', () => left-- > 0 && changing.start(5));
    changing.startPeriodic(20);
    host.deliver(framework, 1000);
    expect(fired).toEqual(['stop@10', 'once@20', 'once@25']);
    expect([stopping.running, changing.running]).toEqual([false, false]);
  });

  it('has the period it was started with last', () => {
    const { framework, host, fired, alarm } = start();
    const periodic = alarm('a');
    periodic.startPeriodic(10);
    periodic.startPeriodic(25);
    host.deliver(framework, 50);
    expect(fired).toEqual(['a@25', 'a@50']);
  });
});

describe('several alarms', () => {
  it('fire in the order of their deadlines, those of one deadline in the order they were started', () => {
    const { framework, host, fired, alarm } = start();
    for (const [name, delay] of [
      ['d', 40],
      ['b', 20],
      ['c1', 30],
      ['a', 10],
      ['c2', 30],
      ['e', 50],
    ] as const) {
      alarm(name).start(delay);
    }
    host.moveTo(45);
    framework.poll();
    expect(fired).toEqual(['a@45', 'b@45', 'c1@45', 'c2@45', 'd@45']);
    expect(host.deadline).toBe(50);
  });

  it('have the host asked for the earliest, and only when that changes', () => {
    const { host, alarm } = start();
    const [a, b, c] = [alarm('a'), alarm('b'), alarm('c')];
    a.start(100);
    b.start(200);
    c.start(50);
    c.stop();
    b.stop();
    a.stop();
    expect(host.asked).toEqual([100, 50, 100, Infinity]);
  });

  it('have the host asked for the time of a poll only while one is pending', () => {
    const { framework, host, alarm } = start();
    const [a, b] = [alarm('a'), alarm('b')];
    a.start(100);
    b.start(200);
    const now = jest.spyOn(host, 'now');
    framework.poll();
    expect(now).toHaveBeenCalledTimes(1);
    a.stop();
    b.stop();
    now.mockClear();
    framework.poll();
    expect(now).not.toHaveBeenCalled();
  });

  it('can stop each other while they are due', () => {
    const { framework, host, fired, alarm } = start();
    const b = alarm('b');
    const a = alarm('a', () => b.stop());
    a.start(10);
    b.start(10);
    alarm('c').start(10);
    host.deliver(framework, 100);
    expect(fired).toEqual(['a@10', 'c@10']);
  });

  it('can put each other off while they are due', () => {
    const { framework, host, fired, alarm } = start();
    const b = alarm('b');
    alarm('a', () => b.start(5)).start(10);
    b.start(10);
    host.deliver(framework, 100);
    expect(fired).toEqual(['a@10', 'b@15']);
  });

  it('fire at most once a poll, even one that is due again at once', () => {
    const { framework, host, fired, alarm } = start();
    const b = alarm('b');
    let left = 3;
    const a: Alarm = alarm('a', () => {
      b.stop();
      if (--left > 0) a.start(0);
    });
    a.start(10);
    b.start(10);
    alarm('c').start(10);
    alarm('far').start(500);
    host.moveTo(10);
    framework.poll();
    expect(fired).toEqual(['a@10', 'c@10']);
    // The host's alarm has gone off, so it has to be asked again, though for the same time.
    expect(host.asked).toEqual([10, 10]);
    host.deliver(framework, 100);
    expect(fired).toEqual(['a@10', 'c@10', 'a@10', 'a@10']);
    expect(host.deadline).toBe(500);
  });

  it('all fire when one throws, which is logged with its owner', () => {
    const { framework, host, fired, alarm } = start();
    const fail = (): never => {
      throw new RangeError('boom');
    };
    alarm('a', fail).start(10);
    const periodic = alarm('b', fail);
    periodic.startPeriodic(10);
    alarm('c').start(10);
    alarm('d').start(30);
    host.moveTo(10);
    framework.poll();
    expect(fired).toEqual(['a@10', 'b@10', 'c@10']);
    expect([periodic.deadline, host.deadline]).toEqual([20, 20]);
    const faults = host.logged(LogLevel.CRIT).filter(line => line.startsWith('[FWK]'));
    expect(faults).toEqual(['[FWK] Alarm of a: RangeError: boom', '[FWK] Alarm of a: RangeError: boom']);
    host.deliver(framework, 30);
    expect(fired).toEqual(['a@10', 'b@10', 'c@10', 'b@20', 'd@30', 'b@30']);
  });

  it('that throw again and again don’t flood the log', () => {
    const { framework, host, alarm } = start();
    alarm('a', () => {
      throw new Error('boom');
    }).startPeriodic(10);
    host.deliver(framework, 10_000);
    expect(host.logged().filter(line => line.startsWith('[FWK] Alarm'))).toHaveLength(10);
  });
});

describe('the test host', () => {
  it('stops at each deadline on its way', () => {
    const { framework, host } = build([define('a')]);
    framework.start();
    const times: number[] = [];
    framework.createAlarm(OWNER, () => times.push(host.now())).startPeriodic(30);
    host.advance(framework, 100);
    expect(times).toEqual([30, 60, 90]);
    expect([host.now(), host.deadline]).toEqual([100, 120]);
  });
});
