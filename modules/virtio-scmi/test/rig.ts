// SPDX-License-Identifier: BSD-3-Clause
/** Two virtio-scmi devices in a real framework: an echoing service behind each, plain buffers as guest memory before it. */
import {
  configure,
  defineEvent,
  type ElementId,
  elementId,
  elementIndex,
  Framework,
  type FrameworkOptions,
  isElementId,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { TestHost } from '@scp/framework/testing';
import { Page, SCMI_SERVICE, SCMI_TRANSPORT, type ScmiService, type ScmiTransport } from '@scp/scmi/api';
import { VIRTIO_DEVICE, type VirtioDevice } from '@scp/virtio-scmi/api';
import { type DriverOptions, DriverSide } from '@scp/virtio-scmi/driver';

export { DRIVER_BASE as BASE } from '@scp/virtio-scmi/driver';
import virtioScmi from '@scp/virtio-scmi';

const COMMAND = defineEvent('COMMAND', ['generation']);

/** Answers a request with its header, status 0 and its payload; or later, or not at all. */
export class EchoService implements ScmiService {
  readonly request = new Page(252);
  readonly response = new Page(1020);
  /** Leaves commands pending until `finish`. */
  holds = false;
  /** Takes no command, as a hub without events would. */
  refuses = false;
  /** Called when a command is handled, before it is answered. */
  handling: (() => void) | undefined = undefined;
  resets = 0;
  /** Requests handled: length and bytes. */
  readonly handled: { readonly length: number; readonly capacity: number; readonly bytes: Uint8Array }[] = [];
  records = true;
  transport: ScmiTransport | undefined = undefined;
  busy = false;
  private length = 0;
  private capacity = 0;
  private readonly params = { generation: 0 };
  private readonly framework: Framework;
  private readonly id: ElementId;

  constructor(framework: Framework, id: ElementId) {
    this.framework = framework;
    this.id = id;
  }

  signal(length: number, capacity: number): boolean {
    if (this.busy || this.refuses) return false;
    this.length = length;
    this.capacity = capacity;
    this.busy = this.framework.put(COMMAND, this.id, this.id, this.params) === Status.SUCCESS;
    return this.busy;
  }

  reset(): void {
    this.resets++;
    this.busy = false;
    this.params.generation++;
  }

  handle(generation: number): void {
    if (!this.busy || generation !== this.params.generation) return;
    if (this.records) {
      this.handled.push({
        length: this.length,
        capacity: this.capacity,
        bytes: this.request.bytes.slice(0, this.length),
      });
    }
    this.handling?.();
    if (!this.holds) this.finish();
  }

  /** Answers the command under way. */
  finish(): void {
    const { request, response } = this;
    const payload = Math.min(this.length - 4, 252);
    const fits = 8 + payload <= this.capacity;
    response.header = request.header;
    response.set(0, fits ? 0 : -8);
    if (fits) for (let at = 0; at < payload; at++) response.bytes[8 + at] = request.bytes[4 + at] ?? 0;
    this.busy = false;
    this.transport?.respond(fits ? 8 + payload : 8);
  }
}

interface ServiceConfig {
  readonly transport: ElementId;
}

const echoModule = (services: EchoService[]): ModuleDefinition<object, ServiceConfig> => ({
  name: 'echo',
  type: 'SERVICE',
  apis: [SCMI_SERVICE],
  events: [COMMAND],
  create: framework => {
    const transports: ElementId[] = [];
    return {
      apis: [
        provide(SCMI_SERVICE, (_source, target) =>
          isElementId(target) ? (services[elementIndex(target)] ?? Status.E_PARAM) : Status.E_PARAM,
        ),
      ],
      init: () => undefined,
      elementInit(id, { transport }) {
        services.push(new EchoService(framework, id));
        transports.push(transport);
      },
      bind(id, round) {
        if (round === 1 || !isElementId(id)) return;
        const service = services[elementIndex(id)];
        const transport = transports[elementIndex(id)];
        if (service !== undefined && transport !== undefined) {
          service.transport = framework.bind(transport, SCMI_TRANSPORT);
        }
      },
      processEvent(event) {
        if (isElementId(event.target)) services[elementIndex(event.target)]?.handle(event.param(0));
        return Status.SUCCESS;
      },
    };
  },
});

const transportModule = (devices: VirtioDevice[]): ModuleDefinition<object, ServiceConfig> => ({
  name: 'test-transport',
  type: 'DRIVER',
  create: framework => {
    const targets: ElementId[] = [];
    return {
      init: () => undefined,
      elementInit: (_id, { transport }) => void targets.push(transport),
      bind(id, round) {
        const target = isElementId(id) ? targets[elementIndex(id)] : undefined;
        if (round === 1 && target !== undefined) devices.push(framework.bind(target, VIRTIO_DEVICE));
      },
    };
  },
});

/** One device with the driver in front of it and the service behind it. */
export class Side extends DriverSide {
  readonly service: EchoService;

  constructor(framework: Framework, device: VirtioDevice, service: EchoService, options: DriverOptions, size: number) {
    super(framework, device, options, size);
    this.service = service;
  }
}

/** Options of a rig. */
export interface RigOptions {
  readonly driver?: DriverOptions;
  readonly memory?: number;
  readonly delayedResponses?: number;
  readonly responseGap?: number;
  readonly framework?: FrameworkOptions;
}

/** Two devices side by side. */
export class Rig {
  readonly host = new TestHost();
  readonly framework: Framework;
  readonly one: Side;
  readonly other: Side;

  constructor(options: RigOptions = {}) {
    const { driver = {}, memory = 0x40_0000, delayedResponses = 64, responseGap = 0 } = options;
    const services: EchoService[] = [];
    const devices: VirtioDevice[] = [];
    const names = ['one', 'other'];
    const channel = (index: number) => ({ transport: elementId(0, index) });
    this.framework = new Framework(
      {
        name: 'rig',
        version: '0',
        modules: [
          configure(
            virtioScmi,
            {},
            names.map(name => ({ name, config: { delayedResponses, responseGap } })),
          ),
          configure(
            echoModule(services),
            {},
            names.map((name, index) => ({ name, config: channel(index) })),
          ),
          configure(
            transportModule(devices),
            {},
            names.map((name, index) => ({ name, config: channel(index) })),
          ),
        ],
      },
      this.host,
      options.framework,
    );
    this.framework.start();
    const side = (index: number): Side => {
      const device = devices[index];
      const service = services[index];
      if (device === undefined || service === undefined) throw new Error('the rig has two sides');
      const made = new Side(this.framework, device, service, index === 0 ? driver : {}, memory);
      made.start();
      return made;
    };
    this.one = side(0);
    this.other = side(1);
  }
}

/** A request of `length` bytes: header `word`, then bytes that count up. */
export function request(word: number, length = 12): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, at) => at & 0xff);
  const header = [word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff, (word >>> 24) & 0xff];
  header.slice(0, length).forEach((byte, at) => (bytes[at] = byte));
  return bytes;
}

/** What the echo answers to it. */
export function echo(sent: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(sent.length + 4);
  bytes.set(sent.subarray(0, 4));
  bytes.set(sent.subarray(4), 8);
  return bytes;
}
