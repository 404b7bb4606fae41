// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent } from '@scp/framework';

/** A device's event to itself: look at the queues. */
export const RUN = defineEvent('RUN');
