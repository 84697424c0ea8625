import { engineForm, type AuditReport } from "cleanlab-forge";

import type { Answer, Question } from "./messages";

const form = document.querySelector("form")!;
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
const cancel = form.elements.namedItem("cancel") as HTMLButtonElement;
const progress = form.elements.namedItem("progress") as HTMLOutputElement;

let worker: Worker | undefined;
progress.value = "Choose a file.";

field("file").addEventListener("change", () => {
  const file = field("file").files?.[0];
  if (file === undefined) return;
  const question: Question = { file, target: field("target").value, maxIssues: field("maxIssues").valueAsNumber };
  worker ??= start();
  worker.postMessage(question);
  cancel.disabled = false;
});

// Nothing can interrupt a worker but its end; the next question starts another.
cancel.addEventListener("click", () => {
  worker?.terminate();
  worker = undefined;
  cancel.disabled = true;
  progress.value = "Cancelled.";
});

function start(): Worker {
  const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    switch (data.kind) {
      case "progress":
        progress.value = `${data.progress.stage}: ${Math.round(data.progress.share * 100)} %`;
        break;
      case "failed":
        progress.value = `${data.code}: ${data.message}`;
        cancel.disabled = true;
        break;
      case "found":
        show(data.report);
        progress.value = `${data.report.nRows} rows`;
        cancel.disabled = true;
    }
  });
  return started;
}

function show(report: AuditReport): void {
  const rows = report.checks.flatMap(({ issueType, listed }) =>
    listed.map(({ row, reason }) => {
      const line = document.createElement("tr");
      for (const text of [issueType, String(row), reason]) line.insertCell().textContent = text;
      return line;
    }),
  );
  document.querySelector("tbody")!.replaceChildren(...rows);
  const link = document.querySelector("a")!;
  // As `forge audit --json` prints it.
  link.href = URL.createObjectURL(new Blob([JSON.stringify(engineForm(report))], { type: "application/json" }));
  link.hidden = false;
}
