// RTMP as encoders speak it and as strangers abuse it, byte for byte, without a network. What real encoders do stands in
// e2e/encoder.e2e.ts.

import fc from 'fast-check';
import amf from 'node-media-server/src/protocol/amf.js';
import { describe, expect, test } from 'vitest';
import { RtmpConnection, RtmpFault } from './rtmp-connection.ts';

/** The most that a connection may hold, whatever it was sent: see `HELD_BYTES_MAX`. */
const heldMax = 4 * 1024 * 1024 + 1024;

const open = () => {
  const sent: Buffer[] = [];
  const wishes: string[] = [];
  const media: { kind: string; timestampMs: number; body: Buffer }[] = [];
  const heard: string[] = [];
  const connection = new RtmpConnection({
    send: (bytes) => sent.push(bytes),
    wish: ({ name }) => wishes.push(name),
    media: (kind, timestampMs, body) => media.push({ kind, timestampMs, body }),
    encoder: (name) => heard.push(name),
    unpublish: () => heard.push('unpublish'),
  });
  return {
    connection,
    sent,
    wishes,
    media,
    heard,
    told: () => Buffer.concat(sent).toString('latin1'),
  };
};

/** Version, and the two parts of a simple handshake. */
const handshake = Buffer.concat([Buffer.from([3]), Buffer.alloc(1536 * 2)]);

/** A message in chunks. */
const message = (
  type: number,
  body: Buffer,
  options: { at?: number; chunk?: number } = {},
): Buffer => {
  const { at = 0, chunk = 128 } = options;
  const head = Buffer.alloc(12);
  head[0] = 4;
  head.writeUIntBE(at, 1, 3);
  head.writeUIntBE(body.length, 4, 3);
  head[7] = type;
  head.writeUInt32LE(1, 8);
  const parts: Buffer[] = [head];
  for (let from = 0; from < body.length; from += chunk) {
    if (from > 0) parts.push(Buffer.from([0xc4]));
    parts.push(body.subarray(from, from + chunk));
  }
  return Buffer.concat(parts);
};
const command = (body: Record<string, unknown>): Buffer => message(20, amf.encodeAmf0Cmd(body));
const connect = (app = 'live') =>
  command({ cmd: 'connect', transId: 1, cmdObj: { app, tcUrl: `rtmp://localhost/${app}` } });
const publish = (streamName: unknown) =>
  command({ cmd: 'publish', transId: 3, cmdObj: null, streamName, type: 'live' });

describe('an encoder', () => {
  test('says its key and sends once it may', () => {
    const { connection, wishes, media, heard, told } = open();
    connection.take(handshake);
    connection.take(connect());
    connection.take(publish('rk_key?x=1'));
    expect(wishes).toEqual(['rk_key']);
    connection.take(message(9, Buffer.from('early')));
    connection.accept();
    expect(told()).toContain('NetStream.Publish.Start');
    // The key is said to nobody, not even to whoever sent it.
    expect(told()).not.toContain('rk_key');
    connection.take(
      message(
        18,
        amf.encodeAmf0Data({
          cmd: '@setDataFrame',
          method: 'onMetaData',
          dataObj: { encoder: 'obs\u0007 30' },
        }),
      ),
    );
    connection.take(message(9, Buffer.from('picture'.repeat(50)), { at: 40 }));
    connection.take(message(8, Buffer.from('sound'), { at: 41 }));
    expect(media.map(({ kind, timestampMs, body }) => [kind, timestampMs, body.length])).toEqual([
      ['video', 40, 350],
      ['audio', 41, 5],
    ]);
    expect(media[0]?.body.toString()).toBe('picture'.repeat(50));
    connection.take(command({ cmd: 'deleteStream', transId: 4, cmdObj: null, streamId: 1 }));
    expect(heard).toEqual(['obs 30', 'unpublish']);
  });

  test('[ING-7] may come in pieces of any size', () => {
    const bytes = Buffer.concat([handshake, connect(), publish('rk_key')]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), (sizes) => {
        const { connection, wishes } = open();
        let at = 0;
        for (const size of sizes) {
          connection.take(bytes.subarray(at, at + size));
          at += size;
        }
        connection.take(bytes.subarray(at));
        expect(wishes).toEqual(['rk_key']);
      }),
      { numRuns: 60 },
    );
  });

  test('[ING-3] of another app, or with a key that is no text, has no key', () => {
    for (const [app, name] of [
      ['live2', 'rk_key'],
      ['../live', 'rk_key'],
      ['live', 7],
      ['live', { a: 'b' }],
    ] as const) {
      const { connection, wishes } = open();
      connection.take(handshake);
      connection.take(connect(app));
      connection.take(publish(name));
      expect(wishes).toEqual(['']);
    }
  });

  test('[ING-3] that may not hears the status that encoders show', () => {
    const { connection, told } = open();
    connection.take(handshake);
    connection.take(connect());
    connection.take(publish('rk_wrong'));
    connection.refuse('NetStream.Publish.BadName', 'No.');
    expect(told()).toMatch(/level.*error.*NetStream\.Publish\.BadName/s);
  });
});

describe('[ING-7] a stranger', () => {
  const attacks: readonly (readonly [string, (after: Buffer) => Buffer])[] = [
    ['another protocol', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['chunks of no bytes', (begun) => Buffer.concat([begun, message(1, Buffer.alloc(4))])],
    [
      'a control message without a body',
      (begun) => Buffer.concat([begun, message(5, Buffer.alloc(1))]),
    ],
    [
      'a message of 16 MB',
      (begun) => Buffer.concat([begun, Buffer.from('04000000ffffff0901000000', 'hex')]),
    ],
    ['a picture before a key', (begun) => Buffer.concat([begun, message(9, Buffer.alloc(20_000))])],
    ['a key of 10 MB', (begun) => Buffer.concat([begun, message(20, Buffer.alloc(10_000_000))])],
    [
      'a command that is no command',
      (begun) => Buffer.concat([begun, message(20, Buffer.from([0x03]))]),
    ],
    ['a command named like a method', (begun) => Buffer.concat([begun, command2('constructor')])],
    ['a connection twice', (begun) => Buffer.concat([begun, connect(), connect()])],
    ['a publication without a connection', (begun) => Buffer.concat([begun, publish('rk_key')])],
    ['two publications', (begun) => Buffer.concat([begun, connect(), publish('a'), publish('b')])],
    [
      'an address that is none',
      (begun) =>
        Buffer.concat([
          begun,
          command({ cmd: 'connect', transId: 1, cmdObj: { app: 'live', tcUrl: 7 } }),
        ]),
    ],
    [
      'a wish to watch',
      (begun) =>
        Buffer.concat([
          begun,
          connect(),
          command({ cmd: 'play', transId: 3, cmdObj: null, streamName: 'a' }),
        ]),
    ],
    [
      'a message inside another',
      (begun) =>
        Buffer.concat([
          begun,
          message(20, Buffer.alloc(300)).subarray(0, 140),
          message(20, Buffer.alloc(9)),
        ]),
    ],
    [
      'more chunk streams than anybody needs',
      (begun) =>
        Buffer.concat([
          begun,
          ...Array.from({ length: 40 }, (_, id) => {
            const one = message(20, Buffer.alloc(300)).subarray(0, 140);
            one[0] = 3 + id;
            return one;
          }),
        ]),
    ],
  ];

  test.each(attacks)('with %s ends its own connection', (_what, attack) => {
    const { connection, media } = open();
    expect(() => connection.take(attack(handshake))).toThrow(RtmpFault);
    expect(connection.heldBytes).toBeLessThan(heldMax);
    expect(media).toEqual([]);
  });

  /** Bytes that begin well and go wrong: random, or a real conversation with some bytes changed. */
  const bytesOf = fc.oneof(
    fc.uint8Array({ maxLength: 4000 }).map((bytes) => Buffer.concat([handshake, bytes])),
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.uint8Array({ maxLength: 600 }),
      )
      .map(([changes, tail]) => {
        const real = Buffer.concat([
          handshake,
          connect(),
          publish('rk_key'),
          message(9, Buffer.alloc(900)),
          tail,
        ]);
        for (const [at, byte] of changes)
          real[handshake.length + (at % (real.length - handshake.length))] = byte;
        return real;
      }),
    fc
      .tuple(fc.constantFrom(17, 20, 15, 18, 22, 1, 4), fc.uint8Array({ maxLength: 500 }))
      .map(([type, body]) =>
        Buffer.concat([handshake, connect(), message(type, Buffer.from(body))]),
      ),
  );

  test('ends at most its own connection, and holds little, whatever it sends', () => {
    fc.assert(
      fc.property(
        bytesOf,
        fc.boolean(),
        fc.integer({ min: 1, max: 900 }),
        (bytes, admitted, piece) => {
          const { connection, wishes } = open();
          let accepted = false;
          try {
            for (let at = 0; at < bytes.length; at += piece) {
              connection.take(bytes.subarray(at, at + piece));
              if (admitted && !accepted && wishes.length > 0) {
                connection.accept();
                accepted = true;
              }
            }
          } catch (fault) {
            expect(fault).toBeInstanceOf(RtmpFault);
          }
          expect(connection.heldBytes).toBeLessThan(heldMax);
          expect(wishes.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 600 },
    );
  });
});

/** The encoder of commands knows only real ones. */
function command2(name: string): Buffer {
  const text = Buffer.from(name);
  const head = Buffer.from([2, 0, text.length]);
  return message(20, Buffer.concat([head, text, Buffer.alloc(9)]));
}
