// What the viewer, the wall of maps and the drawing pad have in common: elements, icons, and how Streamlit mounts them.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
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
      part.destroy();
      parts.delete(parentElement);
    };
  };
}
