package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.config.Folders;
import dev.belay.config.ScratchSettings;
import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small database with migrations by the real Flyway. */
final class Clinic {
  static final String SCHEMA = "med \"Ü\"; --";

  private final Target target;
  private final Path here;

  Clinic(Target target, Path here) {
    this.target = target;
    this.here = here;
  }

  AppSettings app() {
    return new AppSettings(
        "medications",
        List.of(SCHEMA),
        List.of(),
        List.of("filesystem:" + here.resolve("db/migration")),
        List.of(here.resolve("db/undo").toString()),
        SCHEMA,
        "flyway_schema_history",
        Map.of(),
        Map.of());
  }

  Settings settings() {
    return settings(List.of(app()));
  }

  Settings settings(List<AppSettings> apps) {
    return new Settings(
        target,
        "postgres",
        "development",
        new Folders(here, here, here, here, here, here, here),
        apps,
        1,
        "auto",
        List.of(),
        Optional.empty(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(1),
        Optional.empty(),
        30,
        3,
        ScratchSettings.STANDARD,
        here.resolve("belay.log"),
        List.of(),
        Section.empty());
  }

  /** Writes a script below the working directory. */
  void write(String name, String text) throws IOException {
    Path file = here.resolve("db").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Three versions and a repeatable migration, applied; one undo script. */
  void migrate() throws IOException {
    write("migration/V1__initial.sql", "create table drugs (id integer, name text);");
    write("migration/V2__names.sql", "insert into drugs values (1, 'a'), (1, 'b');");
    write("migration/V3__notes.sql", "alter table drugs add notes text;");
    write("migration/R__views.sql", "create or replace view all_drugs as select * from drugs;");
    write("undo/U1__initial.sql", "drop table drugs;");
    RealFlyway.of(target, app(), true).migrate();
  }
}
