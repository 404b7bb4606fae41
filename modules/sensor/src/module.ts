// SPDX-License-Identifier: BSD-3-Clause
/** Sensors over drivers. SCP-firmware: module/sensor. */
import {
  type Framework,
  FrameworkError,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { SENSOR, SENSOR_DRIVER, SENSOR_DRIVER_RESPONSE, SENSOR_READ, SENSOR_TRIP, SENSOR_UPDATE } from './api.ts';
import { sensorInfo } from './info.ts';
import type { SensorElementConfig, SensorConfig } from './schema.ts';
import { SensorElement } from './sensor.ts';
import { Sensors } from './sensors.ts';

function create(framework: Framework): Module<SensorConfig, SensorElementConfig> {
  const sensors = new Sensors();
  let maxWaitingReaders = 0;

  return {
    apis: [
      provide(SENSOR, (_source, target) => (isModuleId(target) ? sensors : Status.E_SUPPORT)),
      // Only the driver of a sensor may complete its readings.
      provide(SENSOR_DRIVER_RESPONSE, (source, target) =>
        isElementId(target) && sensors.of(target)?.driverId === source ? sensors : Status.E_ACCESS,
      ),
    ],

    init(config) {
      ({ maxWaitingReaders } = config);
    },

    elementInit(id, config) {
      const { driver: driverId, samplingPeriod } = config;
      if (sensors.isDriven(driverId)) {
        throw new FrameworkError(Status.E_DATA, `driver ${framework.nameOf(driverId)} drives another sensor; one each`);
      }
      const info = sensorInfo(config, framework.nameOf(id));
      sensors.add(new SensorElement(framework, { id, driverId, info, samplingPeriod, maxWaitingReaders }));
    },

    bind(id, round) {
      const sensor = isElementId(id) ? sensors.of(id) : undefined;
      if (round !== 0 || sensor === undefined) return;
      const { driverId, info } = sensor;
      const driver = framework.bind(driverId, SENSOR_DRIVER);
      const count = driver.valueCount(driverId) ?? info.valueCount;
      if (count !== info.valueCount) {
        const wanted = `${info.valueCount} values in a reading`;
        throw new FrameworkError(Status.E_DATA, `${wanted}, but driver ${framework.nameOf(driverId)} gives ${count}`);
      }
      sensor.attach(driver);
    },

    start(id) {
      const status = isElementId(id) ? sensors.of(id)?.start() : undefined;
      if (status !== undefined && status !== Status.SUCCESS) {
        throw new FrameworkError(status, 'its driver does not take the initial state');
      }
    },

    stop(id) {
      if (isElementId(id)) sensors.of(id)?.stop();
    },

    processEvent(event, response) {
      const sensor = isElementId(event.target) ? sensors.of(event.target) : undefined;
      if (sensor === undefined || event.isResponse) return Status.E_PARAM;
      return sensor.waitForReading(event, response);
    },
  };
}

const definition: ModuleDefinition<SensorConfig, SensorElementConfig> = {
  name: 'sensor',
  type: 'HAL',
  apis: [SENSOR, SENSOR_DRIVER_RESPONSE],
  events: [SENSOR_READ],
  notifications: [SENSOR_TRIP, SENSOR_UPDATE],
  create,
};

export default definition;
