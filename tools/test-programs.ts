// What the tests need of the machine before the first of them runs: ffmpeg, the encoder that stands in for everybody's,
// and espeak-ng, whose voice is measured before a show. It costs a look along the PATH where it is there.

import { debianProgram } from './debian-program.ts';

/** Called by vitest once for all tests that need no database and no browser. */
export const setup = async (): Promise<void> => {
  await debianProgram('ffmpeg');
  await debianProgram('espeak-ng');
};
