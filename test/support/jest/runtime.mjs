import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, SyntheticModule } from 'node:vm';
import JestRuntime from 'jest-runtime';
import SharedRealm from './environment.mjs';

const require = createRequire(import.meta.url);
const packages = `${sep}node_modules${sep}`;
const isPackage = (path) => path.includes(packages) && !path.endsWith('.json');

/**
 * Jest's module registry for a {@link SharedRealm}: our own sources are loaded for each test file; packages are
 * loaded once per worker, by Node itself, because loading NestJS or Prisma again took half the time of the tests.
 */
export default class SharedPackagesRuntime extends JestRuntime {
  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    if (environment instanceof SharedRealm) this.#sharePackages();
  }

  /** Jest would replace `process.getBuiltinModule`, here that of the whole worker. */
  installGetBuiltinModule() {}

  requireModule(from, name, options, isRequireActual) {
    if (!options?.isInternalModule && name !== undefined) {
      const path = this.#packageFile(() => this._resolution.resolveCjs(from, name));
      if (path) return require(path);
    }
    return super.requireModule(from, name, options, isRequireActual);
  }

  #packageFile(resolve) {
    try {
      const path = resolve();
      return isPackage(path) ? path : undefined;
    } catch {
      // Jest reports it with more detail.
      return undefined;
    }
  }

  #sharePackages() {
    const { esmLoader, executor } = this;
    esmLoader.getContext = () => undefined;
    executor.compile = (source, filename) =>
      compileFunction(source, executor.injectedModuleParameters, { filename });

    const resolveImport = esmLoader.resolveSpecifierForSyncGraph.bind(esmLoader);
    esmLoader.resolveSpecifierForSyncGraph = (from, specifier, context, scratch, registry, ...rest) => {
      const path = this.#imported(from, specifier);
      if (!path) return resolveImport(from, specifier, context, scratch, registry, ...rest);
      esmLoader.tryCommitSynthetic(path, registry, scratch, () => moduleOf(path));
      return { cacheKey: path, enqueue: null, modulePath: path };
    };

    const importDynamically = esmLoader.resolveModule.bind(esmLoader);
    esmLoader.resolveModule = async (specifier, from, context) => {
      const path = this.#imported(from, specifier);
      if (!path) return importDynamically(specifier, from, context);
      const registry = this.registries.getActiveEsmRegistry();
      if (!registry.has(path)) registry.set(path, await loadedModuleOf(path));
      return registry.get(path);
    };
  }

  #imported(from, specifier) {
    if (specifier === '@jest/globals' || this._resolution.isCoreModule(specifier)) return undefined;
    return this.#packageFile(() => this._resolution.resolveEsm(from, specifier));
  }
}

/** The same for a package that awaits something while it loads, which only a dynamic import can wait for. */
async function loadedModuleOf(path) {
  try {
    return moduleOf(path);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return moduleOf(path, await import(pathToFileURL(path).href));
  }
}

/** A package as a module that own sources can import. */
function moduleOf(path, loaded = require(path)) {
  // What `require` returns of an ECMAScript module is its namespace.
  const exported = loaded?.[Symbol.toStringTag] === 'Module' ? { ...loaded } : { ...loaded, default: loaded };
  const names = Object.keys(exported);
  return new SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, exported[name]);
    },
    { identifier: path },
  );
}
