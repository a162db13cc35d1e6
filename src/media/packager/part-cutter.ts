// Cuts a show's timeline into parts and segments (RFC 8216bis sections 4.4.4.9 and B.1): pictures and sounds with their
// times in, parts with their samples out. All times are ms on one timeline; the caller's clock is told by `tick`. Pure:
// no boxes, no playlists, no I/O. The rule: a part lasts from 85 to 100 % of the target, unless it ends its segment or
// stands for nothing; a segment never outlasts `SEGMENT_MS_MAX`.

/** What playlists advertise as PART-TARGET. At 10 to 60 pictures a second a cut before a picture falls into the window. */
export const PART_TARGET_MS = 340;
const PART_MS_MIN = 0.85 * PART_TARGET_MS;
/** Where a part is cut when no picture begins in the window: few pictures a second, or none for a while. */
const PART_MS_BETWEEN = 0.93 * PART_TARGET_MS;
/** Playlists advertise this as TARGETDURATION, in seconds; no segment's length rounds to more. */
export const SEGMENT_TARGET_S = 3;
const SEGMENT_MS_MAX = SEGMENT_TARGET_S * 1000;
/** A key frame that comes earlier begins no segment. */
const SEGMENT_MS_MIN = 1500;
/** A publisher that sent no key frame for so long is asked for one. */
const KEY_FRAME_WANTED_MS = 1800;
/** A cut waits so long for sound that is on its way through the encoder. */
const SOUND_WAIT_MS = 160;
/** The picture of a moment comes so much later than its sound, at most; beyond it the part goes without. */
const PICTURE_WAIT_MS = 250;
/** How long a picture stands whose successor isn't there yet. Players take a hole after a short one for an end. */
const LONE_PICTURE_MS = 1000;
/** Nothing for so long is a gap. */
const AWAY_MS = 1500;
/** How far behind the clock parts of a gap are told: a publisher who comes back was on the way for so long. */
const GAP_BEHIND_MS = 900;

/** `durationMs` of a picture is known once the next one came. */
export type CutPicture = { atMs: number; durationMs: number; data: Buffer; key: boolean };
export type CutSound = { at: number; atMs: number; data: Buffer };

/** A part. `startMs` and `durationMs` on the timeline; samples are those that begin in it, or came late for the one before. */
export type CutPart = {
  startMs: number;
  durationMs: number;
  pictures: CutPicture[];
  sounds: CutSound[];
  /** The first part of a segment. */
  startsSegment: boolean;
  /** The last one, where that is known already. */
  endsSegment: boolean;
  /** It begins with a key picture (or there are no pictures at all). */
  independent: boolean;
  /** Nobody published: nothing is in it. */
  gap: boolean;
  /** The initialisation that its samples need. */
  form: number;
};

export type CutterEvents = {
  part(part: CutPart): void;
  keyFrameWanted(): void;
};

/** `form` is that of what comes after it. */
type Cut = { atMs: number; endsSegment: boolean; form: number; madeAtMs: number };

export class PartCutter {
  readonly #events: CutterEvents;
  readonly #hasPicture: boolean;
  #pending: CutPicture | undefined;
  #pictures: CutPicture[] = [];
  #sounds: CutSound[] = [];
  #cuts: Cut[] = [];
  /** Where the part that grows begins; undefined before the first key picture. */
  #partMs: number | undefined;
  #segmentMs = 0;
  /** Where the next part to be told begins: behind `#partMs` while a cut waits for sound. */
  #toldMs = 0;
  #startsSegment = true;
  /** The form of the newest picture, and of the part to be told. */
  #form = 0;
  #toldForm = 0;
  #soundEndMs = -Infinity;
  #lastPictureMs = -Infinity;
  #arrivedAtMs = -Infinity;
  #askedAtMs = -Infinity;
  #isAway = false;

  constructor(hasPicture: boolean, events: CutterEvents) {
    this.#hasPicture = hasPicture;
    this.#events = events;
  }

  /** Nobody publishes at the moment. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Where the newest picture stands. */
  get lastPictureMs(): number {
    return this.#lastPictureMs;
  }

  /** A picture, in the order of decoding. `form`: the initialisation that it needs; only a key picture changes it. */
  picture(atMs: number, data: Buffer, key: boolean, form: number, nowMs: number): void {
    const at = Math.max(atMs, this.#lastPictureMs + 1);
    if (this.#partMs === undefined || this.#isAway) {
      if (!key) return;
      this.#begin(at, form, nowMs);
    }
    this.#lastPictureMs = at;
    this.#arrivedAtMs = nowMs;
    if (this.#pending) {
      this.#pictures.push({ ...this.#pending, durationMs: at - this.#pending.atMs });
      this.#pending = undefined;
    }
    this.#border(at, key, form, nowMs);
    this.#pending = { atMs: at, durationMs: 0, data, key };
    this.#tellDue(nowMs);
  }

  /** An AAC packet that lasts `durationMs`. */
  sound(sound: CutSound, durationMs: number, form: number, nowMs: number): void {
    if (this.#hasPicture && (this.#partMs === undefined || this.#isAway)) return;
    if (this.#partMs === undefined || this.#isAway) this.#begin(sound.atMs, form, nowMs);
    if (!this.#hasPicture) {
      this.#arrivedAtMs = nowMs;
      this.#border(sound.atMs, true, form, nowMs);
    }
    // What lies before the first picture has no part to stand in.
    if (sound.atMs + durationMs <= this.#toldMs) return;
    this.#sounds.push(sound);
    this.#soundEndMs = sound.atMs + durationMs;
    this.#tellDue(nowMs);
  }

  /** Time passes. `nowMs`: the server's clock on the timeline. Call it some times in a part. */
  tick(nowMs: number): void {
    if (this.#partMs === undefined) return;
    if (!this.#isAway && nowMs - this.#arrivedAtMs > AWAY_MS) this.#leave(nowMs);
    if (this.#isAway) {
      this.#tellGap(nowMs - GAP_BEHIND_MS);
      return;
    }
    // Sound says how far the show has come when no picture does.
    const edgeMs = Math.min(this.#soundEndMs, nowMs) - PICTURE_WAIT_MS;
    if (this.#hasPicture && edgeMs - this.#partMs > PART_TARGET_MS) this.#between(edgeMs, nowMs);
    this.#tellDue(nowMs);
  }

  /** Ends what was begun: the show is over. */
  end(nowMs: number): void {
    if (this.#partMs !== undefined && !this.#isAway) this.#leave(nowMs);
  }

  #begin(atMs: number, form: number, nowMs: number): void {
    if (this.#isAway && this.#partMs !== undefined) {
      const at = Math.max(atMs, this.#partMs);
      this.#tellGap(at);
      if (at - this.#partMs > 1) this.#tellNothing(at, true);
      atMs = at;
    }
    this.#isAway = false;
    this.#partMs = atMs;
    this.#toldMs = atMs;
    this.#segmentMs = atMs;
    this.#startsSegment = true;
    this.#form = form;
    this.#toldForm = form;
    this.#soundEndMs = -Infinity;
    this.#arrivedAtMs = nowMs;
    this.#askedAtMs = nowMs;
  }

  /** A place where parts may end: a picture begins here (or a sound, where there are no pictures). */
  #border(at: number, key: boolean, form: number, nowMs: number): void {
    while (at - this.#partMs! > PART_TARGET_MS)
      this.#cut(this.#partMs! + PART_MS_BETWEEN, false, nowMs);
    const renews = key && form !== this.#form;
    if (renews) this.#form = form;
    const inSegmentMs = at - this.#segmentMs;
    const inPartMs = at - this.#partMs!;
    const isBeginning = inSegmentMs <= 0;
    if (key && !isBeginning && (renews || inSegmentMs >= SEGMENT_MS_MIN))
      this.#cut(at, true, nowMs);
    else if (inPartMs >= PART_MS_MIN) this.#cut(at, false, nowMs);
    if (
      this.#hasPicture &&
      at - this.#segmentMs > KEY_FRAME_WANTED_MS &&
      nowMs - this.#askedAtMs > 1000
    ) {
      this.#askedAtMs = nowMs;
      this.#events.keyFrameWanted();
    }
  }

  /** Cuts up to `edgeMs` where no picture begins. The picture that waits is told as standing for a while. */
  #between(edgeMs: number, nowMs: number): void {
    while (edgeMs - this.#partMs! > PART_TARGET_MS) {
      const at = this.#partMs! + PART_MS_BETWEEN;
      if (this.#pending && this.#pending.atMs < at) {
        this.#pictures.push({ ...this.#pending, durationMs: LONE_PICTURE_MS });
        this.#pending = undefined;
      }
      this.#cut(at, false, nowMs);
    }
  }

  #cut(at: number, keySegment: boolean, nowMs: number): void {
    // The next part could grow beyond what a segment may last: it begins another one, key picture or not.
    const isFull = at + PART_TARGET_MS - this.#segmentMs > SEGMENT_MS_MAX;
    const endsSegment = keySegment || isFull;
    this.#cuts.push({ atMs: at, endsSegment, form: this.#form, madeAtMs: nowMs });
    this.#partMs = at;
    if (endsSegment) this.#segmentMs = at;
  }

  #tellDue(nowMs: number): void {
    for (let cut = this.#cuts[0]; cut; cut = this.#cuts[0]) {
      if (this.#soundEndMs < cut.atMs && nowMs - cut.madeAtMs < SOUND_WAIT_MS) return;
      this.#cuts.shift();
      this.#tell(cut);
    }
  }

  #tell(cut: Cut): void {
    const pictures = this.#pictures.filter(({ atMs }) => atMs < cut.atMs);
    this.#pictures = this.#pictures.filter(({ atMs }) => atMs >= cut.atMs);
    const sounds = this.#sounds.filter(({ atMs }) => atMs < cut.atMs);
    this.#sounds = this.#sounds.filter(({ atMs }) => atMs >= cut.atMs);
    const gap = pictures.length + sounds.length === 0;
    this.#put(cut.atMs, pictures, sounds, gap, cut.endsSegment);
    if (cut.endsSegment) this.#startsSegment = true;
    this.#toldForm = cut.form;
  }

  #put(
    endMs: number,
    pictures: CutPicture[],
    sounds: CutSound[],
    gap: boolean,
    endsSegment: boolean,
  ): void {
    this.#events.part({
      startMs: this.#toldMs,
      durationMs: endMs - this.#toldMs,
      pictures,
      sounds,
      startsSegment: this.#startsSegment,
      endsSegment,
      independent: !gap && (this.#hasPicture ? pictures[0]?.key === true : true),
      gap,
      form: this.#toldForm,
    });
    this.#toldMs = endMs;
    this.#startsSegment = false;
  }

  /** The publisher is gone: what is here is told, and a gap begins. */
  #leave(nowMs: number): void {
    this.#tellDue(Infinity);
    if (this.#pending) this.#pictures.push({ ...this.#pending, durationMs: 40 });
    this.#pending = undefined;
    const lastMs = Math.max(
      ...this.#pictures.map(({ atMs, durationMs }) => atMs + durationMs),
      Math.min(this.#soundEndMs, this.#lastPictureMs + 40),
      this.#toldMs,
    );
    const endMs = Math.min(lastMs, this.#toldMs + PART_TARGET_MS, nowMs);
    if (endMs - this.#toldMs > 1)
      this.#put(
        endMs,
        this.#pictures,
        this.#sounds.filter(({ atMs }) => atMs < endMs),
        false,
        true,
      );
    this.#pictures = [];
    this.#sounds = [];
    this.#cuts = [];
    this.#isAway = true;
    this.#partMs = this.#toldMs;
    this.#segmentMs = this.#toldMs;
    this.#startsSegment = true;
  }

  #tellGap(untilMs: number): void {
    while (untilMs - this.#toldMs >= PART_MS_BETWEEN)
      this.#tellNothing(this.#toldMs + PART_MS_BETWEEN);
  }

  #tellNothing(endMs: number, endsSegment = false): void {
    if (endMs + PART_TARGET_MS - this.#segmentMs > SEGMENT_MS_MAX && !this.#startsSegment) {
      this.#startsSegment = true;
      this.#segmentMs = this.#toldMs;
    }
    if (this.#startsSegment) this.#segmentMs = this.#toldMs;
    const isFull = endMs + PART_TARGET_MS - this.#segmentMs > SEGMENT_MS_MAX;
    this.#put(endMs, [], [], true, endsSegment || isFull);
    if (isFull) this.#startsSegment = true;
    this.#partMs = endMs;
  }
}
