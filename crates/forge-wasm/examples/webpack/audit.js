import { audit, engineForm, init } from "cleanlab-forge";

const form = document.forms[0];
const { target, maxIssues, file, progress } = form.elements;

await init();
progress.value = "Choose a file.";

file.addEventListener("change", async () => {
  try {
    const settings = { target: target.value, maxIssues: maxIssues.valueAsNumber };
    const { report } = await audit(file.files[0], settings);
    show(report);
    progress.value = `${report.nRows} rows`;
  } catch (error) {
    progress.value = `${error.code}: ${error.message}`;
  }
});

function show(report) {
  const rows = report.checks.flatMap(({ issueType, listed }) =>
    listed.map(({ row, reason }) => {
      const line = document.createElement("tr");
      for (const text of [issueType, row, reason]) line.insertCell().textContent = text;
      return line;
    }),
  );
  document.querySelector("tbody").replaceChildren(...rows);
  const link = document.querySelector("a");
  // As `forge audit --json` prints it.
  link.href = URL.createObjectURL(new Blob([JSON.stringify(engineForm(report))], { type: "application/json" }));
  link.hidden = false;
}
