package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.PlainSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The real Flyway on the database that is to be migrated, with all that the app's own Flyway has:
 * its locations, callbacks, placeholders and settings. Two things are otherwise: statements wait
 * for locks only so long, and Flyway's own lock is one of its session, since its default keeps a
 * transaction open, for which {@code CREATE INDEX CONCURRENTLY} waits for ever. Both forms of that
 * lock have the same key, so that every other Flyway waits for this one.
 */
public final class LiveFlyway {
  private static final String UNKNOWN = "Unknown configuration property";

  private final AppSettings app;
  private final Target target;
  private final String applicationName;
  private final Duration lockTimeout;
  private final ClassLoader classes;

  /**
   * @param applicationName what its sessions are called on the server
   * @param lockTimeout how long each statement waits for a lock
   * @param classes where Java migrations, callbacks and locations {@code classpath:} are looked for
   */
  public LiveFlyway(
      AppSettings app,
      Target target,
      String applicationName,
      Duration lockTimeout,
      ClassLoader classes) {
    this.app = app;
    this.target = target;
    this.applicationName = applicationName;
    this.lockTimeout = lockTimeout;
    this.classes = classes;
  }

  /**
   * Settings of the app that Flyway's open-source edition does not know, such as those of its
   * command line; they are left out.
   *
   * @throws Failure REFUSED when one has a wrong value, or needs another edition
   */
  public static Set<String> unknown(AppSettings app) {
    Set<String> unknown = new TreeSet<>();
    app.flyway()
        .forEach(
            (name, value) -> {
              try {
                Flyway.configure().configuration(Map.of("flyway." + name, value));
              } catch (FlywayException wrong) {
                String message = String.valueOf(wrong.getMessage()).strip();
                if (message.startsWith(UNKNOWN)) {
                  unknown.add(name);
                } else if (!message.startsWith("Unable to instantiate")) {
                  throw Failure.refused(
                          "flyway.%s: %s".formatted(name, message.replaceAll("\\s+", " ")),
                          "mend that setting, or leave it out: belay config")
                      .causedBy(wrong);
                }
              }
            });
    return unknown;
  }

  /**
   * Applies what is pending, each migration in its own transaction where it has one.
   *
   * @throws Failure FAILED when a migration fails, with the statement, its line and what the server
   *     said. Nothing is known by that of what was applied before: the history is
   */
  public void migrate(MigrationListener listener) {
    FlywayFailures.translated(
        target, app.placeholders(), () -> configuration(listener).load().migrate());
  }

  private FluentConfiguration configuration(MigrationListener listener) {
    Map<String, String> settings = new HashMap<>();
    app.flyway().forEach((name, value) -> settings.put("flyway." + name, value));
    unknown(app).forEach(name -> settings.remove("flyway." + name));
    settings.put("flyway.postgresql.transactional.lock", "false");
    Set<String> schemas = new LinkedHashSet<>(app.schemas());
    schemas.add(app.historySchema());
    FluentConfiguration configuration =
        Flyway.configure(classes)
            .configuration(settings)
            .dataSource(new PlainSource(target, applicationName, Optional.of(lockTimeout)))
            .schemas(schemas.toArray(String[]::new))
            .defaultSchema(app.historySchema())
            .table(app.historyTable())
            .locations(app.locations().toArray(String[]::new))
            .placeholders(new HashMap<>(app.placeholders()))
            .loggers("slf4j");
    List<Callback> callbacks = new ArrayList<>(List.of(configuration.getCallbacks()));
    callbacks.add(new Telling(target, listener));
    return configuration.callbacks(callbacks.toArray(Callback[]::new));
  }

  /** Passes on what Flyway says. */
  private static final class Telling implements Callback {
    private static final Set<Event> EVENTS =
        EnumSet.of(
            Event.BEFORE_EACH_MIGRATE, Event.AFTER_EACH_MIGRATE, Event.AFTER_EACH_MIGRATE_ERROR);

    private final Target target;
    private final MigrationListener listener;

    Telling(Target target, MigrationListener listener) {
      this.target = target;
      this.listener = listener;
    }

    @Override
    public boolean supports(Event event, Context context) {
      return EVENTS.contains(event);
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
      return true;
    }

    @Override
    public String getCallbackName() {
      return "belay";
    }

    @Override
    public void handle(Event event, Context context) {
      String script = context.getMigrationInfo().getScript();
      switch (event) {
        case BEFORE_EACH_MIGRATE ->
            listener.begins(
                script,
                context.getMigrationInfo().getChecksum(),
                Database.borrowed(target, context.getConnection()));
        case AFTER_EACH_MIGRATE ->
            listener.applied(script, Database.borrowed(target, context.getConnection()));
        default -> listener.failed(script);
      }
    }
  }
}
