// One WebRTC connection that sends the host's picture and sound: made for one attempt, thrown away with
// it. When to attempt is decided in `live/whip-publisher.ts`. One layer is offered, H.264 first, because
// the recording and most phones take it without converting.

import type { LineCount, PeerState, PublishPeer, PublishTracks } from '../live/whip-publisher.ts';

/** Enough for 720p at 30 frames with hands and cloth in motion; screens send less by themselves. */
const videoBitsPerSecondMax = 2_500_000;
/** A seat is seen in a part of a screen, and its sender encodes or decodes others besides. */
const seatBitsPerSecondMax = 900_000;
const seatScale = 2;
const audioBitsPerSecondMax = 96_000;
/** All candidates of a host on a plain network are there at once; a dead interface must not hold it up. */
const gatherMs = 1_200;

const stateOf: Record<RTCPeerConnectionState, PeerState> = {
  new: 'connecting',
  connecting: 'connecting',
  connected: 'connected',
  disconnected: 'disconnected',
  failed: 'failed',
  closed: 'failed',
};

/** A peer that sends `tracks`. A missing track keeps its place, so that it can be switched in later. */
export const browserPeer = (
  tracks: PublishTracks,
  onState: (state: PeerState) => void,
  encoding: RTCRtpEncodingParameters = { maxBitrate: videoBitsPerSecondMax },
): PublishPeer & { readonly report: () => Promise<RTCStatsReport> } => {
  const connection = new RTCPeerConnection();
  const audio = connection.addTransceiver(tracks.audio ?? 'audio', {
    direction: 'sendonly',
    sendEncodings: [{ maxBitrate: audioBitsPerSecondMax }],
  });
  const video = connection.addTransceiver(tracks.video ?? 'video', {
    direction: 'sendonly',
    sendEncodings: [encoding],
  });
  preferH264(video);
  let told: PeerState | null = null;
  connection.addEventListener('connectionstatechange', () => {
    const state = stateOf[connection.connectionState];
    if (state === told) return;
    told = state;
    onState(state);
  });

  return {
    async offer() {
      await connection.setLocalDescription();
      await gathered(connection);
      return connection.localDescription?.sdp ?? '';
    },
    accept: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp }),
    replace: (kind, track) => (kind === 'audio' ? audio : video).sender.replaceTrack(track),
    report: () => connection.getStats(),
    count: async () => countOf(await connection.getStats()),
    close: () => connection.close(),
  };
};

/** The host's own seat: what the guests see of them, in half the size of what the crowd gets. */
export const hostSeatPeer = (
  tracks: PublishTracks,
  onState: (state: PeerState) => void,
): PublishPeer =>
  browserPeer(tracks, onState, {
    maxBitrate: seatBitsPerSecondMax,
    scaleResolutionDownBy: seatScale,
  });

const preferH264 = (video: RTCRtpTransceiver) => {
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  const rank = ({ mimeType }: { mimeType: string }) =>
    ['video/h264', 'video/vp8'].indexOf(mimeType.toLowerCase());
  const known = codecs.filter((codec) => rank(codec) >= 0).sort((a, b) => rank(a) - rank(b));
  const repair = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/rtx');
  if (known.length > 0) video.setCodecPreferences([...known, ...repair]);
};

const gathered = (connection: RTCPeerConnection): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      connection.removeEventListener('icegatheringstatechange', look);
      resolve();
    };
    const look = () => {
      if (connection.iceGatheringState === 'complete') done();
    };
    const timer = setTimeout(done, gatherMs);
    connection.addEventListener('icegatheringstatechange', look);
    look();
  });

/** What the browser's statistics say, as far as this file uses them. */
type Stat = {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly bytesSent?: number;
  readonly framesSent?: number;
  readonly framesPerSecond?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
  readonly fractionLost?: number;
  readonly id?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly totalAudioEnergy?: number;
  readonly totalSamplesDuration?: number;
};

/** The totals in a statistics report; null before anything is sent. */
export const countOf = (report: {
  forEach(each: (stat: Stat) => void): void;
}): LineCount | null => {
  let bytesSent = 0;
  let video: Stat | null = null;
  let remote: Stat | null = null;
  let pair: Stat | null = null;
  let source: Stat | null = null;
  const codecs = new Map<string | undefined, Stat>();
  report.forEach((stat) => {
    if (stat.type === 'outbound-rtp') {
      bytesSent += stat.bytesSent ?? 0;
      if (stat.kind === 'video') video = stat;
    } else if (stat.type === 'remote-inbound-rtp' && stat.kind === 'video') remote = stat;
    else if (stat.type === 'candidate-pair' && stat.nominated) pair = stat;
    else if (stat.type === 'media-source' && stat.kind === 'audio') source = stat;
    else if (stat.type === 'codec') codecs.set(stat.id, stat);
  });
  const sent = video as Stat | null;
  if (sent === null) return null;
  const heard = remote as Stat | null;
  const path = pair as Stat | null;
  const energy = (source as Stat | null)?.totalAudioEnergy;
  const seconds = (source as Stat | null)?.totalSamplesDuration;
  const rtt = heard?.roundTripTime ?? path?.currentRoundTripTime;
  return {
    atMs: sent.timestamp,
    bytesSent,
    framesSent: sent.framesSent ?? 0,
    framesPerSecond: sent.framesPerSecond ?? null,
    width: sent.frameWidth ?? null,
    height: sent.frameHeight ?? null,
    rttMs: rtt === undefined ? null : Math.round(rtt * 1_000),
    lossRatio: heard?.fractionLost ?? null,
    videoCodec: codecs.get(sent.codecId)?.mimeType?.split('/')[1] ?? null,
    sound: energy === undefined || seconds === undefined ? null : { energy, seconds },
  };
};
