// Handed to Streamlit with every page; what draws is a file that browsers keep.
const CONFIG = __CONFIG__;
const part = import(new URL(CONFIG.module, document.baseURI).href);
export default function (component) {
  let stop;
  let gone = false;
  part.then(
    ({ default: mount }) => {
      if (!gone) stop = mount(component, CONFIG);
    },
    () => {
      if (!gone)
        component.parentElement.textContent = `${CONFIG.what} did not arrive: the network may be down. Reload the page.`;
    },
  );
  return () => {
    gone = true;
    stop?.();
  };
}
