/** The scratch memory of a backend: one buffer that grows and is never given back, shared by all its plans. */
export class Arena {
  buffer: ArrayBuffer = new ArrayBuffer(0);
  private readonly poison: boolean;

  constructor(poison: boolean) {
    this.poison = poison;
  }

  get bytes(): number {
    return this.buffer.byteLength;
  }

  /** Makes room for a run. Views into an older buffer are stale: compare `buffer`. */
  reserve(bytes: number): void {
    if (bytes > this.buffer.byteLength) this.buffer = new ArrayBuffer(bytes);
    if (this.poison) new Uint8Array(this.buffer).fill(0xff);
  }
}
