/**
 * The part of MessagePack that the wire uses (STANDARD.md section 1), read with its limits and written in its shortest
 * form. Reading checks while it reads: nothing is built that the schema does not ask for.
 */

export const UINT8_MAX = 0xff
export const UINT16_MAX = 0xffff
export const UINT32_MAX = 0xffffffff
export const MALFORMED = 4001

/** The peer's bytes are not a message of STANDARD.md; the connection ends with `closeCode`. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
  readonly closeCode = MALFORMED
}

const utf8Reader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8Writer = new TextEncoder()
const NIL = 0xc0

export class Reader {
  #at = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new MalformedError('bytes after the message')
  }

  /** The head of an array: its length. */
  arrayLength(): number {
    const marker = this.#byte()
    if ((marker & 0xf0) === 0x90) return marker & 0x0f
    if (marker === 0xdc) return this.#sized(2)
    if (marker === 0xdd) return this.#sized(4)
    throw new MalformedError('not an array')
  }

  /** The head of an array of exactly `length` elements. */
  array(length: number): void {
    const found = this.arrayLength()
    if (found !== length) throw new MalformedError(`an array of ${found} elements instead of ${length}`)
  }

  uint(max: number = UINT32_MAX, min = 0): number {
    return this.int(min, max)
  }

  int(min: number, max: number): number {
    const value = this.#integer()
    if (value < min || value > max) throw new MalformedError(`${value} is not from ${min} to ${max}`)
    return value
  }

  nullable<T>(read: () => T): T | null {
    if (this.#bytes[this.#at] !== NIL) return read()
    this.#at++
    return null
  }

  bool(): boolean {
    const marker = this.#byte()
    if (marker !== 0xc2 && marker !== 0xc3) throw new MalformedError('not a bool')
    return marker === 0xc3
  }

  /** `max` counts bytes of UTF-8. */
  str(min = 0, max: number = UINT32_MAX): string {
    const marker = this.#byte()
    let length: number
    if ((marker & 0xe0) === 0xa0) length = marker & 0x1f
    else if (marker >= 0xd9 && marker <= 0xdb) length = this.#sized(1 << (marker - 0xd9))
    else throw new MalformedError('not a str')
    if (length < min || length > max) throw new MalformedError(`a str of ${length} bytes`)
    try {
      return utf8Reader.decode(this.#take(length))
    } catch (error) {
      throw error instanceof MalformedError ? error : new MalformedError('a str that is not UTF-8')
    }
  }

  /** A view, not a copy. Its length is a multiple of `row`, or exactly `exact`. */
  bin(row = 1, exact: number | null = null): Uint8Array {
    const marker = this.#byte()
    if (marker < 0xc4 || marker > 0xc6) throw new MalformedError('not a bin')
    const length = this.#sized(1 << (marker - 0xc4))
    if (exact !== null && length !== exact) throw new MalformedError(`a bin of ${length} bytes instead of ${exact}`)
    if (length % row !== 0) throw new MalformedError('a bin that ends within a row')
    return this.#take(length)
  }

  #integer(): number {
    const marker = this.#byte()
    if (marker < 0x80) return marker
    if (marker >= 0xe0) return marker - 0x100
    const at = this.#at
    switch (marker) {
      case 0xcc:
        return this.#sized(1)
      case 0xcd:
        return this.#sized(2)
      case 0xce:
        return this.#sized(4)
      case 0xcf:
        this.#skip(8)
        return this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
      case 0xd0:
        this.#skip(1)
        return this.#view.getInt8(at)
      case 0xd1:
        this.#skip(2)
        return this.#view.getInt16(at)
      case 0xd2:
        this.#skip(4)
        return this.#view.getInt32(at)
      case 0xd3:
        this.#skip(8)
        return this.#view.getInt32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
      default:
        throw new MalformedError('not an integer')
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new MalformedError('cut short')
    this.#at++
    return byte
  }

  #sized(width: number): number {
    const at = this.#at
    this.#skip(width)
    if (width === 1) return this.#view.getUint8(at)
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  /** Moves on without a view of what is passed: that would be garbage with every number. */
  #skip(length: number): void {
    if (length > this.#bytes.length - this.#at) throw new MalformedError('cut short')
    this.#at += length
  }

  #take(length: number): Uint8Array {
    const start = this.#at
    this.#skip(length)
    return this.#bytes.subarray(start, this.#at)
  }
}

export class Writer {
  #at = 0
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView

  /** Throws RangeError if more than `capacity` bytes are written. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at)
  }

  /** At most 15 elements. */
  array(length: number): this {
    return this.#byte(0x90 | length)
  }

  uint(value: number): this {
    if (value < 0x80) return this.#byte(value)
    if (value <= UINT8_MAX) return this.#byte(0xcc).#byte(value)
    const at = this.#at + 1
    if (value <= UINT16_MAX) {
      this.#byte(0xcd).#at += 2
      this.#view.setUint16(at, value)
    } else {
      this.#byte(0xce).#at += 4
      this.#view.setUint32(at, value)
    }
    return this
  }

  nil(): this {
    return this.#byte(NIL)
  }

  bool(value: boolean): this {
    return this.#byte(value ? 0xc3 : 0xc2)
  }

  str(value: string): this {
    const bytes = utf8Writer.encode(value)
    if (bytes.length < 32) this.#byte(0xa0 | bytes.length)
    else this.#head(0xd9, bytes.length)
    return this.#put(bytes)
  }

  bin(value: Uint8Array): this {
    return this.#head(0xc4, value.length).#put(value)
  }

  #head(marker: number, length: number): this {
    if (length <= UINT8_MAX) return this.#byte(marker).#byte(length)
    return this.#byte(marker + 1)
      .#byte(length >> 8)
      .#byte(length & 0xff)
  }

  #put(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  #byte(value: number): this {
    this.#view.setUint8(this.#at, value)
    this.#at++
    return this
  }
}
