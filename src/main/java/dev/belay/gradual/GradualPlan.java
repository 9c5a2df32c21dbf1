package dev.belay.gradual;

import dev.belay.batch.BatchStatement;
import dev.belay.batch.Marks;
import dev.belay.batch.SyncMark;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.ParsedScript;
import dev.belay.flyway.ScriptStatement;
import dev.belay.process.ShellWords;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A way back cut into phases.
 *
 * @param preparing what only adds, and comes before the data
 * @param syncs the columns that are kept equal from then on
 * @param batches what is run in batches
 * @param switching the rest, which is run in one transaction
 * @param words every statement with its phase, as it is kept to tell whether a later run does the
 *     same
 * @param unkept what the columns that are kept equal do not keep
 */
record GradualPlan(
    UndoPlan undo,
    List<Part> preparing,
    List<SyncMark> syncs,
    List<BatchStatement> batches,
    List<Part> switching,
    List<String> words,
    SyncLosses unkept) {
  GradualPlan {
    preparing = List.copyOf(preparing);
    syncs = List.copyOf(syncs);
    batches = List.copyOf(batches);
    switching = List.copyOf(switching);
    words = List.copyOf(words);
  }

  /**
   * Statements of one step's script.
   *
   * @param statements in their order
   */
  record Part(UndoStep step, List<ScriptStatement> statements) {
    Part {
      statements = List.copyOf(statements);
    }
  }

  /**
   * Cuts it.
   *
   * @param atOnce the command that undoes the same all at once, for hints
   * @throws Failure REFUSED when there is no way back by scripts, when nothing of it is marked to
   *     be run in batches, or when something between two batches does more than add
   */
  static GradualPlan of(UndoPlan undo, String atOnce) {
    List<Part> preparing = new ArrayList<>();
    List<Part> switching = new ArrayList<>();
    List<SyncMark> syncs = new ArrayList<>();
    List<BatchStatement> batches = new ArrayList<>();
    List<String> words = new ArrayList<>();
    int last = lastWithBatches(undo, atOnce);
    for (int number = 0; number < undo.steps().size(); number++) {
      UndoStep step = undo.steps().get(number);
      ParsedScript parsed = step.parsed().orElse(new ParsedScript("", List.of()));
      Marks marks = marks(step);
      syncs.addAll(marks.syncs());
      marks.syncs().forEach(sync -> words.add("sync " + sync));
      int end =
          number == last
              ? lastBatch(marks, parsed)
              : number < last ? parsed.statements().size() : -1;
      List<ScriptStatement> before = new ArrayList<>();
      List<ScriptStatement> after = new ArrayList<>();
      for (int index = 0; index < parsed.statements().size(); index++) {
        ScriptStatement statement = parsed.statements().get(index);
        if (marks.batch(index).isPresent()) {
          batches.add(marks.batch(index).get());
          words.add(words("batch", parsed.name(), statement));
        } else if (index < end) {
          refuseMore(parsed.name(), statement, undo, atOnce);
          before.add(statement);
          words.add(words("add", parsed.name(), statement));
        } else {
          after.add(statement);
          words.add(words("schema", parsed.name(), statement));
        }
      }
      if (!before.isEmpty()) {
        preparing.add(new Part(step, before));
      }
      switching.add(new Part(step, after));
    }
    return new GradualPlan(
        undo, preparing, syncs, batches, switching, words, new SyncLosses(List.of(), List.of()));
  }

  /** The same with what columns that are kept equal do not keep, as it was counted. */
  GradualPlan with(SyncLosses counted) {
    return new GradualPlan(undo, preparing, syncs, batches, switching, words, counted);
  }

  private static Marks marks(UndoStep step) {
    return Marks.of(
        step.parsed().orElse(new ParsedScript("", List.of())),
        step.script().map(UndoScript::text).orElse(""));
  }

  private static int lastBatch(Marks marks, ParsedScript parsed) {
    int last = parsed.statements().size() - 1;
    while (marks.batch(last).isEmpty()) {
      last--;
    }
    return last;
  }

  private static int lastWithBatches(UndoPlan undo, String atOnce) {
    int last = -1;
    for (int number = 0; number < undo.steps().size(); number++) {
      UndoStep step = undo.steps().get(number);
      if (step.migration().version() != null && step.script().isEmpty()) {
        throw Failure.refused(
            "%s has no undo script".formatted(step.migration().name()),
            "add one to the undo locations; or see what else there is: " + atOnce + " --dry-run");
      }
      if (step.parsed().map(ParsedScript::isEmpty).orElse(false)) {
        throw Failure.refused(
            "%s has no statement: an empty undo is none"
                .formatted(step.script().map(UndoScript::name).orElse("")),
            "write what takes the migration back");
      }
      if (!step.isTransactional()) {
        throw Failure.refused(
            "%s has a statement that cannot run in a transaction, so the schema cannot be switched in one"
                .formatted(step.script().map(UndoScript::name).orElse("")),
            atOnce);
      }
      if (marks(step).hasBatches()) {
        last = number;
      }
    }
    if (last < 0) {
      throw Failure.refused(
          "nothing of the undo is marked to be run in batches (-- belay:batch)", atOnce);
    }
    return last;
  }

  private static void refuseMore(
      String script, ScriptStatement statement, UndoPlan undo, String atOnce) {
    if (Additive.is(Marks.bare(statement.sql())) && !statement.isCopy()) {
      return;
    }
    boolean several = undo.steps().size() > 1;
    throw Failure.refused(
        "%s, line %d stands before a statement that is run in batches, and does more than add: %s"
            .formatted(script, statement.line(), begin(statement)),
        several
            ? "take the migrations back one after the other, the newest first: belay gradual-rollback "
                + ShellWords.join(
                    List.of(
                        undo.app().name(),
                        String.valueOf(undo.steps().get(0).migration().version())))
            : "put it behind the batches, or undo all at once: " + atOnce);
  }

  private static String words(String phase, String script, ScriptStatement statement) {
    return "%s %s:%d %s".formatted(phase, script, statement.line(), statement.sql().strip());
  }

  /** The begin of a statement on one line. */
  static String begin(ScriptStatement statement) {
    String text = Marks.withoutComments(statement.sql()).replaceAll("\\s+", " ").strip();
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /** The SHA-256 of all that it does. */
  String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String word : words) {
        digest.update(word.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /** What is destroyed, but for columns whose values are kept in another. */
  List<UndoLoss> losses() {
    return Stream.concat(
            undo.losses().stream().filter(loss -> !isKept(loss)),
            unkept.losses().stream().filter(this::goes))
        .toList();
  }

  /** Where no replay could say what is dropped, every column that is kept equal may be. */
  private boolean goes(UndoLoss loss) {
    return undo.expected().isEmpty()
        || undo.losses().stream()
            .anyMatch(
                each ->
                    each.kind() == UndoLoss.Kind.COLUMN
                        && each.table().equals(loss.table())
                        && each.column().equals(loss.column()));
  }

  private boolean isKept(UndoLoss loss) {
    if (loss.kind() == UndoLoss.Kind.REMOVED) {
      TableName table = loss.table();
      return syncs.stream().anyMatch(sync -> sync.table().equals(table)) && loss.rows() == 0;
    }
    return loss.kind() == UndoLoss.Kind.COLUMN
        && syncs.stream()
            .anyMatch(
                sync ->
                    sync.table().equals(loss.table())
                        && loss.column().filter(sync.newColumn()::equals).isPresent());
  }

  /**
   * What may be run over all rows once more under the locks of the switch: nothing else reaches
   * rows that applications write after its last batch.
   */
  List<BatchStatement> late() {
    return batches.stream()
        .filter(statement -> statement.mark().repeatable())
        .filter(
            statement ->
                syncs.stream().noneMatch(sync -> sync.table().equals(statement.mark().table())))
        .toList();
  }

  /** How many rows and values are destroyed, as far as that is known. */
  long rowsLost() {
    return losses().stream().mapToLong(UndoLoss::rows).sum();
  }

  /**
   * Refuses to lose more than was agreed to.
   *
   * @throws Failure REFUSED with what would be lost
   */
  void refuseLoss(long accepted) {
    if (rowsLost() > accepted) {
      throw Failure.refused(
          "%d rows or values would be lost, and %d are accepted: %s"
              .formatted(rowsLost(), accepted, GradualPlanText.losses(losses())),
          "when they may go, run the same command again with --accept-loss " + rowsLost());
    }
  }
}
