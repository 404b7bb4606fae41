// SPDX-License-Identifier: BSD-3-Clause
/** The sensor management protocol, 0x15. SCP-firmware: module/scmi_sensor. */
import {
  type Framework,
  FrameworkError,
  isModuleId,
  type Module,
  type ModuleDefinition,
  type NotificationId,
  provide,
  Status,
} from '@scp/framework';
import { type Handlers, SCMI_HUB, SCMI_PROTOCOL, type ScmiProtocol } from '@scp/scmi/api';
import { SENSOR, SENSOR_READ, SENSOR_TRIP, SENSOR_UPDATE } from '@scp/sensor/api';
import { Configuration } from './configuration.ts';
import { Descriptions } from './descriptions.ts';
import { Events } from './events.ts';
import { SENSOR_PROTOCOL } from './messages.ts';
import { READ_EVENT } from './module-events.ts';
import { Reads } from './reads.ts';
import type { ScmiSensorConfig } from './schema.ts';
import { View } from './view.ts';

/** The protocol of one firmware, and the parts that events go to. */
interface Parts {
  readonly view: View;
  readonly reads: Reads;
  readonly events: Events;
  readonly protocol: ScmiProtocol;
}

function assemble(view: View, reads: Reads, { maxPendingReads, version }: ScmiSensorConfig): Parts {
  const descriptions = new Descriptions(view, maxPendingReads);
  const configuration = new Configuration(view);
  const events = new Events(view);
  const handlers: Handlers<typeof SENSOR_PROTOCOL> = {
    attributes: message => descriptions.attributes(message),
    descriptionGet: message => descriptions.descriptors(message),
    tripPointNotify: message => events.notifyTrips(message),
    tripPointConfig: message => events.configureTrip(message),
    readingGet: message => reads.handle(message),
    axisDescriptionGet: message => descriptions.axes(message),
    listUpdateIntervals: message => descriptions.intervals(message),
    configGet: message => configuration.get(message),
    configSet: message => configuration.set(message),
    continuousUpdateNotify: message => events.notifyUpdates(message),
    nameGet: message => descriptions.name(message),
    axisNameGet: message => descriptions.axisNames(message),
  };
  const newest = SENSOR_PROTOCOL.versions[SENSOR_PROTOCOL.versions.length - 1] ?? 0;
  const protocol: ScmiProtocol = {
    declaration: SENSOR_PROTOCOL,
    version: version ?? newest,
    handlers,
    resourceCount: agent => view.count(agent),
    resource: (agent, index) => view.find(agent, index)?.id,
    resetAgent(agent) {
      reads.resetAgent(agent);
      events.resetAgent(agent);
      configuration.resetAgent(agent);
    },
  };
  return { view, reads, events, protocol };
}

function create(framework: Framework): Module<ScmiSensorConfig> {
  let parts: Parts | undefined;
  let config: ScmiSensorConfig | undefined;
  let tripId: NotificationId | undefined;

  return {
    apis: [provide(SCMI_PROTOCOL, () => parts?.protocol ?? Status.E_STATE)],

    init(given) {
      const { version } = given;
      if (version !== undefined && !SENSOR_PROTOCOL.versions.includes(version)) {
        const known = SENSOR_PROTOCOL.versions.map(one => `0x${one.toString(16)}`).join(', ');
        throw new FrameworkError(Status.E_DATA, `version 0x${version.toString(16)} is not one of ${known}`);
      }
      config = given;
    },

    bind(id, round) {
      if (round !== 0 || config === undefined || !isModuleId(id)) return;
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      const source = framework.moduleId('sensor');
      const sensors = framework.bind(source, SENSOR);
      const view = new View(framework, hub, sensors, config.agents);
      parts = assemble(view, new Reads(framework, id, view, config.maxPendingReads), config);
      tripId = framework.notificationIdOf(source, SENSOR_TRIP);
    },

    start(id) {
      const source = framework.moduleId('sensor');
      framework.subscribe(SENSOR_TRIP, source, id);
      framework.subscribe(SENSOR_UPDATE, source, id);
    },

    processEvent(event) {
      if (event.isResponse) parts?.reads.finish(event.param(SENSOR_READ.at.tag), event.status);
      else parts?.reads.start(event.param(READ_EVENT.at.tag));
      return Status.SUCCESS;
    },

    processNotification(event) {
      const at = event.id === tripId ? SENSOR_TRIP.at.sensor : SENSOR_UPDATE.at.sensor;
      const resource = parts?.view.ofElement(event.param(at));
      if (resource === undefined) return Status.SUCCESS;
      if (event.id === tripId) {
        parts?.events.tripped(resource, event.param(SENSOR_TRIP.at.index), event.param(SENSOR_TRIP.at.direction));
      } else {
        parts?.events.updated(resource);
      }
      return Status.SUCCESS;
    },
  };
}

const definition: ModuleDefinition<ScmiSensorConfig> = {
  name: 'scmi-sensor',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL],
  events: [READ_EVENT],
  requires: ['scmi', 'sensor'],
  create,
};

export default definition;
