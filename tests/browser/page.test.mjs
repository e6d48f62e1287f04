// The report page in a real browser: what it shows, what it does, and what it never does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { example, finish, folder, hostile, hostileScenario, launch, open, page } from "./pages.mjs";

const pages = {};

before(async () => {
  const county = "data/county";
  example("plan", county, "--work", "1", "--out", join(folder, "quick"));
  example("plan", county, "--gap", "0.01", "--report", "--out", join(folder, "good"));
  pages.county = join(folder, "good", "report.html");
  pages.town = page("town", "data/market-town");
  pages.years = page("years", "data/market-town-years", "--seconds", "5");
  pages.frontier = page("frontier", "data/market-town", "--frontier", "--seconds", "20");
  const plan = (name) => join(folder, name, "plan.json");
  pages.comparison = page("comparison", county, "--plan", plan("good"), "--against", plan("quick"));
  pages.hostile = page("hostile", hostileScenario());
  await launch();
});

after(finish);

// What the canvases of the map hold, as one number.
const drawn = (tab) =>
  tab.evaluate(() => {
    let sum = 0;
    document.querySelectorAll("#map canvas.drawing").forEach((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 1) sum = (sum * 31 + data[i]) % 4294967291;
    });
    return sum;
  });

const text = (tab, selector) => tab.locator(selector).innerText();

async function find(tab, asked) {
  await tab.locator("#find").fill(asked);
  await tab.locator("#found [role=option]").first().waitFor();
  await tab.keyboard.press("Enter");
}

for (const name of ["town", "county", "years", "frontier", "comparison", "hostile"]) {
  test(`the page ${name} opens from disk, asks for nothing and complains of nothing`, async () => {
    const { tab, complaints, asked, address, close } = await open(pages[name]);
    await tab.mouse.move(600, 700);
    await tab.locator("#whole").click();
    assert.deepEqual(complaints, []);
    const elsewhere = asked.filter((own) => own !== address && !own.startsWith("data:"));
    assert.deepEqual(elsewhere, []);
    assert.ok(Number(await tab.evaluate(() => document.documentElement.dataset.drawn)) >= 0);
    assert.equal(await tab.evaluate(() => window.harmed), undefined);
    await close();
  });
}

test("searching finds a site by name and by code, and a click on the map shows its reason", async () => {
  const { tab, close } = await open(pages.town);
  await find(tab, "MT014");
  const heading = await text(tab, "#detail h3");
  assert.match(await text(tab, "#detail"), /MT014/);
  const reason = await text(tab, "#detail dl");
  assert.match(reason, /the money covers more elsewhere|connected|Exchange/i);
  await tab.getByRole("button", { name: "Clear", exact: true }).click();
  assert.equal(await tab.locator("#detail h3").count(), 0);
  // What was found stands in the middle of the map.
  const box = await tab.locator("#map").boundingBox();
  await tab.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert.equal(await text(tab, "#detail h3"), heading);
  assert.equal(await text(tab, "#detail dl"), reason);
  await find(tab, heading.toLowerCase().slice(0, 6));
  assert.match((await text(tab, "#detail h3")).toLowerCase(), new RegExp(`^${heading.toLowerCase().slice(0, 6)}`));
  await close();
});

test("a site that is left out says why", async () => {
  const { tab, close } = await open(pages.county);
  await tab.locator(".sites tbody tr", { hasText: "Left out" }).first().getByRole("button").click();
  assert.match(await text(tab, "#detail"), /Left out/);
  assert.match(await text(tab, "#detail dl"), /Why not connected\s+the money/);
  await tab.getByRole("button", { name: "Show in the table" }).click();
  const here = await tab.evaluate(() => document.activeElement.closest("tr").className);
  assert.equal(here, "selected");
  await close();
});

test("a filter changes what is drawn, what is counted and what is listed", async () => {
  const { tab, close } = await open(pages.county);
  const before = [await drawn(tab), await text(tab, "#count"), await text(tab, ".pages .count")];
  await tab.getByLabel("Rurality").selectOption({ label: "rural" });
  const filtered = [await drawn(tab), await text(tab, "#count"), await text(tab, ".pages .count")];
  before.forEach((own, place) => assert.notEqual(filtered[place], own));
  const ruralities = await tab.locator(".sites tbody tr").allInnerTexts();
  assert.ok(ruralities.length > 5 && ruralities.every((row) => /\brural\b/.test(row)));
  await tab.getByRole("button", { name: "Clear filters" }).click();
  assert.deepEqual([await drawn(tab), await text(tab, "#count"), await text(tab, ".pages .count")], before);
  await tab.getByRole("checkbox", { name: /^Left out/ }).uncheck();
  assert.notEqual(await text(tab, "#count"), before[1]);
  assert.notEqual(await drawn(tab), before[0]);
  await close();
});

test("the lines are coloured by method or by programme", async () => {
  const { tab, close } = await open(pages.town);
  const before = [await drawn(tab), await text(tab, "#line-key")];
  await tab.getByLabel("Colour of the spans by").selectOption({ label: "by programme" });
  assert.notEqual(await drawn(tab), before[0]);
  assert.match(await text(tab, "#line-key"), /lffn/);
  await close();
});

test("headings sort, and say so", async () => {
  const { tab, close } = await open(pages.county);
  const column = async (name) => {
    const place = await tab.evaluate(
      (own) => [...document.querySelectorAll(".sites thead th")].findIndex((th) => th.textContent === own),
      name,
    );
    return tab.evaluate(
      (own) => [...document.querySelectorAll(".sites tbody tr")].map((row) => row.cells[own].textContent),
      place,
    );
  };
  const pounds = (cells) => cells.filter(Boolean).map((cell) => Number(cell.replace(/[£,]/g, "")));
  const heading = tab.locator(".sites thead th").filter({ hasText: /^Cost$/ });
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  const down = pounds(await column("Cost"));
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  await heading.getByRole("button").click();
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  const up = pounds(await column("Cost"));
  assert.deepEqual(up, [...up].sort((a, b) => a - b));
  assert.ok(up[0] < down[0]);
  // A table that is in the page without the script.
  const regions = tab.locator("table[data-name=regions]");
  const names = () => regions.locator("tbody th").allInnerTexts();
  const first = await names();
  const region = regions.locator("thead th").first();
  await region.getByRole("button").click();
  await region.getByRole("button").click();
  assert.deepEqual(await names(), [...first].sort().reverse());
  assert.equal(await regions.locator("tfoot th").innerText(), "All");
  await close();
});

test("a comparison shows the differences in words, in tables and on the map", async () => {
  const { tab, close } = await open(pages.comparison);
  assert.match(await text(tab, "header"), /good\/plan connects \d+ sites? that quick\/plan leaves out/);
  const rows = await tab.locator("table[data-name=differences] tbody tr").count();
  assert.ok(rows > 0);
  assert.match(await text(tab, "#legend"), /Only in good\/plan \(\d+\)/);
  const before = await drawn(tab);
  await tab.getByLabel(/^Only in good\/plan/).uncheck();
  assert.notEqual(await drawn(tab), before);
  await tab.getByLabel(/^Only in good\/plan/).check();
  await tab.locator("table[data-name=differences] tbody button").first().click();
  assert.match(await text(tab, "#detail .under"), /Only in/);
  await close();
});

test("a frontier shows its curve, its band and the plan", async () => {
  const { tab, close } = await open(pages.frontier);
  assert.equal(await tab.locator("#frontier svg path.band").count(), 1);
  assert.equal(await tab.locator("#frontier svg path.curve").count(), 1);
  assert.ok((await tab.locator("table[data-name=frontier] tbody tr").count()) > 3);
  assert.ok((await tab.locator(".sites tbody tr").count()) > 5);
  await close();
});

test("hostile names are shown and do nothing", async () => {
  const { tab, complaints, asked, address, close } = await open(pages.hostile);
  const names = await tab.locator(".sites tbody th button").allInnerTexts();
  assert.deepEqual([...names].sort(), [...hostile].sort());
  for (const name of hostile) {
    await find(tab, name.slice(0, 12));
    await tab.mouse.move(500, 700);
  }
  const download = tab.waitForEvent("download");
  await tab.getByRole("button", { name: "Download CSV: sites as filtered" }).click();
  const saved = readFileSync(await (await download).path(), "utf8");
  assert.ok(saved.includes(`"'=HYPERLINK(""http://example.invalid"",""open"")"`), saved);
  assert.ok(saved.split("\n").slice(1).every((line) => !/(^|,)"?[=+@]/.test(line)), saved);
  const programmes = tab.waitForEvent("download");
  await tab.getByRole("button", { name: /Download CSV: Programmes/ }).click();
  assert.doesNotMatch(readFileSync(await (await programmes).path(), "utf8"), /(^|,)"?[=@]/m);
  assert.equal(await tab.evaluate(() => window.harmed), undefined);
  assert.equal(await tab.locator("b:not(dd b), i, em, u, img").count(), 0);
  assert.deepEqual(complaints, []);
  assert.deepEqual(asked.filter((own) => own !== address && !own.startsWith("data:") && !own.startsWith("blob:")), []);
  await close();
});

test("the keyboard alone reaches everything and does everything", async () => {
  const { tab, close } = await open(pages.town);
  const all = await tab.evaluate(
    () => [...document.querySelectorAll("a[href], button:not(:disabled), input, select, [tabindex='0']")].filter((own) => own.offsetParent !== null && own.getClientRects().length).length,
  );
  const reached = new Set();
  for (let i = 0; i < all + 20; i += 1) {
    await tab.keyboard.press("Tab");
    const here = await tab.evaluate(() => {
      const own = document.activeElement;
      if (!own || own === document.body) return null;
      own.dataset.seen = own.dataset.seen || String(document.querySelectorAll("[data-seen]").length);
      const style = getComputedStyle(own);
      return { key: own.dataset.seen, ring: style.outlineStyle !== "none" && style.outlineWidth !== "0px" };
    });
    if (!here) continue;
    assert.ok(here.ring, "what has the focus shows it");
    reached.add(here.key);
  }
  assert.ok(reached.size >= all, `${reached.size} of ${all} reached`);
  // Find, choose, move the map, sort and open a row, all without a mouse.
  await tab.locator("#find").focus();
  await tab.keyboard.type("a");
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("ArrowDown");
  assert.match(await tab.locator("#find").getAttribute("aria-activedescendant"), /^hit-1$/);
  await tab.keyboard.press("Enter");
  assert.equal(await tab.locator("#detail h3").count(), 1);
  await tab.locator("#map").focus();
  const before = await drawn(tab);
  await tab.keyboard.press("ArrowRight");
  await tab.waitForTimeout(500);
  assert.notEqual(await drawn(tab), before);
  await tab.locator(".sites tbody button").first().focus();
  await tab.keyboard.press("Enter");
  const focused = await tab.evaluate(() => document.activeElement.id);
  assert.equal(focused, "detail");
  await close();
});

test("everything but the map can be read without a script", async () => {
  const { tab, close } = await open(pages.frontier, { javaScriptEnabled: false });
  assert.ok((await tab.locator("figure svg[role=img]").count()) >= 3);
  assert.ok((await tab.locator("table[data-name] tbody tr").count()) > 10);
  assert.match(await text(tab, "noscript"), /need a script/);
  await close();
});

for (const [name, options] of [
  ["desktop, light", { colorScheme: "light" }],
  ["desktop, dark", { colorScheme: "dark" }],
  ["phone, light", { viewport: { width: 360, height: 740 }, colorScheme: "light", hasTouch: true }],
  ["phone, dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark", hasTouch: true }],
]) {
  test(`nothing serious for people with disabilities, and nothing too wide: ${name}`, async () => {
    for (const file of [pages.county, pages.years, pages.frontier, pages.comparison]) {
      const { tab, close } = await open(file, options);
      await find(tab, "a");
      await tab.evaluate(axe.source);
      const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const serious = found.violations.filter((own) => ["serious", "critical"].includes(own.impact));
      const words = serious.map((own) => `${own.id}: ${own.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`);
      assert.deepEqual(words, []);
      const over = await tab.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
      await close();
    }
  });
}

test("it prints", async () => {
  const { tab, complaints, close } = await open(pages.county, { colorScheme: "dark" });
  const paper = await tab.pdf({ format: "A4", printBackground: true });
  assert.ok(paper.length > 20000);
  assert.deepEqual(complaints, []);
  await close();
});
