// Handed to Streamlit with every page; the stage itself is a file that browsers keep.
const CONFIG = __CONFIG__;
const stage = import(new URL(CONFIG.stage, document.baseURI).href);
export default function (component) {
  let stop;
  let gone = false;
  stage.then(({ default: mount }) => { if (!gone) stop = mount(component, CONFIG); }, () => {
    if (!gone) component.parentElement.textContent = "The stage did not arrive: the network may be down. Reload the page.";
  });
  return () => { gone = true; stop?.(); };
}
