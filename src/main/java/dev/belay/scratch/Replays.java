package dev.belay.scratch;

import dev.belay.config.ScratchSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.ServerError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replays the migrations of an app, or takes what an earlier replay of the same files left. The
 * live database is not touched.
 */
final class Replays {
  /** The server says that the role lacks a privilege. */
  private static final String NO_RIGHT = "42501";

  /** The server says that somebody is with the database that is to be copied. */
  private static final String IN_USE = "55006";

  /** The server says that an object, or a schema, is there already. */
  private static final Set<String> DUPLICATE = Set.of("42710", "42P06");

  /** The server says that a function, a type, a table, a column or a schema is not there. */
  private static final Set<String> UNDEFINED = Set.of("42883", "42704", "42P01", "42703", "3F000");

  private static final int MOST_TRIES = 5;
  private static final int TRIES = 50;
  private static final long PAUSE_MILLIS = 100;

  private final ReplayGround ground;
  private final ReplayTemplates templates;

  Replays(ReplayGround ground) {
    this.ground = ground;
    this.templates = new ReplayTemplates(ground);
  }

  /**
   * What the migrations of a plan do.
   *
   * @throws Failure FAILED when a migration fails or takes too long, REFUSED when one reaches
   *     beyond its database, UNAVAILABLE when no scratch database can be made
   */
  Recording recording(ReplayPlan plan) {
    dropKept(plan);
    Optional<Recording> kept = templates.recording(templates.name(plan, plan.all()));
    if (kept.isPresent()) {
      return kept.get();
    }
    try (Replayed replayed = all(plan)) {
      return replayed.recording();
    }
  }

  /** Who wants none to be kept wants none to be left either. */
  private void dropKept(ReplayPlan plan) {
    if (ground.settings().keep() == 0) {
      int dropped = templates.dropAll(plan.app());
      if (dropped > 0) {
        ground
            .progress()
            .detail("dropped " + Units.count(dropped, "kept database", "kept databases"));
      }
    }
  }

  /** A database with the applied migrations; nothing may be changed in it. */
  Replayed applied(ReplayPlan plan) {
    return applied(plan, Callbacks.ALL);
  }

  /** The same, with the callbacks that are run at the end. */
  Replayed applied(ReplayPlan plan, Callbacks atEnd) {
    dropKept(plan);
    String name = templates.name(plan, plan.applied(), atEnd);
    Optional<Recording> kept = templates.recording(name);
    if (kept.isPresent()) {
      return new Replayed(target(name), kept.get(), () -> {});
    }
    return fresh(
        plan,
        name,
        (session, extensions) -> {
          List<RecordedMigration> recorded = new ArrayList<>();
          List<List<MigrationScript>> legs = plan.legs();
          for (int leg = 0; leg < legs.size(); leg++) {
            boolean last = leg == legs.size() - 1;
            recorded.addAll(session.apply(legs.get(leg), last ? atEnd : Callbacks.BEFORE));
          }
          return new Recording(Recording.FORM, extensions, recorded, List.of(), session.notes());
        });
  }

  /**
   * In a database of its own, from the first migration on. An extension that the live database has
   * and no migration makes before it is needed is made beforehand; it takes a failure to know.
   */
  private Replayed fresh(ReplayPlan plan, String name, Replay replay) {
    Set<String> extensions = new TreeSet<>();
    Set<String> barred = new TreeSet<>();
    for (int attempt = 1; ; attempt++) {
      ScratchDatabase scratch = create(plan);
      try {
        ReplaySession session = new ReplaySession(ground, scratch.target(), plan, List.of());
        try {
          session.setup().prepare(extensions);
          Recording recording = replay.with(session, List.copyOf(extensions));
          session.setup().addExtensions();
          return finished(scratch, name, plan, recording);
        } catch (Failure failure) {
          if (attempt > MOST_TRIES || !otherExtensions(failure, session, extensions, barred)) {
            throw failure;
          }
          scratch.close();
        }
      } catch (Throwable broken) {
        scratch.close();
        throw broken;
      }
    }
  }

  private interface Replay {
    Recording with(ReplaySession session, List<String> extensions);
  }

  /**
   * Changes which extensions are made beforehand, after a failure that this may mend.
   *
   * @param barred those that a migration makes, and does not say "if not exists"
   * @return whether anything is to be tried anew
   */
  private boolean otherExtensions(
      Failure failure, ReplaySession session, Set<String> extensions, Set<String> barred) {
    Optional<ServerError> error = ServerError.in(failure);
    if (error.isEmpty() || ground.live().extensions().isEmpty()) {
      return false;
    }
    if (DUPLICATE.contains(error.get().state())) {
      return ground.live().extensions().stream()
          .filter(extension -> names(error.get(), extension))
          .map(LiveFacts.InstalledExtension::name)
          .filter(extensions::remove)
          .map(barred::add)
          .reduce(false, Boolean::logicalOr);
    }
    if (!UNDEFINED.contains(error.get().state())) {
      return false;
    }
    Set<String> there = session.setup().extensions();
    return ground.live().extensions().stream()
        .map(LiveFacts.InstalledExtension::name)
        .filter(extension -> !there.contains(extension) && !barred.contains(extension))
        .map(extensions::add)
        .reduce(false, Boolean::logicalOr);
  }

  private static boolean names(ServerError error, LiveFacts.InstalledExtension extension) {
    return error.message().contains('"' + extension.name() + '"')
        || error.message().contains('"' + extension.schema() + '"');
  }

  /**
   * Replays some of the migrations of a plan; those that cannot be applied without the others are
   * left out and named.
   *
   * @param whole the recording of all of them
   * @param scripts those that are tried
   */
  Ablation only(ReplayPlan plan, Recording whole, Set<String> scripts) {
    Optional<String> name =
        ground.settings().keep() > 0
            ? Optional.of(templates.name(plan, plan.all()))
            : Optional.empty();
    Optional<Ablation> known = name.flatMap(kept -> templates.proof(kept, scripts));
    if (known.isPresent()) {
      return known.get();
    }
    List<MigrationScript> pending = selected(plan.pending(), scripts);
    Ablation outcome =
        !plan.applied().isEmpty()
                && selected(plan.applied(), scripts).size() == plan.applied().size()
            ? onTopOfApplied(plan, pending)
            : fromTheBegin(plan, whole, scripts, pending);
    name.ifPresent(kept -> templates.writeProof(kept, scripts, outcome));
    return outcome;
  }

  private Ablation onTopOfApplied(ReplayPlan plan, List<MigrationScript> pending) {
    Map<String, String> failed = new HashMap<>();
    Map<String, RecordedMigration> done = new HashMap<>();
    try (Replayed before = applied(plan);
        ScratchDatabase scratch = copy(before, plan)) {
      ReplaySession session = new ReplaySession(ground, scratch.target(), plan, plan.applied());
      session.applyPossible(pending, failed).forEach(each -> done.put(each.script(), each));
      before.recording().applied().forEach(each -> done.put(each.script(), each));
    }
    return new Ablation(done, failed);
  }

  private Ablation fromTheBegin(
      ReplayPlan plan, Recording whole, Set<String> scripts, List<MigrationScript> pending) {
    Map<String, String> failed = new HashMap<>();
    Map<String, RecordedMigration> done = new HashMap<>();
    try (ScratchDatabase scratch = create(plan)) {
      ReplaySession session = new ReplaySession(ground, scratch.target(), plan, List.of());
      session.setup().prepare(whole.extensions());
      List<List<MigrationScript>> legs = new ArrayList<>();
      plan.legs().forEach(leg -> legs.add(selected(leg, scripts)));
      legs.add(pending);
      for (List<MigrationScript> leg : legs) {
        if (!leg.isEmpty()) {
          session.applyPossible(leg, failed).forEach(each -> done.put(each.script(), each));
        }
      }
    }
    return new Ablation(done, failed);
  }

  private static List<MigrationScript> selected(List<MigrationScript> scripts, Set<String> wanted) {
    return scripts.stream().filter(script -> wanted.contains(script.script())).toList();
  }

  private ScratchDatabase create(ReplayPlan plan) {
    try {
      return ScratchDatabase.create(
          ground.databases(),
          ground.maintenance(),
          ground.run(),
          ground.live().locale(),
          ground.live().name(),
          "replay of app " + plan.app().name());
    } catch (Failure failure) {
      if (ServerError.in(failure).filter(error -> error.state().equals(NO_RIGHT)).isEmpty()) {
        throw failure;
      }
      throw Failure.unavailable(
              "a replay needs a scratch database, and %s may not create one: %s"
                  .formatted(ground.maintenance().user(), failure.message()),
              "replay on a server of belay's own: --set scratch.server=embedded; or on another:"
                  + " "
                  + ScratchSettings.ON_ANOTHER_SERVER)
          .causedBy(failure);
    }
  }

  private Replayed all(ReplayPlan plan) {
    if (plan.pending().isEmpty()) {
      return applied(plan);
    }
    String name = templates.name(plan, plan.all());
    if (plan.applied().isEmpty()) {
      return fresh(
          plan,
          name,
          (session, extensions) ->
              new Recording(
                  Recording.FORM,
                  extensions,
                  List.of(),
                  session.apply(plan.pending(), true),
                  session.notes()));
    }
    try (Replayed before = applied(plan)) {
      ScratchDatabase scratch = copy(before, plan);
      try {
        ReplaySession session = new ReplaySession(ground, scratch.target(), plan, plan.applied());
        session.forget(plan.outdated());
        Recording earlier = before.recording();
        List<RecordedMigration> pending = session.apply(plan.pending(), true);
        Recording recording =
            new Recording(
                Recording.FORM, earlier.extensions(), earlier.applied(), pending, earlier.notes());
        return finished(scratch, name, plan, recording);
      } catch (Throwable broken) {
        scratch.close();
        throw broken;
      }
    }
  }

  /**
   * A copy in which more may be done; the caller closes it. Another session with the original, such
   * as one that only reads its recording, is waited for.
   */
  ScratchDatabase copy(Replayed original, ReplayPlan plan) {
    return copy(original.target(), plan);
  }

  /** A copy of a database that is left alone meanwhile. */
  ScratchDatabase copy(Target original, ReplayPlan plan) {
    for (int attempt = 1; ; attempt++) {
      try {
        return ScratchDatabase.copy(
            ground.databases(),
            ground.maintenance(),
            ground.run(),
            original.database(),
            ground.live().name(),
            "replay of app " + plan.app().name());
      } catch (Failure busy) {
        boolean used =
            ServerError.in(busy).filter(error -> error.state().equals(IN_USE)).isPresent();
        if (!used || attempt == TRIES) {
          throw busy;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Replayed finished(
      ScratchDatabase scratch, String name, ReplayPlan plan, Recording recording) {
    if (ground.settings().keep() > 0) {
      templates.write(scratch, recording);
      if (templates.keep(scratch, name, plan.app())) {
        return new Replayed(target(name), recording, () -> {});
      }
    }
    return new Replayed(scratch.target(), recording, scratch::close);
  }

  private Target target(String name) {
    return ground.maintenance().withDatabase(name);
  }
}
