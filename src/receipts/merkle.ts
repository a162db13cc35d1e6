// A Merkle tree over the leaves that are signed together, as RFC 9162 (Certificate Transparency 2.0, section
// 2.1) defines it, so that one signature proves each of them and any implementation of that RFC checks it.

import { hash } from 'node:crypto';

/** The hash of a leaf: SHA-256 over a zero byte and the leaf's text in UTF-8. */
export const leafHash = (text: string): Buffer => hash('sha256', `\u0000${text}`, 'buffer');

const pair = Buffer.alloc(65);
pair[0] = 1;

const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  pair.set(left, 1);
  pair.set(right, 33);
  return hash('sha256', pair, 'buffer');
};

export interface MerkleTree {
  /** 64 hex digits. */
  readonly root: string;
  /** The hashes beside the way from a leaf to the root, hex, from the leaf up. */
  path(index: number): string[];
}

/** Of at least one leaf hash. */
export const merkleTree = (leaves: readonly Buffer[]): MerkleTree => {
  // Level by level; the last of an odd row goes up as it is. The same tree as the RFC's recursion.
  const levels: (readonly Buffer[])[] = [leaves];
  for (let row = leaves; row.length > 1; ) {
    const above: Buffer[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const right = row[i + 1];
      above.push(right === undefined ? row[i]! : nodeHash(row[i]!, right));
    }
    levels.push(above);
    row = above;
  }
  const texts = levels.map(() => [] as (string | undefined)[]);
  return {
    root: levels.at(-1)![0]!.toString('hex'),
    path(index) {
      const path: string[] = [];
      for (let level = 0, at = index; level < levels.length - 1; level++, at >>= 1) {
        const beside = at ^ 1;
        const node = levels[level]![beside];
        if (node === undefined) continue;
        const known = texts[level]!;
        known[beside] ??= node.toString('hex');
        path.push(known[beside]);
      }
      return path;
    },
  };
};

/**
 * The root to which `path` leads from a leaf (RFC 9162, 2.1.3.2), hex; null when the path is no way
 * through a tree of `size` leaves.
 */
export const rootOfPath = (
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly string[],
): string | null => {
  if (!(Number.isInteger(index) && index >= 0 && index < size && size <= 2 ** 30)) return null;
  let [at, last, root] = [index, size - 1, leaf];
  for (const text of path) {
    if (last === 0 || !/^[0-9a-f]{64}$/.test(text)) return null;
    const beside = Buffer.from(text, 'hex');
    if (at % 2 === 1 || at === last) {
      root = nodeHash(beside, root);
      while (at % 2 === 0 && at !== 0) {
        at >>= 1;
        last >>= 1;
      }
    } else root = nodeHash(root, beside);
    at >>= 1;
    last >>= 1;
  }
  return last === 0 ? root.toString('hex') : null;
};
