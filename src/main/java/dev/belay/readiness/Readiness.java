package dev.belay.readiness;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks whether one could go back right now: everything at once, and nothing hides another. */
public final class Readiness {
  private final Databases databases;
  private final Settings settings;
  private final Map<String, String> environment;

  /**
   * @param environment for PATH, where programs of PostgreSQL are looked for
   */
  public Readiness(Databases databases, Settings settings, Map<String, String> environment) {
    this.databases = databases;
    this.settings = settings;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Looks at everything that is asked, and changes nothing. What cannot be looked at is in the
   * report too.
   *
   * @throws Failure USAGE when a limit of the section {@code readiness} makes no sense
   */
  public ReadinessReport look(ReadinessRequest request) {
    Target target = settings.target();
    List<Point> points = new ArrayList<>();
    Optional<Failure> unreachable = Optional.empty();
    try (Database session = databases.open(target)) {
      points.add(Point.passed(Topic.CONNECTION, session.target() + " as " + target.user(), ""));
    } catch (Failure failure) {
      unreachable = Optional.of(failure);
      points.add(Point.failed(Topic.CONNECTION, failure.message(), "", List.of(), failure.hint()));
    }
    return new ReadinessReport(target.toString(), points, unreachable);
  }
}
