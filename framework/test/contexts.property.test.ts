// SPDX-License-Identifier: BSD-3-Clause
/** Random sequences over two contexts, against a model: a queue, a count of free events and a list of debts for each. */
import * as fc from 'fast-check';
import { configure, defineEvent, elementId, type Event, type Framework, Status } from '@scp/framework';
import { build, define, elements } from './support.ts';

const POOL = 5;
const CHANNELS = [elementId(0, 0), elementId(0, 1)] as const;
const WORK = defineEvent('WORK', ['kind', 'serial']);

/** What a handler does with an event: nothing, promise the answer for later, or put another event to the other channel. */
const Kind = { PLAIN: 0, LATER: 1, CHAIN: 2 } as const;

type ChannelIndex = 0 | 1;
const other = (channel: ChannelIndex): ChannelIndex => (channel === 0 ? 1 : 0);

interface Message {
  readonly kind: number;
  readonly serial: number;
  readonly cookie: number;
  readonly isRequest: boolean;
  readonly isResponse: boolean;
  /** Where it goes; in which context it waits is another matter. */
  readonly to: ChannelIndex;
}

/** What is noted when an event is handled. `chained` is the status of what its handler put. */
const note = ({ isResponse, serial, cookie, to }: Message, chained?: Status): string =>
  `${isResponse ? 'response' : 'event'} ${serial} (${cookie}) to ${to}${chained === undefined ? '' : ` put ${chained}`}`;

class ModelContext {
  readonly waiting: Message[] = [];
  readonly owed: Message[] = [];
  free = POOL;
}

class Model {
  readonly handled: string[] = [];
  readonly contexts = [new ModelContext(), new ModelContext()] as const;
  cookie: number;
  private turns: ChannelIndex[] = [];

  constructor(cookie: number) {
    this.cookie = cookie;
  }

  put(context: ChannelIndex, kind: number, serial: number, isRequest: boolean, to: ChannelIndex): Status {
    const needed = isRequest ? 2 : 1;
    if (this.contexts[context].free < needed) return Status.E_NOMEM;
    this.contexts[context].free -= needed;
    this.append(context, { kind, serial, cookie: ++this.cookie, isRequest, isResponse: false, to });
    return Status.SUCCESS;
  }

  respond(context: ChannelIndex, answer: Message): void {
    const { owed } = this.contexts[context];
    owed.splice(owed.indexOf(answer), 1);
    this.append(context, answer);
  }

  run(budget: number): boolean {
    for (let handled = 0; ; handled++) {
      this.turns = this.turns.filter(context => this.contexts[context].waiting.length > 0);
      const [context] = this.turns;
      if (context === undefined) return false;
      if (handled >= budget) return true;
      this.turns.shift();
      this.handle(context);
      if (this.contexts[context].waiting.length > 0) this.ready(context);
    }
  }

  drain(context: ChannelIndex): number {
    let count = 0;
    for (; this.contexts[context].waiting.length > 0; count++) this.handle(context);
    return count;
  }

  private append(context: ChannelIndex, message: Message): void {
    this.contexts[context].waiting.push(message);
    this.ready(context);
  }

  private ready(context: ChannelIndex): void {
    if (!this.turns.includes(context)) this.turns.push(context);
  }

  private handle(index: ChannelIndex): void {
    const context = this.contexts[index];
    const message = context.waiting.shift();
    if (message === undefined) return;
    const { kind, serial, isRequest, isResponse, to } = message;
    const chains = kind === Kind.CHAIN && !isResponse;
    this.handled.push(note(message, chains ? this.put(index, Kind.PLAIN, -serial, false, other(to)) : undefined));
    if (isRequest) {
      // Channels ask themselves, so the answer goes to where the request went.
      const answer = { ...message, isRequest: false, isResponse: true };
      if (kind === Kind.LATER) context.owed.push(answer);
      else this.append(index, answer);
    }
    context.free++;
  }
}

/** A firmware whose handlers do as the kinds say, and note what they handle. */
function machine(): { framework: Framework; handled: string[]; cookie: number } {
  const handled: string[] = [];
  let cookie = 0;
  const channels = define(
    'channels',
    framework => ({
      elementInit: id => framework.createContext(id),
      processEvent: (event: Event, response: Event) => {
        const to = event.target === CHANNELS[0] ? 0 : 1;
        const kind = event.param(WORK.at.kind);
        const serial = event.param(WORK.at.serial);
        const { isResponse } = event;
        cookie = event.cookie;
        let chained: Status | undefined;
        if (!isResponse && kind === Kind.LATER) response.isDelayed = true;
        if (!isResponse && kind === Kind.CHAIN) {
          chained = framework.put(WORK, event.target, CHANNELS[other(to)], { kind: Kind.PLAIN, serial: -serial });
        }
        handled.push(note({ kind, serial, cookie: event.cookie, isRequest: false, isResponse, to }, chained));
        return Status.SUCCESS;
      },
    }),
    { events: [WORK] },
  );
  const { framework } = build([configure(channels, 0, elements('a', 'b'))], { eventCount: POOL });
  framework.start();
  framework.put(WORK, CHANNELS[0], CHANNELS[0], { kind: Kind.PLAIN, serial: 0 });
  framework.run();
  handled.length = 0;
  return { framework, handled, cookie };
}

const channel = fc.constantFrom<ChannelIndex>(0, 1);
const kind = fc.constantFrom(Kind.PLAIN, Kind.LATER, Kind.CHAIN);
const step = fc.oneof(
  fc.record({ op: fc.constantFrom('put' as const, 'request' as const), channel, kind }),
  fc.record({ op: fc.constant('respond' as const), channel, which: fc.nat(POOL) }),
  fc.record({ op: fc.constant('run' as const), budget: fc.oneof(fc.nat(4), fc.constant(Infinity)) }),
  fc.record({ op: fc.constant('drain' as const), channel }),
);

describe('two contexts', () => {
  it('handle any sequence of put, request, respond, run and drain like two plain queues, and lose nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const { framework, handled, cookie } = machine();
        const model = new Model(cookie);

        const respond = (index: ChannelIndex, which: number): void => {
          const { owed } = model.contexts[index];
          const holder = CHANNELS[index];
          expect(framework.firstOwed(holder)).toBe(owed[0]?.cookie);
          const answer = owed[which % Math.max(1, owed.length)];
          // What the other channel owes is no debt of this one.
          const foreign = model.contexts[other(index)].owed[0]?.cookie ?? 0;
          expect(framework.respond(holder, foreign, Status.SUCCESS)).toBe(Status.E_PARAM);
          if (answer === undefined) return;
          expect(framework.respond(holder, answer.cookie, Status.SUCCESS)).toBe(Status.SUCCESS);
          model.respond(index, answer);
        };
        const send = (index: ChannelIndex, what: number, serial: number, isRequest: boolean): void => {
          const to = CHANNELS[index];
          const params = { kind: what, serial };
          const status = isRequest ? framework.request(WORK, to, to, params) : framework.put(WORK, to, to, params);
          expect(status).toBe(model.put(index, what, serial, isRequest, index));
        };

        steps.forEach((now, at) => {
          if (now.op === 'run') expect(framework.run(now.budget)).toBe(model.run(now.budget));
          else if (now.op === 'drain') expect(framework.drain(CHANNELS[now.channel])).toBe(model.drain(now.channel));
          else if (now.op === 'respond') respond(now.channel, now.which);
          else send(now.channel, now.kind, at + 1, now.op === 'request');
          expect(handled).toEqual(model.handled);
        });

        const settle = () => {
          expect(framework.run()).toBe(false);
          model.run(Infinity);
        };
        settle();
        for (const index of [0, 1] as const) {
          while (model.contexts[index].owed.length > 0) respond(index, 0);
        }
        settle();
        expect(handled).toEqual(model.handled);
        for (const [index, to] of CHANNELS.entries()) {
          expect([model.contexts[index]?.free, framework.firstOwed(to)]).toEqual([POOL, undefined]);
          for (let free = POOL; free > 0; free--) expect(framework.put(WORK, to, to)).toBe(Status.SUCCESS);
          expect(framework.put(WORK, to, to)).toBe(Status.E_NOMEM);
        }
      }),
      { numRuns: 200 },
    );
  });
});
