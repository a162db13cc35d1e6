// One of two or three ways, as large presses, for the studio's forms.

import { classes } from '../design/classes.ts';

/** One of a few, each with what it means. */
export function Choice<Value extends string>({
  legend,
  chosen,
  options,
  onChoose,
}: {
  legend: string;
  chosen: Value;
  options: readonly (readonly [value: Value, label: string, hint: string])[];
  onChoose: (value: Value) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-semibold">{legend}</legend>
      <div
        className={classes(
          'grid grid-cols-2 gap-2',
          options.length === 3 && 'sm:grid-cols-3 max-sm:grid-cols-1',
        )}
      >
        {options.map(([value, label, hint]) => (
          <label
            key={value}
            className="flex min-h-12 cursor-pointer flex-col justify-center rounded-control border border-line px-3.5 py-1.5 text-sm leading-tight has-checked:border-accent has-checked:bg-accent-mist has-focus-visible:outline-2 has-focus-visible:outline-white"
          >
            <input
              type="radio"
              name={legend}
              className="sr-only"
              checked={chosen === value}
              onChange={() => onChoose(value)}
            />
            <span className="font-semibold">{label}</span>
            <span className="text-xs text-soft">{hint}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
