import { allocate, freeMemory, viewMemory, type Pointer } from '../onnx-runtime';
import { openLibc, type Libc } from './libc';

/** Memory of this process that can be seen at several addresses, where the system has such a thing. */
export interface Block {
  readonly pointer: Pointer;
  readonly view: ArrayBuffer;
  /** Whether pieces of `bytes` can be mirrored: the system can, and they are whole pages. */
  canMirror(bytes: number): boolean;
  /**
   * Addresses for the `bytes` from `offset` on, up to `most` times in a row: what is written in one copy is read in all.
   * `undefined` where `canMirror` says no.
   */
  mirror(offset: number, bytes: number, most: number): Mirror | undefined;
  release(): void;
}

/** Copies are made as they are needed: each takes a call of the system, and its first use more. */
export interface Mirror {
  readonly pointer: Pointer;
  /** Makes the first `times` copies, so far as they are not there. */
  extend(times: number): void;
  release(): void;
}

const readAndWrite = 3;
const isShared = 0x01;
const isFixed = 0x10;
const isAnonymous = 0x20;
const isNotReserved = 0x4000;

/** `bytes` of zeros, touched only as they are used. Anonymous memory where mirrors cannot be had. */
export function allocateBlock(bytes: number): Block {
  const libc = openLibc();
  if (libc) return new SharedBlock(libc, bytes);
  const { pointer, view } = allocate(bytes);
  return {
    pointer,
    view,
    canMirror: () => false,
    mirror: () => undefined,
    release: () => freeMemory(pointer),
  };
}

/** A file that lies in memory only, mapped as often as it is asked for. */
class SharedBlock implements Block {
  readonly pointer: Pointer;
  readonly view: ArrayBuffer;
  private readonly file: number;

  constructor(
    private readonly libc: Libc,
    private readonly bytes: number,
  ) {
    this.file = libc.memfd_create('parlance-cache', 1);
    if (this.file < 0 || libc.ftruncate(this.file, bytes) !== 0) throw outOfMemory(bytes);
    this.pointer = this.map(null, bytes, isShared | isNotReserved, this.file, 0);
    this.view = viewMemory(this.pointer, bytes);
  }

  canMirror(bytes: number): boolean {
    return bytes % this.libc.pageBytes === 0;
  }

  mirror(offset: number, bytes: number, most: number): Mirror | undefined {
    if (!this.canMirror(bytes) || !this.canMirror(offset)) return undefined;
    const whole = bytes * most;
    // Addresses first, so that the copies lie one after the other; each is put over its part of them.
    const pointer = this.map(null, whole, isShared | isAnonymous | isNotReserved, -1, 0);
    let made = 0;
    const extend = (times: number) => {
      for (; made < Math.min(times, most); made += 1) {
        const at = pointer + BigInt(made * bytes);
        this.map(at, bytes, isShared | isFixed | isNotReserved, this.file, offset);
      }
    };
    return { pointer, extend, release: () => this.libc.munmap(pointer, whole) };
  }

  release(): void {
    this.libc.munmap(this.pointer, this.bytes);
    this.libc.close(this.file);
  }

  private map(at: Pointer | null, bytes: number, flags: number, file: number, offset: number): Pointer {
    const pointer = this.libc.mmap(at, bytes, readAndWrite, flags, file, offset);
    // MAP_FAILED is -1.
    if (BigInt.asIntN(64, pointer) === -1n) throw outOfMemory(bytes);
    return pointer;
  }
}

function outOfMemory(bytes: number): Error {
  return new Error(`Out of memory: ${String(Math.ceil(bytes / 1e6))} MB for keys and values cannot be had.`);
}
