// Web push: small messages to browsers that have allowed it, by the push service of the browser's maker
// (RFC 8030, 8188, 8291, 8292; the library encrypts and signs). A browser that is gone is an answer, a
// service that is away is a fault. Where a message may go is checked here: its address came from a stranger.

import { lookup } from 'node:dns';
import { Agent } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Fault } from '../base/fault.ts';

/** A browser that may be told, as `PushSubscription.toJSON` gives it. */
export type Subscription = {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};

export type PushMessage = {
  readonly payload: string;
  /** A later message of the same topic takes the place of one that hasn't been delivered; 32 signs of base64url. */
  readonly topic: string;
  readonly ttlSeconds: number;
};

/** `send` resolves to `gone` when the service doesn't know the browser any more; throws `push-unavailable`. */
export interface Push {
  /** What browsers subscribe with; base64url. */
  readonly publicKey: string;
  send(subscription: Subscription, message: PushMessage): Promise<'sent' | 'gone'>;
}

export type VapidKeys = { readonly publicKey: string; readonly privateKey: string };

/** Addresses that nobody outside is reached by. */
const inside = new BlockList();
for (const [net, bits, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['::ffff:0:0', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const)
  inside.addSubnet(net, bits, family);

/** Whether an endpoint may be a push service's: https, a name, the usual port. */
export const isPushEndpoint = (endpoint: string): boolean => {
  try {
    const { protocol, hostname, port, username } = new URL(endpoint);
    return (
      protocol === 'https:' &&
      (port === '' || port === '443') &&
      username === '' &&
      isIP(hostname.replace(/^\[|\]$/g, '')) === 0 &&
      hostname.includes('.') &&
      !/\.(?:local|internal|localhost|invalid)\.?$/.test(hostname)
    );
  } catch {
    return false;
  }
};

/** Resolves names as always, and refuses those that lead inside. */
const lookupOutside: typeof lookup = ((
  hostname: string,
  options: object,
  done: (error: Error | null, ...rest: unknown[]) => void,
) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error);
    const found = addresses as { address: string; family: number }[];
    if (found.some(({ address, family }) => inside.check(address, family === 6 ? 'ipv6' : 'ipv4')))
      return done(new Error(`${hostname} leads inside`));
    const [first] = found;
    if ((options as { all?: boolean }).all) return done(null, found);
    return done(null, first?.address, first?.family);
  });
}) as typeof lookup;

/**
 * The real push. `subject` is how a push service reaches the shop: its https address or `mailto:`. `agent` is
 * for tests, whose service is on this machine.
 */
export const webPush = (options: {
  readonly keys: VapidKeys;
  readonly subject: string;
  readonly timeoutMs?: number;
  readonly agent?: Agent;
}): Push => {
  const { keys, subject, timeoutMs = 10_000 } = options;
  const agent = options.agent ?? new Agent({ lookup: lookupOutside, keepAlive: true });
  return {
    publicKey: keys.publicKey,
    async send({ endpoint, keys: { p256dh, auth } }, { payload, topic, ttlSeconds }) {
      // Loaded only where it is used.
      const { default: library } = await import('web-push');
      try {
        await library.sendNotification({ endpoint, keys: { p256dh, auth } }, payload, {
          vapidDetails: { subject, ...keys },
          contentEncoding: 'aes128gcm',
          TTL: ttlSeconds,
          topic,
          urgency: 'high',
          timeout: timeoutMs,
          agent,
        });
        return 'sent';
      } catch (cause) {
        const { statusCode } = cause as { statusCode?: number };
        if (statusCode === 404 || statusCode === 410) return 'gone';
        throw new Fault(
          'push-unavailable',
          `the push service did not take a message: ${statusCode ?? (cause as Error).message}`,
          { cause },
        );
      }
    },
  };
};
