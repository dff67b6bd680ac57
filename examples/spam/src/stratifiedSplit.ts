import { Generator } from '@dl/tensor';
import { groupBy } from './groupBy.ts';

/**
 * Cuts items into parts at random, of these fractions, so that in each part the classes are as frequent as in the whole. The last part gets
 * what rounding leaves.
 */
export function stratifiedSplit<Item>(items: readonly Item[], classOf: (item: Item) => unknown, fractions: readonly number[]): Item[][] {
  const generator = new Generator();
  const parts = fractions.map((): Item[] => []);
  for (const group of groupBy(items, classOf).values()) {
    const shuffled = generator.shuffle([...group]);
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      part.push(...shuffled.splice(0, isLast ? group.length : Math.round((fractions[i] ?? 0) * group.length)));
    }
  }
  return parts;
}
