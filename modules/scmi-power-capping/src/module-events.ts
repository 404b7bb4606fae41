// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent, type EventToken } from '@scp/framework';

/** An asynchronous POWERCAP_CAP_SET for `domain` has been accepted and is to be done. The module sends it to itself. */
export const CAP_SET_EVENT: EventToken<'domain'> = defineEvent('SCMI_POWERCAP_CAP_SET', ['domain']);
