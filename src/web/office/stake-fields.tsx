// What the host's stake in a show is, and who pays where somebody does.

import { limits } from '../../base/limits.ts';
import { disclosures } from '../../base/words.ts';
import { disclosureHints, disclosureWords } from '../crew/words.ts';
import { Field, SelectField } from '../design/field.tsx';
import type { PlanForm } from './plan-form.ts';

export function StakeFields({
  form,
  disabled,
  onChange,
}: {
  form: Pick<PlanForm, 'disclosure' | 'partner' | 'segments'>;
  disabled: boolean;
  onChange: (part: Partial<Pick<PlanForm, 'disclosure' | 'partner'>>) => void;
}) {
  const isPaid =
    form.disclosure === 'paid-partnership' ||
    form.segments.some(({ disclosure }) => disclosure === 'paid-partnership');
  return (
    <>
      <SelectField
        label="Your stake, shown for as long as the show is"
        hint={disclosureHints[form.disclosure]}
        value={form.disclosure}
        disabled={disabled}
        onChange={(event) => onChange({ disclosure: event.target.value as PlanForm['disclosure'] })}
      >
        {disclosures.map((disclosure) => (
          <option key={disclosure} value={disclosure}>
            {disclosureWords[disclosure]}
          </option>
        ))}
      </SelectField>
      {isPaid ? (
        <Field
          label="Paid by"
          hint="Named on the label over the picture: on whose behalf it is."
          value={form.partner}
          maxLength={limits.partnerMax}
          disabled={disabled}
          onChange={(event) => onChange({ partner: event.target.value })}
        />
      ) : null}
    </>
  );
}
