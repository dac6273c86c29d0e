// Puts an explorer in place of what stands there without it.
import { button, h, linkOf } from "./ui.js";

const STYLE = new URL("./explore.css", import.meta.url).href;
let styled;
const style = () =>
  (styled ??= new Promise((done, fail) =>
    document.head.append(Object.assign(h("link", { rel: "stylesheet", href: STYLE }), { onload: done, onerror: fail })),
  ));

export async function start(box) {
  const name = box.dataset.explorer;
  const [{ explore }] = await Promise.all([import(`./explorers/${name}.js`), style()]);
  const live = h("div", { class: "live", role: "group" });
  const link = button("Copy a link to this state", async () => {
    await navigator.clipboard.writeText(linkOf(name, running.state));
    link.textContent = "Copied";
    setTimeout(() => {
      link.textContent = "Copy a link to this state";
    }, 1500);
  });
  let running;
  const begin = (fresh) => {
    live.replaceChildren();
    running = explore(live, fresh);
    live.setAttribute("aria-label", running.label);
    live.append(
      h(
        "div",
        { class: "foot" },
        button("Start again", () => {
          running.stop?.();
          begin(true);
        }),
        link,
      ),
    );
  };
  // In its place first: what it draws depends on how wide that is.
  box.append(live);
  box.classList.add("started");
  begin(false);
}
