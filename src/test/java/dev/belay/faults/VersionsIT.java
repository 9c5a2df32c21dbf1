package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs, archives and encodings that do not fit together. */
class VersionsIT {
  @TempDir Path folder;
  private Ground ground;

  @BeforeEach
  void make() {
    ground = Ground.of(folder, TestServer.fresh("versions"));
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  /** A program that says it is of that version, and does what the real one does. */
  private void pretend(Path tools, String name, String version) {
    Ground.tool(
        tools,
        name,
        """
        [ "$1" = --version ] && { echo '%s (PostgreSQL) %s'; exit; }
        for each; do
          shift
          # From 16 on this option has another form.
          case $each in --compress=*) each=--compress=1 ;; esac
          set -- "$@" "$each"
        done
        exec '%s' "$@"
        """
            .formatted(name, version, ground.realTools().resolve(name)));
  }

  // H1
  @Test
  void aPgDumpThatIsOlderThanTheServerIsRefusedBeforeAnythingIsWritten() {
    Path tools = folder.resolve("tools");
    pretend(tools, "pg_dump", "9.6.24");
    pretend(tools, "pg_restore", "9.6.24");

    Cli.Result refused = ground.with(tools).run("create-backup");

    assertThat(refused.status()).as(refused.err()).isIn(11, 12);
    assertThat(refused.err()).contains("or newer", "9.6", tools.toString());
    assertThat(ground.backups()).isEmpty();
    assertThat(ground.partial()).isEmpty();
  }

  // H2, H3
  @Test
  void anArchiveOfANewerPgDumpNeedsANewerPgRestoreAndThisIsSaidBefore() {
    Path tools = folder.resolve("tools");
    pretend(tools, "pg_dump", "99.1");
    pretend(tools, "pg_restore", "99.1");
    Ground.expect(
        0, ground.with(tools), "create-backup", "--compress", "gzip:1", "--level", "restored");

    Cli.Result proof = ground.expect(12, "validate-backup", "--level", "readable");
    assertThat(proof.out()).contains("needs pg_restore 99 or newer").doesNotContain("BAD");

    Cli.Result refused = ground.program().run("backup-restore", "latest", "--yes");
    assertThat(refused.status()).as(refused.err()).isIn(11, 12);
    assertThat(refused.err()).contains("needs pg_restore 99 or newer");
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // H1: Debian's wrapper, which chooses by the clusters of this machine
  @Test
  void aWrapperOnThePathIsNotTakenForTheProgram() {
    Path bin = folder.resolve("bin");
    for (String name : List.of("pg_dump", "pg_restore")) {
      Ground.tool(bin, name, "# pg_wrapper\necho '" + name + " (PostgreSQL) 99.9'\nexit 3\n");
    }
    Program program =
        ground.program().with("PATH", bin + ":" + ground.realTools() + ":" + System.getenv("PATH"));

    assertThat(Ground.expect(0, program, "create-backup").err()).doesNotContain("99.9");
  }

  // H5
  @Test
  void aBackupOfAnotherEncodingKeepsIt() {
    // In a database of LATIN1 the server gives a name of UTF-8 bytes back as other letters.
    ground.drop();
    ground = new Ground(folder, ground.live.withDatabase("lätin_" + ProcessHandle.current().pid()));
    Identifier live = new Identifier(ground.live.database());
    try (Database session = ground.maintenance()) {
      session.execute(
          "create database " + live + " template template0 encoding 'LATIN1' locale 'C'");
    }
    ground.sql(
        "create table public.orders (id integer, note text)",
        "insert into public.orders values (1, 'Grüße')");
    ground.expect(0, "create-backup", "--level", "restored");
    ground.sql("delete from public.orders");

    ground.expect(0, "backup-restore", "latest", "--yes");

    assertThat(
            ground.number(
                "select count(*) from public.orders where note = 'Gr' || chr(252) || chr(223) || 'e'"))
        .isEqualTo(1);
    try (Database session = ground.open()) {
      assertThat(session.text("select pg_catalog.getdatabaseencoding()")).isEqualTo("LATIN1");
    }
  }

  // H8
  @Test
  void aManifestOfANewerFormIsNotGuessedAt() throws IOException {
    ground.expect(0, "create-backup", "--level", "checksummed");
    String id = ground.backups().get(0);
    Path manifest = folder.resolve("backups").resolve(id).resolve("manifest.json");
    String newer =
        Files.readString(manifest).replaceFirst("\"manifest\" *: *[0-9]+", "\"manifest\" : 99");
    Files.writeString(manifest, newer);
    ground
        .program()
        .run(
            List.of(
                "sh",
                "-c",
                "cd \"backups/$0\" && sha256sum manifest.json >manifest.json.sha256",
                id));

    Cli.Result refused = ground.program().run("backup-restore", id, "--yes");

    assertThat(refused.status()).as(refused.err()).isIn(10, 11, 12);
    assertThat(refused.err()).contains("of form 99");
    assertThat(ground.expect(10, "validate-backup", id).out()).contains("of form 99");
    ground.assertOrders(Ground.ORDERS);
  }
}
