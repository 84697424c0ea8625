// A program for module workers, as `createForge` starts them; `import "cleanlab-forge/worker"` in a worker of one's own does the
// same, where a bundler has to be told of the worker. It exports nothing.

export {};
