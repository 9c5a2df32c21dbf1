package dev.belay.emergency;

import dev.belay.cli.Consent;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The step that fixes: looks for what is safely fixable, has it agreed to, and knows afterwards
 * what became of each.
 */
final class FixStep {
  private final GuardedRun run;
  private final EmergencyRequest request;
  private final SchemaLook schema;
  private final Optional<Journal> journal;
  private final Again again;
  private final List<FixResult> results = new ArrayList<>();
  private Optional<Failure> unfixed = Optional.empty();
  private Optional<Failure> refused = Optional.empty();

  /**
   * @param schema as it was looked at
   * @param journal without which nothing is changed
   */
  FixStep(
      GuardedRun run,
      EmergencyRequest request,
      SchemaLook schema,
      Optional<Journal> journal,
      Again again) {
    this.run = run;
    this.request = request;
    this.schema = schema;
    this.journal = journal;
    this.again = again;
  }

  /** What was fixed, and what was left. */
  List<FixResult> results() {
    return List.copyOf(results);
  }

  /** Whether the database may have been changed. */
  boolean changed() {
    return results.stream().anyMatch(each -> each.outcome() != FixOutcome.LEFT);
  }

  /** Why what could be fixed was not; empty: nothing could be. */
  Optional<Failure> unfixed() {
    return unfixed;
  }

  /** Why it was not agreed to; empty: it was, or nobody was asked. */
  Optional<Failure> refused() {
    return refused;
  }

  /**
   * Looks, asks and fixes.
   *
   * @throws Failure when the database cannot be looked at, or the rest could not be gone on with
   */
  StepAnswer run(List<AppSettings> apps, Consent consent) {
    Fixes found;
    boolean standby;
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      standby = ServerInfo.of(session).inRecovery();
      found =
          Fixes.find(
              session,
              apps,
              table ->
                  request.app().isEmpty() || apps.stream().anyMatch(app -> schema.isOf(app, table)),
              schema);
    }
    found.left().forEach(left -> results.add(left.with(again)));
    if (found.fixes().isEmpty()) {
      return answer();
    }
    Optional<Failure> stop = standby ? Optional.of(standby()) : stop();
    if (stop.isPresent()) {
      return leave(found, stop.get());
    }
    try {
      if (!consent.given(found.plan(run))) {
        return leave(found, Failure.refused("a dry run", again.same()));
      }
    } catch (Failure notGiven) {
      refused = Optional.of(notGiven);
      StepAnswer left = leave(found, notGiven);
      unfixed = Optional.of(Failure.refused(notGiven.message(), again.same()));
      return left;
    }
    int before = results.size();
    try {
      new Fixing(run, schema)
          .apply(found.fixes(), journal.orElseThrow(), result -> results.add(result.with(again)));
    } catch (Failure notBegun) {
      if (results.size() > before) {
        throw notBegun;
      }
      return leave(found, notBegun);
    }
    return answer();
  }

  private static Failure standby() {
    return Failure.unavailable(
        "this is a standby, which takes no changes", "name the primary with --url");
  }

  private Optional<Failure> stop() {
    if (!request.fix()) {
      return Optional.of(Failure.refused("--no-fix", Again.fixing(request)));
    }
    return journal.isEmpty() && !request.dryRun()
        ? Optional.of(
            Failure.unavailable(
                "the journal cannot be written, and nothing is changed without it",
                "free disk space, or name another folder in folders.journal"))
        : Optional.empty();
  }

  private StepAnswer leave(Fixes found, Failure why) {
    unfixed = Optional.of(why);
    for (Fix fix : found.fixes()) {
      results.add(
          FixResult.left(
                  fix.kind(),
                  fix.subject(),
                  "could be fixed, and was not: " + why.message(),
                  why.hint())
              .with(again));
    }
    return answer();
  }

  private StepAnswer answer() {
    long fixed = results.stream().filter(each -> each.outcome() == FixOutcome.FIXED).count();
    long left =
        results.stream()
            .filter(each -> each.outcome() != FixOutcome.FIXED && each.hint() != null)
            .count();
    List<String> details = new ArrayList<>();
    results.forEach(each -> details.add(each.line()));
    String summary =
        fixed == 0 && left == 0
            ? "nothing to fix"
            : "%s fixed, %s left".formatted(Units.count(fixed), Units.count(left));
    return left == 0
        ? StepAnswer.done(summary, details)
        : StepAnswer.found(
            summary,
            details,
            results.stream()
                .filter(each -> each.hint() != null)
                .map(each -> String.valueOf(each.hint()))
                .findFirst());
  }
}
