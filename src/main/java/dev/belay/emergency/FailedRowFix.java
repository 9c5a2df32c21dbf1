package dev.belay.emergency;

import dev.belay.catalogue.Difference;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.config.AppSettings;
import dev.belay.conflicts.FailedRows;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptContent;
import dev.belay.flyway.ScriptStatement;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The row of a migration that failed and left nothing behind: removed, so that the next start
 * applies the migration again. Such a migration ran without a transaction, or its row would not be
 * there; that it left nothing is known only when its statements can change nothing but the
 * catalogue, and the catalogue is as the applied migrations give it.
 */
record FailedRowFix(AppSettings app, String migration, String label) implements Fix {
  static final String KIND = "failed-history-row";

  /** What can leave nothing that the catalogue does not show; everything else may. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?is)(?:create|reindex|vacuum|analy[sz]e|comment|set|reset|show)\\b.*"
              + "|drop\\s+index\\b.*"
              + "|alter\\s+type\\b.*\\badd\\s+value\\b.*"
              + "|alter\\s+table\\b(?!.*\\bdrop\\b).*\\b(?:add|validate)\\s+constraint\\b.*");

  private static final Pattern COMMENTS =
      Pattern.compile("(?s)\\A(?:\\s+|--[^\\n]*(?:\\n|\\z)|/\\*.*?\\*/)*");

  /**
   * Those of an app.
   *
   * @param dropped invalid indexes that will be gone by then
   */
  static void find(
      Database session,
      AppSettings app,
      SchemaLook schema,
      List<IndexFix> dropped,
      List<Fix> fixes,
      List<FixResult> left) {
    AppState state = AppState.read(session, app);
    for (Migration migration : failed(state)) {
      String label = MigrationNames.label(app, migration);
      Optional<String> against = against(session, state, migration, schema, dropped);
      if (against.isEmpty()) {
        fixes.add(new FailedRowFix(app, migration.name(), label));
      } else {
        left.add(
            FixResult.left(
                KIND,
                migration.name(),
                against.get(),
                "take away by hand what it left, then: belay "
                    + ShellWords.join(
                        List.of(
                            "resolve-conflicts",
                            app.name(),
                            "--only",
                            "remove-failed-rows",
                            "--accept",
                            label))));
      }
    }
  }

  static List<Migration> failed(AppState state) {
    return state.migrations().stream()
        .filter(each -> !each.isRecord() && each.flywayState().isFailed())
        .toList();
  }

  /** Why its row is not removed; empty: it left nothing. */
  private static Optional<String> against(
      Database session,
      AppState state,
      Migration migration,
      SchemaLook schema,
      List<IndexFix> dropped) {
    Optional<String> unclear = unclear(session, state, migration);
    if (unclear.isPresent()) {
      return unclear;
    }
    Optional<List<Difference>> differences = schema.provenDifferences(state.app(), session);
    if (differences.isEmpty()) {
      return Optional.of("the schema could not be compared, so what it left is not known");
    }
    return differences.get().stream()
        .filter(each -> !willBeGone(each, dropped))
        .findFirst()
        .map(each -> "it, or somebody else, left something: " + SchemaLook.words(each));
  }

  private static boolean willBeGone(Difference difference, List<IndexFix> dropped) {
    return difference.group() == Difference.Group.ORPHANED
        && dropped.stream()
            .filter(IndexFix::drop)
            .map(
                fix ->
                    new ObjectKey(
                        ObjectKind.INDEX,
                        fix.index().table().schema(),
                        fix.index().table().table(),
                        fix.index().name().table()))
            .anyMatch(difference.key()::equals);
  }

  /** Why nobody can tell from its script what it may have done. */
  private static Optional<String> unclear(Database session, AppState state, Migration migration) {
    @Nullable MigrationScript script = migration.script();
    if (script == null || migration.applied() == null) {
      return Optional.of("its script is not here, so what it may have done is not known");
    }
    if (!script.hasChecksum(migration.applied().checksum())) {
      return Optional.of("its script was changed since it ran");
    }
    if (!script.type().equals("SQL")) {
      return Optional.of("it is no SQL, so what it may have done is not known");
    }
    try {
      ParsedScript parsed =
          ParsedScript.of(
              state.app(),
              session.target(),
              String.valueOf(script.file().getFileName()),
              ScriptContent.of(state.app(), script.file()).text());
      return parsed.statements().stream()
          .filter(each -> !showsInTheCatalogue(each))
          .findFirst()
          .map(
              each ->
                  "its statement in line %d may have changed what the catalogue does not show"
                      .formatted(each.line()));
    } catch (Failure unreadable) {
      return Optional.of(unreadable.message());
    }
  }

  private static boolean showsInTheCatalogue(ScriptStatement statement) {
    return !statement.isCopy()
        && SHOWN.matcher(COMMENTS.matcher(statement.sql()).replaceFirst("")).matches();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String subject() {
    return migration;
  }

  @Override
  public String plan() {
    return "remove the row of %s, which failed and left nothing: the next start applies it again; the history is saved before"
        .formatted(migration);
  }

  @Override
  public FixResult apply(FixGround ground) {
    AppState state = AppState.read(ground.session(), app);
    Optional<Migration> now =
        failed(state).stream().filter(each -> each.name().equals(migration)).findFirst();
    if (now.isEmpty()) {
      return FixResult.left(KIND, migration, "it is not recorded as failed any more", null);
    }
    Optional<String> against =
        against(ground.session(), state, now.get(), ground.schema(), List.of());
    if (against.isPresent()) {
      return FixResult.left(
          KIND,
          migration,
          against.get(),
          "belay resolve-conflicts " + ShellWords.quote(app.name()));
    }
    List<String> copies =
        FailedRows.remove(ground.run(), ground.session(), app, label, ground.journal());
    return copies.isEmpty()
        ? FixResult.left(KIND, migration, "it is not recorded as failed any more", null)
        : FixResult.fixed(
            KIND,
            migration,
            "its row was removed; the history as it was before: " + String.join(", ", copies));
  }
}
