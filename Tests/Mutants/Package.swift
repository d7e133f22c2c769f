// swift-tools-version: 6.3
import PackageDescription

// What is computed with, without the libraries and the cases, and its tests: what `make mutants` and `make sanitize`
// compile, in folders of their own with copies of these sources.
let package = Package(
  name: "casebook-core",
  targets: [
    .systemLibrary(name: "CVectors"),
    .target(name: "Tensors", dependencies: ["CVectors"]),
    .target(name: "Findings"),
    .target(name: "Networks", dependencies: ["Tensors"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(name: "FindingsTests", dependencies: ["Findings"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "Tensors"]),
  ],
  swiftLanguageModes: [.v6]
)
