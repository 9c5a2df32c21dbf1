package dev.belay.swap;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.DatabaseNote;
import dev.belay.journal.DeadRuns;
import dev.belay.journal.Journal;
import dev.belay.journal.LivingRuns;
import dev.belay.journal.OperationLock;
import dev.belay.journal.UnfinishedRun;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SqlState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts right what runs that were killed left: a live database that accepts no connections because
 * its swap was not committed is opened again, what else such runs left on the server is taken away,
 * and their journals are settled. It is called at the start of every command that changes
 * something, before the operation lock is taken. Costs one query when there is nothing to do.
 */
public final class SwapRecovery {
  private final Databases databases;
  private final Target maintenance;
  private final Path journals;
  private final RunId run;
  private final Progress progress;
  private boolean liveChanged;

  /**
   * @param journals the folder of this machine's journals
   * @param run this run
   * @param progress is told of everything that was put right
   */
  public SwapRecovery(
      Databases databases, Target maintenance, Path journals, RunId run, Progress progress) {
    this.databases = databases;
    this.maintenance = maintenance;
    this.journals = journals;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Looks, and puts right.
   *
   * @throws Failure UNAVAILABLE when the server cannot be reached; INCOMPLETE when it broke off
   *     after a live database was changed
   */
  public Recovered recover() {
    List<String> done = new ArrayList<>();
    liveChanged = false;
    try (Database session = databases.open(maintenance)) {
      LivingRuns living = new LivingRuns(session, journals, run);
      for (SwapQueries.Noted noted : SwapQueries.noted(session)) {
        DatabaseNote.Swapping swapping = noted.note().swap();
        // Taking its operation lock is the proof; the looks before only keep out of its way.
        if (swapping != null && living.showsNoLife(new RunId(swapping.run()))) {
          undo(session, noted, swapping, done);
        }
        String opening = noted.note().openedBy();
        if (opening != null && living.showsNoLife(new RunId(opening))) {
          shut(session, noted, opening, done);
        }
      }
      DeadRuns.sweep(session, living, done);
      done.forEach(progress::warn);
      settle(session, living);
    } catch (Failure broken) {
      progress.recovered(done);
      if (!liveChanged) {
        done.forEach(progress::warn);
        throw broken;
      }
      throw Failure.incomplete(
              "what dead runs left was not put right to its end: " + broken.message(),
              "this was done before: " + String.join("; ", done),
              broken.hint())
          .causedBy(broken);
    }
    return new Recovered(done, liveChanged);
  }

  /** The renames are one transaction with the note's end, so a note that is there means neither. */
  private void undo(
      Database session,
      SwapQueries.Noted noted,
      DatabaseNote.Swapping swapping,
      List<String> done) {
    String live = noted.note().of();
    Target target = maintenance.withDatabase(live);
    boolean fresh = DatabaseNames.isFresh(noted.name(), noted.note());
    try (OperationLock lock =
        OperationLock.acquire(
            databases, maintenance, target, run, "recovery", Duration.ZERO, progress::warn)) {
      lock.check();
      boolean stillSwapping =
          SwapQueries.state(session, noted.name())
              .flatMap(SwapQueries.State::note)
              .map(note -> swapping.equals(note.swap()))
              .orElse(false);
      if (!stillSwapping) {
        // It was finished, or put right by another, while this run waited for the lock.
        return;
      }
      Optional<SwapQueries.State> state = SwapQueries.state(session, live);
      if (state.isPresent() && !state.get().owner().equals(noted.owner())) {
        // Anybody may write such a note on a database of his own.
        done.add(
            "database %s of %s claims to take the place of %s: not believed, and left as it is"
                .formatted(noted.name(), noted.owner(), live));
        return;
      }
      if (state.isEmpty() && fresh) {
        // Somebody is at it by hand: what is left may be all that is left.
        done.add(
            "the swap of %s by run %s was not finished, and there is no %s now: %s is kept; in psql: %s"
                .formatted(
                    live,
                    swapping.run(),
                    live,
                    noted.name(),
                    SwapQueries.renameStatement(noted.name(), live)));
        return;
      }
      if (state.isPresent() && !state.get().open() && swapping.liveWasOpen()) {
        open(session, live);
        done.add(
            "database %s: accepts connections again, as it was before the swap of run %s"
                .formatted(live, swapping.run()));
      }
      if (fresh) {
        done.add(DeadRuns.drop(session, noted.name()));
      } else if (noted.note().kind() == DatabaseNote.Kind.NEW) {
        // Somebody finished the swap by hand: it may be the only live database there is.
        SwapQueries.comment(session, noted.name(), Optional.ofNullable(noted.note().comment()));
        liveChanged = true;
        done.add(
            "database %s was renamed by hand after run %s: kept, and no longer noted as unfinished"
                .formatted(noted.name(), swapping.run()));
      } else {
        SwapQueries.comment(session, noted.name(), Optional.of(noted.note().withSwap(null).text()));
      }
    } catch (Failure cannot) {
      done.add(
          "the swap of %s by run %s was not finished and could not be taken back: %s; in psql: %s"
              .formatted(
                  live, swapping.run(), cannot.message(), SwapQueries.openStatement(live, true)));
    }
  }

  private void open(Database session, String live) {
    try {
      SwapQueries.open(session, live, true);
      liveChanged = true;
    } catch (Failure cannot) {
      // Without an answer nobody knows whether it was done.
      liveChanged |= SqlState.lostConnection(cannot);
      throw cannot;
    }
  }

  /** It accepted no connections before, so nobody but the dead run had anything to do with it. */
  private static void shut(
      Database session, SwapQueries.Noted noted, String opening, List<String> done) {
    try {
      if (ReplacedDoor.shut(session, noted.name(), opening)) {
        done.add(
            "database %s: accepts no connections again, as it was before run %s"
                .formatted(noted.name(), opening));
      }
    } catch (Failure cannot) {
      done.add(
          "database %s was opened by run %s and could not be closed: %s; in psql: %s"
              .formatted(
                  noted.name(),
                  opening,
                  cannot.message(),
                  SwapQueries.openStatement(noted.name(), false)));
    }
  }

  private void settle(Database session, LivingRuns living) {
    String server = maintenance.toString().substring(maintenance.database().length());
    List<UnfinishedRun> open = new ArrayList<>(UnfinishedRun.in(journals, progress::warn));
    open.addAll(UnfinishedRun.ofOthers(journals, ignored -> {}));
    for (UnfinishedRun dead : open) {
      if (!dead.header().target().endsWith(server) || !living.showsNoLife(dead.run())) {
        continue;
      }
      progress.warn(
          "run %s (%s of %s, begun %s) was killed at the step '%s'%s"
              .formatted(
                  dead.run(),
                  dead.header().command(),
                  dead.header().target(),
                  dead.header().at(),
                  dead.lastStep(),
                  dead.facts(dead.lastStep())
                      .map(facts -> facts.get(Journal.HINT))
                      .map(hint -> "; " + hint)
                      .orElse("")));
      try {
        swapped(session, dead);
        dead.settle(run);
      } catch (Failure unwritable) {
        // On a full disk what was opened above is open: the next run tells of this one again.
        progress.warn(unwritable.message());
      }
    }
  }

  /** A run that was killed just after its renames is on record as one that swapped, too. */
  private static void swapped(Database session, UnfinishedRun dead) {
    Optional<String> replaced =
        dead.facts(Journal.SWAP_BEGUN).map(facts -> facts.get(Journal.REPLACED));
    if (replaced.isPresent()
        && dead.facts(Journal.SWAPPED).isEmpty()
        && SwapQueries.exists(session, replaced.get())) {
      dead.step(Journal.SWAPPED, Map.of(Journal.REPLACED, replaced.get()));
    }
  }
}
