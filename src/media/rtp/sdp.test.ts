import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SdpOffer } from './sdp.ts';
import {
  chooseH264,
  chooseOpus,
  chooseVp8,
  parseOffer,
  parseTransportAnswer,
  transportOffer,
  writeAnswer,
} from './sdp.ts';

/** As Chromium writes it, shortened: several H.264 profiles, VP8, simulcast. */
const OFFER = [
  'v=0',
  'o=- 83 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:PH5B',
  'a=ice-pwd:/BZvbuMT0vtIqxx0anxE3cEp',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'A4').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=sendonly',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:0 PCMU/8000',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 102 104 108',
  'a=mid:1',
  'a=sendonly',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
  'a=rtpmap:104 H264/90000',
  'a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f',
  'a=rtpmap:108 H264/90000',
  'a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  'a=simulcast:send q;h;f',
  '',
].join('\r\n');

function read(sdp: string): SdpOffer {
  const offer = parseOffer(sdp);
  if ('problem' in offer) throw new Error(offer.problem);
  return offer;
}

describe('an offer', () => {
  test('is read to what matters', () => {
    const offer = read(OFFER);
    expect(offer).toMatchObject({ iceUfrag: 'PH5B', setup: 'actpass', bundle: ['0', '1'] });
    expect(offer.media.map((line) => [line.kind, line.mid, line.direction])).toEqual([
      ['audio', '0', 'sendonly'],
      ['video', '1', 'sendonly'],
    ]);
  });

  test('gives the H.264 that every phone decodes, in packets of mode 1; and Opus; and VP8', () => {
    const [audio, video] = read(OFFER).media;
    expect(chooseH264(video!)?.payloadType).toBe(108);
    expect(chooseVp8(video!)?.payloadType).toBe(96);
    expect(chooseOpus(audio!)?.payloadType).toBe(111);
  });

  test.each([
    ['nothing', ''],
    ['prose', 'Let me in'],
    ['no media', OFFER.slice(0, OFFER.indexOf('m='))],
    ['no ICE password', OFFER.replace(/a=ice-pwd.*\r\n/, '')],
    ['a password of one letter', OFFER.replace(/a=ice-pwd:.*/, 'a=ice-pwd:x')],
    ['no fingerprint', OFFER.replace(/a=fingerprint.*\r\n/, '')],
    ['no role', OFFER.replace(/a=setup.*\r\n/, '')],
    ['a line without a type', OFFER.replace('a=sendonly', 'sendonly')],
    ['a media id with a space', OFFER.replace('a=mid:1', 'a=mid:1 a=evil')],
    ['a hundred media lines', OFFER + 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(100)],
    ['a megabyte', `${OFFER}a=x:${'y'.repeat(1_000_000)}\r\n`],
  ])('with %s is refused with a sentence', (_what, sdp) => {
    expect(parseOffer(sdp)).toEqual({ problem: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test('in broken form is never a reason to throw', () => {
    fc.assert(
      fc.property(
        fc.nat(OFFER.length),
        fc.nat(40),
        fc.string({ maxLength: 20 }),
        (at, cut, put) => {
          const offer = parseOffer(OFFER.slice(0, at) + put + OFFER.slice(at + cut));
          if ('problem' in offer) return;
          for (const line of offer.media)
            [chooseH264, chooseVp8, chooseOpus].forEach((choose) => choose(line));
          transportOffer(offer, offer.media[0]!.mid);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('an answer', () => {
  test('answers each media line in its order, and what is not used with port 0', () => {
    const offer = read(OFFER);
    const transport = parseTransportAnswer(
      'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\na=fingerprint:sha-256 AA\r\na=setup:active\r\na=candidate:1 1 UDP 5 127.0.0.1 4000 typ host\r\n',
    );
    const answer = writeAnswer(offer, transport, [
      { use: false },
      { use: true, direction: 'recvonly', formats: [chooseH264(offer.media[1]!)!], extensions: [] },
    ]);
    expect(answer.match(/^m=.*$/gm)).toEqual([
      'm=audio 0 UDP/TLS/RTP/SAVPF 111 0',
      'm=video 9 UDP/TLS/RTP/SAVPF 108',
    ]);
    expect(answer).toContain('a=group:BUNDLE 1\r\n');
    expect(answer).toContain(
      'a=candidate:1 1 UDP 5 127.0.0.1 4000 typ host\r\na=end-of-candidates\r\n',
    );
    expect(answer).not.toContain('simulcast');
    // RFC 9725 section 4.4.1: one transport for a line and its reports, always.
    expect(answer).toContain('a=rtcp-mux\r\na=rtcp-mux-only\r\n');
  });

  test("the library's offer holds nothing that a stranger wrote but what was checked", () => {
    const evil = read(
      OFFER.replace('a=sendonly', 'a=candidate:1 1 UDP 1 10.0.0.1 22 typ host\r\na=sendonly'),
    );
    expect(transportOffer(evil, '1')).not.toContain('candidate');
  });
});
