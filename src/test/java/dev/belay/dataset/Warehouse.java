package dev.belay.dataset;

import dev.belay.cli.Progress;
import dev.belay.core.Fingerprint;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.integrity.Fingerprints;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A database of one test's own that is exported from, or loaded into. */
final class Warehouse implements AutoCloseable {
  private final Databases databases = new JdbcDatabases("dataset-test");
  private final Target target;
  private final Database session;

  Warehouse(String hint) {
    target = TestServer.fresh(hint);
    session = databases.open(target);
  }

  Database session() {
    return session;
  }

  Target target() {
    return target;
  }

  void run(String... statements) {
    for (String statement : statements) {
      session.execute(statement);
    }
  }

  /** Everything, under the app {@code shop}. */
  DataExport.Result export(Path folder, ExportForm form, ExportCompression compression, int jobs) {
    return new DataExport(databases, Quiet.progress(), "test")
        .run(
            new DataExport.Request(
                target,
                List.of(),
                Optional.empty(),
                folder,
                Optional.empty(),
                form,
                compression,
                jobs),
            live ->
                live.tables().stream()
                    .map(table -> new DataExport.Chosen("shop", table, Optional.empty()))
                    .toList());
  }

  DataExport.Result export(Path folder) {
    return export(folder, ExportForm.json, ExportCompression.NONE, 2);
  }

  /** Loads all tables of an export into the tables of the same names, which must be empty. */
  void fill(Path export) {
    LiveTables live = LiveTables.of(session);
    visit(
        export,
        rows -> {
          ExportLoading.Staged staged =
              new ExportLoading(session)
                  .load(rows, ExportShape.live(rows.table(), live).orElseThrow());
          String columns =
              staged.columns().stream()
                  .map(name -> new Identifier(name).toString())
                  .reduce((left, right) -> left + ", " + right)
                  .orElse("");
          session.execute(
              "insert into %s %s overriding system value select %s from %s"
                  .formatted(
                      staged.live().name(),
                      columns.isEmpty() ? "" : "(" + columns + ")",
                      columns,
                      staged.staging()));
          staged.drop(session);
        });
  }

  static void visit(Path export, Consumer<ExportRows> visitor) {
    try (ExportFile file = ExportFile.open(export, true, bytes -> {})) {
      file.read(visitor::accept);
    }
  }

  Map<TableName, Fingerprint> fingerprints() {
    try (Progress.Bar bar = Quiet.progress().bar("measuring", 0, "bytes")) {
      return Fingerprints.measure(
          Fingerprints.tables(session).shapes(), () -> databases.open(target), 1, bar);
    }
  }

  @Override
  public void close() {
    session.close();
    TestServer.drop(target);
  }
}
