// The line to a destination: its name looked up, every address of it looked at, then TCP or TLS to one of them. The
// rule: what is dialled is an address that was looked at, so that a name which answers differently the second time gains
// nothing; and whoever doesn't answer is given up within `DIAL_MS`.

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isInside } from './inside.ts';
import type { PushEnd } from './messages.ts';

/** Name, connection and certificate together. */
const DIAL_MS = 10_000;

/** Why a destination isn't reached or left. `message` is for the shop's owner. */
export class PushFault extends Error {
  readonly end: PushEnd;
  constructor(end: PushEnd, message: string) {
    super(message);
    this.name = 'PushFault';
    this.end = end;
  }
}

export type Target = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** The path without slashes at its ends. */
  readonly app: string;
  /** What the destination is told that it was called: the address without the key. */
  readonly tcUrl: string;
};

const ports = { 'rtmp:': 1935, 'rtmps:': 443 } as const;

/** Null when it is no address of RTMP: `rtmp://` or `rtmps://`, a host and an app, without name, question or fragment. */
export function targetOf(address: string): Target | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(address);
  const app = pathname.replace(/^\/+|\/+$/g, '');
  if (protocol !== 'rtmp:' && protocol !== 'rtmps:') return null;
  if (hostname === '' || app === '' || username || password || search || hash) return null;
  return {
    secure: protocol === 'rtmps:',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? ports[protocol] : Number(port),
    app,
    tcUrl: `${protocol}//${hostname}${port === '' ? '' : `:${port}`}/${app}`,
  };
}

/** Connects. Rejects with a `PushFault`; then nothing is left open. */
export async function dial(target: Target, inside: boolean): Promise<Socket> {
  const { host, port, secure } = target;
  const deadline = AbortSignal.timeout(DIAL_MS);
  const ip = await addressOf(host, inside, deadline);
  const socket = secure
    ? connectTls({ host: ip, port, ...(isIP(host) ? {} : { servername: host }) })
    : connect({ host: ip, port });
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal: deadline });
    socket.setNoDelay(true);
    return socket;
  } catch (fault) {
    // What comes of it after this has nobody who listens.
    socket.on('error', () => undefined);
    socket.destroy();
    throw asFault(fault, host);
  }
}

async function addressOf(host: string, inside: boolean, deadline: AbortSignal): Promise<string> {
  const found = await Promise.race([
    lookup(host, { all: true }).catch((fault: NodeJS.ErrnoException) => {
      throw new PushFault('unknown-host', `Nobody knows the name ${host} (${fault.code}).`);
    }),
    once(deadline, 'abort').then(() => {
      throw new PushFault('unknown-host', `The name ${host} was not found in time.`);
    }),
  ]);
  const first = found[0];
  if (!first) throw new PushFault('unknown-host', `The name ${host} has no address.`);
  if (!inside && found.some(({ address }) => isInside(address)))
    throw new PushFault('inside', `${host} lies inside this machine or its network.`);
  return first.address;
}

function asFault(fault: unknown, host: string): PushFault {
  const { code, name, message } = fault as NodeJS.ErrnoException;
  if (name === 'AbortError') return new PushFault('unreachable', `${host} did not answer in time.`);
  if (code?.startsWith('ERR_TLS') || code?.includes('CERT') || code?.includes('SIGNATURE'))
    return new PushFault('certificate', `The certificate of ${host} isn’t good (${code}).`);
  return new PushFault('unreachable', `${host} can’t be reached (${code ?? message}).`);
}
