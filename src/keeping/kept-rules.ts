// How long the shop keeps recordings and clips: one row of a table, the owner's to change.

import type { Pool } from 'pg';

export type KeptRules = {
  /** Days after the end of a show; null: for ever. */
  readonly recordingDays: number | null;
  /** Days after what it shows; null: for ever. */
  readonly clipDays: number | null;
  /** Clips stay longer while one of their products is on sale. */
  readonly clipsWhileOnSale: boolean;
};

/** Until the owner says otherwise. */
export const keptForEver: KeptRules = {
  recordingDays: null,
  clipDays: null,
  clipsWhileOnSale: true,
};

export const readKeptRules = async (pool: Pool): Promise<KeptRules> => {
  const { rows } = await pool.query<{
    recording_days: number | null;
    clip_days: number | null;
    clips_while_on_sale: boolean;
  }>('SELECT recording_days, clip_days, clips_while_on_sale FROM kept_rules');
  const [row] = rows;
  if (!row) return keptForEver;
  return {
    recordingDays: row.recording_days,
    clipDays: row.clip_days,
    clipsWhileOnSale: row.clips_while_on_sale,
  };
};

export const writeKeptRules = async (pool: Pool, rules: KeptRules): Promise<void> => {
  await pool.query(
    `INSERT INTO kept_rules (recording_days, clip_days, clips_while_on_sale) VALUES ($1, $2, $3)
     ON CONFLICT ("only") DO UPDATE SET recording_days = $1, clip_days = $2, clips_while_on_sale = $3`,
    [rules.recordingDays, rules.clipDays, rules.clipsWhileOnSale],
  );
};
