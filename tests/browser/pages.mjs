// Makes the pages that the tests look at, and opens them as somebody would: from disk.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const folder = mkdtempSync(join(tmpdir(), "fibreplan-pages-"));

// Runs an example of the project; `FIBREPLAN_EXAMPLES` may name a folder that holds them built.
export function example(name, ...args) {
  const built = process.env.FIBREPLAN_EXAMPLES;
  const [command, before] = built
    ? [join(built, name), []]
    : ["cargo", ["run", "--quiet", "--release", "--example", name, "--"]];
  return execFileSync(command, [...before, ...args, "--quiet"], { cwd: root, encoding: "utf8" });
}

export function page(name, ...args) {
  const file = join(folder, `${name}.html`);
  example("report", ...args, "--out", file);
  return file;
}

// Names that a browser or a spreadsheet could take for orders. Each would set `window.harmed`.
export const hostile = [
  "<script>window.harmed = 1</script>",
  '=HYPERLINK("http://example.invalid","open")',
  '"><img src=x onerror="window.harmed = 1">',
  "</script><script>window.harmed = 1</script>",
  "<svg onload=window.harmed=1>",
];

export function hostileScenario() {
  const place = join(folder, "hostile");
  mkdirSync(place);
  const quoted = (text) => `"${text.replace(/"/g, '""')}"`;
  const rows = hostile.map((name, i) =>
    [`S${i}${i === 1 ? "" : "<b>"}`, name, "<i>kind</i>", -2 - i / 500, 52, 100 * (i + 1), "rural", "<u>region"].map((cell) => quoted(String(cell))).join(","),
  );
  writeFileSync(join(place, "sites.csv"), `id,name,kind,lon,lat,patients,rurality,region\n${rows.join("\n")}\n`);
  writeFileSync(join(place, "exchanges.csv"), `id,name,lon,lat,enable_gbp\n${quoted("X<b>")},${quoted(hostile[0])},-2.004,52.001,0\n`);
  writeFileSync(
    join(place, "scenario.toml"),
    `format = 1
name = "hostile"
title = '</title><script>window.harmed = 1</script>'
[sites]
file = "sites.csv"
position = { crs = "EPSG:4326", x = "lon", y = "lat" }
[exchanges]
file = "exchanges.csv"
position = { crs = "EPSG:4326", x = "lon", y = "lat" }
[network]
from = "sites"
detour = 1.0
max_link_m = 5000
method = "<em>method"
[rate_card]
price_year = "2019-20"
drop_gbp = 100
[rate_card.methods."<em>method"]
gbp_per_m = 1
source = "</script><script>window.harmed = 1</script>"
[weights.patients]
column = "patients"
[objective]
maximise = ["patients"]
[[programmes]]
id = "=1+1"
name = "<script>window.harmed = 1</script>"
budget_gbp = 800
eligible = {}
`,
  );
  return place;
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;

export async function launch() {
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: flags });
}

export async function finish() {
  if (browser) await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

// Opens a page in a browser of its own, and keeps what it complains of and asks for.
export async function open(file, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const tab = await context.newPage();
  const complaints = [];
  const asked = [];
  tab.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(String(error)));
  tab.on("request", (request) => asked.push(request.url()));
  const address = pathToFileURL(file).href;
  await tab.goto(address);
  return { tab, complaints, asked, address, close: () => context.close() };
}
