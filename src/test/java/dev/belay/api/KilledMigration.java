package dev.belay.api;

import java.nio.file.Path;
import java.sql.Statement;
import java.util.stream.IntStream;

/** A migration that kills itself in the middle of its third batch. */
public final class KilledMigration {
  private KilledMigration() {}

  /** URL, user, password, working folder. */
  public static void main(String[] arguments) {
    try (MigrationTransaction migration =
        MigrationTransaction.on(arguments[0], arguments[1], arguments[2])
            .named("killed")
            .tables("public.customers")
            .in(Path.of(arguments[3]))
            .open()) {
      migration.forEach(
          IntStream.rangeClosed(1, 1000).boxed(),
          (connection, number) -> {
            if (number == 250) {
              Runtime.getRuntime().halt(137);
            }
            try (Statement statement = connection.createStatement()) {
              statement.execute(
                  "insert into public.customers (name) values ('new " + number + "')");
            }
          });
    }
  }
}
