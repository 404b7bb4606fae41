// SPDX-License-Identifier: BSD-3-Clause
import { Status } from '@scp/framework';
import { ScmiStatus } from './status.ts';

/**
 * What an agent is told when a HAL or driver answers `status`, a number as events carry it, to something that was
 * well-formed. E_RANGE is told as `outOfRange`: some protocols have another status for a value the hardware does not take.
 */
export function scmiStatusOf(status: number, outOfRange: ScmiStatus = ScmiStatus.OUT_OF_RANGE): ScmiStatus {
  switch (status) {
    case Status.SUCCESS:
      return ScmiStatus.SUCCESS;
    case Status.E_PARAM:
      return ScmiStatus.INVALID_PARAMETERS;
    case Status.E_RANGE:
      return outOfRange;
    case Status.E_SUPPORT:
      return ScmiStatus.NOT_SUPPORTED;
    case Status.E_ACCESS:
      return ScmiStatus.DENIED;
    case Status.E_BUSY:
    case Status.E_NOMEM:
      return ScmiStatus.BUSY;
    case Status.E_DEVICE:
      return ScmiStatus.HARDWARE_ERROR;
    default:
      return ScmiStatus.GENERIC_ERROR;
  }
}
