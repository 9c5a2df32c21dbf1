package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationState;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The migrations of all apps as they were read, asked one question for all of them.
 *
 * @param apps that are configured
 * @param states of those whose history could be read
 * @param unread why the others could not
 */
record AppStates(List<AppSettings> apps, List<AppState> states, List<String> unread) {
  AppStates {
    apps = List.copyOf(apps);
    states = List.copyOf(states);
    unread = List.copyOf(unread);
  }

  /** Reads them. */
  static AppStates read(Database database, List<AppSettings> apps) {
    List<AppState> states = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    for (AppSettings app : apps) {
      try {
        states.add(AppState.read(database, app));
      } catch (Failure failure) {
        unread.add(app.name() + ": " + failure.message());
      }
    }
    return new AppStates(apps, states, unread);
  }

  /** The names of those migrations of all apps that are wanted. */
  List<String> named(Predicate<Migration> wanted) {
    return each(state -> names(state, wanted));
  }

  /** Those in that state. */
  static Predicate<Migration> has(MigrationState wanted) {
    return migration -> migration.state() == wanted;
  }

  /** The names of those that are wanted; rows that are about another one are not migrations. */
  static List<String> names(AppState state, Predicate<Migration> wanted) {
    return state.migrations().stream()
        .filter(migration -> !migration.isRecord())
        .filter(wanted)
        .map(Migration::name)
        .toList();
  }

  /** What each app answers, with its name where there are several. */
  List<String> each(Function<AppState, List<String>> question) {
    List<String> all = new ArrayList<>();
    for (AppState state : states) {
      question.apply(state).forEach(answer -> all.add(prefix(state.app()) + answer));
    }
    return all;
  }

  /** What is put before the answer of an app; empty where there is one only. */
  String prefix(AppSettings app) {
    return apps.size() == 1 ? "" : app.name() + ": ";
  }

  /** Failed when there are findings. */
  CheckResult judged(String name, String summary, List<String> findings, String fix) {
    return findings.isEmpty()
        ? passed(name, "none")
        : CheckResult.failed(name, summary, findings, fix);
  }

  /** Passed only when the history of every app could be read. */
  CheckResult passed(String name, String summary) {
    return unread.isEmpty()
        ? CheckResult.passed(name, summary)
        : CheckResult.notChecked(
            name, String.join("; ", unread), "grant select on the history table");
  }
}
