// The fields of a poll, where it is planned and where it is asked.

import { limits } from '../../base/limits.ts';
import { Field, SelectField, TextField } from '../design/field.tsx';
import { type PollForm, pollSeconds } from './poll-form.ts';

export function PollFields({
  form,
  wrong,
  onChange,
}: {
  form: PollForm;
  /** What is wrong with it, if it was tried; empty: nothing. */
  wrong: string;
  onChange: (form: PollForm) => void;
}) {
  return (
    <>
      <Field
        label="Question"
        value={form.question}
        maxLength={limits.pollQuestionMax}
        onChange={(event) => onChange({ ...form, question: event.target.value })}
      />
      <TextField
        label="Answers, one a line"
        rows={3}
        value={form.answers}
        onChange={(event) => onChange({ ...form, answers: event.target.value })}
      />
      <SelectField
        label="Open for"
        value={form.seconds}
        onChange={(event) => onChange({ ...form, seconds: event.target.value })}
      >
        {pollSeconds.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds < 120 ? `${seconds} seconds` : `${seconds / 60} minutes`}
          </option>
        ))}
      </SelectField>
      {wrong ? (
        <p role="alert" className="text-sm font-semibold text-urgent">
          {wrong}
        </p>
      ) : null}
    </>
  );
}
