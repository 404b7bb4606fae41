// SPDX-License-Identifier: BSD-3-Clause
/**
 * One virtio-scmi device: the channel of one agent (VIRTIO 1.2 §5.17).
 *
 * Commands are handled one at a time, in order, in the context of the channel. A kick queues the event RUN. RUN takes a
 * chain, hands the request to the service, whose event lines up behind, and queues RUN again behind that: when it comes,
 * the command has been answered and the next is taken, or it is pending and nothing holds the batch back any longer. The
 * driver is interrupted when the queue is empty, a command is pending, or a batch is full.
 */
import { type Alarm, type ElementId, type Framework, LogLimit, Status } from '@scp/framework';
import type { Page, ScmiService, ScmiTransport } from '@scp/scmi/api';
import type { QueueSetup, VirtioDevice, VirtioTransport } from './api.ts';
import { Chain, Defect, defectText } from './chain.ts';
import { EventQueue, Outcome } from './event-queue.ts';
import { RUN } from './events.ts';
import type { GuestMemory } from './guest-memory.ts';
import { Found, SplitQueue } from './split-queue.ts';
import { Feature, FeatureHigh, SCMI_DEVICE_ID } from './virtio.ts';

/** The command queue and the event queue. */
export const COMMAND_QUEUE = 0;
export const EVENT_QUEUE = 1;

const OFFERED = Feature.SCMI_P2A_CHANNELS | Feature.RING_INDIRECT_DESC | Feature.RING_EVENT_IDX;
/** Shortest request: its header. */
const MIN_REQUEST = 4;
/** Shortest answer: header and status. */
const MIN_RESPONSE = 8;
/** Commands answered before the driver is interrupted although there are more. */
const BATCH = 64;
/** How long to wait when the event pool of the channel is exhausted, µs. */
const RETRY_US = 1000;

/** A device: what the transport drives and the service answers through. */
export class ScmiDevice implements VirtioDevice, ScmiTransport {
  readonly deviceId = SCMI_DEVICE_ID;
  readonly queueCount = 2;
  readonly features = OFFERED;
  readonly featuresHigh = FeatureHigh.VERSION_1;

  private readonly framework: Framework;
  private readonly id: ElementId;
  private readonly name: string;
  private readonly limit: LogLimit;
  private readonly retry: Alarm;
  private readonly gap: number;
  private readonly gapAlarm: Alarm;

  private service: ScmiService | undefined = undefined;
  private request: DataView | undefined = undefined;
  private response: DataView | undefined = undefined;
  private transport: VirtioTransport | undefined = undefined;

  private accepted = 0;
  private memory: GuestMemory | undefined = undefined;
  private commands: SplitQueue | undefined = undefined;
  private readonly commandChain = new Chain();
  private readonly eventChain = new Chain();
  private readonly events: EventQueue;
  /** The page that events came in last, and a view of it. */
  private eventPage: Page | undefined = undefined;
  private eventView: DataView | undefined = undefined;
  /** The index to go on from, of each queue. */
  private readonly resume = [0, 0];

  /** A RUN event is on its way. */
  private scheduled = false;
  /** The service has a command that it has not answered. */
  private busy = false;
  /** Its answer is not wanted any more: the queue was stopped meanwhile. */
  private orphaned = false;
  /** The queue is being stopped: commands under way end, none is taken. */
  private stopping = false;
  /** Chains returned since it was last decided whether to interrupt. */
  private returned = 0;

  /** `responseGap`: µs that a delayed response keeps behind, see the schema. */
  constructor(framework: Framework, id: ElementId, delayedResponses: number, responseGap: number) {
    this.framework = framework;
    this.id = id;
    this.name = framework.nameOf(id);
    this.limit = new LogLimit(framework.host.now());
    this.events = new EventQueue(delayedResponses);
    this.retry = framework.createAlarm(id, () => this.schedule());
    this.gap = responseGap;
    this.gapAlarm = framework.createAlarm(id, () => this.schedule());
  }

  /** Names the service that answers this channel. */
  serve(service: ScmiService): void {
    const view = ({ bytes }: Page): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.service = service;
    this.request = view(service.request);
    this.response = view(service.response);
  }

  // ---------------------------------------------------------------- towards the transport

  attach(transport: VirtioTransport): void {
    this.transport = transport;
  }

  acceptFeatures(low: number, high: number): boolean {
    if ((low & ~OFFERED) !== 0 || high !== FeatureHigh.VERSION_1) return false;
    this.accepted = low;
    return true;
  }

  setMemory(memory: GuestMemory | undefined): void {
    this.memory = memory;
  }

  start(queue: number, setup: QueueSetup): string | undefined {
    const features = {
      indirect: (this.accepted & Feature.RING_INDIRECT_DESC) !== 0,
      eventIdx: (this.accepted & Feature.RING_EVENT_IDX) !== 0,
    };
    const defect = SplitQueue.check(setup, features);
    if (defect !== undefined) return defect;
    if (queue === COMMAND_QUEUE) {
      this.commands = new SplitQueue(setup, features, this.commandChain);
      this.returned = 0;
      this.schedule();
    } else if (queue === EVENT_QUEUE) {
      this.events.queue = new SplitQueue(setup, features, this.eventChain);
      this.schedule();
    }
    return undefined;
  }

  stop(queue: number): number {
    if (queue === COMMAND_QUEUE) this.stopCommands();
    if (queue === EVENT_QUEUE) this.stopEvents();
    return this.resume[queue] ?? 0;
  }

  private stopCommands(): void {
    const { commands } = this;
    if (commands === undefined) return;
    if (this.busy && !this.orphaned && this.framework.running) {
      this.stopping = true;
      this.framework.drain(this.id);
      this.stopping = false;
    }
    // It may have been found broken meanwhile.
    if (this.commands === undefined) return;
    if (this.busy && !this.orphaned) {
      this.orphaned = true;
      commands.untake();
    }
    this.interruptCommands();
    this.resume[COMMAND_QUEUE] = commands.next;
    this.commands = undefined;
  }

  private stopEvents(): void {
    const { queue } = this.events;
    if (queue === undefined) return;
    this.resume[EVENT_QUEUE] = queue.next;
    this.events.queue = undefined;
  }

  kick(queue: number): void {
    if (queue === COMMAND_QUEUE ? this.commands !== undefined : this.events.waiting > 0) this.schedule();
  }

  reset(): void {
    this.commands = undefined;
    this.events.queue = undefined;
    this.events.clear();
    this.resume.fill(0);
    this.accepted = 0;
    this.busy = false;
    this.orphaned = false;
    this.returned = 0;
    this.service?.reset();
    // What the reset itself sent is for an agent that is gone.
    this.events.clear();
  }

  /** Drops everything that refers to the transport's memory: the stop stage. */
  close(): void {
    this.commands = undefined;
    this.events.queue = undefined;
    this.memory = undefined;
    this.retry.stop();
    this.gapAlarm.stop();
  }

  // ---------------------------------------------------------------- the command queue

  private schedule(): void {
    if (this.scheduled) return;
    const status = this.framework.put(RUN, this.id, this.id);
    this.scheduled = status === Status.SUCCESS;
    // The pool of the channel is used up by what waits in it: there is nobody to wake us, so look again soon.
    if (status === Status.E_NOMEM) this.retry.start(RETRY_US);
  }

  /** The event RUN. */
  run(): void {
    this.scheduled = false;
    if (this.events.waiting > 0 && !this.busy) this.deliver();
    const { commands, memory } = this;
    if (commands === undefined || memory === undefined || this.stopping) return;
    if (this.busy) {
      this.interruptCommands();
      return;
    }
    const found = commands.peek(memory, this.request);
    if (found === Found.CHAIN) {
      if (this.submit(commands)) this.schedule();
      if (this.returned >= BATCH) this.interruptCommands();
    } else if (found === Found.NOTHING) {
      if (commands.arm()) this.schedule();
      else this.interruptCommands();
    } else {
      this.fail(COMMAND_QUEUE, commands.defect);
    }
  }

  /** Hands the chain just found to the service. False when that can't be now. */
  private submit(commands: SplitQueue): boolean {
    const { chain } = commands;
    commands.take();
    if (chain.readable < MIN_REQUEST || chain.writable < MIN_RESPONSE) {
      // No valid answer is possible; the buffer must not be lost all the same.
      commands.give(chain.head, 0);
      this.returned++;
      return true;
    }
    this.busy = true;
    if (this.service?.signal(chain.readable, chain.writable) === true) return true;
    this.busy = false;
    commands.untake();
    this.interruptCommands();
    this.retry.start(RETRY_US);
    return false;
  }

  respond(length: number): void {
    if (!this.busy) return;
    this.busy = false;
    const { commands, memory, response } = this;
    if (this.orphaned) {
      this.orphaned = false;
    } else if (commands !== undefined && memory !== undefined && response !== undefined) {
      const { chain } = commands;
      const written = Math.min(length, chain.writable, response.byteLength);
      if (chain.write(memory, response, 0, written)) {
        commands.give(chain.head, written);
        this.returned++;
      } else {
        this.fail(COMMAND_QUEUE, Defect.ADDRESS);
      }
    }
    if (this.events.waiting > 0) this.deliver();
    this.schedule();
  }

  private interruptCommands(): void {
    if (this.returned === 0) return;
    this.returned = 0;
    if (this.commands?.wantsInterrupt() === true) this.transport?.signal(COMMAND_QUEUE);
  }

  // ---------------------------------------------------------------- the event queue

  get hasP2a(): boolean {
    return (this.accepted & Feature.SCMI_P2A_CHANNELS) !== 0 && this.events.queue !== undefined;
  }

  transmit(page: Page, length: number, delayed: boolean): boolean {
    const { memory, events } = this;
    const view = this.viewOf(page);
    if (memory === undefined || !this.hasP2a) return this.refuse(delayed);
    // Not before the response of the command that may have caused it.
    const notBefore = delayed && this.gap > 0 ? this.framework.host.now() + this.gap : 0;
    if (this.busy || (delayed && (events.waiting > 0 || this.gap > 0))) {
      if (!events.hold(view, length, delayed, notBefore)) return this.refuse(delayed);
      if (notBefore > 0 && !this.gapAlarm.running) this.gapAlarm.start(this.gap);
      return true;
    }
    const outcome = events.publish(memory, view, 0, length, delayed);
    this.interruptEvents();
    if (outcome === Outcome.SENT) return true;
    if (outcome === Outcome.DEFECT) this.failEvents();
    if (!delayed) return this.refuse(false);
    if (!events.hold(view, length, true, 0)) return this.refuse(true);
    this.schedule();
    return true;
  }

  private viewOf(page: Page): DataView {
    if (this.eventPage !== page || this.eventView === undefined) {
      const { bytes } = page;
      this.eventPage = page;
      this.eventView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.eventView;
  }

  private refuse(delayed: boolean): false {
    this.events.dropped++;
    this.warn(delayed ? 'delayed response dropped: too many wait' : 'notification dropped: no event buffer for it');
    return false;
  }

  /** Publishes what waits; afterwards a kick comes, or RUN, when there is a buffer for what still waits. */
  private deliver(): void {
    const { memory, events } = this;
    const { queue } = events;
    if (memory === undefined || queue === undefined) return;
    const before = events.dropped;
    const outcome = events.deliver(memory, this.gap > 0 ? this.framework.host.now() : 0);
    if (events.isEarly && !this.gapAlarm.running) this.gapAlarm.start(this.gap);
    if (events.dropped !== before) this.warn('notifications dropped: no event buffers for them');
    if (outcome === Outcome.DEFECT) {
      this.failEvents();
      return;
    }
    this.interruptEvents();
    const waits = outcome === Outcome.NO_BUFFER || outcome === Outcome.TOO_SMALL;
    if (outcome === Outcome.LOOK_AGAIN || (waits && queue.arm())) this.schedule();
  }

  private interruptEvents(): void {
    // An event may belong to a command answered in this batch: its driver must not hear of the event first.
    this.interruptCommands();
    if (this.events.queue?.wantsInterrupt() === true) this.transport?.signal(EVENT_QUEUE);
  }

  // ---------------------------------------------------------------- defects

  private fail(queue: number, defect: Defect): void {
    if (queue === COMMAND_QUEUE) {
      this.interruptCommands();
      this.resume[COMMAND_QUEUE] = this.commands?.next ?? 0;
      this.commands = undefined;
    } else {
      this.interruptEvents();
      this.stopEvents();
    }
    this.transport?.broken(queue, defectText(defect));
  }

  private failEvents(): void {
    this.fail(EVENT_QUEUE, this.events.queue?.defect ?? Defect.NONE);
  }

  private warn(text: string): void {
    const { framework, limit } = this;
    if (!limit.take(framework.host.now())) return;
    const more = limit.suppressed > 0 ? ` (and ${limit.suppressed} more lines like this)` : '';
    limit.suppressed = 0;
    framework.log.warn(`[VIRTIO-SCMI] ${this.name}: ${text}${more}`);
  }
}
