package dev.belay.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of all settings, and how a name that somebody wrote is recognised. */
final class Known {
  /** Settings with one value. */
  static final List<String> SCALARS =
      List.of(
          "compress",
          "connectTimeout",
          "database",
          "environment",
          "folders.backups",
          "folders.conflictReports",
          "folders.dataExports",
          "folders.journal",
          "folders.migrationMonitoring",
          "folders.reconciliationReports",
          "folders.rollbackScripts",
          "host",
          "identityFile",
          "jobs",
          "lockTimeout",
          "logFile",
          "maintenanceDatabase",
          "password",
          "passwordFile",
          "port",
          "postgresPrograms",
          "retention.keepDays",
          "retention.keepMin",
          "scratch.copyTimeout",
          "scratch.keep",
          "scratch.room",
          "scratch.server",
          "scratch.timeout",
          "scratch.url",
          "service",
          "sslCert",
          "sslKey",
          "sslRootCert",
          "sslmode",
          "stallTimeout",
          "url",
          "user");

  /** Settings with several values. */
  static final List<String> LISTS = List.of("encryptTo", "scratch.init");

  /** What an app has: lists, then single values, then maps. */
  static final List<String> APP_LISTS =
      List.of("schemas", "tables", "locations", "undoLocations", "ignore");

  static final List<String> APP_SCALARS = List.of("historySchema", "historyTable");
  static final List<String> APP_MAPS = List.of("placeholders", "flyway", "requires");

  /** Those of the maps whose values may be lists. */
  static final Set<String> APP_MAPS_OF_LISTS = Set.of("flyway", "requires");

  /** Sections that the rooms they belong to read for themselves, see {@link Section}. */
  static final Set<String> RESERVED =
      Set.of(
          "hooks",
          "health",
          "notify",
          "readiness",
          "watch",
          "monitor",
          "migrate",
          "recovery",
          "rehearsal",
          "emergency");

  private Known() {}

  /** The name without what may be written differently: case, hyphens and underscores. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Every name that is not of an app and not in a reserved map. */
  static List<String> all() {
    List<String> all = new ArrayList<>(SCALARS);
    all.addAll(LISTS);
    return all;
  }

  /** The name as documented, or null when there is no such setting. */
  static @Nullable String exactly(String name, List<String> names) {
    String plain = plain(name);
    for (String known : names) {
      if (plain(known).equals(plain)) {
        return known;
      }
    }
    return null;
  }

  /** What {@code --set} and the environment may also say: the last word alone, where it is one. */
  private static @Nullable String byLastWord(String plain) {
    for (String known : all()) {
      int dot = known.lastIndexOf('.');
      // Its words say nothing without the first: a timeout of what, a URL of what?
      if (dot >= 0
          && !known.startsWith("scratch.")
          && plain(known.substring(dot + 1)).equals(plain)) {
        return known;
      }
    }
    return null;
  }

  /**
   * The documented name of what {@code --set} names: {@code keep-days}, {@code retention.keepDays},
   * {@code apps.orders.schemas}, {@code hooks.anything}.
   */
  static Optional<String> ofFlag(String name) {
    String[] words = name.split("\\.", 4);
    if (words.length >= 2 && RESERVED.contains(words[0])) {
      return Optional.of(name);
    }
    if (words.length >= 3 && words[0].equals("apps")) {
      return ofApp(words);
    }
    String exact = exactly(name, all());
    return Optional.ofNullable(exact != null ? exact : byLastWord(plain(name)));
  }

  private static Optional<String> ofApp(String[] words) {
    String prefix = "apps." + words[1] + ".";
    if (words.length == 3) {
      String list = exactly(words[2], APP_LISTS);
      String name = list != null ? list : exactly(words[2], APP_SCALARS);
      return Optional.ofNullable(name).map(prefix::concat);
    }
    String map = exactly(words[2], APP_MAPS);
    return Optional.ofNullable(map).map(known -> prefix + known + "." + words[3]);
  }

  /** The documented name of {@code BELAY_…}, given without that prefix. */
  static Optional<String> ofVariable(String name) {
    String plain = plain(name);
    for (String known : all()) {
      if (plain(known.replace(".", "")).equals(plain)) {
        return Optional.of(known);
      }
    }
    return Optional.ofNullable(byLastWord(plain));
  }

  /** The setting that somebody who wrote {@code wrong} probably meant. */
  static String nearest(String wrong) {
    List<String> words = all();
    words.add("apps");
    words.addAll(RESERVED.stream().sorted().toList());
    return Nearest.to(wrong, words);
  }

  /** The key of an app that somebody who wrote {@code wrong} probably meant. */
  static String nearestOfApp(String wrong) {
    List<String> words = new ArrayList<>(APP_LISTS);
    words.addAll(APP_SCALARS);
    words.addAll(APP_MAPS);
    return Nearest.to(wrong, words);
  }
}
