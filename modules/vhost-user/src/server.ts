// SPDX-License-Identifier: BSD-3-Clause
import {
  type Alarm,
  type ElementId,
  Errno,
  type Framework,
  FrameworkError,
  type Posix,
  type ReadyHandler,
  Status,
} from '@scp/framework';
import type { VirtioDevice } from '@scp/virtio-scmi/api';
import { Backend } from './backend.ts';
import { Connection } from './connection.ts';
import { Reporter } from './report.ts';

/** How long to wait when a connection can't be accepted (no descriptors left), µs. */
const RETRY_US = 100_000;

/** What a server is made with. */
export interface ServerOptions {
  readonly framework: Framework;
  readonly posix: Posix;
  readonly id: ElementId;
  readonly path: string;
  readonly device: VirtioDevice;
  readonly requireSealedMemory: boolean;
}

/**
 * One listening socket and the device behind it. It serves one connection; the next waits in the backlog until that one
 * has ended, since a front end that was killed may be back before its end has been noticed.
 */
export class Server implements ReadyHandler {
  private readonly options: ServerOptions;
  private readonly reporter: Reporter;
  private readonly backend: Backend;
  private readonly retry: Alarm;
  private fd = -1;
  private connection: Connection | undefined = undefined;

  constructor(options: ServerOptions) {
    const { framework, posix, id, device, requireSealedMemory } = options;
    this.options = options;
    this.reporter = new Reporter(framework, framework.nameOf(id));
    this.backend = new Backend({ framework, posix, id, device, reporter: this.reporter, requireSealedMemory });
    device.attach(this.backend);
    this.retry = framework.createAlarm(id, () => this.listen(true));
  }

  /** Listens. Throws a FrameworkError E_OS when the socket can't be had. */
  start(): void {
    const { posix, path } = this.options;
    const fd = posix.listen(path);
    if (fd < 0) {
      throw new FrameworkError(
        Status.E_OS,
        `can't listen on ${path} (errno ${-fd}); another server, or no such folder?`,
      );
    }
    this.fd = fd;
    const watched = posix.watch(fd, { readable: true }, this);
    if (watched < 0) throw new FrameworkError(Status.E_OS, `can't watch ${path} (errno ${-watched})`);
    this.reporter.happened(`listening on ${path}`);
  }

  /** Ends the connection, closes the socket and removes its file. */
  stop(): void {
    const { posix, path } = this.options;
    this.retry.stop();
    if (this.connection !== undefined) this.end('the server stops');
    if (this.fd < 0) return;
    posix.unwatch(this.fd);
    posix.close(this.fd);
    posix.unlink(path);
    this.fd = -1;
  }

  ready(): void {
    if (this.connection !== undefined) return;
    const { posix } = this.options;
    const fd = posix.accept(this.fd);
    if (fd === Errno.EAGAIN || fd === Errno.EINTR) return;
    if (fd < 0) {
      this.reporter.refused(`a connection (errno ${-fd})`);
      this.listen(false);
      this.retry.start(RETRY_US);
      return;
    }
    const connection = new Connection(posix, fd, this.backend, reason => this.end(reason));
    if (!connection.start()) return;
    this.connection = connection;
    this.listen(false);
    this.reporter.happened('connected');
  }

  private end(reason: string): void {
    this.connection?.release();
    this.connection = undefined;
    this.backend.close();
    this.reporter.happened(`disconnected: ${reason}`);
    this.listen(true);
  }

  private listen(readable: boolean): void {
    if (this.fd >= 0) this.options.posix.rewatch(this.fd, { readable });
  }
}
