"""What the stage's benchmark runs inside the page, with the page's own clock."""

from __future__ import annotations

# counted(name): resolves at the moment when the stage raises a counter. frame(): when the next frame has been made.
_WAITING = """
const root = document.querySelector('[data-cnnviz="stage"]');
const counted = name => new Promise(resolve => {
    const watcher = new MutationObserver(() => { watcher.disconnect(); resolve(performance.now()); });
    watcher.observe(root, { attributes: true, attributeFilter: [`data-${name}`] });
});
const frame = () => new Promise(resolve => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(0);
}));
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
// Reading a size makes the browser do the style and layout that a change asks for.
const settle = () => { root.getBoundingClientRect(); return performance.now(); };
const time = async (name, act) => {
    const done = counted(name);
    const begin = performance.now();
    act();
    await done;
    const work = settle() - begin;
    return [work, await frame() - begin];
};
"""

SLIDE = f"""async ([name, values]) => {{
    {_WAITING}
    const slider = root.querySelector(`input[type="range"][name="${{name}}"]`);
    const move = value => () => {{
        slider.value = value;
        slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
    }};
    const samples = [];
    for (const value of values) {{
        samples.push(await time("painted", move(value)));
        await pause(Math.random() * 20); // hands keep no step with the screen
    }}
    slider.dispatchEvent(new Event("change", {{ bubbles: true }}));
    await pause(1500); // let the server answer before the next slider
    return samples;
}}"""

HOVER = f"""async count => {{
    {_WAITING}
    const plot = root.querySelector(".cnv-plot");
    const box = root.querySelector('[data-grid="output"]').getBoundingClientRect();
    const samples = [];
    for (let at = 0; at < count; at += 1) {{
        const cell = box.width / 14;
        const clientX = box.x + ((at % 14) + 0.5) * cell;
        const clientY = box.y + ((Math.floor(at / 14) % 14) + 0.5) * cell;
        const move = new PointerEvent("pointermove", {{ clientX, clientY, bubbles: true, pointerType: "mouse" }});
        samples.push(await time("lit", () => plot.dispatchEvent(move)));
        await pause(Math.random() * 20);
    }}
    return samples;
}}"""

HOVER_GRID = f"""async ([name, rows, columns, count]) => {{
    {_WAITING}
    const plot = root.querySelector(".cnv-plot");
    const box = root.querySelector(`[data-grid="${{name}}"]`).getBoundingClientRect();
    const step = Math.max(1, Math.floor((rows * columns) / count) | 1); // odd, so that no column is left out
    const samples = [];
    for (let at = 0; samples.length < count; at += step) {{
        const clientX = box.x + ((at % columns) + 0.5) * (box.width / columns);
        const clientY = box.y + ((Math.floor(at / columns) % rows) + 0.5) * (box.height / rows);
        const move = new PointerEvent("pointermove", {{ clientX, clientY, bubbles: true, pointerType: "mouse" }});
        const done = await Promise.race([time("lit", () => plot.dispatchEvent(move)), pause(1000)]);
        if (done) samples.push(done); // a cell that lights nothing new is no sample
        else count -= 1;
        await pause(Math.random() * 20);
    }}
    return samples;
}}"""

# From the moment when the socket sends to the last change of a word outside the stage; then it has been still.
WORDS = """([name, value]) => new Promise(resolve => {
    const root = document.querySelector('[data-cnnviz="stage"]');
    const slider = root.querySelector(`input[type="range"][name="${name}"]`);
    let sent, changed, resting;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...data) {
        sent ??= performance.now();
        return send.apply(this, data);
    };
    const finish = () => {
        watcher.disconnect();
        WebSocket.prototype.send = send;
        resolve((changed ?? NaN) - sent);
    };
    const watcher = new MutationObserver(records => {
        if (sent === undefined || records.every(({ target }) => root.contains(target))) return;
        changed = performance.now();
        clearTimeout(resting);
        resting = setTimeout(finish, 400);
    });
    watcher.observe(document.querySelector('[data-testid="stMain"]'), {
        childList: true, characterData: true, subtree: true,
    });
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    setTimeout(() => changed ?? finish(), 5000);
})"""

# The commit leaves when Streamlit's socket sends; until then the hand rests.
COMMIT = """([name, value, code]) => new Promise(resolve => {
    const root = document.querySelector('[data-cnnviz="stage"]');
    const slider = root.querySelector(`input[type="range"][name="${name}"]`);
    const words = () => document.querySelector('[data-testid="stCode"]')?.textContent ?? "";
    let sent;
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...data) {
        sent ??= performance.now();
        return send.apply(this, data);
    };
    const watcher = new MutationObserver(() => {
        if (!words().includes(code)) return;
        watcher.disconnect();
        WebSocket.prototype.send = send;
        const now = performance.now();
        resolve({ released: now - released, sent: now - sent });
    });
    watcher.observe(document.body, { childList: true, characterData: true, subtree: true });
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    const released = performance.now();
})"""

FIRST_VIEW = """
new MutationObserver((_, watcher) => {
    if (!document.querySelector("[data-painted]")) return;
    watcher.disconnect();
    requestAnimationFrame(() => { window.firstView = performance.now(); });
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-painted"] });
"""
