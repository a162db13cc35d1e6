// Bringing a whole catalogue: a file is looked through first, row by row, and nothing is stored until
// everything in it is right. The shop reads the file; this page shows what it found and how to mend it.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { limits } from '../../base/limits.ts';
import type { ImportPreview, ImportProblem } from '../../protocol/catalogue.ts';
import { ImportIcon } from '../crew/icons.tsx';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { CheckIcon } from '../design/icons.tsx';
import { newId, ProblemError } from '../live/http-client.ts';
import { ActionLink } from './action-link.tsx';
import { PageHead } from './page-head.tsx';
import { priceText } from './product-picture.tsx';

export function ImportPage() {
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const preview = useMutation({ mutationFn: (chosen: File) => ask.previewImport(chosen) });
  const run = useMutation({
    mutationFn: ({ chosen, key }: { chosen: File; key: string }) => ask.runImport(chosen, key),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['products'] }),
  });
  const [key, setKey] = useState(newId);

  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setKey(newId());
    run.reset();
    preview.mutate(chosen);
  };
  const again = () => {
    setFile(null);
    preview.reset();
    run.reset();
  };
  const refusedRows = problemsIn(preview.error ?? run.error);

  return (
    <>
      <PageHead
        title="Import"
        note="A product CSV as Shopify exports it. It goes in whole or not at all."
        actions={
          <ButtonLink href="/api/catalogue/export.csv" download="products.csv">
            Export all products
          </ButtonLink>
        }
      />
      {run.data ? (
        <section
          role="status"
          className="grid justify-items-start gap-4 rounded-sheet border border-line bg-card p-8 shadow-card max-sm:p-5"
        >
          <span className="grid size-12 place-items-center rounded-full bg-accent text-on-accent">
            <CheckIcon className="size-6" />
          </span>
          <h2 className="text-3xl">
            {run.data.created + run.data.updated === 0 ? 'Nothing was new' : 'Your catalogue is in'}
          </h2>
          <p className="text-lg text-soft">
            {run.data.created} new, {run.data.updated} updated, {run.data.unchanged} unchanged.
          </p>
          <div className="flex flex-wrap gap-2">
            <ActionLink to="/office/catalogue" look="strong" size="large">
              See the catalogue
            </ActionLink>
            <ActionLink to="/office/shows/new" size="large">
              Plan a show with it
            </ActionLink>
            <Button look="plain" size="large" onClick={again}>
              Another file
            </Button>
          </div>
          {run.data.warnings.length > 0 ? (
            <Problems problems={run.data.warnings} total={run.data.warnings.length} />
          ) : null}
        </section>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
          <button
            type="button"
            onClick={() => input.current?.click()}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              take(event.dataTransfer.files[0]);
            }}
            className={classes(
              'flex items-center gap-5 rounded-sheet border-2 border-dashed text-left transition-colors',
              file
                ? 'min-h-20 px-6 py-4'
                : 'min-h-56 flex-col justify-center px-6 py-10 text-center',
              over ? 'border-accent bg-accent-mist' : 'border-line bg-card hover:border-soft',
            )}
          >
            <span className="grid size-12 shrink-0 place-items-center rounded-full bg-sunken">
              {preview.isPending ? (
                <Spinner className="size-5" />
              ) : (
                <ImportIcon className="size-6" />
              )}
            </span>
            <span className="min-w-0">
              <b className={classes('block truncate font-display', file ? 'text-lg' : 'text-2xl')}>
                {preview.isPending
                  ? 'Reading every row …'
                  : (file?.name ?? 'Drop your product CSV here')}
              </b>
              <span className="text-sm text-soft">
                {file
                  ? 'Choose another file'
                  : `or choose it. UTF-8, at most ${limits.csvBytesMax / 1_048_576} MB.`}
              </span>
            </span>
          </button>
          <input
            ref={input}
            type="file"
            accept=".csv,text/csv"
            hidden
            aria-label="Product CSV"
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          <ProblemNote
            error={preview.error ?? run.error}
            onRetry={
              file && !refusedRows
                ? () => (run.error ? run.mutate({ chosen: file, key }) : preview.mutate(file))
                : undefined
            }
          />
          {refusedRows ? <Problems problems={refusedRows} total={refusedRows.length} /> : null}
          {preview.data && file ? (
            <Preview
              preview={preview.data}
              running={run.isPending}
              onRun={() => run.mutate({ chosen: file, key })}
            />
          ) : null}
        </div>
      )}
    </>
  );
}

/** Findings inside a refusal (`csv-unreadable`, `csv-has-problems`), or null. */
const problemsIn = (error: unknown): readonly ImportProblem[] | null => {
  if (!(error instanceof ProblemError)) return null;
  const { errors } = error.problem;
  const isFinding = (one: unknown): one is ImportProblem =>
    typeof one === 'object' && one !== null && 'advice' in one;
  return Array.isArray(errors) && errors.every(isFinding) && errors.length > 0 ? errors : null;
};

function Preview({
  preview,
  running,
  onRun,
}: {
  preview: ImportPreview;
  running: boolean;
  onRun: () => void;
}) {
  const { counts, canImport, products, problems } = preview;
  const figures: readonly (readonly [label: string, value: number])[] = [
    ['Products', counts.products],
    ['Variants', counts.variants],
    ['Pictures', counts.images],
    ['Units', counts.units],
  ];
  const wrongRows = new Set(
    problems.filter(({ severity }) => severity === 'error').map(({ row }) => row),
  );
  // What can't be read has no price; a zero would be taken for one.
  const shownPrice = (product: ImportPreview['products'][number]) =>
    wrongRows.has(product.row) ? 'to be mended' : priceText(product.priceRange);
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <div className="flex flex-wrap items-center gap-x-10 gap-y-5 rounded-sheet border border-line bg-card p-6 shadow-card">
        <dl className="flex flex-wrap gap-x-10 gap-y-4">
          {figures.map(([label, value]) => (
            <div key={label}>
              <dt className="label text-soft">{label}</dt>
              <dd className="figure text-3xl">{value}</dd>
            </div>
          ))}
        </dl>
        <div className="ml-auto grid justify-items-end gap-2 max-sm:w-full max-sm:justify-items-stretch">
          <p className="text-sm">
            {canImport ? (
              <span className="text-soft">
                {counts.toCreate} to create, {counts.toUpdate} to update
                {counts.warnings > 0 ? ` · ${counts.warnings} to look at` : ''}
              </span>
            ) : (
              <b className="text-urgent">
                {counts.errors} {counts.errors === 1 ? 'problem' : 'problems'}: nothing will be
                imported
              </b>
            )}
          </p>
          <Button look="strong" size="large" disabled={!canImport} busy={running} onClick={onRun}>
            Import {counts.products} {counts.products === 1 ? 'product' : 'products'}
          </Button>
        </div>
      </div>
      {problems.length > 0 ? (
        <Problems problems={problems} total={counts.errors + counts.warnings} />
      ) : null}
      {products.length > 0 ? (
        <div>
          <h2 className="mb-3 text-xl">What would come in</h2>
          <div
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keys.
            tabIndex={0}
            className="scroll-quiet max-h-[520px] overflow-auto rounded-card border border-line bg-card"
          >
            <table className="w-full text-sm">
              <thead className="label sticky top-0 bg-card text-left text-soft">
                <tr className="border-b border-line">
                  <th className="px-5 py-3 font-[650] max-md:pr-3">Row</th>
                  <th className="py-3 font-[650]">Product</th>
                  <th className="px-3 py-3 font-[650]" />
                  <th className="px-3 py-3 text-right font-[650] max-md:hidden">Variants</th>
                  <th className="px-3 py-3 text-right font-[650] max-md:hidden">Units</th>
                  <th className="px-5 py-3 text-right font-[650] max-md:hidden">Price</th>
                </tr>
              </thead>
              <tbody>
                {products.map((product) => (
                  <tr key={product.handle} className="border-b border-line last:border-0">
                    <td className="px-5 py-3 text-soft max-md:pr-3">{product.row}</td>
                    <td className="w-full py-3 font-medium break-words">
                      {product.title}
                      <span className="mt-0.5 block text-xs font-normal text-soft md:hidden">
                        {shownPrice(product)} · {product.units} on hand
                      </span>
                    </td>
                    <td className="px-3 py-3 max-md:pr-5">
                      <Badge look={product.action === 'create' ? 'accent' : 'plain'}>
                        {product.action === 'create' ? 'new' : 'update'}
                      </Badge>
                    </td>
                    <td className="px-3 py-3 text-right max-md:hidden">{product.variantCount}</td>
                    <td className="px-3 py-3 text-right max-md:hidden">{product.units}</td>
                    <td className="px-5 py-3 text-right whitespace-nowrap max-md:hidden">
                      {shownPrice(product)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      ) : null}
    </section>
  );
}

function Problems({ problems, total }: { problems: readonly ImportProblem[]; total: number }) {
  return (
    <div className="w-full">
      <h2 className="mb-3 text-xl">To look at, row by row</h2>
      <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
        {problems.map((problem, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while it is shown.
            key={index}
            className="grid gap-x-4 gap-y-1 px-5 py-3 text-sm sm:grid-cols-[76px_minmax(0,1fr)]"
          >
            <span
              className={classes(
                'font-semibold',
                problem.severity === 'error' ? 'text-urgent' : 'text-ritual',
              )}
            >
              {problem.row === null ? 'File' : `Row ${problem.row}`}
            </span>
            <span className="min-w-0">
              <span className="block">{problem.advice}</span>
              {problem.column || problem.found ? (
                <span className="block text-xs break-words text-soft">
                  {problem.column}
                  {problem.column && problem.found !== null ? ': ' : ''}
                  {problem.found === null ? '' : `“${problem.found}”`}
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {total > problems.length ? (
        <p className="mt-2 text-sm text-soft">
          The first {problems.length} of {total} are shown.
        </p>
      ) : null}
    </div>
  );
}
