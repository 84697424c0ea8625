import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";
const S = process.env.SITE;
const server = await serve(S);
const browser = await launch();
const page = await (await browser.newContext()).newPage();
page.on("console", (m) => console.log("console:", m.text()));
page.on("pageerror", (e) => console.log("error:", e.message));
await page.goto(server.address);
const measure = (file, job, partners, reps, trace) => page.evaluate(async ([file, job, partners, reps, trace]) => {
  const { createPool, workersOf } = await import("./pool.js");
  const { shareJob } = await import("./sharing.js");
  const blob = await (await fetch(file)).blob();
  const pool = createPool({ spawn: workersOf(new URL("./engine_worker.js", location.href), { name: "engine" }), size: partners });
  pool.share("module", await WebAssembly.compileStreaming(fetch("./worker_bg.wasm")));
  const source = JSON.stringify({ generation: 1, name: file, csv: job.csv ?? {} });
  pool.share("file", { source, file: blob });
  const out = [];
  let last;
  for (let i = 0; i < reps; i += 1) {
    const t = performance.now();
    const steps = [];
    if (trace) globalThis.forgeTrace = (line) => steps.push(`${((performance.now() - t) / 1000).toFixed(2)} ${line}`);
    const [head] = await shareJob(pool, { job: JSON.stringify(job) }, { partners, onProgress: (s) => { if (trace) steps.push(`${((performance.now() - t) / 1000).toFixed(2)} ${s.stage} ${s.done}/${s.total}`); } });
    out.push((performance.now() - t) / 1000);
    last = JSON.parse(head);
    if (trace && i === reps - 1) console.log(steps.join("\n"));
  }
  pool.close();
  const report = last.report ?? last.found;
  return { out, timings: report.timings?.map((t) => `${t.stage} ${t.seconds.toFixed(2)}`), n: report.label_issues?.n_issues, metrics: JSON.stringify(report.variants?.map((v) => v.metrics) ?? report.rows?.map((r) => [r.model, r.primary, r.seconds])) };
}, [file, job, partners, reps, trace]);
const [file, jobText, list, reps, trace] = process.argv.slice(2);
for (const partners of list.split(",").map(Number)) {
  const found = await measure(file, JSON.parse(jobText), partners, Number(reps ?? 2), trace === "trace");
  console.log(partners, JSON.stringify(found));
}
await browser.close();
await server.close();
