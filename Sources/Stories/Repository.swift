import Documents

extension Repository {
  /// The repository that this gallery is published in: the one place that names it.
  ///
  /// Notebooks fetch their files from it where these do not lie beside them, as on Google Colab. After a
  /// change here, run `make notebooks`.
  public static let published = Repository(name: "your-account/casebook", branch: "main")
}
