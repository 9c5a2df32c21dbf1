package dev.belay.swap;

import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.journal.DatabaseNote;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Quiet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One run of a swap, as an operation would do it; also as a program that can be killed. */
final class SwapBench {
  final RunId run;
  final Databases databases;
  final Target maintenance;
  final Path journals;
  private boolean used;

  SwapBench(Target maintenance, RunId run, Path journals) {
    this.run = run;
    this.databases = new JdbcDatabases(RunSessions.name(run));
    this.maintenance = maintenance;
    this.journals = journals;
  }

  /** Host, port, user, live, replacement, run, journals. */
  public static void main(String[] args) {
    Target maintenance =
        new Target(
            args[0],
            Integer.parseInt(args[1]),
            "postgres",
            args[2],
            Optional.empty(),
            Tls.PREFER,
            10);
    SwapBench bench = new SwapBench(maintenance, new RunId(args[5]), Path.of(args[6]));
    System.out.println(bench.swap(args[3], args[4]));
  }

  SwapResult swap(String live, String replacement) {
    return swap(live, replacement, maintenance);
  }

  SwapResult swap(String live, String replacement, Target as) {
    try (OperationLock lock = lock(live, as);
        Journal journal =
            Journal.begin(journals, next(), "swap", as.withDatabase(live).toString())) {
      SwapResult result =
          new Swap(databases, as, run, journal, lock, Duration.ofSeconds(1), Quiet.progress())
              .run(live, replacement, "a test");
      journal.end("ok");
      return result;
    }
  }

  void install(String replacement, String name) {
    try (OperationLock lock = lock(name, maintenance);
        Journal journal = Journal.begin(journals, next(), "install", maintenance.toString())) {
      new Swap(databases, maintenance, run, journal, lock, Duration.ofSeconds(1), Quiet.progress())
          .install(replacement, name);
    }
  }

  /** What the next run of any command does at its start. */
  List<String> recover() {
    return new SwapRecovery(databases, maintenance, journals, run, Quiet.progress())
        .recover()
        .told();
  }

  /** A new database with the note of a restored one. */
  String replacementFor(String live) {
    String name = DatabaseNames.fresh(live, run);
    try (Database session = databases.open(maintenance)) {
      session.execute("create database " + new Identifier(name) + " template template0");
      DatabaseNote note =
          DatabaseNote.now(
              DatabaseNote.Kind.NEW,
              live,
              run,
              session.text("select current_user"),
              "a test",
              DatabaseProperties.of(session, live).comment().orElse(null));
      SwapQueries.comment(session, name, Optional.of(note.text()));
    }
    return name;
  }

  /** A journal is of one run; only the first of several swaps here has this one's name. */
  private RunId next() {
    RunId next = used ? RunId.fresh() : run;
    used = true;
    return next;
  }

  private OperationLock lock(String live, Target as) {
    return OperationLock.acquire(
        databases, as, as.withDatabase(live), run, "swap", Duration.ZERO, warning -> {});
  }
}
