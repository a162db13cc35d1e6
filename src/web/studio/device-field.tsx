// Chooses one of the cameras or microphones that are there.

import { SelectField } from '../design/field.tsx';
import type { Choice } from './device-choices.ts';

export function DeviceField({
  label,
  choices,
  chosen,
  disabled = false,
  none,
  onChoose,
}: {
  label: string;
  choices: readonly Choice[];
  chosen: string | null;
  disabled?: boolean;
  /** What stands there while nothing is known. */
  none: string;
  onChoose: (id: string) => void;
}) {
  const isThere = choices.some(({ id }) => id === chosen);
  return (
    <SelectField
      label={label}
      value={isThere ? (chosen ?? '') : ''}
      disabled={disabled || choices.length === 0}
      onChange={(event) => onChoose(event.target.value)}
    >
      {isThere ? null : <option value="">{choices.length === 0 ? none : 'Choose one'}</option>}
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
