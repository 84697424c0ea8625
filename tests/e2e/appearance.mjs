// What is shown, checked in both themes and widths: no serious accessibility fault, nothing wider than the screen.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

/** The script of axe, to run before those of the page. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [1280, 360];
const THEMES = ["light", "dark"];

/** Serious faults that axe finds, each with its rule and the elements. */
async function faults(page) {
  const { violations, nPassed } = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return { violations: found.violations, nPassed: found.passes.length };
  });
  assert.ok(nPassed > 10, `axe looked at the page: ${nPassed} rules passed`);
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`).join(" | ")}`);
}

/** Elements that reach beyond the right edge and are not cut off or scrolled by one around them. */
function widest(page) {
  return page.evaluate(() => {
    const inside = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible") return true;
      }
      return false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !inside(element))
      .slice(0, 5)
      .map((element) => `${element.tagName}.${element.getAttribute("class")} to ${element.getBoundingClientRect().right.toFixed(0)}`);
  });
}

/** Checks what is shown now in both themes and widths. */
export async function check(page, t, name) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 860 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await t.test(`${name}, ${colorScheme}, ${width} px`, async () => {
        const { scroll, background } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          background: getComputedStyle(document.documentElement).backgroundColor,
        }));
        assert.ok(scroll <= width, `${scroll} px wide: ${(await widest(page)).join(", ")}`);
        const lightness = background.match(/\d+/g).slice(0, 3).reduce((sum, value) => sum + Number(value), 0) / 3;
        assert.equal(lightness < 128 ? "dark" : "light", colorScheme, `background ${background}`);
        assert.deepEqual(await faults(page), []);
      });
    }
  }
  await page.setViewportSize({ width: 1280, height: 860 });
}
