// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-pinctrl` module: pin controllers without hardware, one element each. */
import {
  type ElementId,
  elementIndex,
  type EntityId,
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { PINCTRL_DRIVER, PINCTRL_DRIVER_RESPONSE, type PinctrlDriver } from '@scp/pinctrl/api';
import { MockPinController } from './mock.ts';
import type { MockPinctrlConfig, MockPinctrlElementConfig } from './schema.ts';

const NO_SETTINGS: readonly number[] = [];

function create(framework: Framework): Module<MockPinctrlConfig, MockPinctrlElementConfig> {
  const controllers: MockPinController[] = [];
  const sources: (EntityId | undefined)[] = [];
  const find = (id: ElementId): MockPinController | undefined => controllers[elementIndex(id)];

  const driver: PinctrlDriver = {
    pinCount: id => find(id)?.pinCount ?? 0,
    settings: id => find(id)?.settings ?? NO_SETTINGS,
    accepts: (id, _pin, type, value) => find(id)?.accepts(type, value) ?? false,
    hasMux: (id, _pin, mux) => find(id)?.hasMux(mux) ?? false,
    get: (id, pin, type) => find(id)?.get(pin, type) ?? 0,
    mux: (id, pin) => find(id)?.mux(pin) ?? 0,
    apply: (id, pins, change) => find(id)?.apply(pins, change) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(PINCTRL_DRIVER, (source, target) => {
        if (!isElementId(target) || find(target) === undefined) return Status.E_PARAM;
        // Two who set the same pins would undo what the other does.
        if (sources[elementIndex(target)] !== undefined) return Status.E_ACCESS;
        sources[elementIndex(target)] = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      controllers.push(new MockPinController(framework, id, config));
    },

    bind(id, round) {
      if (isModuleId(id) || round !== 1) return;
      const source = sources[elementIndex(id)];
      const controller = find(id);
      if (source !== undefined && controller !== undefined) {
        controller.response = framework.bind(source, PINCTRL_DRIVER_RESPONSE);
      }
    },
  };
}

const definition: ModuleDefinition<MockPinctrlConfig, MockPinctrlElementConfig> = {
  name: 'mock-pinctrl',
  type: 'DRIVER',
  apis: [PINCTRL_DRIVER],
  create,
};

export default definition;
