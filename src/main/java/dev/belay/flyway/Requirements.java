package dev.belay.flyway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which migrations need which others, as declared: by lines {@code -- belay:requires V17} of their
 * scripts, or by the setting {@code apps.<app>.requires.<migration>}. Flyway knows nothing of them.
 */
public final class Requirements {
  /**
   * A declaration that names what is not there.
   *
   * @param app the app in which it stands
   * @param migration the label of the migration that declares it
   * @param where {@code file:line}, or the name of the setting
   * @param message what is wrong, in lower case
   */
  public record Unknown(String app, String migration, String where, String message) {}

  private final Map<String, AppState> states = new TreeMap<>();
  private final List<Requirement> all = new ArrayList<>();
  private final List<Unknown> unknown = new ArrayList<>();

  private final Set<String> unread;

  private Requirements(List<AppState> apps, Set<String> unread) {
    this.unread = Set.copyOf(unread);
    apps.forEach(state -> states.put(state.app().name(), state));
    for (AppState state : apps) {
      state.scripts().migrations().forEach(script -> read(state, script));
      new TreeMap<>(state.app().requires()).forEach((name, needed) -> set(state, name, needed));
    }
    all.sort(
        Comparator.comparing((Requirement each) -> each.from().app())
            .thenComparing(each -> each.from().label())
            .thenComparing(each -> each.to().app())
            .thenComparing(each -> each.to().label())
            .thenComparing(Requirement::where));
  }

  /**
   * Reads what the scripts and the settings of these apps declare.
   *
   * @param apps all apps whose migrations may be named; those of others are unknown
   */
  public static Requirements of(List<AppState> apps) {
    return of(apps, Set.of());
  }

  /**
   * The same, where not all apps could be read.
   *
   * @param unread apps of which nothing is known; what names their migrations is passed over
   */
  public static Requirements of(List<AppState> apps, Set<String> unread) {
    return new Requirements(apps, unread);
  }

  /** All that could be understood, sorted by app and migration. */
  public List<Requirement> all() {
    return List.copyOf(all);
  }

  /** What a migration needs directly. */
  public List<Requirement> neededBy(String app, Migration migration) {
    Requirement.Named named = named(app, migration);
    return all.stream().filter(each -> each.from().equals(named)).toList();
  }

  /** What needs a migration directly. */
  public List<Requirement> needing(String app, Migration migration) {
    Requirement.Named named = named(app, migration);
    return all.stream().filter(each -> each.to().equals(named)).toList();
  }

  /** What is declared and is not there. */
  public List<Unknown> unknown() {
    return List.copyOf(unknown);
  }

  /**
   * The cycles: each a list of requirements of which every one begins where the one before ends,
   * and the first where the last ends. Every migration that is on a cycle is in one of them.
   */
  public List<List<Requirement>> cycles() {
    return RequirementCycles.in(all);
  }

  private Requirement.Named named(String app, Migration migration) {
    AppState state = states.get(app);
    String label = state == null ? migration.name() : MigrationNames.label(state.app(), migration);
    return new Requirement.Named(app, label, migration);
  }

  private void read(AppState state, MigrationScript script) {
    Optional<Migration> owner =
        state.migrations().stream()
            .filter(migration -> script.equals(migration.script()) && !migration.isRecord())
            .reduce((earlier, later) -> later);
    if (owner.isEmpty()) {
      return;
    }
    ScriptSettings settings = ScriptSettings.of(state.app(), script.file(), (file, why) -> {});
    List<RequirementLines.Line> lines;
    try {
      lines = RequirementLines.read(script.file(), settings.encoding((file, why) -> {}));
    } catch (IOException unreadable) {
      // The scan that computed its checksum has told why.
      return;
    }
    Requirement.Named from = named(state.app().name(), owner.get());
    for (RequirementLines.Line line : lines) {
      String where = script.file() + ":" + line.number();
      if (!line.understood()) {
        unknown(from, where, "'belay:" + line.names().get(0) + "' is not belay:requires");
      } else if (line.names().isEmpty()) {
        unknown(from, where, "belay:requires names no migration");
      }
      if (line.understood()) {
        line.names().forEach(name -> add(state, from, name, where));
      }
    }
  }

  private void set(AppState state, String name, List<String> needed) {
    String where = "apps." + state.app().name() + ".requires." + name;
    Optional<Migration> owner = MigrationNames.lookUp(state, name);
    if (owner.isEmpty()) {
      unknown.add(
          new Unknown(
              state.app().name(), name, where, "there is no migration '" + name + "' here"));
      return;
    }
    Requirement.Named from = named(state.app().name(), owner.get());
    needed.forEach(each -> add(state, from, each, where));
  }

  private void add(AppState state, Requirement.Named from, String name, String where) {
    int colon = name.indexOf(':');
    AppState of = state;
    if (colon > 0) {
      AppState other = states.get(name.substring(0, colon));
      if (unread.contains(name.substring(0, colon))) {
        return;
      }
      if (other == null) {
        unknown(from, where, "needs '" + name + "', but there is no app of that name");
        return;
      }
      of = other;
    }
    Optional<Migration> needed = MigrationNames.lookUp(of, name.substring(colon + 1));
    if (needed.isPresent()) {
      all.add(new Requirement(from, named(of.app().name(), needed.get()), where));
    } else if (!isBelowBaseline(of, name.substring(colon + 1))) {
      unknown(from, where, "needs '" + name + "', which is neither applied nor on disk");
    }
  }

  /** What a baseline covers is there, whether or not its script is still kept. */
  private static boolean isBelowBaseline(AppState state, String name) {
    FlywayNaming naming = FlywayNaming.of(state.app().flyway());
    String number =
        name.startsWith(naming.versioned()) ? name.substring(naming.versioned().length()) : name;
    int words = number.indexOf(naming.separator());
    Optional<MigrationVersion> version =
        MigrationVersion.parse(words < 0 ? number : number.substring(0, words));
    return version.isPresent()
        && state.history().rows().stream()
            .filter(AppliedMigration::isBaseline)
            .map(AppliedMigration::number)
            .anyMatch(baseline -> baseline != null && version.get().compareTo(baseline) <= 0);
  }

  private void unknown(Requirement.Named from, String where, String message) {
    unknown.add(new Unknown(from.app(), from.label(), where, message));
  }
}
