package dev.belay.gradual;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.schema.SchemaRequest;
import dev.belay.schema.ValidateSchema;
import dev.belay.schema.ValidateSchemaReport;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the live schema is the one that the migrations which are left give. Reads only. */
final class GradualVerification {
  private final GuardedRun run;
  private final String app;
  private final List<Path> jars;

  GradualVerification(GuardedRun run, String app, List<Path> jars) {
    this.run = run;
    this.app = app;
    this.jars = List.copyOf(jars);
  }

  /** What is not as it should be, each as a line; what could not be looked at is among it. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    try {
      ValidateSchemaReport report =
          new ValidateSchema(run.databases(), new ReplayedSchema())
              .run(
                  run.settings(),
                  new SchemaRequest(
                      Optional.of(app),
                      false,
                      false,
                      false,
                      false,
                      List.of(),
                      jars,
                      false,
                      Optional.empty()),
                  run.progress());
      if (report.exitCode() != ExitCode.OK) {
        problems.add("the schema is not what the migrations that are left give:");
        problems.addAll(report.lines());
      }
    } catch (Failure failure) {
      problems.add("the schema could not be looked at: " + failure.message());
    }
    return problems;
  }
}
