// The activations, by name, and as a list to choose from.
import { ALL } from "./activations.js";

export const NAMES = ALL.map((g) => g.name);
export const OPTIONS = ALL.map((g) => [g.name, g.title]);
export const find = (name) => ALL.find((g) => g.name === name);
