// What the media plane tells of a show, as a command to it. Recordings go another way, by those who keep them.

import type { ShowCommand } from '../domain/show/show.ts';
import type { StageCue } from '../media/stage.ts';

/** CEA-608 doesn't say in which language it is: BCP 47 has a word for that. */
const unknownLanguage = 'und';

/** The command of a cue that isn't a recording. */
export const commandOfCue = (cue: Exclude<StageCue, { cue: 'recording' }>): ShowCommand => {
  switch (cue.cue) {
    case 'picture-on':
      return { kind: 'PictureOn' };
    case 'picture-lost':
      return { kind: 'PictureLost' };
    case 'caption': {
      const { text, spokenMs } = cue;
      return { kind: 'SayCaption', source: 'encoder', language: unknownLanguage, text, spokenMs };
    }
    default:
      return cue satisfies never;
  }
};
