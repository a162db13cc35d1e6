// Offers of WHIP and WHEP clients in, answers out (RFC 8866, RFC 8829, RFC 9725). The description of the media is ours
// entirely; the WebRTC library is shown one media line only, as the transport that all media share. That way it neither
// drops simulcast offers nor depends on source ids being announced. Foreign text is parsed, never echoed.

/** A payload format of a media line. */
export type SdpFormat = {
  payloadType: number;
  /** Upper case: `H264`, `VP8`, `OPUS`. */
  codec: string;
  clockRate: number;
  channels: number;
  /** The `fmtp` parameters as written. */
  parameters: string;
};

/** One `m=` line of an offer. */
export type SdpMedia = {
  kind: string;
  mid: string;
  /** The transport protocol as written, e.g. `UDP/TLS/RTP/SAVPF`. */
  protocol: string;
  formats: SdpFormat[];
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** Header extensions: address of the extension to its number. */
  extensions: Map<string, number>;
  rejected: boolean;
};

/** What matters of an offer. */
export type SdpOffer = {
  iceUfrag: string;
  icePwd: string;
  /** `sha-256 AA:BB:…` */
  fingerprint: string;
  setup: string;
  bundle: string[];
  media: SdpMedia[];
};

/** What the library's side of the transport is. */
export type TransportAnswer = {
  iceUfrag: string;
  icePwd: string;
  fingerprint: string;
  setup: string;
  /** `candidate:…` values. */
  candidates: string[];
};

/** Offers longer than this are not read. Chromium's with all codecs is about 8 KB. */
export const SDP_BYTES_MAX = 65_536;

const MEDIA_LINES_MAX = 16;
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,64}$/;

/** Reads an offer. Gives a sentence that says what is wrong with it instead when it can't be used. Never throws. */
export function parseOffer(sdp: string): SdpOffer | { problem: string } {
  if (sdp.length > SDP_BYTES_MAX) return { problem: 'The offer is too long.' };
  const lines = sdp.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines[0] !== 'v=0')
    return { problem: 'This is not a session description: it does not begin with "v=0".' };
  const session = { iceUfrag: '', icePwd: '', fingerprint: '', setup: '' };
  let bundle: string[] = [];
  const media: SdpMedia[] = [];
  let current: SdpMedia | undefined;
  for (const line of lines) {
    if (!/^[a-z]=/.test(line))
      return { problem: 'This is not a session description: a line has no type.' };
    const value = line.slice(2);
    if (line.startsWith('m=')) {
      const [kind = '', port = '', protocol = '', ...payloadTypes] = value.split(' ');
      if (!/^\d+(\/\d+)?$/.test(port) || !/^[A-Z/]{1,32}$/.test(protocol))
        return { problem: 'A media line is broken.' };
      if (media.length >= MEDIA_LINES_MAX)
        return { problem: 'The offer has too many media lines.' };
      current = {
        kind,
        mid: '',
        protocol,
        formats: payloadTypes
          .filter((text) => /^\d{1,3}$/.test(text) && Number(text) < 128)
          .map((text) => staticFormat(Number(text))),
        direction: 'sendrecv',
        extensions: new Map(),
        rejected: port === '0' && !lines.includes('a=bundle-only'),
      };
      media.push(current);
      continue;
    }
    if (!line.startsWith('a=')) continue;
    const colon = value.indexOf(':');
    const name = colon < 0 ? value : value.slice(0, colon);
    const text = colon < 0 ? '' : value.slice(colon + 1);
    switch (name) {
      case 'group':
        if (text.startsWith('BUNDLE')) bundle = text.split(' ').slice(1);
        break;
      case 'ice-ufrag':
        session.iceUfrag ||= text;
        break;
      case 'ice-pwd':
        session.icePwd ||= text;
        break;
      case 'fingerprint':
        session.fingerprint ||= text;
        break;
      case 'setup':
        session.setup ||= text;
        break;
      case 'mid':
        if (current) current.mid = text;
        break;
      case 'sendrecv':
      case 'sendonly':
      case 'recvonly':
      case 'inactive':
        if (current) current.direction = name;
        break;
      case 'rtpmap':
        if (current) readRtpMap(current, text);
        break;
      case 'fmtp':
        if (current) readParameters(current, text);
        break;
      case 'extmap': {
        const [id = '', uri = ''] = text.split(' ');
        const number = Number.parseInt(id, 10);
        if (current && number >= 1 && number <= 255) current.extensions.set(uri, number);
        break;
      }
      default:
        break;
    }
  }
  if (media.length === 0) return { problem: 'The offer has no media line.' };
  if (
    !/^[A-Za-z0-9+/]{4,256}$/.test(session.iceUfrag) ||
    !/^[A-Za-z0-9+/]{22,256}$/.test(session.icePwd)
  ) {
    return { problem: 'The offer has no valid ICE user fragment and password.' };
  }
  if (!/^[a-zA-Z0-9-]{5,8} ([0-9A-Fa-f]{2}:){15,63}[0-9A-Fa-f]{2}$/.test(session.fingerprint)) {
    return { problem: 'The offer has no valid certificate fingerprint.' };
  }
  if (!['actpass', 'active', 'passive'].includes(session.setup))
    return { problem: 'The offer has no DTLS role.' };
  for (const [index, line] of media.entries()) {
    if (line.mid === '') line.mid = String(index);
    if (!TOKEN.test(line.mid)) return { problem: 'A media id is broken.' };
  }
  return { ...session, bundle, media };
}

/** The ICE user fragments that a description, or a fragment of one (RFC 8840 section 9), names. */
export const iceUfragsOf = (sdp: string): readonly string[] =>
  [...sdp.matchAll(/^a=ice-ufrag:(.*?)\r?$/gm)].map((match) => match[1]!);

function staticFormat(payloadType: number): SdpFormat {
  return { payloadType, codec: '', clockRate: 0, channels: 1, parameters: '' };
}

function readRtpMap(media: SdpMedia, text: string): void {
  const match = /^(\d{1,3}) ([A-Za-z0-9._-]{1,32})\/(\d{1,6})(?:\/(\d))?/.exec(text);
  const format = match && media.formats.find((each) => each.payloadType === Number(match[1]));
  if (!format) return;
  format.codec = match[2]!.toUpperCase();
  format.clockRate = Number(match[3]);
  format.channels = Number(match[4] ?? 1);
}

function readParameters(media: SdpMedia, text: string): void {
  const space = text.indexOf(' ');
  const format = media.formats.find((each) => each.payloadType === Number(text.slice(0, space)));
  if (format) format.parameters = text.slice(space + 1);
}

/** The value of one `fmtp` parameter, lower case; undefined when it isn't there. */
export function parameter(format: SdpFormat, name: string): string | undefined {
  for (const part of format.parameters.split(';')) {
    const [key = '', value = ''] = part.trim().split('=');
    if (key.toLowerCase() === name) return value.toLowerCase();
  }
  return undefined;
}

/**
 * The H.264 format to use: packets in mode 1 only, constrained baseline first (every phone decodes it in hardware),
 * then baseline, then whatever comes first.
 */
export function chooseH264(media: SdpMedia): SdpFormat | undefined {
  const usable = media.formats.filter(
    (each) => each.codec === 'H264' && parameter(each, 'packetization-mode') === '1',
  );
  const byProfile = (prefix: string) =>
    usable.find((each) => parameter(each, 'profile-level-id')?.startsWith(prefix));
  return byProfile('42e0') ?? byProfile('42c0') ?? byProfile('4200') ?? usable[0];
}

/** The VP8 format, if offered. */
export function chooseVp8(media: SdpMedia): SdpFormat | undefined {
  return media.formats.find((each) => each.codec === 'VP8');
}

/** The Opus format, if offered. */
export function chooseOpus(media: SdpMedia): SdpFormat | undefined {
  return media.formats.find((each) => each.codec === 'OPUS' && each.clockRate === 48_000);
}

/**
 * The offer that the library sees: one video line that sends and receives, whatever the client offered. The client's
 * candidates stay out: its checks reach us first, and the server shall not send packets where a stranger's text says.
 */
export function transportOffer(offer: SdpOffer, mid: string): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${offer.iceUfrag}`,
    `a=ice-pwd:${offer.icePwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:${offer.fingerprint}`,
    `a=setup:${offer.setup}`,
    `a=mid:${mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 H264/90000',
    '',
  ].join('\r\n');
}

/** Reads what the library answered to `transportOffer`. */
export function parseTransportAnswer(sdp: string): TransportAnswer {
  const value = (name: string): string =>
    new RegExp(`^a=${name}:(.*)$`, 'm').exec(sdp)?.[1]?.trim() ?? '';
  return {
    iceUfrag: value('ice-ufrag'),
    icePwd: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup'),
    candidates: [...sdp.matchAll(/^a=(candidate:.*)$/gm)].map((match) => match[1]!.trim()),
  };
}

/** How one media line of the offer is answered. */
export type MediaAnswerLine =
  | { use: false }
  | {
      use: true;
      direction: 'sendonly' | 'recvonly';
      formats: SdpFormat[];
      /** Header extensions taken. */
      extensions: [id: number, uri: string][];
      /** What we send with, when we send. */
      source?: { ssrc: number; cname: string; streamId: string; trackId: string };
    };

/** Writes the answer: one entry of `lines` for each media line of the offer, in its order. */
export function writeAnswer(
  offer: SdpOffer,
  transport: TransportAnswer,
  lines: readonly MediaAnswerLine[],
): string {
  const used = offer.media.filter((_, i) => lines[i]?.use).map((media) => media.mid);
  const out = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${used.join(' ')}`,
    'a=msid-semantic: WMS *',
  ];
  let candidatesWritten = false;
  offer.media.forEach((media, i) => {
    const line = lines[i];
    const kind = /^[a-z]{1,16}$/.test(media.kind) ? media.kind : 'application';
    if (!line?.use) {
      const payloads = media.formats.map((format) => format.payloadType).join(' ') || '0';
      out.push(
        `m=${kind} 0 ${media.protocol} ${payloads}`,
        'c=IN IP4 0.0.0.0',
        `a=mid:${media.mid}`,
        'a=inactive',
      );
      return;
    }
    out.push(
      `m=${kind} 9 ${media.protocol} ${line.formats.map((format) => format.payloadType).join(' ')}`,
      'c=IN IP4 0.0.0.0',
      `a=ice-ufrag:${transport.iceUfrag}`,
      `a=ice-pwd:${transport.icePwd}`,
      `a=fingerprint:${transport.fingerprint}`,
      `a=setup:${transport.setup}`,
      `a=mid:${media.mid}`,
      `a=${line.direction}`,
      'a=rtcp-mux',
      'a=rtcp-mux-only',
      'a=rtcp-rsize',
    );
    for (const [id, uri] of line.extensions) out.push(`a=extmap:${id} ${uri}`);
    for (const format of line.formats) out.push(...formatLines(format, line.direction));
    if (line.source) {
      const { ssrc, cname, streamId, trackId } = line.source;
      out.push(
        `a=msid:${streamId} ${trackId}`,
        `a=ssrc:${ssrc} cname:${cname}`,
        `a=ssrc:${ssrc} msid:${streamId} ${trackId}`,
      );
    }
    if (!candidatesWritten) {
      for (const candidate of transport.candidates) out.push(`a=${candidate}`);
      out.push('a=end-of-candidates');
      candidatesWritten = true;
    }
  });
  return `${out.join('\r\n')}\r\n`;
}

/**
 * Where browsers of the Chromium family begin, instead of 300 kbit/s: the first picture of a show shall not be a blur.
 * Congestion feedback takes it down within a second where the line can't carry it.
 */
const START_KILOBITS_PER_SECOND = 1800;

function formatLines(format: SdpFormat, direction: 'sendonly' | 'recvonly'): string[] {
  const { payloadType } = format;
  if (format.codec === 'OPUS') {
    const lines = [
      `a=rtpmap:${payloadType} opus/48000/2`,
      // In-band error correction repairs single lost packets; stereo, so that music keeps its width.
      `a=fmtp:${payloadType} minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1`,
    ];
    if (direction === 'recvonly') lines.push(`a=rtcp-fb:${payloadType} transport-cc`);
    return lines;
  }
  const lines = [`a=rtpmap:${payloadType} ${format.codec}/90000`];
  const start = `x-google-start-bitrate=${START_KILOBITS_PER_SECOND}`;
  if (format.codec === 'H264') {
    const profile = parameter(format, 'profile-level-id') ?? '42e01f';
    const shape = `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`;
    lines.push(`a=fmtp:${payloadType} ${direction === 'recvonly' ? `${shape};${start}` : shape}`);
  } else if (direction === 'recvonly') {
    lines.push(`a=fmtp:${payloadType} ${start}`);
  }
  lines.push(
    `a=rtcp-fb:${payloadType} nack`,
    `a=rtcp-fb:${payloadType} nack pli`,
    `a=rtcp-fb:${payloadType} ccm fir`,
  );
  if (direction === 'recvonly')
    lines.push(`a=rtcp-fb:${payloadType} goog-remb`, `a=rtcp-fb:${payloadType} transport-cc`);
  return lines;
}
