// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent, type EventToken } from '@scp/framework';

/** An asynchronous change of the level of `domain` has been accepted and is to be done. The module sends it to itself. */
export const LEVEL_EVENT: EventToken<'domain'> = defineEvent('SCMI_VOLTAGE_LEVEL', ['domain']);
