// SPDX-License-Identifier: BSD-3-Clause
/** The `scmi-clock` module: protocol 0x14 over the `clock` HAL. */
import { type Framework, isModuleId, type Module, type ModuleDefinition, provide, Status } from '@scp/framework';
import { CLOCK, CLOCK_RATE_CHANGED } from '@scp/clock/api';
import { SCMI_HUB, SCMI_PROTOCOL } from '@scp/scmi/api';
import { JOB_EVENT } from './jobs.ts';
import { ScmiClock } from './protocol.ts';
import type { ScmiClockConfig } from './schema.ts';

function create(framework: Framework): Module<ScmiClockConfig> {
  let config: ScmiClockConfig = { agents: {}, maxPendingRateChanges: 0 };
  let protocol: ScmiClock | undefined;

  return {
    apis: [provide(SCMI_PROTOCOL, () => protocol ?? Status.E_STATE)],

    init(given) {
      config = given;
    },

    bind(id, round) {
      if (!isModuleId(id) || round !== 0) return;
      const source = framework.moduleId('clock');
      const hub = framework.bind(framework.moduleId('scmi'), SCMI_HUB);
      protocol = new ScmiClock(framework, id, config, hub, framework.bind(source, CLOCK));
      framework.subscribe(CLOCK_RATE_CHANGED, source, id);
    },

    start() {
      protocol?.start();
    },

    processEvent: event => protocol?.processEvent(event) ?? Status.E_STATE,
    processNotification: event => protocol?.rateChanged(event) ?? Status.E_STATE,
  };
}

const definition: ModuleDefinition<ScmiClockConfig> = {
  name: 'scmi-clock',
  type: 'PROTOCOL',
  apis: [SCMI_PROTOCOL],
  events: [JOB_EVENT],
  requires: ['scmi', 'clock'],
  create,
};

export default definition;
