// What is wrong with what an encoder sends, and which setting cures it, in words: for the crew's pages, which load no
// parser for it, and for the encoder itself, which is told in RTMP's status.

import type { Complaint } from './encoder.ts';

/** What is wrong and what to set, in two sentences. */
export const complaintWords = ({
  code,
  outcome,
  found,
  figure,
}: Complaint): { readonly title: string; readonly cure: string } => {
  const remade =
    outcome === 'remade' ? 'The server encodes your picture again, which costs sharpness. ' : '';
  switch (code) {
    case 'b-frames':
      return {
        title: 'Your encoder sends B-frames',
        cure: `${remade}Set B-frames to 0 (OBS: “bframes=0” in the x264 options or Max B-frames 0; ffmpeg: -bf 0).`,
      };
    case 'profile':
      return {
        title: `Your encoder sends ${found ?? 'an unusual profile'}`,
        cure: `${remade}Set the colour format to NV12 and the profile to high or main (ffmpeg: -pix_fmt yuv420p).`,
      };
    case 'interlaced':
      return {
        title: 'Your encoder sends interlaced pictures',
        cure: 'Switch to a progressive format (1080p instead of 1080i) in the camera or encoder.',
      };
    case 'key-interval':
      return {
        title: `Key frames come every ${Math.round((figure ?? 0) / 1000)} s`,
        cure: 'Viewers who come in wait for one. Set the key-frame interval to 2 s (ffmpeg at 30 pictures a second: -g 60).',
      };
    case 'no-sound':
      return {
        title: 'No sound arrives',
        cure: 'Add an audio source to your encoder: AAC by RTMP, Opus by WHIP.',
      };
    case 'no-picture':
      return { title: 'No picture arrives', cure: 'Add a video source to your encoder, as H.264.' };
    case 'video-codec':
      return {
        title: `Your encoder sends ${found ?? 'a picture'} that browsers can’t play live`,
        cure: 'Set the video encoder to H.264 (x264, NVENC H.264, QuickSync H.264).',
      };
    case 'vp8':
      return {
        title: 'Your encoder sends VP8',
        cure: 'Who needs the slower stream sees no picture, and other places get none. Set the video encoder to H.264.',
      };
    case 'audio-codec':
      return {
        title: `Your encoder’s sound is ${found ?? 'of another kind'}`,
        cure: 'Set the audio encoder to AAC.',
      };
    case 'too-large':
      return {
        title: `A picture of ${found ?? 'this size'} is too large`,
        cure: 'Set the output size to 1920 × 1080 or less.',
      };
    case 'bit-rate':
      return {
        title: `Your encoder sends ${((figure ?? 0) / 1_000_000).toFixed(1)} Mbit/s`,
        cure: 'Set the bit rate to 6,000 kbit/s or less, constant (CBR).',
      };
    case 'too-many-remade':
      return {
        title: 'This server can’t encode another show again',
        cure: 'Set B-frames to 0 and the colour format to NV12; then nothing has to be encoded again.',
      };
    case 'unreadable':
      return {
        title: 'What your encoder sends can’t be read',
        cure: 'Start the stream again; if it stays so, set H.264 and AAC with their default options.',
      };
  }
};
