package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that are SQL, shell, patterns or paths, through the whole way there and back. */
class HostileNamesIT {
  private static final List<String> NAMES =
      List.of(
          "UPPER Case",
          "quote\"s'",
          "\"; drop table orders; --",
          "-d postgres",
          "100% $HOME `id` \\",
          "a.b*?[c]|(d)",
          "line\nbreak\ttab",
          "Grüße 数据 🚀",
          "x".repeat(63));

  @TempDir Path folder;

  // E12, E13
  @Test
  void theyComeThroughBackupRestoreAndUndo() {
    String name = "-d \"x'; drop database postgres; -- %s ../..  postgresql://é";
    Ground ground = Ground.of(folder, TestServer.create(name));
    try {
      for (String each : NAMES) {
        Identifier quoted = new Identifier(each);
        ground.sql(
            "create schema " + quoted,
            "create table %s.%s (%s integer primary key, note text)"
                .formatted(quoted, quoted, quoted),
            "insert into %s.%s values (1, 'one')".formatted(quoted, quoted),
            "create sequence %s.%s".formatted(quoted, new Identifier("s" + each.substring(1))));
      }

      ground.expect(0, "create-backup", "--level", "restored");
      assertThat(ground.backups()).hasSize(1);
      ground.expect(
          0, "create-backup", "--table", "*.\"; drop table orders; --", "--level", "listed");
      ground.sql("drop schema " + new Identifier(NAMES.get(2)) + " cascade");

      ground.expect(0, "backup-restore", ground.backups().get(0), "--yes");
      assertThat(rows(ground)).isEqualTo(NAMES.size());
      ground.assertOrders(Ground.ORDERS);

      ground.expect(0, "undo-restore", "--yes");
      assertThat(rows(ground)).isEqualTo(NAMES.size() - 1);
      assertThat(ground.expect(0, "discard-replaced", "all", "--yes").out()).contains("dropped 1");
      ground.assertNothingLeft();
    } finally {
      ground.drop();
    }
  }

  /** How many of the tables are there with their row. */
  private static long rows(Ground ground) {
    long rows = 0;
    for (String each : NAMES) {
      Identifier quoted = new Identifier(each);
      String table = quoted + "." + quoted;
      try (Database session = ground.open()) {
        if (session.test("select pg_catalog.to_regclass(?) is not null", table)) {
          rows += session.number("select count(*) from " + table);
        }
      }
    }
    return rows;
  }
}
