// From what a browser measured to findings and one verdict. The shop judges it again by the same functions that the
// page used: what is kept never says better than what was measured. Rules: docs/rules/preflight.md.

import { type CheckName, checkNames, type Finding, type Grade, worstOf } from './finding.ts';
import { judgeLine, type LineMeasures } from './line.ts';
import { judgePicture, type PictureMeasures } from './picture.ts';
import { judgeSound, type SoundMeasures } from './sound.ts';

type Troubled = { readonly trouble: 'denied' | 'missing' | 'busy' | 'insecure' | 'failed' };

/** What was measured; null where a check wasn't run. */
export type Measured = {
  readonly microphone: SoundMeasures | Troubled | null;
  readonly camera: PictureMeasures | Troubled | null;
  readonly line: LineMeasures | { readonly failed: string } | null;
};

export type Findings = Readonly<Record<CheckName, readonly Finding[]>>;

const troubled = ({ trouble }: Troubled): readonly Finding[] => [
  { topic: 'device', code: `device-${trouble}`, grade: 'red', value: null },
];

export const judge = (
  { microphone, camera, line }: Measured,
  shop: readonly Finding[],
): Findings => ({
  microphone:
    microphone === null
      ? []
      : 'trouble' in microphone
        ? troubled(microphone)
        : judgeSound(microphone),
  camera: camera === null ? [] : 'trouble' in camera ? troubled(camera) : judgePicture(camera),
  line:
    line === null
      ? []
      : 'failed' in line
        ? [{ topic: 'connection', code: 'line-failed', grade: 'red', value: null }]
        : judgeLine(line),
  shop,
});

/** The worst of all; what wasn't run says nothing. */
export const verdictOf = (findings: Findings): Grade =>
  worstOf(checkNames.flatMap((check) => findings[check].map(({ grade }) => grade)));
