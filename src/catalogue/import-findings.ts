// The findings of one import: errors forbid it, warnings say what was understood otherwise than it was
// written. What counts as which is decided where the cells are read, not here.

import { IMPORT_PROBLEMS_MAX, type ImportProblem } from '../protocol/catalogue.ts';

/** Collects findings; beyond the limit they are counted only. */
export class Findings {
  errors = 0;
  warnings = 0;
  readonly #errors: ImportProblem[] = [];
  readonly #warnings: ImportProblem[] = [];

  add(problem: ImportProblem): void {
    const isError = problem.severity === 'error';
    if (isError) this.errors += 1;
    else this.warnings += 1;
    const list = isError ? this.#errors : this.#warnings;
    if (list.length < IMPORT_PROBLEMS_MAX) list.push(problem);
  }

  error(
    code: string,
    row: number | null,
    column: string | null,
    found: string | null,
    advice: string,
  ): void {
    this.add({
      severity: 'error',
      code,
      row,
      column,
      found: found === null ? null : quoted(found),
      advice,
    });
  }

  warn(
    code: string,
    row: number | null,
    column: string | null,
    found: string | null,
    advice: string,
  ): void {
    this.add({
      severity: 'warning',
      code,
      row,
      column,
      found: found === null ? null : quoted(found),
      advice,
    });
  }

  /** Errors first, each kind in the order of the file. */
  list(): ImportProblem[] {
    const byRow = (a: ImportProblem, b: ImportProblem) => (a.row ?? 0) - (b.row ?? 0);
    return [...this.#errors.sort(byRow), ...this.#warnings.sort(byRow)].slice(
      0,
      IMPORT_PROBLEMS_MAX,
    );
  }
}

const quoted = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
