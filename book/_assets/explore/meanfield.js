// Signals through infinitely wide layers, as in nnnotes.meanfield: the variance map and the correlation map.
import { NODES, WEIGHTS } from "./data.js";
import { gaussianMean } from "./network.js";

/** One input: the variance of the next layer's pre-activations. */
export const varianceMap = (g, w, b, q) =>
  w * gaussianMean((x) => g.value(Math.sqrt(q) * x) ** 2, q > 0 ? g.kinks.map((kink) => kink / Math.sqrt(q)) : []) + b;

/** Where it settles, from 1 on; 0 if it dies out, infinity if it grows without bound. */
export function fixedPoint(g, w, b) {
  let q = 1;
  for (let step = 0; step < 4000; step++) {
    const next = varianceMap(g, w, b, q);
    if (!(next < 1e9)) return Infinity;
    if (next < 1e-9) return 0;
    if (Math.abs(next - q) < 1e-13 * q) return next;
    q = next;
  }
  return q;
}

/** The factor by which a small difference between two inputs grows in each layer. */
export const growth = (g, w, q) =>
  w *
  gaussianMean(
    (x) => g.slope(Math.sqrt(q) * x) ** 2,
    g.kinks.map((kink) => kink / Math.sqrt(q)),
  );

// The plane for pairs: a grid of nodes from -8 to 8, coarser than for one input.
const HALF = 8;
const [XS, DENSITY] = (() => {
  const xs = [],
    density = [];
  for (const middle of [-HALF / 2, HALF / 2])
    NODES.forEach((node, n) => {
      const x = middle + (HALF / 2) * node;
      xs.push(x);
      density.push(((HALF / 2) * WEIGHTS[n] * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI));
    });
  return [xs, density];
})();

/** Two inputs of the same variance q and correlation c: their correlation a layer later. */
export function correlationMap(g, w, b, q, c) {
  const root = Math.sqrt(q),
    other = Math.sqrt(Math.max(0, 1 - c * c));
  let total = 0;
  XS.forEach((x, i) => {
    const first = g.value(root * x);
    let inner = 0;
    for (let j = 0; j < XS.length; j++) inner += DENSITY[j] * g.value(root * (c * x + other * XS[j]));
    total += DENSITY[i] * first * inner;
  });
  return (w * total + b) / q;
}

/** Where the correlation settles: from above where inputs grow alike, below 1 where they part. */
export function fixedCorrelation(g, w, b, q, chi) {
  if (chi <= 1) return 1;
  let c = 0.5;
  for (let step = 0; step < 300; step++) {
    const next = correlationMap(g, w, b, q, c);
    if (Math.abs(next - c) < 1e-10) return next;
    c = next;
  }
  return c;
}
