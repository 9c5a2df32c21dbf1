package dev.belay.gradual;

import dev.belay.journal.OperationLock;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept before anything is changed: a backup, and an export of what is destroyed. */
final class GradualSaving {
  private final GuardedRun run;
  private final GradualPlan plan;
  private final GradualRequest request;
  private final Map<String, String> environment;
  private final String version;
  private Optional<String> backup = Optional.empty();
  private List<String> exports = List.of();

  GradualSaving(
      GuardedRun run,
      GradualPlan plan,
      GradualRequest request,
      Map<String, String> environment,
      String version) {
    this.run = run;
    this.plan = plan;
    this.request = request;
    this.environment = environment;
    this.version = version;
  }

  void save(OperationLock lock) {}

  Optional<String> backup() {
    return backup;
  }

  List<String> exports() {
    return exports;
  }
}
