// How long a page takes to open, to pan and to draw anew, in milliseconds: the middle of five runs.
// node tests/browser/speed.mjs PAGE.html...
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { finish, launch, open } from "./pages.mjs";

const middle = (times) => Math.round(times.sort((a, b) => a - b)[2]);

await launch();
for (const file of process.argv.slice(2).map((own) => resolve(own))) {
  const times = { open: [], script: [], pan: [], redraw: [] };
  for (let run = 0; run < 5; run += 1) {
    const begun = performance.now();
    const { tab, close } = await open(file);
    await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    times.open.push(performance.now() - begun);
    times.script.push(await tab.evaluate(() => Number(document.documentElement.dataset.drawn)));
    // Both end once every pixel is there to be read.
    const spent = (act) =>
      tab.evaluate(async (name) => {
        const canvases = [...document.querySelectorAll("#map canvas.drawing")];
        const place = () => canvases[0].style.transform;
        const before = place();
        const from = performance.now();
        if (name === "pan") {
          document.getElementById("map").focus();
          document.getElementById("map").dispatchEvent(new KeyboardEvent("keydown", { keyCode: 39, bubbles: true }));
          while (place() === before && performance.now() - from < 9000) await new Promise(requestAnimationFrame);
        } else document.getElementById("whole").click();
        canvases.forEach((own) => own.getContext("2d").getImageData(0, 0, 1, 1));
        return performance.now() - from;
      }, act);
    times.pan.push(await spent("pan"));
    times.redraw.push(await spent("redraw"));
    await close();
  }
  const words = Object.entries(times).map(([name, all]) => `${name} ${middle(all)}`);
  console.log(`${file.split("/").pop()}: ${(statSync(file).size / 1e6).toFixed(2)} MB, ${words.join(", ")}`);
}
await finish();
