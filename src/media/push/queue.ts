// What waits for a destination: messages in order, bounded in bytes and in time. The rule: who doesn't keep up loses
// pictures up to the next key frame, never gets a smeared one, and never makes anybody else wait.

/** One message on its way. */
export type PushMessage = {
  readonly kind: 'video' | 'audio';
  /** Ms since the push's first moment. */
  readonly atMs: number;
  /** A key picture; sounds are none. */
  readonly key: boolean;
  /** An FLV tag's body. */
  readonly body: Buffer;
  /** With a key picture: its form, to be told before it when it differs from the last one that was told. */
  readonly form?: PictureForm;
};

export type PictureForm = {
  readonly config: Buffer;
  readonly width: number;
  readonly height: number;
};

export type QueueLimits = { readonly bytesMax: number; readonly spanMs: number };

export class PushQueue {
  /** Pictures that were left out. */
  dropped = 0;
  readonly #limits: QueueLimits;
  #messages: PushMessage[] = [];
  #bytes = 0;
  #needsKey = false;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A key frame is needed before pictures go on. */
  get needsKey(): boolean {
    return this.#needsKey;
  }

  /** Takes a message; false when it, or what waited before it, was left out. */
  push(message: PushMessage): boolean {
    if (message.kind === 'video') {
      if (this.#needsKey && !message.key) {
        this.dropped += 1;
        return false;
      }
      this.#needsKey = false;
    }
    this.#messages.push(message);
    this.#bytes += message.body.length;
    const first = this.#messages[0]!;
    if (this.#bytes <= this.#limits.bytesMax && message.atMs - first.atMs <= this.#limits.spanMs)
      return true;
    this.#empty();
    return false;
  }

  shift(): PushMessage | undefined {
    const message = this.#messages.shift();
    if (message) this.#bytes -= message.body.length;
    return message;
  }

  #empty(): void {
    this.dropped += this.#messages.filter(({ kind }) => kind === 'video').length;
    this.#messages = [];
    this.#bytes = 0;
    this.#needsKey = true;
  }
}
