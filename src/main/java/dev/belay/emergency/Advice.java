package dev.belay.emergency;

import java.util.List;
import java.util.Optional;

/**
 * What Belay would do, and why.
 *
 * @param command to be pasted
 */
public record Advice(String text, String command) {

  /**
   * What the steps came to.
   *
   * @param reachable whether the database answers
   * @param fixable whether something could be fixed, and was not yet
   * @param clean whether nothing is wrong with it any more
   * @param ofMigrations whether what is wrong is of migrations: the schema is not theirs, or one is
   *     recorded as failed
   * @param next what the last step says is to be done
   */
  record Situation(
      boolean reachable,
      boolean fixable,
      boolean clean,
      boolean ofMigrations,
      Optional<String> next) {}

  /**
   * Chooses. What is proven and loses nothing comes first; where something is lost, what loses
   * less. Nothing is taken back for what no migration did.
   */
  static Advice of(Situation situation, List<WayOn> ways, List<String> look) {
    if (!situation.reachable()) {
      return new Advice(
          "first find out why the database cannot be reached: no way back is better than the database itself",
          look.isEmpty() ? "belay verify-state" : look.get(0));
    }
    Optional<WayOn> begun = usable(ways, WayKind.GO_ON);
    if (begun.isPresent()) {
      return new Advice(
          "go on with what was begun: until it is over nothing else can take the migration back",
          begun.get().command());
    }
    if (situation.fixable()) {
      return new Advice(
          "first have fixed what is safely fixable, and look again: it may be all that is needed",
          "belay emergency-recovery");
    }
    Optional<WayOn> forward =
        ways.stream().filter(way -> way.kind() == WayKind.ROLL_FORWARD).findFirst();
    if (situation.clean() && forward.isPresent()) {
      return new Advice(
          "nothing is wrong with the database that belay can see; what is pending can be applied when the cause is mended",
          forward.get().command());
    }
    if (situation.clean()) {
      return new Advice(
          "nothing is wrong with the database that belay can see: go back only if the application needs it",
          usable(ways, WayKind.UNDO).map(WayOn::command).orElse("belay verify-state"));
    }
    if (!situation.ofMigrations()) {
      return new Advice(
          "what is wrong is not of the migrations, and no way back mends it: see what the steps above say is next",
          situation.next().orElse("belay verify-state"));
    }
    Optional<WayOn> undo = usable(ways, WayKind.UNDO).filter(way -> way.against() == null);
    if (undo.isPresent() && undo.get().losesNothing()) {
      return new Advice("undo: it is proven, and loses nothing", undo.get().command());
    }
    Optional<WayOn> restore =
        ways.stream()
            .filter(way -> way.kind() == WayKind.RESTORE && way.usable() && way.against() == null)
            .reduce((newer, older) -> older);
    if (restore.isPresent() && restore.get().losesNothing()) {
      return new Advice(
          "restore: the backup can be read, and nothing was written since",
          restore.get().command());
    }
    if (undo.isPresent()
        && loses(undo.get()) <= restore.map(Advice::loses).orElse(Long.MAX_VALUE)) {
      return new Advice(
          "undo: it is proven, and what it loses is exported before (%s)"
              .formatted(undo.get().loss()),
          undo.get().command());
    }
    if (forward.isPresent()) {
      return new Advice(
          "roll forward when the cause is known: %s loses less"
              .formatted(
                  restore.isPresent()
                      ? "no other way"
                      : "there is no proven way back, and nothing"),
          forward.get().command());
    }
    return restore
        .map(
            way ->
                new Advice(
                    "restore, if what is wrong hurts more than the loss (%s)".formatted(way.loss()),
                    way.command()))
        .orElseGet(
            () ->
                new Advice(
                    "there is no proven way back: mend what the steps above found",
                    "belay verify-state"));
  }

  private static Optional<WayOn> usable(List<WayOn> ways, WayKind kind) {
    return ways.stream().filter(way -> way.kind() == kind && way.usable()).findFirst();
  }

  private static long loses(WayOn way) {
    return way.rowsLost() == null ? Long.MAX_VALUE : way.rowsLost();
  }
}
