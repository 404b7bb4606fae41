// SPDX-License-Identifier: BSD-3-Clause
import { defineEvent, type EventToken } from '@scp/framework';

/**
 * The limits of `domain` are operating points `max` and `min` from now on. The module sends it to itself, so that the
 * answer to a command comes before what it causes.
 */
export const LIMITS_EVENT: EventToken<'domain' | 'max' | 'min' | 'cause'> = defineEvent('SCMI_PERF_LIMITS', [
  'domain',
  'max',
  'min',
  'cause',
]);
