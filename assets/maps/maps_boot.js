// Handed to Streamlit with the page; the wall itself is a file that browsers keep.
const CONFIG = __CONFIG__;
const wall = import(new URL(CONFIG.maps, document.baseURI).href);
export default function (component) {
  let stop;
  let gone = false;
  wall.then(({ default: mount }) => { if (!gone) stop = mount(component, CONFIG); }, () => {
    if (!gone) component.parentElement.textContent = "The maps did not arrive: the network may be down. Reload the page.";
  });
  return () => { gone = true; stop?.(); };
}
