// Colours: read from their names, and whether a page is light or dark.

/**
 * Red, green and blue of "#rrggbb".
 * @type {(hex: string) => number[]}
 */
export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/**
 * Whether a background is light or dark, as the page writes it: "#rrggbb" or "rgb(r, g, b)".
 * @type {(colour: string) => Theme}
 */
export function themeOf(colour) {
  const text = colour.trim() || "#ffffff";
  const [r, g, b] = /^#[0-9a-f]{6}/i.test(text) ? rgb(text) : (text.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  return 0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light";
}

/**
 * The theme of the page that an element stands on, written on the element for its style sheet.
 * @type {(root: HTMLElement) => Theme}
 */
export function takeTheme(root) {
  const theme = themeOf(getComputedStyle(root).getPropertyValue("--st-background-color"));
  root.dataset.theme = theme;
  return theme;
}
