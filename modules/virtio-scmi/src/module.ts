// SPDX-License-Identifier: BSD-3-Clause
/** The module virtio-scmi: its elements are devices, each the channel of one agent. */
import {
  type ElementId,
  elementIndex,
  type EntityId,
  type Framework,
  FrameworkError,
  isElementId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { SCMI_SERVICE, SCMI_TRANSPORT } from '@scp/scmi/api';
import { VIRTIO_DEVICE } from './api.ts';
import { ScmiDevice } from './device.ts';
import { RUN } from './events.ts';
import type { VirtioScmiConfig, VirtioScmiDeviceConfig } from './schema.ts';

const create = (framework: Framework): Module<VirtioScmiConfig, VirtioScmiDeviceConfig> => {
  const devices: ScmiDevice[] = [];
  /** The service element that has bound each device. */
  const services: (ElementId | undefined)[] = [];

  const deviceOf = (id: EntityId): ScmiDevice | undefined => (isElementId(id) ? devices[elementIndex(id)] : undefined);

  return {
    apis: [
      provide(SCMI_TRANSPORT, (source, target) => {
        const device = deviceOf(target);
        if (device === undefined || !isElementId(target)) return Status.E_PARAM;
        const index = elementIndex(target);
        // A channel has one service.
        if (!isElementId(source) || services[index] !== undefined) return Status.E_ACCESS;
        services[index] = source;
        return device;
      }),
      provide(VIRTIO_DEVICE, (_source, target) => deviceOf(target) ?? Status.E_PARAM),
    ],
    init() {},
    elementInit(id, { delayedResponses, responseGap }) {
      framework.createContext(id);
      devices[elementIndex(id)] = new ScmiDevice(framework, id, delayedResponses, responseGap);
    },
    bind(id, round) {
      if (round === 0 || !isElementId(id)) return;
      const service = services[elementIndex(id)];
      if (service === undefined) {
        throw new FrameworkError(Status.E_DATA, 'no agent of the scmi module has this device as its transport');
      }
      deviceOf(id)?.serve(framework.bind(service, SCMI_SERVICE));
    },
    stop(id) {
      deviceOf(id)?.close();
    },
    processEvent(event) {
      deviceOf(event.target)?.run();
      return Status.SUCCESS;
    },
  };
};

/** The device side of virtio-scmi. */
const definition: ModuleDefinition<VirtioScmiConfig, VirtioScmiDeviceConfig> = {
  name: 'virtio-scmi',
  type: 'DRIVER',
  apis: [SCMI_TRANSPORT, VIRTIO_DEVICE],
  events: [RUN],
  create,
};

export default definition;
