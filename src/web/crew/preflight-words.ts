// What a check before a show says to a host: for each finding what is wrong and the cure beside it, and measured
// values as people read them. The table is complete by its type: no finding is without words.

import type { FindingCode, FindingTopic, Grade } from '../../domain/preflight/finding.ts';
import type { PreflightView } from '../../protocol/preflight.ts';
import { moneyText } from '../design/money.tsx';

export type ShownFinding = PreflightView['shop'][number];

export const topicWords: Readonly<Record<FindingTopic, string>> = {
  level: 'Level',
  clipping: 'Clipping',
  noise: 'Noise of the room',
  clearness: 'Voice above the noise',
  echo: 'Echo',
  exposure: 'Light',
  backlight: 'Backlight',
  sharpness: 'Sharpness',
  size: 'Size',
  frames: 'Pictures a second',
  upload: 'Upload',
  delay: 'Round trip',
  jitter: 'Jitter',
  loss: 'Loss',
  device: 'Device',
  connection: 'Connection',
  shelf: 'Shelf',
  stock: 'Stock',
  prices: 'Prices',
  reference: 'Reference prices',
  shipping: 'Shipping',
  disclosure: 'Disclosure',
  moderators: 'Moderators',
  captions: 'Captions',
};

export const gradeWords: Readonly<Record<Grade, string>> = {
  green: 'Good',
  amber: 'Better mend it',
  red: 'Mend it first',
};

type Words = { readonly what: string; readonly cure: string | null };
const good = (what: string): Words => ({ what, cure: null });

const words: Readonly<Record<FindingCode, Words>> = {
  'level-good': good('You are well heard.'),
  'level-low': {
    what: 'You are quiet.',
    cure: 'Come closer to the microphone, a hand’s width, or turn its level up in the system.',
  },
  'level-very-low': {
    what: 'You can hardly be heard.',
    cure: 'Check that this is the microphone before you, come close to it, and turn its level up.',
  },
  'level-high': {
    what: 'You are very loud.',
    cure: 'Move back a little, or turn the microphone’s level down in the system.',
  },
  'no-sound': {
    what: 'The microphone gives no sound.',
    cure: 'Switch it on, see that no mute button is pressed, or choose another one.',
  },
  'clipping-none': good('Nothing is cut off.'),
  'clipping-some': {
    what: 'Loud words crackle.',
    cure: 'Turn the microphone’s level down a little in the system, or speak past it, not into it.',
  },
  'clipping-much': {
    what: 'Your voice is distorted.',
    cure: 'Turn the microphone’s level down in the system, then run this check again.',
  },
  'noise-low': good('The room is quiet.'),
  'noise-heard': {
    what: 'A noise is heard under your voice.',
    cure: 'Switch off fans and machines, close the window, or come closer to the microphone.',
  },
  'noise-loud': {
    what: 'The room is loud.',
    cure: 'Find what hums or talks and switch it off, or take a microphone that you wear.',
  },
  'voice-clear': good('Your voice stands clear of the noise.'),
  'voice-masked': {
    what: 'The noise covers quiet words.',
    cure: 'Come closer to the microphone: half the way is twice the voice.',
  },
  'voice-drowned': {
    what: 'The noise is nearly as loud as you.',
    cure: 'Say nothing during the silence; if you didn’t, come much closer and quiet the room.',
  },
  'echo-none': good('What your loudspeaker plays doesn’t come back.'),
  'echo-some': {
    what: 'Some of what your loudspeaker plays comes back.',
    cure: 'Turn the loudspeaker down, or wear earphones.',
  },
  'echo-much': {
    what: 'The crowd hears your loudspeaker.',
    cure: 'Wear earphones, or switch the loudspeaker off for the show.',
  },
  'exposure-good': good('You are well lit.'),
  dark: { what: 'The picture is dark.', cure: 'Move the lamp in front of you, or add one.' },
  'very-dark': {
    what: 'You can hardly be seen.',
    cure: 'Switch on a lamp in front of you and take the cover off the lens.',
  },
  burnt: {
    what: 'Parts of the picture are white.',
    cure: 'Turn the lamp away or down, or move white things out of its light.',
  },
  'very-burnt': {
    what: 'Much of the picture is only white.',
    cure: 'Take the lamp or window off the lens, and lower the camera’s exposure.',
  },
  'backlight-none': good('The light comes from the front.'),
  'backlight-some': {
    what: 'It is brighter behind you than on you.',
    cure: 'Turn so that the window is before you, or draw the curtain.',
  },
  'backlight-strong': {
    what: 'You are a shadow before the light.',
    cure: 'Turn around: the window belongs in front of you, not behind.',
  },
  sharp: good('The picture is sharp.'),
  soft: { what: 'The picture is a little soft.', cure: 'Wipe the lens with a dry cloth.' },
  blurred: {
    what: 'The picture is blurred.',
    cure: 'Wipe the lens, then focus on where you sit, or move the camera an arm’s length away.',
  },
  'nothing-to-focus': {
    what: 'There is nothing to see sharp.',
    cure: 'Sit down before the camera and take off its cover, then run this check again.',
  },
  'size-good': good('The picture is large enough.'),
  'size-small': {
    what: 'The picture is small.',
    cure: 'Choose a camera or a setting of it with 720 lines or more.',
  },
  'size-tiny': {
    what: 'Writing on your products can’t be read.',
    cure: 'Choose another camera; a phone’s is better.',
  },
  'frames-good': good('Movement is smooth.'),
  'frames-low': {
    what: 'Movement stutters.',
    cure: 'Give the camera more light, and close other programs.',
  },
  'frames-very-low': {
    what: 'The picture hardly moves.',
    cure: 'Give the camera more light, plug it in directly, and close other programs.',
  },
  'upload-good': good('The line carries a good picture.'),
  'upload-low': {
    what: 'The line carries a soft picture only.',
    cure: 'Take a cable instead of Wi-Fi, and stop other uploads in the house.',
  },
  'upload-very-low': {
    what: 'The line is too slow for a picture.',
    cure: 'Take a cable, or a phone’s hotspot, and run this check again.',
  },
  'upload-held': {
    what: 'This computer can’t encode more.',
    cure: 'Close other programs and tabs, and plug in the power.',
  },
  'delay-short': good('The server is near.'),
  'delay-long': {
    what: 'The way to the server is long.',
    cure: 'Take a cable instead of Wi-Fi; switch a VPN off.',
  },
  'delay-very-long': {
    what: 'The crowd’s words will come late.',
    cure: 'Switch a VPN off, take a cable, or another network.',
  },
  'jitter-low': good('The line is steady.'),
  'jitter-some': {
    what: 'The line is unsteady.',
    cure: 'Go nearer to the router or take a cable.',
  },
  'jitter-much': {
    what: 'The line stalls.',
    cure: 'Take a cable or another network; stop downloads in the house.',
  },
  'loss-none': good('Nothing gets lost.'),
  'loss-some': {
    what: 'Parts of the picture get lost.',
    cure: 'Go nearer to the router or take a cable.',
  },
  'loss-much': {
    what: 'Too much gets lost: the picture will stop.',
    cure: 'Take a cable or another network before you go live.',
  },
  'device-denied': {
    what: 'The browser may not use it.',
    cure: 'Open the permissions beside the address, allow it for this page, then run this check again.',
  },
  'device-missing': {
    what: 'None was found.',
    cure: 'Plug one in or switch it on, or choose another one, then run this check again.',
  },
  'device-busy': {
    what: 'Another program holds it.',
    cure: 'Close the call or recorder that uses it, then run this check again.',
  },
  'device-insecure': {
    what: 'This address can’t use it.',
    cure: 'Open the shop by https, or on this machine by http://localhost.',
  },
  'device-failed': {
    what: 'It gives nothing.',
    cure: 'Unplug it and plug it in again, or choose another one.',
  },
  'line-failed': {
    what: 'The test stream didn’t reach the server.',
    cure: 'Check the network; a firewall may hold back UDP. Then run this check again.',
  },
  'shelf-filled': good('There is something to sell.'),
  'shelf-empty': {
    what: 'The shelf is empty.',
    cure: 'Put the evening’s products on it in the plan of the show.',
  },
  'stock-enough': good('There is enough of everything.'),
  'stock-out': { what: 'Sold out:', cure: 'Count what came in, or take it off the shelf.' },
  'stock-short': {
    what: 'Less in stock than planned:',
    cure: 'Count the stock, or plan fewer units.',
  },
  'prices-set': good('Everything has its price.'),
  'price-missing': { what: 'Costs nothing:', cure: 'Give it a price in the catalogue.' },
  'references-fit': good('No price was raised in the last 30 days.'),
  'reference-lower': {
    what: 'Was cheaper in the last 30 days:',
    cure: 'A reduction is compared with that lower price. Offer below it, or call it no bargain.',
  },
  'shipping-set': good('Each parcel has its price.'),
  'shipping-free': {
    what: 'Shipping is free for everybody.',
    cure: 'If that isn’t meant, set RIALTO_SHIPPING before the show.',
  },
  'disclosure-told': good('What you earn is said on screen.'),
  'disclosure-none': {
    what: 'The show says that you earn nothing from the goods.',
    cure: 'If you are paid, or sell your own, say so in the plan of the show.',
  },
  'disclosure-missing': {
    what: 'You earn from these and nothing says so:',
    cure: 'Say it in the plan of the show. It doesn’t start before.',
  },
  'captions-heard': good('This browser can write down what you say.'),
  'captions-typed': {
    what: 'This browser can’t write down what you say.',
    cure: 'Open the studio in Chrome, Edge or Safari, let somebody type, or send captions from your encoder.',
  },
  'moderators-there': good('Somebody keeps the room.'),
  'moderators-none': {
    what: 'Nobody keeps the room.',
    cure: 'Make somebody you trust a moderator, under People in the office.',
  },
};

/** What was found and the cure; of a code that this page doesn't know yet, the code itself. */
export const findingWords = ({ code, names }: ShownFinding): Words => {
  const known = words[code as FindingCode] ?? { what: code, cure: null };
  return names && names.length > 0
    ? { ...known, what: `${known.what} ${names.join(', ')}.` }
    : known;
};

/** The measured value with its unit; empty where nothing was measured. */
export const valueText = ({ topic, value }: ShownFinding, currency: string): string => {
  if (value === null) return '';
  const whole = Math.round(value);
  switch (topic as FindingTopic) {
    case 'level':
    case 'noise':
      return whole <= -70 ? 'below −70 LUFS' : `${minus(whole)} LUFS`;
    case 'clearness':
      return whole > 60 ? 'over 60 dB' : `${minus(whole)} dB`;
    case 'echo':
      return whole <= -70 ? 'none' : `${minus(whole)} dB`;
    case 'clipping':
      return `${(value * 100).toFixed(2)} %`;
    case 'exposure':
      return value <= 1 ? `${Math.round(value * 100)} % white` : `${whole} of 255`;
    case 'backlight':
      return `${minus(Number(value.toFixed(1)))} stops`;
    case 'sharpness':
      return value.toFixed(3);
    case 'size':
      return `${whole} lines`;
    case 'frames':
      return `${whole} a second`;
    case 'upload':
      return `${(value / 1_000_000).toFixed(1)} Mbit/s`;
    case 'delay':
    case 'jitter':
      return `${whole} ms`;
    case 'loss':
      return `${(value * 100).toFixed(1)} %`;
    case 'shipping':
      return value === 0 ? '' : moneyText({ minor: value, currency });
    case 'moderators':
    case 'shelf':
      return value === 0 ? '' : String(value);
    default:
      return '';
  }
};

const minus = (value: number): string => (value < 0 ? `−${Math.abs(value)}` : String(value));

/** "Ready", or how much there is to mend. */
export const verdictWords = (findings: readonly { readonly grade: Grade }[]): string => {
  const count = (grade: Grade) => findings.filter((one) => one.grade === grade).length;
  const things = (many: number) => (many === 1 ? 'one thing' : `${many} things`);
  const [red, amber] = [count('red'), count('amber')];
  if (red > 0) return `${red === 1 ? 'One thing' : `${red} things`} to mend first`;
  if (amber > 0) return `Ready, with ${things(amber)} to do better`;
  return 'Ready to go live';
};
