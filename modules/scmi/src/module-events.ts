// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent } from '@scp/framework';

/** "Message received": a service has a complete command. `sequence` tells whether it is still wanted. */
export const MESSAGE_EVENT = defineEvent('MESSAGE', ['sequence']);
