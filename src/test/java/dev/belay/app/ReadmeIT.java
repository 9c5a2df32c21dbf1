package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages tell people to type works: every block marked {@code belay:run}, in order. */
class ReadmeIT {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- belay:run -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;
  private Target target = TestServer.admin();

  @BeforeEach
  void makeADatabase() {
    // A plain name, since these pages are typed into a shell.
    target = TestServer.admin().withDatabase("belay_readme");
    drop();
    try (Database maintenance = new JdbcDatabases("readme").open(TestServer.admin())) {
      maintenance.execute("create database belay_readme");
    }
    try (Database database = new JdbcDatabases("readme").open(target)) {
      database.execute("create table public.parcel (id integer primary key, goes_to text)");
      database.execute(
          "insert into public.parcel select n, 'town ' || n % 7 from generate_series(1, 500) n");
    }
  }

  @AfterEach
  void drop() {
    for (String suffix : List.of("", "_before", "_by_hand")) {
      TestServer.drop(target.withDatabase("belay_readme" + suffix));
    }
  }

  @Test
  void theCommandsOfTheReadmeWork() throws IOException {
    Program program = new Program(folder).on(target);
    List<String> blocks = blocks(Path.of("README.md"));
    assertThat(blocks).hasSizeGreaterThan(3);
    assertThat(String.join("", blocks)).contains("create-backup", "backup-restore", "undo-restore");

    blocks.forEach(block -> runs(program, block));
  }

  @Test
  void aBackupCanBeCheckedAndRestoredByHand() throws IOException {
    Program program = new Program(folder).on(target);
    runs(program, "belay create-backup");
    String id;
    try (Stream<Path> backups = Files.list(folder.resolve("backups"))) {
      id = backups.findFirst().orElseThrow().getFileName().toString();
    }
    List<String> blocks = blocks(Path.of("docs/backups.md"));
    assertThat(blocks).hasSize(3);

    for (String block : blocks) {
      runs(
          program,
          block
              .replace("orders_20240101_120000", id)
              .replaceAll("\\borders(_before|_by_hand)?\\b", target.database() + "$1"));
    }
    Cli.Result rows =
        program.run(List.of("psql", "-X", "-A", "-t", "-c", "select count(*) from parcel"));
    assertThat(rows.out()).isEqualTo("500\n");
  }

  @Test
  void theCheckByHandFindsABrokenBackup() throws IOException {
    Program program = new Program(folder).on(target);
    runs(program, "belay create-backup");
    Path backup;
    try (Stream<Path> backups = Files.list(folder.resolve("backups"))) {
      backup = backups.findFirst().orElseThrow();
    }
    Files.writeString(backup.resolve("dump/toc.dat"), "x", StandardOpenOption.APPEND);
    String check =
        blocks(Path.of("docs/backups.md"))
            .get(0)
            .replace("orders_20240101_120000", String.valueOf(backup.getFileName()));

    assertThat(program.run(List.of("bash", "-e", "-c", check)).out())
        .contains("dump/toc.dat: FAILED");
  }

  /** The server of the tests may run with fsync off, which verify-state rightly does not like. */
  private static void runs(Program program, String block) {
    String tolerant = block.replace("belay verify-state", "belay verify-state || test $? -eq 10");
    Cli.Result result = program.run(List.of("bash", "-e", "-c", tolerant));

    assertThat(result.status()).as(block + "\n" + result.out() + result.err()).isZero();
  }

  private static List<String> blocks(Path page) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      blocks.add(block.group(1).stripIndent());
    }
    return blocks;
  }
}
