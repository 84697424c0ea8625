/// <reference lib="webworker" />
import { ForgeError, audit, init } from "cleanlab-forge/core";

import type { Answer, Question } from "./messages";

const answer = (message: Answer): void => postMessage(message);

self.addEventListener("message", async ({ data }: MessageEvent<Question>) => {
  try {
    await init();
    const content = await data.file.arrayBuffer();
    const settings = { target: data.target, maxIssues: data.maxIssues };
    const { report } = audit({ name: data.file.name, content }, settings, {
      onProgress: (progress) => answer({ kind: "progress", progress }),
    });
    answer({ kind: "found", report });
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    answer({ kind: "failed", code: error.code, message: error.message });
  }
});
