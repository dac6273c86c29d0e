// Computes what a test asks for, with the explorers' modules beside it.
import { readFileSync } from "node:fs";
import { ALL } from "./activations.js";
import { measure as chaos } from "./explorers/chaos.js";
import { draw, measure } from "./explorers/depth.js";
import { judge } from "./explorers/shapes.js";
import { accuracy, alike, makeRun, step } from "./explorers/plane.js";
import * as network from "./network.js";
const find = (name) => ALL.find((g) => g.name === name);
const given = JSON.parse(readFileSync(0, "utf8"));
const rows = (A) => A.map((row) => [...row]);
const layers = (Array.isArray(given.layers) ? given.layers : []).map(({ W, b, g }) => ({ W, b, g: find(g) }));
const train = (loss, steps) => {
  let trained = layers;
  for (let step = 0; step < steps; step++) {
    const { A, caches } = network.forward(trained, given.X);
    const { gradients } = network.backward(trained, network[loss].gradient(A, given.y), caches);
    trained = network.descend(trained, gradients, given.rate);
  }
  return trained.map(({ W, b }) => ({ W: rows(W), b: [...b] }));
};
const tasks = {
  activations: () => ALL.map((g) => [g.name, given.z.map((z) => g.value(z)), given.z.map((z) => g.slope(z))]),
  parameters: () => given.z.map((z) => find("leaky_relu").value(z, { alpha: 0.3 })),
  passes: () => {
    const { A, caches } = network.forward(layers, given.X);
    const { gradients, dA } = network.backward(layers, given.dA, caches);
    return { A: rows(A), dA: rows(dA), gradients: gradients.map(({ dW, db }) => ({ dW: rows(dW), db: [...db] })) };
  },
  losses: () =>
    ["squared", "logistic"].map((loss) => [
      network[loss].value(given.X, given.y),
      rows(network[loss].gradient(given.X, given.y)),
    ]),
  train: () => train(given.loss, given.steps),
  means: () =>
    ALL.map((g) =>
      network.gaussianMean(
        (z) => g.value(given.spread * z) ** 2,
        g.kinks.map((kink) => kink / given.spread),
      ),
    ),
  plane: () =>
    given.runs.map((settings) => {
      const run = makeRun(settings);
      for (let i = 0; i < 1000; i++) step(run);
      return {
        right: accuracy(run),
        loss: run.losses.at(-1),
        alike: alike(run.network[0].W),
        moved: run.losses.at(-1) !== run.losses[0],
      };
    }),
  shapes: () => given.cases.map(judge),
  chaos: () => chaos(given),
  depth: () => {
    const { sizes, slopes, predicted } = measure(given, draw(given.seed, given.depth, given.width));
    return { sizes, slopes, predicted };
  },
  draws: () => {
    const { uniform, normal } = network.generator(7);
    return [Array.from({ length: 20000 }, uniform), Array.from({ length: 20000 }, normal)];
  },
};
const said = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
console.log(JSON.stringify(tasks[given.task](), said));
