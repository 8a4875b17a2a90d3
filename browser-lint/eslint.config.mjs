// Script as browsers get it: the pages' own files as they are written, the phone app as it was built.
import compat from "eslint-plugin-compat"
import es from "eslint-plugin-es-x"

// What the app looks for before it uses it, and says in a sentence when it is not there (field-client/src/tiers.ts, network.ts).
const LOOKED_FOR = ["AbortController", "navigator.locks", "navigator.storage", "navigator.storage.persist"]

export default [
  { ignores: ["**/node_modules/**"] },
  { files: ["hutong/**/*.js"], ...compat.configs["flat/recommended"], settings: { browsers: ["chrome 86"] } },
  { files: ["hutong/**/*.js"], ...es.configs["flat/no-new-in-es2021"] },
  { files: ["hutong/**/*.js"], ...es.configs["flat/no-new-in-es2022"] },
  {
    files: ["field-client/dist/**/*.js"],
    ...compat.configs["flat/recommended"],
    settings: { browsers: ["chrome 64"], polyfills: LOOKED_FOR },
  },
  { files: ["field-client/dist/**/*.js"], ...es.configs["flat/no-new-in-es2019"] },
  { files: ["field-client/dist/**/*.js"], ...es.configs["flat/no-new-in-es2020"] },
]
