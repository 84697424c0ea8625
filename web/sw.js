// The service worker: keeps every file of the page, so that it works without a network after the first visit.
//
// The build fills in the list of files and a version made from their contents. A new version caches all its files before
// it takes over, and then the old ones go: files of two versions are never mixed in one cache.

const VERSION = "FORGE_VERSION";
const FILES = /*PRECACHE*/[];
const CACHE = `forge-${VERSION}`;
/** What few need and is large: it is kept from the first time it is asked for. */
const ON_DEMAND = ["vision/", "data/pictures_", "worker_formats"];

self.addEventListener("install", (event) => {
  const addresses = ["./", ...FILES.filter((file) => file !== "index.html")];
  const fresh = addresses.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(fresh))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("forge-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  const answer = async () => {
    const cache = await caches.open(CACHE);
    const page = request.mode === "navigate" ? "./" : request;
    const kept = await cache.match(page, { ignoreSearch: true });
    if (kept !== undefined) return kept;
    const response = await fetch(request);
    const name = address.href.slice(self.registration.scope.length);
    if (response.ok && ON_DEMAND.some((start) => name.startsWith(start))) {
      await cache.put(request, response.clone());
    }
    return response;
  };
  event.respondWith(answer());
});
