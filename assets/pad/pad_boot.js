// Handed to Streamlit with every page; the pad itself is a file that browsers keep.
const CONFIG = __CONFIG__;
const pad = import(new URL(CONFIG.pad, document.baseURI).href);
export default function (component) {
  let stop;
  let gone = false;
  pad.then(({ default: mount }) => { if (!gone) stop = mount(component, CONFIG); }, () => {
    if (!gone) component.parentElement.textContent = "The drawing pad did not arrive: the network may be down. Reload the page.";
  });
  return () => { gone = true; stop?.(); };
}
