// SPDX-License-Identifier: BSD-3-Clause
/** The `pinctrl` module, the HAL: one element for each pin, each group of pins and each function. SCP-firmware: pinctrl. */
import {
  type Framework,
  FrameworkError,
  isModuleId,
  type Module,
  type ModuleDefinition,
  type ProductElement,
  provide,
  Status,
} from '@scp/framework';
import { PINCTRL, PINCTRL_CLIENT, PINCTRL_DRIVER, PINCTRL_DRIVER_RESPONSE } from './api.ts';
import { connect, infoOf } from './elements.ts';
import { PinctrlHal, PinctrlUser } from './hal.ts';
import type { Requester } from './record.ts';
import { elementProblems } from './rules.ts';
import type { PinctrlConfig, PinctrlElementConfig } from './schema.ts';

function create(framework: Framework): Module<PinctrlConfig, PinctrlElementConfig> {
  const hal = new PinctrlHal(framework);
  const elements: ProductElement<PinctrlElementConfig>[] = [];

  return {
    apis: [
      provide(PINCTRL, source => {
        const requester: Requester = { id: source, client: undefined };
        hal.requesters.push(requester);
        return new PinctrlUser(hal, requester);
      }),
      provide(PINCTRL_DRIVER_RESPONSE, source => (hal.isController(source) ? hal : Status.E_ACCESS)),
    ],

    init: () => undefined,

    elementInit(id, config) {
      const name = framework.nameOf(id);
      elements.push({ name, config });
      hal.entries.push({ id, info: infoOf(name, config), target: undefined });
    },

    postInit() {
      const [problem] = elementProblems(elements);
      if (problem !== undefined) throw new FrameworkError(Status.E_DATA, `${problem.element} ${problem.rule}`);
    },

    bind(id, round) {
      if (!isModuleId(id)) return;
      if (round === 0) {
        const configs = elements.map(({ config }) => config);
        hal.controllers = connect(hal.entries, configs, controller => framework.bind(controller, PINCTRL_DRIVER));
      } else {
        for (const requester of hal.requesters) requester.client = framework.bind(requester.id, PINCTRL_CLIENT);
      }
    },
  };
}

const definition: ModuleDefinition<PinctrlConfig, PinctrlElementConfig> = {
  name: 'pinctrl',
  type: 'HAL',
  apis: [PINCTRL, PINCTRL_DRIVER_RESPONSE],
  create,
};

export default definition;
