// SPDX-License-Identifier: BSD-3-Clause
/** The order of a product's modules: each after those it needs, otherwise as in the file. */

/** That `from` needs `to` before it. */
export interface Need {
  readonly from: string;
  readonly to: string;
}

/** The order, or the needs that make a circle, from a module back to itself. */
export type Order<N extends Need> = { readonly order: readonly string[] } | { readonly circle: readonly N[] };

/** Orders `names`; needs of modules that are not among them, and of a module for itself, count for nothing. */
export function orderModules<N extends Need>(names: readonly string[], needs: readonly N[]): Order<N> {
  const relevant = needs.filter(({ from, to }) => from !== to && names.includes(to));
  const order: string[] = [];
  while (order.length < names.length) {
    const next = names.find(
      name => !order.includes(name) && relevant.every(({ from, to }) => from !== name || order.includes(to)),
    );
    if (next === undefined) return { circle: findCircle(names, order, relevant) };
    order.push(next);
  }
  return { order };
}

/** Follows unmet needs from the first module that is left until one comes again. */
function findCircle<N extends Need>(
  names: readonly string[],
  placed: readonly string[],
  needs: readonly N[],
): readonly N[] {
  const way: N[] = [];
  let at = names.find(name => !placed.includes(name));
  for (;;) {
    const start = way.findIndex(({ from }) => from === at);
    if (start >= 0) return way.slice(start);
    const need = needs.find(({ from, to }) => from === at && !placed.includes(to));
    if (need === undefined) return way;
    way.push(need);
    at = need.to;
  }
}
