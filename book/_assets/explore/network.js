// Layers, losses and descent, as in nnnotes: W is (n_out, n_in), one example per column, the mean is taken in the loss.
// A matrix is an array of rows. A test holds each of these functions to the package.
import { NODES, WEIGHTS } from "./data.js";

const map = (A, f) => A.map((row, i) => row.map((a, j) => f(a, i, j)));
export const zeros = (rows, columns) => Array.from({ length: rows }, () => new Float64Array(columns));

/** Add a multiple of one row to another. */
function addMultiple(sum, factor, row) {
  for (let j = 0; j < sum.length; j++) sum[j] += factor * row[j];
}

/** W A + b, where b has one number a row. */
export function affine(W, A, b) {
  const Z = zeros(W.length, A[0].length);
  W.forEach((row, i) => {
    Z[i].fill(b[i]);
    row.forEach((w, k) => addMultiple(Z[i], w, A[k]));
  });
  return Z;
}

/** A Bᵀ */
const timesTransposed = (A, B) => A.map((a) => Float64Array.from(B, (b) => b.reduce((sum, x, j) => sum + x * a[j], 0)));

/** Aᵀ B */
function transposedTimes(A, B) {
  const C = zeros(A[0].length, B[0].length);
  A.forEach((row, i) => row.forEach((a, k) => addMultiple(C[k], a, B[i])));
  return C;
}

/** A layer is { W, b, g }. Returns the output and, for each layer, what the way back needs. */
export function forward(network, X) {
  const caches = [];
  let A = X;
  for (const { W, b, g } of network) {
    const Z = affine(W, A, b);
    caches.push({ A_prev: A, Z });
    A = map(Z, (z) => g.value(z));
  }
  return { A, caches };
}

/** From dA of the last layer to { dW, db, dZ } of each, and dA of the input; dW is computed when it is asked for. */
export function backward(network, dA, caches) {
  const gradients = [];
  for (let l = network.length - 1; l >= 0; l--) {
    const { W, g } = network[l];
    const dZ = map(dA, (da, i, j) => da * g.slope(caches[l].Z[i][j]));
    const { A_prev } = caches[l];
    const db = Float64Array.from(dZ, (row) => row.reduce((sum, dz) => sum + dz, 0));
    dA = transposedTimes(W, dZ);
    gradients.unshift({
      db,
      dZ,
      get dW() {
        return timesTransposed(dZ, A_prev);
      },
    });
  }
  return { gradients, dA };
}

export const descend = (network, gradients, rate) =>
  network.map(({ W, b, g }, l) => {
    const { dW, db } = gradients[l];
    return { W: map(W, (w, i, j) => w - rate * dW[i][j]), b: Float64Array.from(b, (one, i) => one - rate * db[i]), g };
  });

const mean = (Z, f) => Z[0].reduce((sum, z, j) => sum + f(z, j), 0) / Z[0].length;

/** Losses of one output, of pre-activations. */
export const logistic = {
  value: (Z, y) => mean(Z, (z, j) => Math.max(z, 0) - y[j] * z + Math.log1p(Math.exp(-Math.abs(z)))),
  gradient: (Z, y) => map(Z, (z, _, j) => (1 / (1 + Math.exp(-z)) - y[j]) / y.length),
};
export const squared = {
  value: (Z, y) => mean(Z, (z, j) => (z - y[j]) ** 2 / 2),
  gradient: (Z, y) => map(Z, (z, _, j) => (z - y[j]) / y.length),
};

/** A source of random numbers (mulberry32): uniform from 0 to 1, and normal (Box and Muller). */
export function generator(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** The mean of f(z) for z ~ N(0, 1), by Gauss-Legendre quadrature between the kinks. */
export function gaussianMean(f, kinks = []) {
  const points = [...new Set([-12, 0, 12, ...kinks.filter((kink) => Math.abs(kink) < 12)])].sort((a, b) => a - b);
  let total = 0;
  for (let p = 1; p < points.length; p++) {
    const [middle, half] = [(points[p] + points[p - 1]) / 2, (points[p] - points[p - 1]) / 2];
    NODES.forEach((node, n) => {
      const z = middle + half * node;
      total += (half * WEIGHTS[n] * f(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    });
  }
  return total;
}
