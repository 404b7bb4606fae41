// SPDX-License-Identifier: BSD-3-Clause
/** The `mock-reset` module: a reset driver without hardware, one element for each line. */
import {
  type ElementId,
  elementIndex,
  type Framework,
  isElementId,
  isModuleId,
  type Module,
  type ModuleDefinition,
  provide,
  Status,
} from '@scp/framework';
import { RESET_DRIVER, RESET_DRIVER_RESPONSE, type ResetDriver } from '@scp/reset-domain/api';
import { MockReset } from './mock.ts';
import type { MockResetConfig, MockResetElementConfig } from './schema.ts';

function create(framework: Framework): Module<MockResetConfig, MockResetElementConfig> {
  const lines: MockReset[] = [];
  const find = (id: ElementId): MockReset | undefined => lines[elementIndex(id)];

  // What a reset state keeps is no matter to a line without hardware behind it.
  const driver: ResetDriver = {
    isAsserted: id => find(id)?.asserted ?? false,
    assert: id => find(id)?.set(true) ?? Status.E_PARAM,
    release: id => find(id)?.set(false) ?? Status.E_PARAM,
    pulse: id => find(id)?.set(false) ?? Status.E_PARAM,
  };

  return {
    apis: [
      provide(RESET_DRIVER, (source, target) => {
        const line = isElementId(target) ? find(target) : undefined;
        if (line === undefined || !isElementId(source)) return Status.E_PARAM;
        // Two domains on one line would reset each other.
        if (line.hal !== undefined) return Status.E_ACCESS;
        line.hal = source;
        return driver;
      }),
    ],

    init: () => undefined,

    elementInit(id, config) {
      lines.push(new MockReset(id, config, framework));
    },

    bind(id, round) {
      const line = isModuleId(id) ? undefined : find(id);
      if (round === 1 && line?.hal !== undefined) line.response = framework.bind(line.hal, RESET_DRIVER_RESPONSE);
    },

    start(id) {
      if (!isModuleId(id)) find(id)?.start();
    },
  };
}

const definition: ModuleDefinition<MockResetConfig, MockResetElementConfig> = {
  name: 'mock-reset',
  type: 'DRIVER',
  apis: [RESET_DRIVER],
  create,
};

export default definition;
