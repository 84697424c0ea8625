import { ForgeError, audit, engineForm, init, type AuditReport } from "cleanlab-forge";

const form = document.querySelector("form")!;
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
const progress = form.elements.namedItem("progress") as HTMLOutputElement;

await init();
progress.value = "Choose a file.";

field("file").addEventListener("change", async () => {
  const file = field("file").files?.[0];
  if (file === undefined) return;
  try {
    const { report, findings } = await audit(file, {
      target: field("target").value,
      maxIssues: field("maxIssues").valueAsNumber,
    });
    show(report);
    progress.value = `${findings.rows.length} rows`;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    progress.value = `${error.code}: ${error.message}`;
  }
});

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
