// What all components have in common: elements, icons, and how Streamlit mounts them.

/**
 * Make an element: `el("b", { class: "x", onclick }, "text", child)`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined | (() => void)>} [attributes]
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) Reflect.set(node, name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/**
 * The pen of a canvas.
 * @type {(canvas: HTMLCanvasElement) => Pen}
 */
export function penOf(canvas) {
  return /** @type {Pen} */ (canvas.getContext("2d"));
}

/**
 * An icon of 24 by 24, by its outline.
 * @type {(outline: string) => SVGSVGElement}
 */
export function icon(outline) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", outline);
  svg.append(path);
  return svg;
}

/**
 * What Streamlit calls for every new message and every change of theme: one part for each place, and its clean-up.
 * @template Data, More
 * @param {new (parent: HTMLElement, config: Config & More) => Part<Data>} Mounted
 * @returns {(component: StreamlitComponent<Data>, config: Config & More) => () => void}
 */
export function mounting(Mounted) {
  /** @type {WeakMap<HTMLElement, Part<Data>>} */
  const parts = new WeakMap();
  return (component, config) => {
    const { parentElement } = component;
    const part = parts.get(parentElement) ?? new Mounted(parentElement, config);
    parts.set(parentElement, part);
    part.update(component);
    return () => {
      part.destroy?.();
      parts.delete(parentElement);
    };
  };
}
