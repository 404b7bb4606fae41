// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent, type EventToken } from '@scp/framework';

/** A read that the module has noted under `tag` is to be started. The module sends it to itself. */
export const READ_EVENT: EventToken<'tag'> = defineEvent('SCMI_SENSOR_READ', ['tag']);
