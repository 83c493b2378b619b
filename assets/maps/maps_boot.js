// Handed to Streamlit with the page; the wall and the reader of its codes are files that browsers keep.
const CONFIG = __CONFIG__;
const load = (path) => import(new URL(path, document.baseURI).href);
const files = Promise.all([load(CONFIG.maps), load(CONFIG.codes)]);
export default function (component) {
  let stop;
  let gone = false;
  files.then(([{ default: mount }, codes]) => { if (!gone) stop = mount(component, { ...CONFIG, reader: codes }); }, () => {
    if (!gone) component.parentElement.textContent = "The maps did not arrive: the network may be down. Reload the page.";
  });
  return () => { gone = true; stop?.(); };
}
