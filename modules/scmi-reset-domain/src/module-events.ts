// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent, type EventToken } from '@scp/framework';

/** An asynchronous reset of `domain` has been accepted and is to be done. The module sends it to itself. */
export const RESET_EVENT: EventToken<'domain'> = defineEvent('SCMI_RESET', ['domain']);
