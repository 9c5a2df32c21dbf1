package dev.belay.scratch;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Settings;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.flyway.AppState;
import dev.belay.flyway.FlywayEngine;
import dev.belay.journal.DeadRuns;
import dev.belay.journal.LivingRuns;
import dev.belay.journal.RunSessions;
import dev.belay.ledger.HeldRepeatables;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The replay of migrations as operations use it: it finds the server, starts one where that is the
 * choice, and takes away what it made. The live database is only read.
 */
public final class ScratchReplay implements AutoCloseable {
  private static final String PREFIX = "belay-scratch-";

  /** With data a migration takes as long as it takes. */
  private static final Duration LONGEST_ON_DATA = Duration.ofDays(1);

  private final Replays replays;
  private final Settings settings;
  private final ReplayGround ground;
  private final URLClassLoader classes;
  private final Runnable end;

  private ScratchReplay(
      Settings settings, ReplayGround ground, URLClassLoader classes, Runnable end) {
    this.replays = new Replays(ground);
    this.settings = settings;
    this.ground = ground;
    this.classes = classes;
    this.end = end;
  }

  /**
   * Gets ready to replay.
   *
   * @param live a session with the live database
   * @param jars jars, or folders of jars or classes, with Java migrations
   * @throws Failure UNAVAILABLE when the server for scratch databases cannot be reached
   */
  public static ScratchReplay open(
      Settings settings, Database live, List<Path> jars, Progress progress) {
    RunId run = RunId.fresh();
    Databases databases = new JdbcDatabases(RunSessions.name(run));
    List<Path> files = files(jars);
    URLClassLoader classes = loader(files);
    ScratchSettings scratch = settings.scratch();
    boolean embedded = scratch.server() == ScratchSettings.Server.EMBEDDED;
    Embedded server = embedded ? Embedded.start(progress) : null;
    Target maintenance =
        server != null
            ? server.server().database("postgres")
            : scratch.url().orElseGet(settings::maintenance);
    Runnable end = server == null ? () -> {} : server::end;
    try {
      Database anchor = databases.open(maintenance);
      try {
        if (server == null) {
          sweep(anchor, settings, run, progress);
        }
        ReplayGround ground =
            new ReplayGround(
                run,
                databases,
                maintenance,
                anchor,
                !embedded,
                LiveQueries.facts(live),
                scratch,
                files,
                classes,
                progress);
        return new ScratchReplay(settings, ground, classes, end);
      } catch (Throwable broken) {
        anchor.close();
        throw broken;
      }
    } catch (Throwable broken) {
      end.run();
      throw broken;
    }
  }

  /** A server that is started for one replay. */
  private record Embedded(ServerPlace place, EmbeddedServer server, Cleanup.Pending remove) {
    static Embedded start(Progress progress) {
      progress.step("starting a PostgreSQL of belay's own for the replay");
      ServerPlace.sweep(PREFIX, false);
      ServerPlace place = ServerPlace.create(PREFIX);
      Cleanup.Pending remove = Cleanup.register(place::remove);
      try {
        return new Embedded(place, EmbeddedServer.start(place), remove);
      } catch (Throwable broken) {
        remove.close();
        throw broken;
      }
    }

    void end() {
      server.close();
      remove.close();
    }
  }

  private static void sweep(Database anchor, Settings settings, RunId run, Progress progress) {
    LivingRuns living = new LivingRuns(anchor, settings.folders().journal(), run);
    DeadRuns.sweep(anchor, living).forEach(progress::warn);
  }

  private static List<Path> files(List<Path> jars) {
    List<Path> files = new ArrayList<>();
    for (Path jar : jars) {
      if (!Files.exists(jar)) {
        throw Failure.usage(
            "--jars: " + jar + " does not exist", "name a jar, or a folder of jars");
      }
      files.add(jar);
      if (Files.isDirectory(jar)) {
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(jar, "*.jar")) {
          inside.forEach(files::add);
        } catch (IOException unreadable) {
          throw Failure.unavailable(
              "--jars: " + jar + " cannot be read: " + unreadable.getMessage(),
              "name a jar, or a folder of jars");
        }
      }
    }
    return files;
  }

  /**
   * Loads classes from jars, or folders of jars or classes. The caller closes it.
   *
   * @throws Failure USAGE when one does not exist
   */
  public static URLClassLoader classes(List<Path> jars) {
    return loader(files(jars));
  }

  private static URLClassLoader loader(List<Path> files) {
    List<URL> urls = new ArrayList<>();
    for (Path file : files) {
      try {
        urls.add(file.toUri().toURL());
      } catch (MalformedURLException never) {
        throw new IllegalStateException(never);
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ScratchReplay.class.getClassLoader());
  }

  /**
   * The plan for an app, with the other apps of the database before it.
   *
   * @param live a session with the live database
   * @throws Failure FAILED when two scripts are the same migration; REFUSED when a migration is
   *     held and the ledger is of a form that this program does not know
   */
  public ReplayPlan plan(Database live, AppState state, ReplayPlan.Reach reach) {
    List<ReplayPlan> before = new ArrayList<>();
    for (AppSettings other : settings.apps()) {
      boolean same =
          other.historySchema().equals(state.app().historySchema())
              && other.historyTable().equals(state.app().historyTable());
      if (same) {
        continue;
      }
      AppState there = state(live, other);
      boolean fresh = !there.history().present() && reach != ReplayPlan.Reach.APPLIED;
      ReplayPlan plan =
          planned(live, there, fresh ? ReplayPlan.Reach.NEXT_MIGRATE : ReplayPlan.Reach.APPLIED);
      if (!plan.all().isEmpty()) {
        before.add(plan);
      }
    }
    return planned(live, state, reach).after(before);
  }

  /** What went with a held migration is not there, and applied without that one it would fail. */
  private static ReplayPlan planned(Database live, AppState state, ReplayPlan.Reach reach) {
    return ReplayPlan.of(
        state, reach, HeldRepeatables.with(live, state, HeldRepeatables.held(state)));
  }

  /**
   * What the migrations do; from an earlier replay of the same files where there was one.
   *
   * @throws Failure FAILED when a migration fails or takes too long, REFUSED when one reaches
   *     beyond its database, UNAVAILABLE when no scratch database can be made
   */
  public Recording recording(ReplayPlan plan) {
    return replays.recording(plan);
  }

  /**
   * What some of the migrations do when the others were never applied.
   *
   * @param whole the recording of all
   * @param scripts those that are tried
   * @throws Failure as {@link #recording}, but for migrations that fail
   */
  public Ablation only(ReplayPlan plan, Recording whole, Set<String> scripts) {
    return replays.only(plan, whole, scripts);
  }

  /**
   * A database with the applied migrations alone.
   *
   * @throws Failure as {@link #recording}
   */
  public Replayed applied(ReplayPlan plan) {
    return replays.applied(plan);
  }

  /**
   * Begins to apply the pending migrations one at a time. The caller closes it.
   *
   * @throws Failure as {@link #recording}
   */
  public ReplaySteps steps(ReplayPlan plan) {
    return new ReplaySteps(ground, replays, plan);
  }

  /**
   * Runs undo scripts on a copy of a database in which the applied migrations were replayed. The
   * caller closes it.
   *
   * @param replayed from {@link #applied}; it is left alone
   * @throws Failure as {@link #recording}, but not when a script fails
   */
  public UndoneChain undo(ReplayPlan plan, Replayed replayed, List<UndoText> scripts) {
    return UndoneChain.run(ground, replays.copy(replayed, plan), plan, scripts);
  }

  /**
   * Begins to apply migrations in a copy of the live database with its data.
   *
   * @param copy a scratch database
   * @param plan by the history that is in the copy
   */
  public DataSteps onData(Target copy, ReplayPlan plan) {
    return new DataSteps(ground.lasting(LONGEST_ON_DATA), copy, plan);
  }

  /** Keeps what runs in scratch databases from what all databases of their server share. */
  public SharedGuard guard() {
    return new SharedGuard(ground.guarded());
  }

  /** The run that scratch databases are made in. */
  public RunId run() {
    return ground.run();
  }

  /** Sessions of that run. */
  public Databases databases() {
    return ground.databases();
  }

  /** The maintenance database of the server on which scratch databases are made. */
  public Target maintenance() {
    return ground.maintenance();
  }

  /** A session with a replayed database, to read. The caller closes it. */
  public Database open(Replayed replayed) {
    return ground.databases().open(replayed.target());
  }

  /**
   * The state of an app, with the migrations that lie in the jars.
   *
   * @param live a session with the live database
   */
  public AppState state(Database live, AppSettings app) {
    AppState state = AppState.read(live, app);
    if (ground.jars().isEmpty()) {
      return state;
    }
    // Whatever database Flyway asks: the files and classes are the same.
    FlywayEngine engine =
        new FlywayEngine(
            app,
            ground.maintenance(),
            RunSessions.name(ground.run(), "flyway"),
            List.of(),
            ground.classes());
    return state.withJars(live, engine.resolved());
  }

  /** Takes away what was made for this replay alone. */
  @Override
  public void close() {
    try {
      classes.close();
    } catch (IOException stays) {
      // The program ends soon, and the files with it.
    }
    ground.anchor().close();
    end.run();
  }
}
