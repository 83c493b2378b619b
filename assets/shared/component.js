// What all components have in common: elements, icons, and how Streamlit mounts them.

/** Make an element: `el("b", { class: "x", onclick }, "text", child)`. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** An icon of 24 by 24, by its outline. */
export function icon(outline) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", outline);
  svg.append(path);
  return svg;
}

/** What Streamlit calls for every new message and every change of theme: one part for each place, and its clean-up. */
export function mounting(Part) {
  const parts = new WeakMap();
  return (component, config) => {
    const { parentElement } = component;
    if (!parts.has(parentElement)) parts.set(parentElement, new Part(parentElement, config));
    const part = parts.get(parentElement);
    part.update(component);
    return () => {
      part.destroy?.();
      parts.delete(parentElement);
    };
  };
}
