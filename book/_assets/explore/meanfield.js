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

/** The mean of g at two inputs of the same variance q and correlation c. */
function meanProduct(g, q, c) {
  const root = Math.sqrt(q),
    other = Math.sqrt(Math.max(0, 1 - c * c));
  let total = 0;
  XS.forEach((x, i) => {
    let inner = 0;
    for (let j = 0; j < XS.length; j++) inner += DENSITY[j] * g.value(root * (c * x + other * XS[j]));
    total += DENSITY[i] * g.value(root * x) * inner;
  });
  return total;
}

const POINTS = 24;

/**
 * Two inputs of the same variance q: from their correlation to that a layer later. In the angle between the inputs the
 * mean is smooth, for kinked g as well, so that it is computed at some angles alone, and interpolated between them.
 */
export function correlationMap(g, w, b, q) {
  const angles = Array.from({ length: POINTS + 1 }, (_, k) => (Math.PI / 2) * (1 - Math.cos((Math.PI * k) / POINTS)));
  const means = angles.map((angle) => meanProduct(g, q, Math.cos(angle)));
  return (c) => {
    const angle = Math.acos(c);
    let [above, below] = [0, 0];
    for (let k = 0; k <= POINTS; k++) {
      if (angle === angles[k]) return (w * means[k] + b) / q;
      const weight = ((k % 2 ? -1 : 1) * (k % POINTS ? 1 : 0.5)) / (angle - angles[k]);
      above += weight * means[k];
      below += weight;
    }
    return ((w * above) / below + b) / q;
  };
}

/** Where the correlation settles: from above where inputs grow alike, below 1 where they part. */
export function fixedCorrelation(map, chi) {
  if (chi <= 1) return 1;
  let c = 0.5;
  for (let step = 0; step < 300; step++) {
    const next = map(c);
    if (Math.abs(next - c) < 1e-10) return next;
    c = next;
  }
  return c;
}
