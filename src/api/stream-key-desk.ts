// What a stream key may do now: which show it is for, whether that goes on, whether its maker may still direct; and who
// is on air with it, so that a key that is withdrawn takes its publication with it. The rule: a wrong key learns nothing,
// and an address with too many wrong ones isn't asked any more for a while. Rules: docs/rules/ingest.md.

import type { Accounts } from '../accounts/accounts.ts';
import type { StreamKey, StreamKeys } from '../accounts/stream-keys.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { KeyAnswer } from '../media/ingest/ingest.ts';
import type { MediaPlane } from '../media/media-plane.ts';
import type { ShowSummary } from '../protocol/http.ts';

export type StreamKeyDeskParts = {
  readonly keys: StreamKeys;
  readonly media: Pick<MediaPlane, 'leave' | 'session'>;
  readonly accounts: Pick<Accounts, 'person'>;
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
  /** The show that a host's key is for at the moment. */
  readonly showOfHost: (personId: string) => Promise<string | null>;
  readonly clock: Pick<Clock, 'nowMs'>;
};

/** What became of a key that was shown at a show's own door. */
export type KeyAtShow = KeyAnswer | { readonly ok: false; readonly why: 'elsewhere' };

export class StreamKeyDesk {
  readonly #parts: StreamKeyDeskParts;
  readonly #sessions = new Map<string, string>();
  readonly #wrong = new Map<string, { count: number; untilMs: number }>();

  constructor(parts: StreamKeyDeskParts) {
    this.#parts = parts;
  }

  /** Which show an encoder may publish with this secret, that says nothing else. */
  async ask(secret: string, address: string): Promise<KeyAnswer> {
    const key = await this.#find(secret, address);
    if ('why' in key) return key;
    const showId = key.showId ?? (await this.#parts.showOfHost(key.personId));
    if (showId === null) return { ok: false, why: 'show-ended' };
    return this.#at(key, showId);
  }

  /** The same at the door of a show. `anyPhase`: also after its end, for taking a session down. */
  async askAt(
    secret: string,
    address: string,
    showId: string,
    { anyPhase = false } = {},
  ): Promise<KeyAtShow> {
    const key = await this.#find(secret, address);
    if ('why' in key) return key;
    if (key.showId === null) {
      const show = await this.#parts.summary(showId);
      if (show?.hostId !== key.personId) return { ok: false, why: 'elsewhere' };
    } else if (key.showId !== showId) return { ok: false, why: 'elsewhere' };
    return this.#at(key, showId, anyPhase);
  }

  /** A publication with this key began. */
  began(sessionId: string, keyId: string): void {
    for (const each of this.#sessions.keys())
      if (!this.#parts.media.session(each)) this.#sessions.delete(each);
    this.#sessions.set(sessionId, keyId);
    // When it was last used is a help for people; a show doesn't wait for it.
    this.#parts.keys.used(keyId).catch(() => undefined);
  }

  /** Whether somebody publishes with this key now. */
  onAir(keyId: string): boolean {
    return this.#sessionsOf(keyId).length > 0;
  }

  /** Ends what is published with this key: it was withdrawn or has another secret. */
  async end(keyId: string): Promise<void> {
    for (const sessionId of this.#sessionsOf(keyId)) {
      this.#sessions.delete(sessionId);
      await this.#parts.media.leave(sessionId).catch(() => false);
    }
  }

  #sessionsOf(keyId: string): string[] {
    return [...this.#sessions]
      .filter(([sessionId, each]) => each === keyId && this.#parts.media.session(sessionId))
      .map(([sessionId]) => sessionId);
  }

  async #find(secret: string, address: string): Promise<StreamKey | (KeyAnswer & { ok: false })> {
    const nowMs = this.#parts.clock.nowMs();
    const wrong = this.#wrong.get(address);
    if (wrong && wrong.untilMs <= nowMs) this.#wrong.delete(address);
    else if (wrong && wrong.count >= limits.wrongStreamKeysMax)
      return { ok: false, why: 'too-many' };
    const key = await this.#parts.keys.find(secret);
    if (key) {
      const person = await this.#parts.accounts.person(key.personId);
      if (person?.role === 'owner' || person?.role === 'host') return key;
    }
    this.#noteWrong(address, nowMs);
    return { ok: false, why: 'key' };
  }

  async #at(key: StreamKey, showId: string, anyPhase = false): Promise<KeyAnswer> {
    const show = await this.#parts.summary(showId);
    if (!show || !(anyPhase || show.phase === 'planned' || show.phase === 'live'))
      return { ok: false, why: 'show-ended' };
    return { ok: true, keyId: key.id, showId, takeOver: key.takeOver };
  }

  #noteWrong(address: string, nowMs: number): void {
    const wrong = this.#wrong.get(address) ?? {
      count: 0,
      untilMs: nowMs + limits.wrongStreamKeysMs,
    };
    wrong.count += 1;
    this.#wrong.delete(address);
    this.#wrong.set(address, wrong);
    for (const oldest of this.#wrong.keys()) {
      if (this.#wrong.size <= limits.wrongStreamKeyAddressesMax) break;
      this.#wrong.delete(oldest);
    }
  }
}
