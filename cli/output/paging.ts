import type { Out } from './out.ts';

/** Says how to see more, where there is more. */
export function noteNextPage(
  out: Out,
  page: { readonly items: readonly unknown[]; readonly next?: string },
): void {
  if (page.next === undefined || out.json) return;
  out.note(out.style.dim(`${page.items.length} shown; there are more: --after ${page.next}`));
}
