package dev.belay.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingNamesTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  @Test
  void everySettingIsDocumentedAndEveryDocumentedSettingExists(@TempDir Path root)
      throws Exception {
    Machine machine =
        new Machine(root)
            .file(
                "belay.yaml",
                """
                url: postgresql://app@db1/orders
                apps:
                  users:
                    schemas: users
                    placeholders: {k: v}
                    flyway: {target: 5}
                    requires: {V2: [V1, R__views]}
                hooks: {create-backup: {before: stop}}
                health: {query: select 1}
                notify: {email: {to: a}}
                readiness: {recent: 3}
                watch: {connections: 90%}
                emergency: {exportLimit: 1GB}
                migrate: {failOn: high}
                monitor: {interval: 1s}
                recovery: {onFailure: stop}
                rehearsal: {maxAge: 60d}
                """);

    Set<String> listed =
        machine.load().all().stream()
            .map(setting -> documented(setting.name()))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(listed).isEqualTo(names(Files.readString(Path.of("docs/configuration.md"))));
  }

  @Test
  void everyKnownNameIsListedEvenWhereNothingIsConfigured(@TempDir Path root) {
    Set<String> listed =
        new Machine(root).load().all().stream().map(Setting::name).collect(Collectors.toSet());

    assertThat(listed).containsAll(Known.all());
  }

  private static String documented(String name) {
    for (String reserved : Known.RESERVED) {
      if (name.startsWith(reserved + ".")) {
        return reserved + ".…";
      }
    }
    return name.replaceFirst("^apps\\.users\\.", "apps.<app>.")
        .replaceFirst("\\.(placeholders|flyway|requires)\\..*", ".$1.<name>");
  }

  private static Set<String> names(String page) {
    String table =
        page.substring(page.indexOf("## All settings"), page.indexOf("## The connection"));
    Set<String> names = new TreeSet<>();
    Matcher rows = ROW.matcher(table);
    while (rows.find()) {
      names.add(rows.group(1));
    }
    return names;
  }
}
