// Nothing is fetched from elsewhere, by the build or by a page: no fonts, and libraries from node_modules alone.
export default {
  title: "Expansion triggers",
  root: "src",
  pages: [
    {name: "Readiness", path: "/readiness"},
    {name: "Runs", path: "/runs"}
  ],
  theme: ["air", "near-midnight"],
  globalStylesheets: [],
  head: '<link rel="icon" href="data:,">',
  footer: "From the published marts, as of their newest build.",
  // Any web server shows it, without rules of its own.
  preserveExtension: true,
  toc: false,
  pager: false,
  // A file of src/data is a query; its rows are what the page reads.
  interpreters: {".sql": [process.env.PYTHON ?? "python3", "query.py"]}
};
