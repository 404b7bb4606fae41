// SPDX-License-Identifier: BSD-3-Clause
/**
 * One connection: messages cut out of the byte stream, replies put into it. Nothing blocks: a peer that sends half a
 * message or reads no replies holds nobody but itself.
 */
import { Errno, type Posix, type ReadyHandler } from '@scp/framework';
import { HEADER_SIZE, HeaderFlag, MAX_REGIONS, PAYLOAD_LIMIT } from './messages.ts';

/** Messages handled in one go before others have their turn. */
const MESSAGES_AT_ONCE = 16;
/** Descriptors kept of one message: more than any has. */
const MAX_DESCRIPTORS = MAX_REGIONS + 1;

/** What handles the messages of a connection. */
export interface MessageHandler {
  /** Handles a message; false ends the connection. See `Backend`. */
  handle(id: number, needReply: boolean, payload: DataView, descriptors: number[]): boolean;
  readonly reply: DataView;
  readonly replyLength: number;
}

/** A connection's socket. */
export class Connection implements ReadyHandler {
  private readonly posix: Posix;
  private readonly fd: number;
  private readonly handler: MessageHandler;
  private readonly ended: (reason: string) => void;

  private readonly input = new Uint8Array(HEADER_SIZE + PAYLOAD_LIMIT);
  private readonly header = new DataView(this.input.buffer, 0, HEADER_SIZE);
  private received = 0;
  private readonly descriptors: number[] = [];

  private readonly output = new Uint8Array(HEADER_SIZE + 8);
  private readonly outputView = new DataView(this.output.buffer);
  /** The reply waits from `sent` on; `toSend` bytes in all. */
  private sent = 0;
  private toSend = 0;
  private open = true;

  /** Takes over the socket `fd`. `ended` is told once why the connection has ended; the socket is closed by then. */
  constructor(posix: Posix, fd: number, handler: MessageHandler, ended: (reason: string) => void) {
    this.posix = posix;
    this.fd = fd;
    this.handler = handler;
    this.ended = ended;
  }

  /** Starts to listen to the peer. False when that is impossible; the socket is closed then. */
  start(): boolean {
    if (this.posix.watch(this.fd, { readable: true }, this) >= 0) return true;
    this.release();
    return false;
  }

  ready(): void {
    if (this.toSend > 0 && !this.flush()) return;
    for (let messages = 0; messages < MESSAGES_AT_ONCE && this.open && this.toSend === 0;) {
      const wanted = this.received < HEADER_SIZE ? HEADER_SIZE : HEADER_SIZE + this.header.getUint32(8, true);
      const got = this.receive(wanted);
      if (got < 0) return;
      if (this.received === HEADER_SIZE && got > 0 && !this.checkHeader()) return;
      if (this.received >= HEADER_SIZE && this.received === HEADER_SIZE + this.header.getUint32(8, true)) {
        this.handle();
        messages++;
      }
    }
  }

  /** Receives up to `wanted` bytes of the message. Answers how many came, negative when there is nothing to do now. */
  private receive(wanted: number): number {
    const { length, descriptors, truncated } = this.posix.receive(
      this.fd,
      this.input,
      this.received,
      wanted - this.received,
    );
    for (let index = 0; index < descriptors.length; index++) {
      const fd = descriptors[index] ?? -1;
      if (this.descriptors.length < MAX_DESCRIPTORS) this.descriptors.push(fd);
      else this.posix.close(fd);
    }
    if (length === Errno.EAGAIN || length === Errno.EINTR) return -1;
    if (truncated) return this.end('descriptors were lost');
    if (length < 0) return this.end(`receiving failed (errno ${-length})`);
    if (length === 0) return this.end(this.received === 0 ? 'closed by the front end' : 'closed within a message');
    this.received += length;
    return length;
  }

  private checkHeader(): boolean {
    const flags = this.header.getUint32(4, true);
    if ((flags & HeaderFlag.VERSION_MASK) !== HeaderFlag.VERSION || (flags & HeaderFlag.REPLY) !== 0) {
      this.end(`a message with flags 0x${flags.toString(16)}`);
      return false;
    }
    if (this.header.getUint32(8, true) > PAYLOAD_LIMIT) {
      this.end('a message that is too long');
      return false;
    }
    return true;
  }

  private handle(): void {
    const id = this.header.getUint32(0, true);
    const needReply = (this.header.getUint32(4, true) & HeaderFlag.NEED_REPLY) !== 0;
    const payload = new DataView(this.input.buffer, HEADER_SIZE, this.received - HEADER_SIZE);
    this.received = 0;
    const goesOn = this.handler.handle(id, needReply, payload, this.descriptors);
    this.dropDescriptors();
    if (!goesOn) this.end('a request that can’t be answered');
    else if (this.handler.replyLength > 0) this.send(id);
  }

  private send(id: number): void {
    const { reply, replyLength } = this.handler;
    this.outputView.setUint32(0, id, true);
    this.outputView.setUint32(4, HeaderFlag.VERSION | HeaderFlag.REPLY, true);
    this.outputView.setUint32(8, replyLength, true);
    for (let at = 0; at < replyLength; at++) this.output[HEADER_SIZE + at] = reply.getUint8(at);
    this.sent = 0;
    this.toSend = HEADER_SIZE + replyLength;
    this.flush();
  }

  /** Sends what waits. False while some still does: nothing is read until it is gone, so at most one reply ever waits. */
  private flush(): boolean {
    while (this.sent < this.toSend) {
      const length = this.posix.send(this.fd, this.output, this.sent, this.toSend - this.sent);
      if (length === Errno.EINTR) continue;
      if (length === Errno.EAGAIN) {
        this.posix.rewatch(this.fd, { writable: true });
        return false;
      }
      if (length < 0) {
        this.end(`sending failed (errno ${-length})`);
        return false;
      }
      this.sent += length;
    }
    this.toSend = 0;
    this.posix.rewatch(this.fd, { readable: true });
    return true;
  }

  private dropDescriptors(): void {
    for (let fd = this.descriptors.pop(); fd !== undefined; fd = this.descriptors.pop()) {
      if (fd >= 0) this.posix.close(fd);
    }
  }

  /** Closes the socket without a word. */
  release(): void {
    if (!this.open) return;
    this.open = false;
    this.dropDescriptors();
    this.posix.unwatch(this.fd);
    this.posix.close(this.fd);
  }

  private end(reason: string): -1 {
    if (this.open) {
      this.release();
      this.ended(reason);
    }
    return -1;
  }
}
