// plotly.js comes once for all that draws with it.

import { el } from "./component.js";

let plotly;

/**
 * Load plotly.js, or give what has been loaded; a failure may be tried again.
 * @type {(url: string) => Promise<Plotly>}
 */
export function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) {
      resolve(window.Plotly);
      return;
    }
    const script = el("script", { src: new URL(url, document.baseURI).href, onload: () => resolve(window.Plotly) });
    script.onerror = () => {
      plotly = undefined;
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return plotly;
}
