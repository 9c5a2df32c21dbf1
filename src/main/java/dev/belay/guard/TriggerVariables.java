package dev.belay.guard;

import dev.belay.config.Masking;
import dev.belay.config.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What of the environment a trigger script fixes, since cron has next to none.
 *
 * @param fixed by name; nothing of it is secret
 * @param secret names of variables that were set and hold secrets
 */
record TriggerVariables(Map<String, String> fixed, List<String> secret) {
  private static final List<String> NAMES =
      List.of(
          "DATABASE_URL",
          "PATH",
          "HOME",
          "JAVA_HOME",
          "LANG",
          "LC_ALL",
          "LC_CTYPE",
          "TZ",
          "XDG_CACHE_HOME");
  private static final List<String> PREFIXES = List.of("PG", "FLYWAY_", "BELAY_");
  private static final List<String> NOT_OURS = List.of("PGAPPNAME", "BELAY_CHILD");

  /** Whoever has the address of a webhook may write to the people behind it. */
  private static final Pattern NOTIFYING = Pattern.compile("BELAY_NOTIFY_.*_(URL|HEADERS.*)");

  static TriggerVariables of(Surroundings surroundings) {
    Map<String, String> fixed = new TreeMap<>();
    List<String> secret = new ArrayList<>();
    new TreeMap<>(surroundings.environment())
        .forEach(
            (name, value) -> {
              boolean wanted = NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
              boolean passing =
                  NOT_OURS.contains(name)
                      || name.startsWith("BELAY_GUARD_")
                      || name.startsWith("BELAY_HOOK_");
              if (!wanted
                  || passing
                  || value.isEmpty()
                  || !name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                return;
              }
              if (isSecret(name, value)) {
                secret.add(name);
              } else {
                fixed.put(name, value);
              }
            });
    fixed.putIfAbsent("HOME", surroundings.home().toString());
    fixed.putIfAbsent("PATH", "/usr/local/bin:/usr/bin:/bin");
    return new TriggerVariables(fixed, secret);
  }

  private static boolean isSecret(String name, String value) {
    String assigned = name + "=" + value;
    boolean sounds =
        (!Masking.argument(assigned).equals(assigned) && !name.equals("PGPASSFILE"))
            || Masking.soundsSecret(name)
            || NOTIFYING.matcher(name).matches();
    return sounds || !Masking.text(value).equals(value);
  }
}
