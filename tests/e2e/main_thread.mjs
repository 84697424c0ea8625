// What keeps the page's own thread busy: tasks over 50 ms, as the browser reports them.

/** Runs before the page's scripts and collects long tasks. */
export const OBSERVE_LONG_TASKS = `
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });
`;

/** Does `work`; gives the longest task over 50 ms during it, in milliseconds, or 0. */
export async function longestTask(page, work) {
  const since = await page.evaluate(() => performance.now());
  await work();
  // Entries are delivered in a later task than the one they are about; two frames let it come.
  return page.evaluate(async (start) => {
    for (let frame = 0; frame < 2; frame += 1) {
      await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
    }
    const durations = window.longTasks.filter(({ startTime }) => startTime >= start).map(({ duration }) => duration);
    return Math.max(0, ...durations);
  }, since);
}
