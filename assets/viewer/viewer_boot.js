// Handed to Streamlit with every page; the viewer itself is a file that browsers keep.
const CONFIG = __CONFIG__;
const viewer = import(new URL(CONFIG.viewer, document.baseURI).href);
export default function (component) {
  let stop;
  let gone = false;
  viewer.then(({ default: mount }) => { if (!gone) stop = mount(component, CONFIG); }, () => {
    if (!gone) component.parentElement.textContent = "The pictures did not arrive: the network may be down. Reload the page.";
  });
  return () => { gone = true; stop?.(); };
}
