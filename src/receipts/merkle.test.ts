// The tree against the vectors of the Certificate Transparency project, against the RFC's own recursion,
// and against every wrong way up.

import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leafHash, merkleTree, rootOfPath } from './merkle.ts';

/** `merkletree_test.cc` of google/certificate-transparency: eight inputs, and the root over the first n. */
const inputs = ['', '\u0000', '\u0010', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('[RCP-3] the roots are those of RFC 9162', () => {
  const leaves = inputs.map(leafHash);
  expect(roots.map((_, n) => merkleTree(leaves.slice(0, n + 1)).root)).toEqual(roots);
});

/** RFC 9162, 2.1.1, word for word. */
const recursiveRoot = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const [left, right] = [recursiveRoot(leaves.slice(0, k)), recursiveRoot(leaves.slice(k))];
  return hash('sha256', Buffer.concat([Buffer.from([1]), left, right]), 'buffer');
};

test('[RCP-3] every leaf of a tree of any size has a path to its root, and only from its place', () => {
  for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100]) {
    const leaves = Array.from({ length: size }, (_, i) => leafHash(`leaf ${i}`));
    const tree = merkleTree(leaves);
    expect(tree.root).toBe(recursiveRoot(leaves).toString('hex'));
    for (let index = 0; index < size; index++) {
      const path = tree.path(index);
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      expect(rootOfPath(leaves[index]!, index, size, path)).toBe(tree.root);
      if (size === 1) continue;
      expect(rootOfPath(leaves[index]!, (index + 1) % size, size, path)).not.toBe(tree.root);
      expect(rootOfPath(leafHash('another'), index, size, path)).not.toBe(tree.root);
      expect(rootOfPath(leaves[index]!, index, size, path.slice(1))).toBeNull();
      expect(rootOfPath(leaves[index]!, index, size, [...path, path[0]!])).toBeNull();
    }
  }
});

test('[RCP-3] a path that can’t be leads nowhere', () => {
  const leaf = leafHash('leaf');
  const numbers = fc.oneof(fc.double(), fc.integer(), fc.constant(Number.NaN));
  fc.assert(
    fc.property(numbers, numbers, (index, size) => {
      const root = rootOfPath(leaf, index, size, []);
      expect(root === null || (index === 0 && size === 1)).toBe(true);
    }),
    { seed: 20261125 },
  );
  expect(rootOfPath(leaf, 0, 2, ['xy'])).toBeNull();
  expect(rootOfPath(leaf, 0, 2 ** 31, [])).toBeNull();
});
