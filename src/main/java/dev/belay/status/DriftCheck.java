package dev.belay.status;

import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.Difference;
import dev.belay.catalogue.NamePattern;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.Expected;
import dev.belay.scratch.ExpectedSchema;
import dev.belay.scratch.SchemaDrift;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the live schema is what replaying the applied migrations gives. Takes a replay. */
final class DriftCheck implements StateCheck {
  private static final String NAME = "schema-drift";

  private final Databases databases;
  private final Expected expected;
  private final Progress progress;

  DriftCheck(Databases databases, Expected expected, Progress progress) {
    this.databases = databases;
    this.expected = expected;
    this.progress = progress;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Database live = context.database();
    List<AppSettings> apps = context.settings().apps();
    List<String> findings = new ArrayList<>();
    for (AppSettings app : apps) {
      ExpectedSchema wanted = expected.replay(context.settings(), app, live, List.of(), progress);
      ComparisonOptions options =
          new ComparisonOptions(
              true, true, false, false, app.ignore().stream().map(NamePattern::of).toList());
      SchemaDrift drift = SchemaDrift.of(context.settings(), app, databases, live, wanted, options);
      String prefix = apps.size() == 1 ? "" : app.name() + ": ";
      for (Difference difference : drift.comparison().differences()) {
        String group = difference.group().name().toLowerCase(Locale.ROOT);
        findings.add(prefix + group + ": " + difference.key());
      }
    }
    return List.of(
        findings.isEmpty()
            ? CheckResult.passed(NAME, "the schema is what the applied migrations give")
            : CheckResult.failed(
                NAME,
                "the schema is not what the applied migrations give",
                findings,
                "belay validate-schema shows each with both definitions"));
  }
}
