// Files as they are dropped, folders with all that is in them.

/** Everything in a folder that was dropped, as [path, file]. */
async function inFolder(folder, prefix) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    // A folder is told in portions.
    const entries = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (entries.length === 0) return found;
    for (const entry of entries) found.push(...await under(entry, prefix));
  }
}

async function under(entry, prefix) {
  const path = `${prefix}${entry.name}`;
  if (entry.isDirectory) return inFolder(entry, `${path}/`);
  return [[path, await new Promise((resolve, reject) => { entry.file(resolve, reject); })]];
}

/** The files of a drop, each as [path, file]. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return files.map((file) => [file.name, file]);
  const found = await Promise.all(entries.map((entry) => under(entry, "")));
  return found.flat();
}

/** The files that were chosen, each as [path, file]. */
export function chosenFiles(list) {
  return [...list].map((file) => [file.webkitRelativePath || file.name, file]);
}
