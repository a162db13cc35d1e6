// How often a show comes again, as fields. What they mean is decided by domain/show/repeats.ts; here is only
// what is typed.

import { Field, SelectField } from '../design/field.tsx';

export type RepeatForm = {
  readonly every: 'never' | 'days' | 'weeks' | 'months';
  readonly step: string;
  readonly end: 'count' | 'until';
  readonly count: string;
  /** A day. */
  readonly until: string;
};
export const noRepeat: RepeatForm = {
  every: 'never',
  step: '1',
  end: 'count',
  count: '8',
  until: '',
};

/** What the shop gets, or null for a show that comes once. `untilMs` counts the whole last day. */
export const ruleOf = ({ every, step, end, count, until }: RepeatForm) =>
  every === 'never'
    ? null
    : {
        every,
        step: Number(step) || 0,
        count: end === 'count' ? Number(count) || 0 : null,
        untilMs: end === 'until' ? new Date(`${until}T23:59:59`).getTime() || 0 : null,
      };

export function RepeatFields({
  form,
  onChange,
}: {
  form: RepeatForm;
  onChange: (form: RepeatForm) => void;
}) {
  const set = (change: Partial<RepeatForm>) => onChange({ ...form, ...change });
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <SelectField
        label="Comes again"
        value={form.every}
        onChange={(event) => set({ every: event.target.value as RepeatForm['every'] })}
      >
        <option value="never">Once only</option>
        <option value="weeks">Every week</option>
        <option value="days">Every so many days</option>
        <option value="months">Every month, on this weekday</option>
      </SelectField>
      {form.every === 'never' ? null : (
        <>
          <Field
            label={
              form.every === 'weeks'
                ? 'Weeks between'
                : form.every === 'days'
                  ? 'Days between'
                  : 'Months between'
            }
            inputMode="numeric"
            value={form.step}
            onChange={(event) => set({ step: event.target.value })}
          />
          <SelectField
            label="Until"
            value={form.end}
            onChange={(event) => set({ end: event.target.value as RepeatForm['end'] })}
          >
            <option value="count">So many times</option>
            <option value="until">A day</option>
          </SelectField>
          {form.end === 'count' ? (
            <Field
              label="How many shows"
              inputMode="numeric"
              hint="With the first one."
              value={form.count}
              onChange={(event) => set({ count: event.target.value })}
            />
          ) : (
            <Field
              label="Last day"
              type="date"
              value={form.until}
              onChange={(event) => set({ until: event.target.value })}
            />
          )}
        </>
      )}
    </div>
  );
}
