// Janus with its streaming plugin, as a peer of `bench/forward.ts`: started with a configuration of its own that takes
// a stream by RTP on two loopback ports, and the few words of its HTTP interface that a viewer needs. The rule: it is
// given what its manual offers for this purpose (kept key frames, two event loops, helper threads).

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { OfferedSignal } from '../../src/media/client/signal.ts';
import { debianProgram } from '../../tools/debian-program.ts';

const HTTP_PORT = 18_088;
export const JANUS_VIDEO_PORT = 15_004;
export const JANUS_AUDIO_PORT = 15_006;
const URL = `http://127.0.0.1:${HTTP_PORT}/janus`;

/** Janus, ready for viewers. */
export type Janus = { readonly pid: number; cpuMs(): number; stop(): Promise<void> };

/** Starts it. `folder` is for its configuration. Undefined where there is no Janus and none can be had. */
export async function startJanus(folder: string): Promise<Janus | undefined> {
  const program = await debianProgram('janus');
  if (program === undefined) return undefined;
  const files = join(folder, 'janus');
  mkdirSync(files, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(files, name), text);
  write(
    'janus.jcfg',
    `general: { configs_folder = "${files}" debug_level = 2 session_timeout = 0 event_loops = 2 }
    nat: { ignore_mdns = true }
    media: { rtp_port_range = "20000-40000" }
    plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }
    transports: { disable = "libjanus_websockets.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so" }
    events: { broadcast = false }`,
  );
  write(
    'janus.transport.http.jcfg',
    `general: { http = true port = ${HTTP_PORT} ip = "127.0.0.1" https = false }`,
  );
  write(
    'janus.plugin.streaming.jcfg',
    `show: { type = "rtp" id = 1 threads = 2
      video = true videoport = ${JANUS_VIDEO_PORT} videopt = 102 videocodec = "h264"
      videofmtp = "profile-level-id=42e01f;packetization-mode=1" videobufferkf = true
      audio = true audioport = ${JANUS_AUDIO_PORT} audiopt = 111 audiocodec = "opus" }`,
  );
  const child = spawn(program, ['-F', files, '-C', join(files, 'janus.jcfg')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await answers(child);
  const pid = child.pid!;
  return {
    pid,
    cpuMs: () => cpuMsOf(pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A viewer's way to the stream: Janus offers, the viewer answers. */
export function signalOverJanus(): OfferedSignal {
  return async () => {
    const session = await ask('', { janus: 'create' });
    const { id } = session.data as { id: number };
    const handle = await ask(`/${id}`, { janus: 'attach', plugin: 'janus.plugin.streaming' });
    const path = `/${id}/${(handle.data as { id: number }).id}`;
    const message = (body: object, more: object = {}) =>
      ask(path, { janus: 'message', body, ...more });
    await message({ request: 'watch', id: 1 });
    let offerSdp: string | undefined;
    while (offerSdp === undefined) {
      const event = (await (await fetch(`${URL}/${id}?maxev=1`)).json()) as Saying;
      offerSdp = event.jsep?.sdp;
    }
    return {
      offerSdp,
      answer: async (sdp) =>
        void (await message({ request: 'start' }, { jsep: { type: 'answer', sdp } })),
      leave: async () => void (await ask(`/${id}`, { janus: 'destroy' }).catch(() => undefined)),
    };
  };
}

type Saying = { janus: string; data?: unknown; jsep?: { sdp: string } };

async function ask(path: string, body: object): Promise<Saying> {
  const response = await fetch(URL + path, {
    method: 'POST',
    body: JSON.stringify({ ...body, transaction: randomUUID() }),
  });
  const saying = (await response.json()) as Saying;
  if (saying.janus === 'error') throw new Error(`Janus: ${JSON.stringify(saying)}`);
  return saying;
}

async function answers(child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('Janus ended at its start.');
    const response = await fetch(`${URL}/info`).catch(() => undefined);
    if (response?.ok) return;
    await wait(50);
  }
}

/** CPU time of a process so far, in ms. */
export function cpuMsOf(pid: number): number {
  // proc(5): after the name in brackets, fields 14 and 15 are user and system time in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
