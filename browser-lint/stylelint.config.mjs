// Style as browsers get it. Partial support is let through: what is partial there are corners these sheets do not use.
const within = (browser) => ({
  "plugin/no-unsupported-browser-features": [true, { browsers: [browser], severity: "error", ignorePartialSupport: true }],
})

export default {
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: within("chrome 86"),
  overrides: [{ files: ["field-client/**/*.css"], rules: within("chrome 64") }],
}
