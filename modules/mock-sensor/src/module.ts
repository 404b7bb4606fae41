// SPDX-License-Identifier: BSD-3-Clause
/** A driver of sensors without hardware. SCP-firmware: module/mock_sensor. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  isElementId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { SENSOR_DRIVER, SENSOR_DRIVER_RESPONSE, type SensorDriver } from '@scp/sensor/api';
import { Mock } from './mock.ts';
import type { MockSensorConfig, MockSensorElementConfig } from './schema.ts';
import { sourceOf } from './source.ts';

function create(framework: Framework): Module<MockSensorConfig, MockSensorElementConfig> {
  const mocks: Mock[] = [];
  const mockOf = (id: ElementId): Mock | undefined => mocks[elementIndex(id)];

  const driver: SensorDriver = {
    valueCount: id => mockOf(id)?.source.valueCount,
    isSlow: id => (mockOf(id)?.delay ?? 0) > 0,
    read: (id, values) => mockOf(id)?.read(values) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(SENSOR_DRIVER, (source, target) => {
        const mock = isElementId(target) ? mockOf(target) : undefined;
        if (mock === undefined || !isElementId(source)) return Status.E_ACCESS;
        mock.sensor = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      mocks.push(new Mock(framework, id, sourceOf(config), config.delay));
    },

    bind(id, round) {
      const mock = isElementId(id) ? mockOf(id) : undefined;
      if (round !== 1 || mock?.sensor === undefined) return;
      mock.attach(framework.bind(mock.sensor, SENSOR_DRIVER_RESPONSE));
    },

    stop(id) {
      if (isElementId(id)) mockOf(id)?.stop();
    },
  };
}

const definition: ModuleDefinition<MockSensorConfig, MockSensorElementConfig> = {
  name: 'mock-sensor',
  type: 'DRIVER',
  apis: [SENSOR_DRIVER],
  create,
};

export default definition;
