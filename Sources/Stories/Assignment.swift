import Documents

extension AssignmentTable {
  /// The assignment that the gallery grew from, "Explaining a Tiny Brain", and what answers each line of it.
  static let tinyBrain = AssignmentTable([
    Part(
      "Part 1: set up",
      [
        Line(
          "Your own toy task", "The scene: the task, and why it is a riddle", .section("scene"),
          cells: ["story-scene-1", "source-Task-swift"]),
        Line(
          "Your own tiny model, trained in under ten minutes",
          "Seconds a network, from its sources; once more in NumPy", .section("reproduce"),
          cells: ["source-Task-swift", "train"]),
      ]),
    Part(
      "Part 2: explore",
      [
        Line(
          "Inspect weights, activations or attention maps",
          "The suspects: what is inside, ranked, with a placebo", .section("suspects"),
          cells: ["run", "agreement"]),
        Line(
          "Change the input and watch the internal state",
          "The network on the page: change its input, and every site answers", .live,
          cells: ["change"]),
        Line(
          "Identify a component that does something meaningful",
          "The clues: one headline component, and what it does", .section("clues"),
          cells: ["story-clues-1"]),
        Line(
          "Form a mechanistic hypothesis", "The theory: a hypothesis with its rival",
          .section("theory"), cells: ["story-theory-1"]),
      ]),
    Part(
      "Part 3: explain",
      [
        Line(
          "A clear, concise explanation of one part",
          "The verdict, and the sentence under the title", .section("verdict"),
          cells: ["title", "story-verdict-1"]),
        Line(
          "Visuals: plots, heatmaps, diagrams",
          "Figures with captions that begin with the conclusion",
          .section("clues"), cells: ["pictures"]),
        Line(
          "A computational case study: what it does, and why you think so",
          "The trial: interventions, each with its control", .section("trial"),
          cells: ["story-trial-1", "verdicts"]),
      ]),
    Part(
      "Part 4: reflect",
      [
        Line(
          "What did you learn about how your model works?", "Reflection", .section("reflection"),
          cells: ["story-reflection-1"]),
        Line(
          "What was confusing, surprising or challenging?", "What we got wrong", .section("wrong"),
          cells: ["story-wrong-1"]),
        Line(
          "What would you understand better or explore further?", "Where it breaks, and Reflection",
          .section("breaks"), cells: ["story-breaks-1"]),
      ]),
    Part(
      "Submission",
      [
        Line(
          "A repository with a Colab notebook: all code, visuals and outputs",
          "The notebook, executed; Reproduce it", .section("reproduce"),
          cells: ["files", "claims", "learning"])
      ]),
    Part(
      "Rubric",
      [
        Line(
          "Clarity of thinking", "Rival, threshold and control stand before the test",
          .section("theory"), cells: ["claims", "verdicts"]),
        Line(
          "Creativity of explanation", "A story with a thread of its own; a network to touch",
          .live,
          cells: ["title"]),
        Line(
          "Evidence that you looked inside and formed a hypothesis",
          "Interventions on networks nobody had looked at; failed predictions stay",
          .section("trial"), cells: ["agreement", "verdicts"]),
        Line(
          "Effective use of visuals and storytelling",
          "From the scene to the verdict, figure by figure",
          .section("scene"), cells: ["pictures"]),
      ]),
  ])
}
