// Draws logo-svg.svg into the two PNG sizes that Jupyter asks for. Run it after a change of the drawing.
import { readFile, writeFile } from "node:fs/promises";
import { createCanvas, loadImage } from "@napi-rs/canvas";

const here = (name) => new URL(name, import.meta.url);
const logo = await loadImage(await readFile(here("logo-svg.svg")));
for (const size of [32, 64]) {
  const canvas = createCanvas(size, size);
  canvas.getContext("2d").drawImage(logo, 0, 0, size, size);
  await writeFile(here(`logo-${size}x${size}.png`), await canvas.encode("png"));
}
