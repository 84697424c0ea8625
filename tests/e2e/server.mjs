// A static file server on this machine: what any host of the page does, and nothing more.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

import { DIST } from "./environment.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves the page from a free port.
 *
 * `address` is its URL, `asked` the paths requested so far, and `close` ends it with all its connections.
 */
export async function serve(folder = DIST) {
  const asked = [];
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    asked.push(name);
    const file = path.join(folder, path.normalize(name), name.endsWith("/") ? "index.html" : "");
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "Content-Length": found.size,
      "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that failed before it closed its server must not keep the process alive.
  server.unref();
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    asked,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
