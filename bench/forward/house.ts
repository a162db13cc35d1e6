// What the benches of the forwarder share: a media plane behind its HTTP doors, a page for the browser, and a camera
// with a clock on air.

import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { registerProblems } from '../../src/api/problem-reply.ts';
import { type WhipWhepOptions, whipWhep } from '../../src/api/whip-whep.ts';
import { startCamera } from '../../src/media/camera/start-camera.ts';
import type { ChildPlane, ChildPlaneOptions } from '../../src/media/child-plane.ts';
import { startChildPlane } from '../../src/media/child-plane.ts';
import { cpuMsOf } from './janus.ts';

export type House = {
  readonly plane: ChildPlane;
  readonly folder: string;
  readonly url: string;
  readonly whep: string;
  /** CPU time so far in ms, of the forwarders together and of the camera. */
  cpuMs(): { forwarders: number; camera: number };
  /** Viewers who come from now on are sent to this UDP port. */
  watchThrough(port: number): void;
  close(): Promise<void>;
};

const SHOW = 'bench';

/** Resolves when the show is on air. */
export async function openHouse(
  bitsPerSecond: number,
  options: Partial<ChildPlaneOptions> = {},
): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'rialto-forward-'));
  // The drawn scene is kept from run to run: drawing it again measures nothing.
  const cacheFolder = join(tmpdir(), 'rialto-bench-cache');
  mkdirSync(cacheFolder, { recursive: true });
  const plane = await startChildPlane({
    recordingsFolder: folder,
    bindAddress: '127.0.0.1',
    ...options,
  });
  const app = Fastify();
  registerProblems(app);
  const anyone = async () => ({ ok: true }) as const;
  let through: number | undefined;
  const media: WhipWhepOptions['media'] = {
    publish: (showId, offer) => plane.publish(showId, offer),
    watch: async (showId, offer) => {
      const answer = await plane.watch(showId, offer);
      if (through === undefined) return answer;
      const { udpPort } = plane.forwarders[0]!;
      const answerSdp = answer.answerSdp.replaceAll(` ${udpPort} typ`, ` ${through} typ`);
      return { ...answer, answerSdp };
    },
    leave: (sessionId) => plane.leave(sessionId),
    session: (sessionId) => plane.session(sessionId),
  };
  await app.register(
    whipWhep({ media, mayPublish: anyone, isPublisher: anyone, mayWatch: anyone }),
  );
  app.get('/', (_request, reply) =>
    reply.type('text/html').send('<video autoplay muted playsinline></video>'),
  );
  const url = await app.listen({ host: options.bindAddress ?? '127.0.0.1', port: 0 });
  const camera = startCamera(
    { whipUrl: `${url}/whip/${SHOW}`, cacheFolder, clock: true, bitsPerSecond },
    (news) => {
      if (news.state === 'preparing' && news.share < 1)
        console.log(`drawing the scene: ${Math.round(news.share * 100)} %`);
    },
  );
  await camera.onAir;
  return {
    plane,
    folder,
    url,
    whep: `${url}/whep/${SHOW}`,
    cpuMs: () => ({
      forwarders: plane.forwarders.reduce((sum, { pid }) => sum + (pid ? cpuMsOf(pid) : 0), 0),
      camera: camera.pid ? cpuMsOf(camera.pid) : 0,
    }),
    watchThrough(port) {
      through = port;
    },
    async close() {
      await camera.stop();
      await app.close();
      await plane.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
