// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent } from '@scp/framework';

/** "There is something to do on a domain": a state to set, or votes to follow. */
export const STATE_EVENT = defineEvent('POWER_STATE', ['domain']);
