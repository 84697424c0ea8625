import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { target: "es2022" },
  // The development server must not bundle the package: its scripts look for the module beside them.
  optimizeDeps: { exclude: ["cleanlab-forge"] },
});
