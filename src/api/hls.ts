// HLS as one piece of the program: the packager's plane, told when shows end, and its doors. It lives as long as the
// HTTP server that it is registered with. Nothing is decided here.

import type { FastifyInstance } from 'fastify';
import type { Clock } from '../base/ports.ts';
import type { Engine } from '../engine/contract.ts';
import { HlsPlane, type Tappable } from '../media/hls/hls-plane.ts';
import { OpenShows } from './hls-front.ts';
import { hlsRoutes } from './hls-routes.ts';
import type { ShowDoor } from './show-access.ts';

export type HlsOptions = {
  readonly media: Tappable;
  readonly engine: Pick<Engine, 'onCommitted'>;
  readonly door: Pick<ShowDoor, 'refusal' | 'isForEverybody'>;
  readonly clock: Clock;
  readonly note: (note: string) => void;
};

export const hls =
  ({ media, engine, door, clock, note }: HlsOptions) =>
  async (app: FastifyInstance) => {
    const plane = new HlsPlane({ media, onNote: note });
    const nowMs = () => clock.nowMs();
    const open = new OpenShows(nowMs);
    engine.onCommitted(({ stream, events }) => {
      if (!stream.startsWith('show-')) return;
      const showId = stream.slice('show-'.length);
      if (events.some(({ kind }) => kind === 'PlanChanged')) open.forget(showId);
      const isOver = ({ kind }: { kind: string }) =>
        kind === 'ShowEnded' || kind === 'ShowCancelled';
      if (events.some(isOver)) plane.end(showId);
    });
    app.addHook('preClose', () => plane.close());
    await app.register(hlsRoutes({ hls: plane, door, nowMs, open }));
  };
