package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.report.ToPaste;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What Belay would do, and why.
 *
 * @param command to be pasted
 */
public record Advice(@ToPaste String text, @ToPaste String command) {
  private static final String LOOK = "belay verify-state";

  /**
   * Chooses. What is proven and loses nothing comes first; where something is lost, what loses
   * less. Nothing is taken back for what no migration did.
   */
  static Advice of(Situation situation, List<WayOn> ways, List<String> look) {
    if (!situation.reachable()) {
      return new Advice(
          "first find out why the database cannot be reached: no way back is better than the database itself",
          look.isEmpty() ? LOOK : look.get(0));
    }
    Optional<WayOn> begun = usable(ways, WayKind.GO_ON);
    if (begun.isPresent()) {
      return new Advice(
          "go on with what was begun: until it is over nothing else can take the migration back",
          begun.get().command());
    }
    if (situation.unfixed().isPresent()) {
      return first(situation.unfixed().get());
    }
    Optional<WayOn> forward = forward(ways);
    if (situation.clean() && forward.isPresent() && !forward.get().usable()) {
      return new Advice(
          "nothing is wrong with the database that belay can see, but " + forward.get().against(),
          forward.get().command());
    }
    if (situation.clean() && forward.isPresent()) {
      return new Advice(
          "nothing is wrong with the database that belay can see; what is pending can be applied when the cause is mended",
          forward.get().command());
    }
    if (situation.clean()) {
      return new Advice(
          "nothing is wrong with the database that belay can see: go back only if the application needs it",
          sound(ways, WayKind.UNDO).map(WayOn::command).orElse(LOOK));
    }
    if (!situation.wrong()) {
      return next("nothing is known to be wrong, but not everything was looked at", situation);
    }
    if (situation.cause() == Situation.Cause.OTHER) {
      return next(
          "what is wrong is not of the migrations, and no way back mends it: see what the steps above say is next",
          situation);
    }
    Advice back = back(ways, forward);
    if (situation.cause() != Situation.Cause.UNKNOWN) {
      return back;
    }
    String text =
        "whether what is wrong is of the migrations is not known; if it is: " + back.text();
    return back.command().equals(LOOK) ? next(text, situation) : new Advice(text, back.command());
  }

  private static Advice first(Failure why) {
    return Pasteable.is(why.hint())
        ? new Advice(
            "first have fixed what is safely fixable, and look again: it may be all that is needed",
            why.hint())
        : new Advice(
            "first have fixed what is safely fixable, which was not done, since %s: %s"
                .formatted(why.message(), why.hint()),
            LOOK);
  }

  /** A hint may be a sentence, and a sentence cannot be pasted. */
  private static Advice next(String text, Situation situation) {
    return situation
        .next()
        .map(
            hint ->
                Pasteable.is(hint)
                    ? new Advice(text, hint)
                    : new Advice("%s; next: %s".formatted(text, hint), LOOK))
        .orElseGet(() -> new Advice(text, LOOK));
  }

  private static Advice back(List<WayOn> ways, Optional<WayOn> forward) {
    Optional<WayOn> undo = sound(ways, WayKind.UNDO);
    if (undo.isPresent() && undo.get().losesNothing()) {
      return new Advice("undo: it is proven, and loses nothing", undo.get().command());
    }
    Optional<WayOn> restore =
        ways.stream()
            .filter(way -> way.kind() == WayKind.RESTORE && way.usable() && way.against() == null)
            .reduce((newer, older) -> older);
    if (restore.isPresent() && restore.get().losesNothing()) {
      return new Advice(
          "restore: the backup can be read; what it loses: " + restore.get().loss(),
          restore.get().command());
    }
    // With both unknown nothing is compared.
    if (undo.filter(way -> way.rowsLost() != null && way.rowsLostExact()).isPresent()
        && loses(undo.get()) <= restore.map(Advice::loses).orElse(Long.MAX_VALUE)) {
      return new Advice(
          "undo: it is proven, and what its script takes is exported before (%s)"
              .formatted(undo.get().loss()),
          undo.get().command());
    }
    if (forward.isPresent()) {
      return new Advice(
          "roll forward when the cause is known: of no way back is it known that it loses less"
              + (forward.get().usable()
                  ? ""
                  : "; but first look, since " + forward.get().against()),
          forward.get().command());
    }
    String doubtful =
        usable(ways, WayKind.UNDO)
            .map(
                way ->
                    way.against() == null
                        ? "; or the undo, of which it is not known what it loses (%s)"
                            .formatted(way.loss())
                        : "; or the undo, but " + way.against())
            .orElse("");
    return restore
        .map(
            way ->
                new Advice(
                    "restore, if what is wrong hurts more than the loss (%s)%s"
                        .formatted(way.loss(), doubtful),
                    way.command()))
        .orElseGet(
            () ->
                new Advice(
                    "there is no way back that is proven: mend what the steps above found"
                        + doubtful,
                    LOOK));
  }

  /** The same, about this database. */
  Advice with(Again again) {
    return new Advice(again.connected(text), again.command(command));
  }

  /** With several apps the one that something stands in the way of: the others can wait for it. */
  private static Optional<WayOn> forward(List<WayOn> ways) {
    return ways.stream()
        .filter(way -> way.kind() == WayKind.ROLL_FORWARD)
        .min(Comparator.comparing(WayOn::usable));
  }

  private static Optional<WayOn> usable(List<WayOn> ways, WayKind kind) {
    return ways.stream().filter(way -> way.kind() == kind && way.usable()).findFirst();
  }

  /** One against which nothing speaks. */
  private static Optional<WayOn> sound(List<WayOn> ways, WayKind kind) {
    return usable(ways, kind).filter(way -> way.against() == null);
  }

  /** Of a restore only the least is known, unless nothing was written since. */
  private static long loses(WayOn way) {
    return way.rowsLost() == null || (way.kind() == WayKind.RESTORE && !way.rowsLostExact())
        ? Long.MAX_VALUE
        : way.rowsLost();
  }
}
