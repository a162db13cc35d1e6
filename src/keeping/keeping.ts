// What becomes of a show's pictures, joined: the recording is attached, clips are asked for, files move to the object
// store, rules of keeping take them away, and what the log says is gone is deleted. Nothing is decided here.

import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { type CommandId, type ShowId, showStream } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Clock } from '../base/ports.ts';
import { system } from '../domain/decider.ts';
import type { Removal } from '../domain/show/clips.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { Engine, ReportLine } from '../engine/contract.ts';
import { createPolicyRunner } from '../engine/policy.ts';
import type { S3Options } from '../gateways/s3-store.ts';
import type { EventLog } from '../log/event-log.ts';
import type { MediaPlane, Recording } from '../media/media-plane.ts';
import { MediaFault } from '../media/media-plane.ts';
import { recordingUrl } from '../media/recording-url.ts';
import { clipsBefore, clipsOfShow, recordingsBefore } from '../views/clips.ts';
import type { Projector } from '../views/projector.ts';
import type { ViewTables } from '../views/tables.ts';
import { type CutClip, clipPolicy } from './clip-policy.ts';
import type { ClipDue } from './clip-story.ts';
import { Keeper } from './keeper.ts';
import { KeptFiles } from './kept-files.ts';
import { type KeptRules, readKeptRules, writeKeptRules } from './kept-rules.ts';
import { removalPolicy } from './removal-policy.ts';

export type KeepingOptions = {
  readonly engine: Pick<Engine, 'send' | 'onCommitted'>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly db: Kysely<ViewTables>;
  readonly pool: Pool;
  readonly projector: Pick<Projector, 'reached'>;
  readonly media: Pick<MediaPlane, 'cutClip'>;
  readonly recordingsFolder: string;
  /** Null: files stay on this machine. */
  readonly s3: S3Options | null;
  /** Products by their ids; active ones can be bought. */
  readonly catalogue: {
    products(ids: readonly string[]): Promise<readonly { id: string; status: string }[]>;
  };
  readonly report: (line: ReportLine) => void;
};

export type Keeping = {
  readonly files: Pick<KeptFiles, 'remote'>;
  rules(): Promise<KeptRules>;
  setRules(rules: KeptRules): Promise<void>;
  /** Says in the show's log that its recording is there. Doing it again changes nothing. */
  attach(showId: string, recording: Recording): Promise<void>;
  /** Takes a demo's recording and clips away. */
  dropDemo(showId: string): Promise<void>;
  stop(): Promise<void>;
};

/** Loaded only where it is used. */
const openedStore = async (s3: S3Options) =>
  (await import('../gateways/s3-store.ts')).openS3Store(s3);

/**
 * Opens the object store when there is one and starts what goes on by itself.
 * @throws Fault `store-unavailable` with a sentence that names the setting when the store can't be used.
 */
export const openKeeping = async (options: KeepingOptions): Promise<Keeping> => {
  const { engine, log, clock, db, pool, projector, media, recordingsFolder, report } = options;
  const store = options.s3 ? await openedStore(options.s3) : null;
  const files = new KeptFiles(recordingsFolder, store, () => clock.nowMs());
  const ending = new AbortController();

  /** One id for each thing that is done once. */
  const tell = async (showId: string, command: ShowCommand, key: string): Promise<void> => {
    const stream = showStream(showId as ShowId);
    const commandId = `keep-${command.kind}-${key}`.slice(0, 64) as CommandId;
    const outcome = await engine.send(stream, command, { commandId, by: system });
    if (outcome.kind === 'done') await projector.reached(stream, outcome.seq);
  };
  const dropRecording = (showId: string, why: Removal) =>
    tell(showId, { kind: 'DropRecording', why, reason: '' }, why);
  const removeClip = (showId: string, clipId: string, why: Removal) =>
    tell(showId, { kind: 'RemoveClip', clipId, why, reason: '' }, `${clipId}-${why}`);

  const keeper = new Keeper({
    clock,
    files,
    report: (what, figures) => report({ level: 'warn', what, ...figures } as ReportLine),
    shop: {
      rules: () => readKeptRules(pool),
      recordingsBefore: (beforeMs, limit) => recordingsBefore(db, beforeMs, limit),
      clipsBefore: (beforeMs, page) => clipsBefore(db, beforeMs, page),
      onSale: async (ids) =>
        new Set(
          (await options.catalogue.products(ids)).flatMap((p) =>
            p.status === 'active' ? p.id : [],
          ),
        ),
      dropRecording,
      removeClip,
    },
  });

  const cut = async (
    showId: string,
    { clipId, fromMs, toMs }: ClipDue,
  ): Promise<CutClip | null> => {
    const stopped = new Promise<never>((_resolve, reject) => {
      const give = () => reject(new Fault('media-unavailable', 'the server stops'));
      if (ending.signal.aborted) give();
      else ending.signal.addEventListener('abort', give, { once: true });
    });
    stopped.catch(() => undefined);
    const file = await Promise.race([
      media.cutClip(showId, { clipId, fromMs, toMs }),
      stopped,
    ]).catch((error: unknown) => {
      if (error instanceof MediaFault) throw new Fault('media-unavailable', error.message);
      throw error;
    });
    const url = file && recordingUrl(recordingsFolder, file.path);
    if (!file || !url) return null;
    keeper.finished();
    const { startedAtMs, durationMs, leadMs } = file;
    const posterUrl = recordingUrl(recordingsFolder, file.posterPath);
    return { url, posterUrl, startedAtMs, durationMs, leadMs };
  };

  const shared = { engine, log, clock, report };
  // Each with a checkpoint of its own: a recorder that is busy keeps no file from being deleted.
  const runners = [
    createPolicyRunner({ ...shared, name: 'clips', policies: [clipPolicy(cut)] }),
    createPolicyRunner({ ...shared, name: 'removal', policies: [removalPolicy(files)] }),
  ];
  keeper.start();

  return {
    files,
    rules: () => readKeptRules(pool),
    setRules: (rules) => writeKeptRules(pool, rules),
    async attach(showId, recording) {
      const url = recordingUrl(recordingsFolder, recording.path);
      if (url === null) return;
      const posterUrl = recordingUrl(recordingsFolder, recording.posterPath);
      const { durationMs, startedAtMs } = recording;
      const { path = null, ...grid } = recording.previews ?? {};
      const previewsUrl = recordingUrl(recordingsFolder, path);
      const previews =
        recording.previews && previewsUrl
          ? { ...(grid as Omit<typeof recording.previews, 'path'>), url: previewsUrl }
          : null;
      await tell(
        showId,
        { kind: 'AttachRecording', url, posterUrl, durationMs, startedAtMs, previews },
        showId,
      );
      keeper.finished();
    },
    async dropDemo(showId) {
      for (const { clip_id } of await clipsOfShow(db, showId))
        await removeClip(showId, clip_id, 'demo');
      await dropRecording(showId, 'demo');
    },
    async stop() {
      ending.abort();
      await Promise.all([...runners.map((runner) => runner.stop()), keeper.stop()]);
      store?.close();
    },
  };
};
