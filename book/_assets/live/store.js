// What a reader has typed stays on this device, under the page's own address.
const start = `live ${location.pathname} `;

/** A short name for a text. @param {string} text */
export const nameOf = (text) => {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let place = 0; place < text.length; place++) {
    one = Math.imul(one ^ text.charCodeAt(place), 2654435761);
    two = Math.imul(two ^ text.charCodeAt(place), 1597334677);
  }
  return (one >>> 0).toString(16).padStart(8, "0") + (two >>> 0).toString(16).padStart(8, "0");
};

/** @param {string} original */
export const keyOfCell = (original) => `${start}cell ${nameOf(original)}`;

// Not every browser lets a page keep something: then it is kept until the page is left.
/** @param {string} key */
export const recall = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** @param {string} key @param {string | null} text */
export const remember = (key, text) => {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // as above
  }
};

/** Forget what was typed on all pages. */
export const forgetAll = () => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("live ")) localStorage.removeItem(key);
  } catch {
    // as above
  }
};
