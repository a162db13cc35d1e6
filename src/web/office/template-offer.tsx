// The template of a show's kind, by one press, once the rows are no longer it. What stood there comes back by the next.

import { kindWords } from '../crew/words.ts';
import { Button } from '../design/button.tsx';
import { toast } from '../design/toast.tsx';
import { isUntouched, type PlanForm, type SegmentRow, templateRows } from './plan-form.ts';

export function TemplateOffer({
  form,
  newId,
  onTake,
}: {
  form: PlanForm;
  newId: () => string;
  onTake: (rows: readonly SegmentRow[]) => void;
}) {
  if (isUntouched(form)) return null;
  const { segments: before, showKind } = form;
  const kind = kindWords[showKind];
  return (
    <div>
      <Button
        size="small"
        onClick={() => {
          onTake(templateRows(showKind, newId));
          if (before.length === 0) return;
          toast(`The run of show is the template of ${kind} now.`, {
            action: { label: 'Take back', run: () => onTake(before) },
          });
        }}
      >
        Begin with the template: {kind}
      </Button>
    </div>
  );
}
