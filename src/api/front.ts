// Who really asks when reverse proxies stand in front: the address and host that they pass on in
// `X-Forwarded-For` and `X-Forwarded-Host`. The rule it guards: a header that anybody can write counts only
// when the connection comes from a proxy that the operator named (`TRUST_PROXY`).

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TrustedProxies } from '../base/settings.ts';

type Request = Pick<IncomingMessage, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** What stands between the server and the people who use it. */
export interface Front {
  /**
   * Whether what this address says of the one before it is believed. `hop` 0 is whoever is connected to
   * the server. In the shape of Fastify's `trustProxy`.
   */
  readonly trusts: (address: string, hop: number) => boolean;
  /** The address of the person or program that asks; empty when the connection is gone already. */
  addressOf(request: Request): string;
  /** The host that they asked for. */
  hostOf(request: Request): string | undefined;
}

/** Null: nothing stands in front, and nothing is believed. */
export const frontOf = (trusted: TrustedProxies | null): Front => {
  const trusts = trustOf(trusted);
  return {
    trusts,
    addressOf({ headers, socket }) {
      let address = socket.remoteAddress ?? '';
      // The last entry was written by whoever is connected, the one before it by whoever was connected to them.
      const passedOn = listOf(headers['x-forwarded-for']);
      for (let hop = 0; trusts(address, hop); hop++) {
        const before = passedOn.pop();
        if (before === undefined || isIP(before) === 0) break;
        address = before;
      }
      return address;
    },
    hostOf({ headers, socket }) {
      const passedOn = trusts(socket.remoteAddress ?? '', 0)
        ? listOf(headers['x-forwarded-host']).at(-1)
        : undefined;
      return passedOn ?? headers.host;
    },
  };
};

const trustOf = (trusted: TrustedProxies | null): Front['trusts'] => {
  if (trusted === null) return () => false;
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  const networks = new BlockList();
  for (const { address, prefix } of trusted)
    networks.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (address) => {
    const family = isIP(address);
    return family !== 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
};

const listOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
