// Folds the memory of a snapshot: what is in it once more, or in files that a browser fetches anyway, becomes a pointer
// there. The compression of a browser looks back 32 KB and no further. start.js unfolds it.

const SHORTEST = 32; // bytes that are worth a pointer
const TRIED = 4; // places further on where a longer piece may begin

/**
 * @param {Uint8Array} memory
 * @param {Uint8Array[]} files in the order in which `unfold` gets them
 * @returns {Uint8Array} three lists of numbers, after how many and of what size all is: how many bytes are new, how many
 * are a piece from before, and where that begins, in the files or in the memory, one after the other; then the new bytes
 */
export function fold(memory, files) {
  const data = Buffer.concat([...files, memory]);
  const start = data.length - memory.length;
  const places = new Int32Array(1 << 24).fill(-1);
  const key = (at) => {
    let hash = 0;
    for (let i = at; i < at + SHORTEST; i += 4) hash = Math.imul(hash ^ data.readInt32LE(i), 0x9e3779b1) ^ (hash >>> 15);
    return hash >>> 8;
  };
  const last = data.length - SHORTEST;
  for (let at = 0; at + SHORTEST <= start; at++) places[key(at)] = at;
  const lists = [[], [], []];
  const rest = [];
  let done = start; // up to here all is said

  /** Find the longest piece around a place that is there before: where it begins and ends, and where it is from. */
  const piece = (at) => {
    let from = places[key(at)];
    if (from < 0 || data.compare(data, from, from + SHORTEST, at, at + SHORTEST)) return null;
    let [begin, end] = [at, at + SHORTEST];
    // It is copied at one go, so it has to end before the place where it goes.
    const apart = (first, beyond) => from + beyond - begin <= first;
    while (begin > done && from > 0 && data[begin - 1] === data[from - 1] && apart(begin - 1, end)) [begin, from] = [begin - 1, from - 1];
    while (end < data.length && data[end] === data[from + end - begin] && apart(begin, end + 1)) end++;
    if (!apart(begin, end)) return null;
    return { begin, end, from };
  };
  const longest = (at) => {
    let best = piece(at);
    for (let next = at + 1; best && next <= Math.min(at + TRIED, last); next++) {
      const other = piece(next);
      if (other && other.end - other.begin > best.end - best.begin + next - at) best = other;
    }
    return best;
  };

  for (let at = start; at <= last; at++) {
    // Nothing is gained by a pointer to zeros.
    let zeros = at;
    while (zeros < data.length && !data[zeros]) zeros++;
    if (zeros - at >= SHORTEST) {
      at = zeros - 1;
      continue;
    }
    const found = longest(at);
    if (!found) {
      places[key(at)] = at;
      continue;
    }
    lists[0].push(found.begin - done);
    lists[1].push(found.end - found.begin);
    lists[2].push(found.from);
    rest.push(data.subarray(done, found.begin));
    for (let inside = at; inside < Math.min(found.end, last); inside += 8) places[key(inside)] = inside;
    done = found.end;
    at = done - 1;
  }
  rest.push(data.subarray(done));
  const numbers = Uint32Array.from([lists[0].length, memory.length, ...lists.flat()]);
  return Buffer.concat([Buffer.from(numbers.buffer), ...rest]);
}
